/** Backups of the embedded database, with the places that the settings name. */
import type { Readable } from 'node:stream';
import { keptSecret } from '../auth/kept-secret.ts';
import type { Config } from '../config/config.ts';
import { type BackupSource, openBackup } from '../lib/db/backup-archive.ts';
import { openPglite } from '../lib/db/pglite.ts';
import { StartRefused } from '../lib/start-refused.ts';
import { type Backups, backupWorkDir, createBackups } from '../operations/backups.ts';
import { type Restoration, restoreBackup } from '../operations/restore-backup.ts';
import type { Database } from './database.ts';
import { packageVersion } from './version.ts';

/** Undefined where the database is a server's. */
export function backupsOf(config: Config, { embedded, installation, secretKey }: Database): Backups | undefined {
  if (embedded === undefined) return undefined;
  return createBackups({ ...config.backup, source: sourceOf(config, embedded, secretKey), since: installation.created_at });
}

/** A backup of a database that no other process has open. */
export function openOfflineBackup(config: Config, embedded: BackupSource['db']): Promise<Readable> {
  return openBackup(sourceOf(config, embedded, keptSecret(config.dataDir)), new Date());
}

function sourceOf({ database, dataDir, auth }: Config, db: BackupSource['db'], secretKey: string): BackupSource {
  if (database.kind !== 'embedded') throw new Error('a backup is of an embedded database');
  return {
    db,
    databaseDir: database.dir,
    workDir: backupWorkDir(dataDir),
    // One that the environment gives is kept where the environment is kept.
    secretKey: auth.secretKey === undefined ? secretKey : '',
    program: packageVersion(),
  };
}

export function restoreInto({ database, dataDir, auth }: Config, file: string): Promise<Restoration> {
  if (database.kind !== 'embedded') {
    throw new StartRefused(
      'The settings name an external database: restore it with pg_restore, then run "whatsapp-sender restored" (docs/backup.md).',
    );
  }
  const open = (dir: string): ReturnType<typeof openPglite> => openPglite({ dataDir: dir });
  return restoreBackup({ dataDir, databaseDir: database.dir, keepsSecret: auth.secretKey === undefined, open }, file);
}
