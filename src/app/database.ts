/** What everything stands on: the folder's lock, the database at its newest version, who this process is, the secrets it keeps. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { bootId, didMachineGoDown, markRunning, markStopped } from '../lib/db/clean-stop.ts';
import type { Db } from '../lib/db/db.ts';
import { durabilityDoubts, readDurability } from '../lib/db/durability.ts';
import { folderFault } from '../lib/db/folder.ts';
import { lockFolder } from '../lib/db/folder-lock.ts';
import { DatabaseNewer, migrate } from '../lib/db/migrate.ts';
import { type EmbeddedDb, openPglite } from '../lib/db/pglite.ts';
import { openPostgres } from '../lib/db/postgres.ts';
import { claimTenancy, releaseTenancy, TENANCY_SECONDS } from '../lib/db/single-process-lease.ts';
import type { Logger } from '../lib/log.ts';
import { type Installation, readInstallation } from '../lifecycle/pause.sql.ts';
import { findNumber } from '../numbers/numbers.sql.ts';
import { ratePerSecond } from '../numbers/pace.ts';
import { markForgotten } from '../operations/after-restore.ts';
import { DEFAULT_PHONE_NUMBER_ID } from '../simulator/server.ts';

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

export async function layGround(config: Config, log: Logger, boot = bootId()): Promise<Ground> {
  prepareDataDir(config);
  const processId = `${hostname()}-${String(process.pid)}-${randomBytes(3).toString('hex')}`;
  const { db, embedded, release } = await openDatabase(config, log);
  try {
    await migrate(db).catch((error: unknown) => {
      throw error instanceof DatabaseNewer ? new StartRefused(error.message) : error;
    });
    if (config.database.kind === 'embedded') await afterPowerCut(config, { db, log, boot });
    else await warnOfForgetting(db, log);
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
        if (config.database.kind === 'embedded') markStopped(config.dataDir, config.database.dir);
        await release();
      },
    };
  } catch (error) {
    await db.close();
    await release();
    throw error;
  }
}

/**
 * The machine went down under a running process, and the embedded database does not wait for the disk: what it did in its last moments it may
 * have forgotten, above all who was written to. Before anything else starts; the mark of this run is written when all of it is done, so that
 * a second cut in between begins again.
 */
async function afterPowerCut(
  config: Config,
  { db, log, boot }: { readonly db: Db; readonly log: Logger; readonly boot: string },
): Promise<void> {
  if (didMachineGoDown(config.dataDir, boot)) {
    const { paused, asking, unknown } = await markForgotten(db, await possiblePace(db, config));
    log.warn(
      { paused_campaigns: paused, asking_campaigns: asking, unknown },
      'The machine went down while this program was at work, and its last moments may be forgotten: started campaigns are paused, drafts and schedules ask, and whoever may have been written to in the last minute is "unknown". Webhooks settle some of them; look at the rest, then resume.',
    );
  }
  markRunning(config.dataDir, boot);
}

/** As many a second as may have left from the number of these settings. */
async function possiblePace(db: Db, { whatsapp, campaign }: Config): Promise<number> {
  const phoneNumberId = whatsapp.mode === 'live' ? whatsapp.phoneNumberId : DEFAULT_PHONE_NUMBER_ID;
  const number = await findNumber(db, whatsapp.mode, phoneNumberId);
  return ratePerSecond({ throughputLevel: number?.throughput_level, ceiling: campaign.messagesPerSecond });
}

async function warnOfForgetting(db: Db, log: Logger): Promise<void> {
  for (const doubt of durabilityDoubts(await readDurability(db))) log.warn(doubt);
}

interface Opened {
  readonly db: Db;
  readonly embedded: EmbeddedDb | undefined;
  /** After `db` is closed. */
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
