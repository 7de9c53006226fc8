/** Backups of the embedded database: on a timer, for a download, and back again. A server's database is backed up by its own tools. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Config } from '../config/config.ts';
import {
  type BackupFacts,
  type BackupSource,
  listBackups,
  openBackup,
  saveBackup,
  unpackBackup,
} from '../lib/db/backup-archive.ts';
import { lockFolder } from '../lib/db/folder-lock.ts';
import { migrate } from '../lib/db/migrate.ts';
import { openPglite } from '../lib/db/pglite.ts';
import { markRestored, type Restored } from '../operations/after-restore.ts';
import { type Ground, keptSecret, prepareDataDir, SECRET_FILE, StartRefused } from './database.ts';
import { packageVersion } from './version.ts';

export interface Backups {
  /** The archive, made now. */
  open(): Promise<Readable>;
  /** Makes one when the newest is older than BACKUP_EVERY_HOURS. @returns its path, or undefined when none was due. */
  saveIfDue(): Promise<string | undefined>;
}

const HOUR = 3_600_000;

/** Undefined where the database is a server's. */
export function backupsOf(config: Config, ground: Ground): Backups | undefined {
  const { embedded } = ground;
  if (embedded === undefined || config.database.kind !== 'embedded') return undefined;
  const { dir, keep, everyHours } = config.backup;
  const source: BackupSource = {
    db: embedded,
    databaseDir: config.database.dir,
    workDir: join(config.dataDir, 'backups'),
    // One that the environment gives is kept where the environment is kept.
    secretKey: config.auth.secretKey === undefined ? ground.secretKey : '',
    program: packageVersion(),
  };
  return {
    open: () => openBackup(source, new Date()),
    async saveIfDue() {
      if (everyHours === undefined) return undefined;
      // The first one a whole period after the beginning: an empty database is nothing to keep.
      const newest = (await listBackups(dir))[0]?.madeAt ?? ground.installation.created_at;
      const now = new Date();
      return now.getTime() - newest.getTime() < everyHours * HOUR ? undefined : saveBackup(source, { dir, keep, now });
    },
  };
}

export interface Restoration {
  readonly facts: BackupFacts;
  readonly result: Restored;
}

/**
 * Puts a backup in the place of a database that is not there, and marks it as a copy of the past.
 * Order: all is unpacked, opened, brought to this version and marked aside; the renaming at the end is what makes it the database.
 * A crash leaves a folder `.restoring` that nobody reads and the next try removes.
 */
export async function restoreBackup(config: Config, file: string): Promise<Restoration> {
  if (config.database.kind !== 'embedded') {
    throw new StartRefused(
      'The settings name an external database: restore it with pg_restore, then run "whatsapp-sender restored" (docs/backup.md).',
    );
  }
  if (!existsSync(file)) throw new StartRefused(`There is no file ${file}.`);
  prepareDataDir(config);
  const lock = await lockFolder(config.dataDir);
  if (lock === undefined) throw new StartRefused(`A running process uses ${config.dataDir}. Stop it first.`);
  try {
    return await restoreLocked(config, config.database.dir, file);
  } finally {
    await lock.release();
  }
}

async function restoreLocked(config: Config, target: string, file: string): Promise<Restoration> {
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new StartRefused(
      `${target} holds a database already. Move it away, or set DATA_DIR to an empty folder: a restore never overwrites one.`,
    );
  }
  const aside = join(config.dataDir, '.restoring');
  await rm(aside, { recursive: true, force: true });
  const { facts, secretKey, databaseDir } = await unpack(file, aside);
  const db = await openPglite({ dataDir: databaseDir });
  let result: Restored;
  try {
    await migrate(db);
    result = await markRestored(db);
  } finally {
    await db.close();
  }
  if (config.auth.secretKey === undefined && secretKey !== '') await putSecret(config.dataDir, secretKey);
  await rm(target, { recursive: true, force: true });
  await rename(databaseDir, target);
  await rm(aside, { recursive: true, force: true });
  return { facts, result };
}

async function unpack(file: string, aside: string): ReturnType<typeof unpackBackup> {
  try {
    const gunzip = createGunzip();
    const read = pipeline(createReadStream(file), gunzip);
    read.catch(() => undefined);
    const unpacked = await unpackBackup(gunzip, aside);
    gunzip.resume();
    // The checksum of the whole stands at its end.
    await read;
    return unpacked;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw new StartRefused(
      `${file} cannot be restored: ${error instanceof Error ? error.message : String(error)}. Nothing was changed.`,
    );
  }
}

/** Keys and sessions of the backup hang on its secret; another one that is there is kept aside. */
async function putSecret(dataDir: string, secretKey: string): Promise<void> {
  const path = join(dataDir, SECRET_FILE);
  if (existsSync(path)) {
    if ((await readFile(path, 'utf8')).trim() === secretKey) return;
    await rename(path, `${path}.before-restore`);
  }
  await writeFile(path, secretKey, { mode: 0o600 });
}

/** A backup of a database that no process has open; takes the folder for itself meanwhile. */
export async function openOfflineBackup(
  config: Config,
  opened: { readonly db: NonNullable<Ground['embedded']> },
): Promise<Readable> {
  if (config.database.kind !== 'embedded') throw new StartRefused('This is not an embedded database.');
  const secretKey = config.auth.secretKey === undefined ? keptSecret(config.dataDir) : '';
  return openBackup(
    {
      db: opened.db,
      databaseDir: config.database.dir,
      workDir: join(config.dataDir, 'backups'),
      secretKey,
      program: packageVersion(),
    },
    new Date(),
  );
}
