/** What the routes need: the settings, the parts and the services they are handed to, in one object. */
import { issueTicket, TICKET_SECONDS } from '../auth/sessions.ts';
import { stillValid } from '../auth/still-valid.ts';
import { sendTest } from '../campaigns/send-test.ts';
import type { Config } from '../config/config.ts';
import { createHub, liveStates } from '../live/hub.ts';
import type { ErasureDeps } from '../operations/erase-person.ts';
import { keepErasedList, listPath } from '../operations/erased-list.ts';
import { processState } from '../operations/process-state.ts';
import { marketOf } from '../pricing/rate-card.ts';
import { createReceiver } from '../webhooks/receive.ts';
import { createSignatureNote } from '../webhooks/signatures.ts';
import { backupsOf } from './backup.ts';
import type { Database } from './database.ts';
import type { Parts } from './process.ts';
import type { ServerServices } from './server.ts';
import { packageVersion } from './version.ts';
import type { Work } from './work.ts';

export function httpServices({ config, log, database, meta, metrics }: Parts, work: Work): ServerServices {
  const { db, secretKey } = database;
  const backups = backupsOf(config, database);
  const auth = { db, secretKey, adminApiKey: config.auth.adminApiKey, authMode: config.auth.mode };
  const noteSignature = createSignatureNote({
    db,
    mode: config.whatsapp.mode,
    onError: (error) => {
      log.warn({ err: error }, 'what came of the signatures of webhooks could not be written down');
    },
  });
  const campaigns = { ...work.campaigns, defaultCountry: config.defaultCountry };
  return {
    ...work.sync,
    ...auth,
    ...campaigns,
    log,
    metrics: metrics.registry,
    appName: config.appName,
    version: packageVersion(),
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    corsOrigins: config.cors,
    language: config.language,
    unknownGraceMinutes: config.campaign.unknownGraceMinutes,
    maxRecipients: config.campaign.maxRecipients,
    sendTest: (input, actor) => sendTest(campaigns, input, actor),
    webhooks: createReceiver({
      db,
      webhookCache: work.delivery.webhookCache,
      onStored: work.wakeApply,
      appSecret: meta.appSecret,
      verifyToken: meta.verifyToken,
      count: (outcome) => {
        metrics.webhook(outcome);
        noteSignature(outcome);
      },
      warn: (message) => {
        log.warn(message);
      },
    }),
    ...erasureDeps(config, database, work.delivery.slot),
    wakeApply: work.wakeApply,
    hub: createHub({
      read: liveStates(campaigns),
      onError: (error) => {
        log.warn({ err: error }, 'live updates could not be read; they are tried again');
      },
    }),
    issueTicket: async (actor) => ({ ticket: await issueTicket(auth, actor), expires_in: TICKET_SECONDS }),
    stillValid: (actor) => stillValid(auth, actor),
    backup: backups === undefined ? undefined : () => backups.open(),
    redisFault: work.redisFault,
    processState: () =>
      processState({
        phoneNumberId: meta.phoneNumberId,
        paces: work.paces,
        queue: work.queue,
        inFlight: () => work.sender.inFlight(),
        unrecorded: () => work.recorder.pending(),
        dataDir: config.dataDir,
        backups,
      }),
  };
}

/** For whoever asks to be forgotten, and for the start that finds them back in a restored database. */
export function erasureDeps(
  { dataDir }: Config,
  { db, installation }: Database,
  slot: number,
): ErasureDeps & { readonly listPath: string } {
  const path = listPath(dataDir, installation.id);
  return { db, slot, installationId: installation.id, marketOf, listPath: path, keepList: () => keepErasedList(db, path) };
}
