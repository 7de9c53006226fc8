/** What everything stands on: the folder's lock, the database at its newest version, who this process is, the secrets it keeps. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Db } from '../lib/db/db.ts';
import { folderFault } from '../lib/db/folder.ts';
import { lockFolder } from '../lib/db/folder-lock.ts';
import { DatabaseNewer, migrate } from '../lib/db/migrate.ts';
import { type EmbeddedDb, openPglite } from '../lib/db/pglite.ts';
import { openPostgres } from '../lib/db/postgres.ts';
import { claimTenancy, releaseTenancy, TENANCY_SECONDS } from '../lib/db/single-process-lease.ts';
import type { Logger } from '../lib/log.ts';
import { type Installation, readInstallation } from '../lifecycle/pause.sql.ts';

/** A start that cannot be: one sentence for whoever typed the command. */
export class StartRefused extends Error {}

/** Another process works on this database now: this one must stop at once. */
export class TenancyLost extends Error {}

export interface Ground {
  readonly db: Db;
  /** The same database when it is the embedded one. */
  readonly embedded: EmbeddedDb | undefined;
  readonly installation: Installation;
  readonly processId: string;
  readonly secretKey: string;
  /** This process is the only one on its database, so whatever is in `sending` at its start is of a former life. */
  readonly isAlone: boolean;
  /** Keeps the right to the database; rejects with TenancyLost when another process has taken it. Undefined where a lock of the system holds it. */
  readonly renewTenancy: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

export async function layGround(config: Config, log: Logger): Promise<Ground> {
  prepareDataDir(config);
  const processId = `${hostname()}-${String(process.pid)}-${randomBytes(3).toString('hex')}`;
  const { db, embedded, release } = await openDatabase(config, log);
  try {
    await migrate(db).catch((error: unknown) => {
      throw error instanceof DatabaseNewer ? new StartRefused(error.message) : error;
    });
    const tenancy = config.database.kind === 'postgres' && config.redis === undefined;
    if (tenancy) await waitForTenancy(db, processId, log);
    const installation = await readInstallation(db);
    refuseSandboxOnLive(config, installation);
    return {
      db,
      embedded,
      installation,
      processId,
      secretKey: config.auth.secretKey ?? keptSecret(config.dataDir),
      isAlone: config.redis === undefined,
      renewTenancy: tenancy ? () => renew(db, processId) : undefined,
      async close() {
        if (tenancy) await releaseTenancy(db, processId);
        await db.close();
        await release();
      },
    };
  } catch (error) {
    await db.close();
    await release();
    throw error;
  }
}

interface Opened {
  readonly db: Db;
  readonly embedded: EmbeddedDb | undefined;
  readonly release: () => Promise<void>;
}

/** The configured database as it is, not migrated; the embedded one only when no other process has it. */
export async function openDatabase(config: Config, log: Logger): Promise<Opened> {
  return config.database.kind === 'embedded' ? openEmbedded(config) : openServer(config, log);
}

/** Whether there is an embedded database in its folder: it is made by a start, and by nobody who only looks at it or saves it. */
export function isMade(database: Extract<Config['database'], { kind: 'embedded' }>): boolean {
  return existsSync(join(database.dir, 'PG_VERSION'));
}

/** Before anything is put into it: whatever stands in the way is told here, once, in one sentence. */
export function prepareDataDir({ dataDir }: Config): void {
  const fault = folderFault(dataDir);
  if (fault === undefined) return;
  throw new StartRefused(
    `DATA_DIR ${dataDir} cannot be made or written (${fault}). Give this user the right to write there, or set DATA_DIR to another folder.`,
  );
}

async function openEmbedded(config: Config): Promise<Opened> {
  prepareDataDir(config);
  const lock = await lockFolder(config.dataDir);
  if (lock === undefined) {
    throw new StartRefused(
      `Another process already uses ${config.dataDir}. Stop it first, or set DATA_DIR to another folder: two on one folder would lose data.`,
    );
  }
  try {
    const dir = config.database.kind === 'embedded' ? config.database.dir : config.dataDir;
    const db = await openPglite({ dataDir: dir });
    return { db, embedded: db, release: () => lock.release() };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openServer(config: Config, log: Logger): Promise<Opened> {
  if (config.database.kind !== 'postgres') throw new Error('openServer is for a database server');
  const { url, label, poolSize } = config.database;
  const db = openPostgres({
    connectionString: url,
    max: poolSize,
    onIdleError: (error) => {
      log.warn({ err: error }, 'an idle database connection broke; it will be replaced');
    },
  });
  try {
    await db.query('select 1');
  } catch (error) {
    await db.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartRefused(
      `The database ${label} cannot be used: ${reason}. Check that it runs and that DATABASE_URL or DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD are right.`,
    );
  }
  return { db, embedded: undefined, release: () => Promise.resolve() };
}

/** Another process may have died a moment ago: waits as long as its right lasts, and gives way only to a living one. */
async function waitForTenancy(db: Db, processId: string, log: Logger): Promise<void> {
  const deadline = Date.now() + (TENANCY_SECONDS + 5) * 1000;
  for (;;) {
    const busy = await claimTenancy(db, processId);
    if (busy === undefined) return;
    if (Date.now() > deadline) {
      throw new StartRefused(
        'Another process works on this database. Without Redis only one may: stop the other one, or set REDIS_HOST on all of them to share the work.',
      );
    }
    log.info(
      { seconds: Math.ceil(busy.busySeconds) },
      'another process held this database a moment ago; waiting until its right runs out',
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function renew(db: Db, processId: string): Promise<void> {
  if ((await claimTenancy(db, processId)) !== undefined) throw new TenancyLost('another process has taken over this database');
}

/** Credentials that got lost must not turn a live system into a sandbox that looks the same. */
function refuseSandboxOnLive(config: Config, installation: Installation): void {
  if (config.whatsapp.mode === 'live' || installation.first_live_at === null) return;
  throw new StartRefused(
    `This database has sent real messages since ${installation.first_live_at.toISOString()}, but no WhatsApp credentials are set. Put WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_BUSINESS_ACCOUNT_ID back into .env; for a sandbox use another DATA_DIR or database.`,
  );
}

/** In DATA_DIR, where SECRET_KEY is not set. */
export const SECRET_FILE = 'secret-key';

export function keptSecret(dataDir: string): string {
  const path = join(dataDir, SECRET_FILE);
  if (!existsSync(path)) {
    // Whole under another name first: of processes that start together on one folder each reads the same secret, never half of one.
    const made = `${path}.${randomBytes(4).toString('hex')}`;
    writeFileSync(made, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(made, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      unlinkSync(made);
    }
  }
  return readFileSync(path, 'utf8').trim();
}
