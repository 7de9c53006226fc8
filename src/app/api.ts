/** What the HTTP server needs: the settings, the parts and the use cases they are handed to, in one object. */
import { issueTicket, TICKET_SECONDS } from '../auth/sessions.ts';
import { stillValid } from '../auth/still-valid.ts';
import { sendTest } from '../campaigns/send-test.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../lib/log.ts';
import { createHub, liveStates } from '../live/hub.ts';
import type { ErasureDeps } from '../operations/erase-person.ts';
import { keepErasedList, listPath } from '../operations/erased-list.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { ProcessState } from '../operations/status-routes.ts';
import { marketOf } from '../pricing/rate-card.ts';
import { createReceiver } from '../webhooks/receive.ts';
import { backupsOf } from './backup.ts';
import type { Ground } from './database.ts';
import type { Engine } from './engine.ts';
import type { Meta } from './meta.ts';
import { buildServer, type ServerServices } from './server.ts';

export interface House {
  readonly config: Config;
  readonly log: Logger;
  readonly ground: Ground;
  readonly meta: Meta;
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly version: string;
}

export function buildDoor(house: House): ReturnType<typeof buildServer> {
  const { config, log, ground, meta, engine, metrics } = house;
  const backups = backupsOf(config, ground);
  const auth = { db: ground.db, secretKey: ground.secretKey, adminApiKey: config.auth.adminApiKey, authMode: config.auth.mode };
  const campaigns = { ...engine.campaigns, defaultCountry: config.defaultCountry };
  const services: ServerServices = {
    ...engine.sync,
    ...auth,
    ...campaigns,
    log,
    metrics: metrics.registry,
    appName: config.appName,
    version: house.version,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    corsOrigins: config.cors,
    language: config.language,
    unknownGraceMinutes: config.campaign.unknownGraceMinutes,
    maxRecipients: config.campaign.maxRecipients,
    sendTest: (input, actor) => sendTest(campaigns, input, actor),
    webhooks: createReceiver({
      db: ground.db,
      atHand: engine.delivery.atHand,
      onStored: engine.wakeApply,
      appSecret: meta.appSecret,
      verifyToken: meta.verifyToken,
      count: (outcome) => {
        metrics.webhook(outcome);
      },
      warn: (message) => {
        log.warn(message);
      },
    }),
    ...erasureDeps(config, ground, engine.delivery.slot),
    wakeApply: engine.wakeApply,
    hub: createHub({
      read: liveStates(campaigns),
      onError: (error) => {
        log.warn({ err: error }, 'live updates could not be read; they are tried again');
      },
    }),
    issueTicket: async (actor) => ({ ticket: await issueTicket(auth, actor), expires_in: TICKET_SECONDS }),
    stillValid: (actor) => stillValid(auth, actor),
    backup: backups === undefined ? undefined : () => backups.open(),
    isRedisThere: engine.isRedisThere,
    processState: () => processState(house),
  };
  return buildServer(services);
}

/** For whoever asks to be forgotten, and for the start that finds them back in a restored database. */
export function erasureDeps({ dataDir }: Config, { db, installation }: Ground, slot: number): ErasureDeps {
  const path = listPath(dataDir, installation.id);
  return { db, slot, installationId: installation.id, marketOf, keepList: () => keepErasedList(db, path) };
}

async function processState({ meta, engine }: House): Promise<ProcessState> {
  const state = await (await engine.paces.pacerFor(meta.phoneNumberId)).state();
  return {
    pace: {
      messages_per_second: Math.round(state.rate * 100) / 100,
      ceiling: state.ceiling,
      slowed_until: state.stoppedUntilMs > Date.now() ? new Date(state.stoppedUntilMs).toISOString() : null,
    },
    queue: { ...engine.queue.stats(), in_flight: engine.sender.inFlight(), unrecorded: engine.recorder.pending() },
  };
}
