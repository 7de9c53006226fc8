/** One of the two databases, opened as it is and not migrated. The only place that knows both. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartRefused } from '../start-refused.ts';
import { databaseTrouble } from './database-trouble.ts';
import type { Db } from './db.ts';
import { prepareDataDir } from './folder.ts';
import { lockFolder } from './folder-lock.ts';
import { type EmbeddedDb, openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

export interface Opened {
  readonly db: Db;
  /** The same database when it is the embedded one. */
  readonly embedded: EmbeddedDb | undefined;
  /** After `db` is closed. */
  readonly release: () => Promise<void>;
}

export interface DatabaseServer {
  readonly url: string;
  /** What may be shown of it. */
  readonly label: string;
  readonly poolSize: number;
}

/** Whether there is an embedded database in its folder: it is made by a start, and by nobody who only looks at it or saves it. */
export function isMade(databaseDir: string): boolean {
  return existsSync(join(databaseDir, 'PG_VERSION'));
}

/** @throws StartRefused where another process has it. */
export async function openEmbedded(dataDir: string, databaseDir: string): Promise<Opened> {
  prepareDataDir(dataDir);
  const lock = await lockFolder(dataDir);
  if (lock === undefined) {
    throw new StartRefused(
      `Another process already uses ${dataDir}. Stop it first, or set DATA_DIR to another folder: two on one folder would lose data.`,
    );
  }
  try {
    const db = await openPglite({ dataDir: databaseDir });
    return { db, embedded: db, release: () => lock.release() };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

export interface ServerPatience {
  readonly onIdleError: (error: Error) => void;
  /** How long a server that restarts is waited for; 0: whoever started this wants to hear at once. */
  readonly patienceMs?: number;
  readonly onWait?: (error: unknown) => void;
}

const AGAIN_MS = 500;

/** @throws StartRefused where it does not answer, or not in time. */
export async function openServer({ url, label, poolSize }: DatabaseServer, options: ServerPatience): Promise<Opened> {
  const { onIdleError, patienceMs = 0, onWait } = options;
  const db = openPostgres({ connectionString: url, max: poolSize, onIdleError });
  const deadline = performance.now() + patienceMs;
  try {
    for (let isFirst = true; ; isFirst = false) {
      try {
        await db.query('select 1');
        break;
      } catch (error) {
        if (performance.now() >= deadline || databaseTrouble(error) !== 'away') throw error;
        if (isFirst) onWait?.(error);
        await sleep(AGAIN_MS);
      }
    }
  } catch (error) {
    await db.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartRefused(
      `The database ${label} cannot be used: ${reason}. Check that it runs and that DATABASE_URL or DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD are right.`,
    );
  }
  return { db, embedded: undefined, release: () => Promise.resolve() };
}
