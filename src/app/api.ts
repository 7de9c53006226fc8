/** The HTTP door with everything behind it. */

import { noteUpload } from '../campaigns/preflight.ts';
import { sendTest } from '../campaigns/send-test.ts';
import { campaignStats, viewCampaigns } from '../campaigns/stats.ts';
import type { Config } from '../config/config.ts';
import type { Actor } from '../lib/http/actor.ts';
import { type Logger, sayRarely } from '../lib/log.ts';
import { Problem } from '../lib/problem.ts';
import { reopenCampaign } from '../lifecycle/assert-runnable.ts';
import { lockCampaign } from '../lifecycle/campaign.sql.ts';
import { createHub } from '../live/hub.ts';
import type { Metrics } from '../operations/metrics.ts';
import { marketOf } from '../pricing/rate-card.ts';
import { type ImportReport, importRecipients } from '../recipients/import-recipients.ts';
import { removeUpload } from '../recipients/remove-upload.ts';
import { fileRequirements } from '../recipients/requirements.ts';
import { syncTemplates } from '../templates/sync.ts';
import { createReceiver } from '../webhooks/receive.ts';
import { verifySignature, verifySubscription } from '../whatsapp/signature.ts';
import { backupsOf } from './backup.ts';
import type { Ground } from './database.ts';
import type { Engine } from './engine.ts';
import type { Meta } from './meta.ts';
import { buildServer } from './server.ts';
import type { ServerDeps, UploadRequest, WebhookVerbs } from './server-deps.ts';

export interface House {
  readonly config: Config;
  readonly log: Logger;
  readonly ground: Ground;
  readonly meta: Meta;
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly version: string;
}

const LIVE_LIST = 200;
/** Only a warning: a stranger can cause it too. */
const BAD_SIGNATURE =
  'Webhooks are refused because their signature does not fit WHATSAPP_APP_SECRET, so what they tell is not seen. Set WHATSAPP_APP_SECRET to the secret of the app that sends them; where it is right, a stranger tries';

export function buildDoor(house: House): ReturnType<typeof buildServer> {
  const { config, log, ground, engine } = house;
  const { db } = ground;
  const backups = backupsOf(config, ground);
  const hub = createHub({
    read: async (campaignId) =>
      campaignId === undefined
        ? (await viewCampaigns(db, { sort: 'created_at', descending: true, limit: LIVE_LIST, offset: 0 })).data.map((view) => ({
            ...view,
          }))
        : [{ ...(await campaignStats(db, campaignId, engine.campaigns.paceOf)) }],
    onError: (error) => {
      log.warn({ err: error }, 'live updates could not be read; they are tried again');
    },
  });
  const deps: ServerDeps = {
    db,
    log,
    metrics: house.metrics.registry,
    appName: config.appName,
    version: house.version,
    mode: config.whatsapp.mode,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    corsOrigins: config.cors,
    defaultCountry: config.defaultCountry,
    access: { db, secretKey: ground.secretKey, adminApiKey: config.auth.adminApiKey, authMode: config.auth.mode },
    campaigns: engine.campaigns,
    unknownGraceMinutes: config.campaign.unknownGraceMinutes,
    recipients: {
      upload: (request, actor) => upload(house, request, actor),
      remove: (removal, actor) => removeUpload({ db, marketOf }, removal, actor),
    },
    drafts: {
      ...engine.campaigns,
      marketOf,
      maxRecipients: config.campaign.maxRecipients,
      defaultCountry: config.defaultCountry,
    },
    templates: {
      sync: async () => ({ templates: await syncTemplates(engine.sync) }),
      sendTest: (input, actor) => sendTest({ ...engine.campaigns, defaultCountry: config.defaultCountry }, input, actor),
    },
    webhook: webhookVerbs(house),
    wakeApply: () => {
      engine.wakeApply();
    },
    events: hub,
    backup: backups === undefined ? undefined : () => backups.open(),
    isRedisThere: engine.isRedisThere,
    live: async () => {
      const pacer = await engine.paces.pacerFor(house.meta.phoneNumberId);
      const state = await pacer.state();
      return {
        pace: {
          messages_per_second: Math.round(state.rate * 100) / 100,
          ceiling: state.ceiling,
          slowed_until: state.stoppedUntilMs > Date.now() ? new Date(state.stoppedUntilMs).toISOString() : null,
        },
        queue: { ...engine.queue.stats(), in_flight: engine.sender.inFlight(), unrecorded: engine.recorder.pending() },
      };
    },
  };
  return buildServer(deps);
}

function webhookVerbs({ log, ground, meta, engine, metrics }: House): WebhookVerbs {
  const receiver = createReceiver({
    db: ground.db,
    atHand: engine.delivery.atHand,
    onStored: () => {
      engine.wakeApply();
    },
  });
  const warn = sayRarely((_error, what) => {
    log.warn(what);
  });
  return {
    verify: (query) => (meta.verifyToken === undefined ? undefined : verifySubscription(query, meta.verifyToken)),
    async receive(body, signature) {
      if (meta.appSecret === undefined) {
        throw new Problem(
          'webhook_not_configured',
          'WHATSAPP_APP_SECRET is not set, so nobody can tell whether a webhook is from Meta. Set it to the secret of your app.',
        );
      }
      if (!verifySignature(body, signature, [meta.appSecret])) {
        metrics.webhook('bad_signature');
        warn(undefined, BAD_SIGNATURE);
        return 'bad_signature';
      }
      await receiver.store(body.toString('utf8'));
      metrics.webhook('stored');
      return 'stored';
    },
  };
}

async function upload({ config, ground, engine }: House, request: UploadRequest, actor: Actor): Promise<ImportReport> {
  const { forColumns, marketing } = await fileRequirements(engine.campaigns, request.campaignId);
  const report = await importRecipients(
    {
      db: ground.db,
      marketOf,
      // In the publishing transaction, so that people never wait in a campaign that is completed.
      onPublished: async (sql, published) => {
        if (published.before !== 'completed' || published.pending === 0) return;
        const campaign = await lockCampaign(sql, published.campaignId);
        if (campaign !== undefined) await reopenCampaign(engine.campaigns, sql, campaign);
      },
    },
    {
      ...request,
      maxRecipients: config.campaign.maxRecipients,
      defaultCountry: config.defaultCountry,
      requirements: forColumns,
      marketing,
    },
    actor,
  );
  await noteUpload(engine.campaigns, request.campaignId);
  engine.campaigns.wake([request.campaignId]);
  return report;
}
