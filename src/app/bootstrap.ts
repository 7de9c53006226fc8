/**
 * Builds the house: the only place that knows which database, which queue, which Meta. Starts from the ground up and stops in
 * reverse; a start that fails half-way undoes what it had begun.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ensureAdminKey } from '../auth/api-keys.ts';
import { secretPrint } from '../auth/secrets.ts';
import { ensureSetupInvitation } from '../auth/users.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../lib/log.ts';
import { listPath, takeUpErasedList } from '../operations/erased-list.ts';
import { createMetrics } from '../operations/metrics.ts';
import { lookAround, strangersAmong } from '../operations/readiness.ts';
import { buildDoor, erasureDeps } from './api.ts';
import { type Ground, layGround } from './database.ts';
import { buildEngine } from './engine.ts';
import { openMeta, refuseLonelySandbox } from './meta.ts';
import type { Role } from './role.ts';
import { packageVersion } from './version.ts';
import { buildWorkerServer } from './worker-server.ts';

export { StartRefused } from './database.ts';

export interface App {
  /** Empty for a worker, which has no door. */
  readonly url: string;
  readonly mode: 'sandbox' | 'live';
  /** The bundled simulator, in sandbox mode. */
  readonly sandboxUrl: string | undefined;
  /** The first administrator's key; only the start that made it knows it. */
  readonly createdAdminKey: string | undefined;
  /** Where the first administrator sets a name and a password, while there is none. */
  readonly setupToken: string | undefined;
  /** Settles when the process may not go on (another one has taken its database). */
  readonly lost: Promise<unknown>;
  stop(): Promise<void>;
}

/** How long a stop waits for answers that are out; what has none by then is `unknown` and its webhook settles it. */
const STOP_GRACE_MS = 6_000;

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly role?: Role;
  /** Which boot of the machine this is; asked of the system unless given. */
  readonly boot?: string;
}

export async function startApp({ config, log, role = 'all', boot }: AppOptions): Promise<App> {
  const undo: (() => Promise<void>)[] = [];
  const port = role === 'worker' ? config.workerPort : config.port;
  // First of all: found taken later, the key of the first administrator would have been made, and nobody would ever see it.
  if (port !== undefined) await mustBeFree(config.host, port);
  refuseLonelySandbox(config, role);
  try {
    const ground = await layGround(config, log, boot);
    undo.push(() => ground.close());
    await eraseWhoCameBack(config, ground, log);
    const meta = await openMeta(config, ground.secretKey);
    undo.push(() => meta.close());
    let tellLost: (error: unknown) => void = () => undefined;
    const lost = new Promise<unknown>((resolve) => (tellLost = resolve));
    void ground.embedded?.gone.then(tellLost);
    const metrics = createMetrics({ db: ground.db, mode: config.whatsapp.mode });
    const engine = buildEngine({ config, role, log, ground, meta, metrics, onLost: tellLost });
    undo.push(() => engine.stop(STOP_GRACE_MS));
    await engine.start();
    if (role !== 'worker') await warnOfOtherSecret(ground, log);
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= undoAll(undo, log));
    const common = { mode: config.whatsapp.mode, sandboxUrl: meta.sandboxUrl, lost, stop };
    const access = {
      db: ground.db,
      secretKey: ground.secretKey,
      adminApiKey: config.auth.adminApiKey,
      authMode: config.auth.mode,
    };
    if (role === 'worker') {
      if (config.workerPort !== undefined) {
        const narrow = await buildWorkerServer({
          log,
          metrics: metrics.registry,
          mode: config.whatsapp.mode,
          ...access,
          isRedisThere: engine.isRedisThere,
        });
        await narrow.listen({ host: config.host, port: config.workerPort });
        undo.push(() => narrow.close());
      }
      return { ...common, url: '', createdAdminKey: undefined, setupToken: undefined };
    }
    const door = await buildDoor({ config, log, ground, meta, engine, metrics, version: packageVersion() });
    const { created } = await ensureAdminKey(access);
    const invitation = await ensureSetupInvitation(access);
    await door.listen({ host: config.host, port: config.port });
    undo.push(() => door.close());
    const { port: opened } = door.server.address() as AddressInfo;
    await meta.connectWebhooks(`http://${loopbackOf(config.host)}:${String(opened)}/api/v1/webhooks/whatsapp`);
    return {
      ...common,
      url: `http://${shownHost(config.host)}:${String(opened)}`,
      createdAdminKey: created,
      setupToken: invitation?.token,
    };
  } catch (error) {
    await undoAll(undo, log);
    throw error;
  }
}

/** A database made from a backup knows people again who have been erased since: they go before anything is sent or shown. */
async function eraseWhoCameBack(config: Config, ground: Ground, log: Logger): Promise<void> {
  const path = listPath(config.dataDir, ground.installation.id);
  const taken = await takeUpErasedList(erasureDeps(config, ground, 0), path);
  if (taken === undefined)
    log.error(
      { path },
      'the list of erased people cannot be read, or is of another database: people erased since the backup may be back',
    );
  else if (taken.unknown > 0)
    log.warn(taken, 'the database is older than the list of erased people: those who were in it again have been erased again');
}

/** @throws what `listen` would. */
async function mustBeFree(host: string, port: number): Promise<void> {
  const server = createServer().listen({ host, port });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** Said by the later one; health and the doctor go on saying it. */
async function warnOfOtherSecret({ db, secretKey }: Ground, log: Logger): Promise<void> {
  const strangers = strangersAmong(await lookAround(db), secretPrint(secretKey));
  if (strangers.length === 0) return;
  log.warn(
    { processes: strangers.map(({ id }) => id) },
    `Another process on this database (${strangers.map(({ host }) => host).join(', ')}) signs with another SECRET_KEY, so the two refuse each other's logins, links and tickets: set the same SECRET_KEY on all of them.`,
  );
}

async function undoAll(undo: (() => Promise<void>)[], log: Logger): Promise<void> {
  for (const step of undo.reverse()) {
    await step().catch((error: unknown) => {
      log.error({ err: error }, 'a part did not stop cleanly');
    });
  }
}

/** As a browser on this machine takes it. */
function shownHost(host: string): string {
  const reached = loopbackOf(host);
  return reached === '127.0.0.1' ? 'localhost' : reached;
}

function loopbackOf(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
}
