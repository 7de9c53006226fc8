/** Starts a process part by part and stops it in reverse; a start that fails half-way undoes what it had begun. */
import type { AddressInfo } from 'node:net';
import { ensureAdminKey } from '../auth/api-keys.ts';
import { ensureSetupInvitation } from '../auth/users.ts';
import type { Config } from '../config/config.ts';
import { loopbackOf, mustBeFree, shownHost } from '../lib/http/own-address.ts';
import type { Logger } from '../lib/log.ts';
import { eraseWhoCameBack } from '../operations/erased-list.ts';
import { createMetrics } from '../operations/metrics.ts';
import { warnOfOtherSecret } from '../operations/readiness.ts';
import { takeDatabase } from './database.ts';
import { erasureDeps, httpServices } from './http-services.ts';
import { openMeta, refuseLonelySandbox } from './meta.ts';
import type { Parts, Role } from './process.ts';
import { buildServer, buildWorkerServer } from './server.ts';
import { buildWork } from './work.ts';

export interface App {
  /** Empty for a worker. */
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

/** A worker is started by a machine, beside a database that may restart at the same time; whoever starts the others looks on. */
const WORKER_PATIENCE_MS = 60_000;

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
    const database = await takeDatabase(config, log, { boot, patienceMs: role === 'worker' ? WORKER_PATIENCE_MS : 0 });
    const { db, secretKey } = database;
    undo.push(() => database.close());
    await eraseWhoCameBack(erasureDeps(config, database, 0), log);
    const meta = await openMeta(config, secretKey);
    undo.push(() => meta.close());
    let tellLost: (error: unknown) => void = () => undefined;
    const lost = new Promise<unknown>((resolve) => (tellLost = resolve));
    void database.embedded?.gone.then(tellLost);
    const account = { mode: config.whatsapp.mode, phoneNumberId: meta.phoneNumberId, graphVersion: config.whatsapp.apiVersion };
    const metrics = createMetrics({ db, account });
    const parts: Parts = { config, role, log, database, meta, metrics, onLost: tellLost };
    const work = buildWork(parts);
    undo.push(() => work.stop(STOP_GRACE_MS));
    await work.start();
    if (role !== 'worker') await warnOfOtherSecret(db, secretKey, log);
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= undoAll(undo, log));
    const common = { mode: config.whatsapp.mode, sandboxUrl: meta.sandboxUrl, lost, stop };
    const access = { db, secretKey, adminApiKey: config.auth.adminApiKey, authMode: config.auth.mode };
    if (role === 'worker') {
      if (config.workerPort !== undefined) {
        const narrow = await buildWorkerServer({
          log,
          metrics: metrics.registry,
          mode: config.whatsapp.mode,
          trustProxy: config.trustProxy,
          language: config.language,
          ...access,
          redisFault: work.redisFault,
        });
        await narrow.listen({ host: config.host, port: config.workerPort });
        undo.push(() => narrow.close());
      }
      return { ...common, url: '', createdAdminKey: undefined, setupToken: undefined };
    }
    const server = await buildServer(httpServices(parts, work));
    const { created } = await ensureAdminKey(access);
    const invitation = await ensureSetupInvitation(access);
    await server.listen({ host: config.host, port: config.port });
    undo.push(() => server.close());
    const { port: opened } = server.server.address() as AddressInfo;
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

async function undoAll(undo: (() => Promise<void>)[], log: Logger): Promise<void> {
  for (const step of undo.reverse()) {
    await step().catch((error: unknown) => {
      log.error({ err: error }, 'a part did not stop cleanly');
    });
  }
}
