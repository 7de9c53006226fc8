/** The database of this process, at its newest version and with the right to work on it; who this process is; the secret it keeps. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { keptSecret } from '../auth/kept-secret.ts';
import type { Config } from '../config/config.ts';
import { bootId, markStopped } from '../lib/db/clean-stop.ts';
import type { Db } from '../lib/db/db.ts';
import { durabilityDoubts, readDurability } from '../lib/db/durability.ts';
import { prepareDataDir } from '../lib/db/folder.ts';
import { DatabaseNewer, migrate } from '../lib/db/migrate.ts';
import { type Opened, openEmbedded, openServer } from '../lib/db/open-database.ts';
import { releaseTenancy, renewTenancy, waitForTenancy } from '../lib/db/single-process-lease.ts';
import type { Logger } from '../lib/log.ts';
import { StartRefused } from '../lib/start-refused.ts';
import { type Installation, readInstallation } from '../lifecycle/pause.sql.ts';
import { settleAfterPowerCut } from '../operations/after-power-cut.ts';
import { DEFAULT_PHONE_NUMBER_ID } from '../simulator/server.ts';

export interface Database {
  readonly db: Db;
  /** The same database when it is the embedded one. */
  readonly embedded: Opened['embedded'];
  readonly installation: Installation;
  readonly processId: string;
  readonly secretKey: string;
  /** This process is the only one on its database, so whatever is in `sending` at its start is of a former life. */
  readonly isAlone: boolean;
  /** Keeps the right to the database; rejects with TenancyLost when another process has taken it. Undefined where a lock of the system holds it. */
  readonly renewTenancy: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** The configured database as it is, not migrated; the embedded one only when no other process has it. */
export function openDatabase({ database, dataDir }: Config, log: Logger, patienceMs = 0): Promise<Opened> {
  if (database.kind === 'embedded') return openEmbedded(dataDir, database.dir);
  return openServer(database, {
    patienceMs,
    onIdleError: (error) => {
      log.warn({ err: error }, 'an idle database connection broke; it will be replaced');
    },
    onWait: (error) => {
      log.warn({ err: error }, `the database ${database.label} does not answer yet; it is waited for`);
    },
  });
}

/** @throws StartRefused with the sentence that says what stands in the way. */
export async function takeDatabase(
  config: Config,
  log: Logger,
  { boot = bootId(), patienceMs }: { readonly boot?: string | undefined; readonly patienceMs?: number | undefined } = {},
): Promise<Database> {
  const { database, dataDir, whatsapp } = config;
  prepareDataDir(dataDir);
  const processId = `${hostname()}-${String(process.pid)}-${randomBytes(3).toString('hex')}`;
  const { db, embedded, release } = await openDatabase(config, log, patienceMs);
  try {
    await migrate(db).catch((error: unknown) => {
      throw error instanceof DatabaseNewer ? new StartRefused(error.message) : error;
    });
    if (database.kind === 'embedded') {
      await settleAfterPowerCut({
        db,
        log,
        dataDir,
        boot,
        mode: whatsapp.mode,
        phoneNumberId: whatsapp.mode === 'live' ? whatsapp.phoneNumberId : DEFAULT_PHONE_NUMBER_ID,
        ceiling: config.campaign.messagesPerSecond,
      });
    } else {
      for (const doubt of durabilityDoubts(await readDurability(db))) log.warn(doubt);
    }
    const isTenant = database.kind === 'postgres' && config.redis === undefined;
    if (isTenant) {
      await waitForTenancy(db, processId, (seconds) => {
        log.info({ seconds }, 'another process held this database a moment ago; waiting until its right runs out');
      });
    }
    const installation = await readInstallation(db);
    refuseSandboxOnLive(whatsapp.mode, installation);
    return {
      db,
      embedded,
      installation,
      processId,
      secretKey: config.auth.secretKey ?? keptSecret(dataDir),
      isAlone: config.redis === undefined,
      renewTenancy: isTenant ? () => renewTenancy(db, processId) : undefined,
      async close() {
        if (isTenant) await releaseTenancy(db, processId);
        await db.close();
        if (database.kind === 'embedded') markStopped(dataDir, database.dir);
        await release();
      },
    };
  } catch (error) {
    await db.close();
    await release();
    throw error;
  }
}

/** Credentials that got lost must not turn a live system into a sandbox that looks the same. */
function refuseSandboxOnLive(mode: Config['whatsapp']['mode'], installation: Installation): void {
  if (mode === 'live' || installation.first_live_at === null) return;
  throw new StartRefused(
    `This database has sent real messages since ${installation.first_live_at.toISOString()}, but no WhatsApp credentials are set. Put WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_BUSINESS_ACCOUNT_ID back into .env; for a sandbox use another DATA_DIR or database.`,
  );
}
