/** A backup of the embedded database, put in the place of one that is not there. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { SECRET_FILE } from '../auth/kept-secret.ts';
import { type BackupFacts, unpackBackup } from '../lib/db/backup-archive.ts';
import type { Db } from '../lib/db/db.ts';
import { prepareDataDir } from '../lib/db/folder.ts';
import { lockFolder } from '../lib/db/folder-lock.ts';
import { migrate } from '../lib/db/migrate.ts';
import { StartRefused } from '../lib/start-refused.ts';
import { markRestored, type Restored } from './after-restore.ts';

export interface RestorePlace {
  readonly dataDir: string;
  readonly databaseDir: string;
  /** The secret of the backup is put into DATA_DIR; not where the environment gives one. */
  readonly keepsSecret: boolean;
  readonly open: (databaseDir: string) => Promise<Db>;
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
export async function restoreBackup(place: RestorePlace, file: string): Promise<Restoration> {
  const { dataDir } = place;
  if (!existsSync(file)) throw new StartRefused(`There is no file ${file}.`);
  prepareDataDir(dataDir);
  const lock = await lockFolder(dataDir);
  if (lock === undefined) throw new StartRefused(`A running process uses ${dataDir}. Stop it first.`);
  try {
    return await restoreLocked(place, file);
  } finally {
    await lock.release();
  }
}

async function restoreLocked({ dataDir, databaseDir, keepsSecret, open }: RestorePlace, file: string): Promise<Restoration> {
  if (existsSync(databaseDir) && readdirSync(databaseDir).length > 0) {
    throw new StartRefused(
      `${databaseDir} holds a database already. Move it away, or set DATA_DIR to an empty folder: a restore never overwrites one.`,
    );
  }
  const aside = join(dataDir, '.restoring');
  await rm(aside, { recursive: true, force: true });
  const { facts, secretKey, databaseDir: unpacked } = await unpack(file, aside);
  const db = await open(unpacked);
  let result: Restored;
  try {
    await migrate(db);
    result = await markRestored(db);
  } finally {
    await db.close();
  }
  if (keepsSecret && secretKey !== '') await putSecret(dataDir, secretKey);
  await rm(databaseDir, { recursive: true, force: true });
  await rename(unpacked, databaseDir);
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
