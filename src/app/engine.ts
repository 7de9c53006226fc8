/** The working part: sends, applies webhooks, and makes the rounds that find again what was forgotten. */
import { hostname } from 'node:os';
import type { CampaignDeps } from '../campaigns/deps.ts';
import { fireDue } from '../campaigns/schedule.ts';
import type { Config } from '../config.ts';
import type { Consequence, DeliveryDeps } from '../delivery/deps.ts';
import { retryOrphans } from '../delivery/orphans.ts';
import { type FlatPrice, type RateCard, rateCardFor } from '../domain/cost.ts';
import { personKey } from '../domain/phone.ts';
import type { Logger } from '../log.ts';
import { createInProcessQueue } from '../queue/in-process.ts';
import type { Queue } from '../queue/queue.ts';
import { createPaces, type Paces } from '../sending/paces.ts';
import { createPacer } from '../sending/pacer.ts';
import { createRecorder, type Recorder } from '../sending/recorder.ts';
import { createSender, type Sender } from '../sending/sender.ts';
import { cancelledWithPending, purgeDeleted, runningCampaigns, settleCampaigns } from '../store/campaigns.ts';
import { cancelPending, expireLeases } from '../store/claims.ts';
import { beat, leave } from '../store/processes.ts';
import { SLOTS } from '../store/tallies.ts';
import { discardAbandonedUploads } from '../store/uploads.ts';
import { pruneWebhooks, webhookBacklog } from '../store/webhooks.ts';
import { syncNumber, syncTemplates, type SyncDeps } from '../templates/sync.ts';
import { createHandler } from '../worker/handlers.ts';
import { createTicker, type Round } from '../worker/ticker.ts';
import type { Ground } from './ground.ts';
import type { Meta } from './meta.ts';

export interface Engine {
  readonly campaigns: CampaignDeps;
  readonly sync: SyncDeps;
  readonly paces: Paces;
  readonly sender: Sender;
  readonly recorder: Recorder;
  readonly queue: Queue;
  /** Webhooks were stored: apply them. */
  wakeApply(): void;
  start(): Promise<void>;
  /** Gives back what has not left, finishes what has, within `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const TEMPLATE_SYNC_MS = 15 * 60_000;
const OPEN_OUTCOME_DAYS = 30;
/** An upload that has not moved for so long is of a dead process or a dead line. */
const UPLOAD_IDLE_SECONDS = 120;

export function buildEngine(config: Config, log: Logger, ground: Ground, meta: Meta, onLost: (error: unknown) => void): Engine {
  const { db, installation } = ground;
  const { mode } = config.whatsapp;
  const slot = Math.floor(Math.random() * SLOTS);
  const price = priceSource(config);
  const onError = (error: unknown, what: string): void => {
    log.error({ err: error }, `${what} failed; it is tried again`);
  };
  const queue = createInProcessQueue({
    onError: (error, job) => {
      onError(error, `job ${job.kind}`);
    },
  });
  const wakeSend = (campaignId: number, lane: number): void => {
    queue.wake({ kind: 'send', campaignId, lane });
  };
  const recorder = createRecorder({ db, slot, onError: (error) => { onError(error, 'writing down outcomes'); } });
  const paces = createPaces({ db, mode, ceiling: config.campaign.messagesPerSecond, onError });
  const sender = createSender({
    db,
    mode,
    slot,
    recorder,
    installationId: installation.id,
    retry: config.retry,
    pacerFor: (phoneNumberId) => paces.pacerFor(phoneNumberId),
    campaignPacer: (_campaignId, ceiling) => createPacer({ ceiling }),
    post: (input) => meta.client.sendTemplate(input),
    personOf: personKey,
    maxInFlight: meta.maxInFlight,
    wake: wakeSend,
    random: Math.random,
    onError,
  });
  const sync: SyncDeps = {
    db,
    mode,
    meta: meta.client,
    wabaId: meta.wabaId,
    phoneNumberId: meta.phoneNumberId,
    onUnreadable: (error) => {
      log.warn({ error }, 'a template could not be read and is left out');
    },
  };
  const follow = (consequence: Consequence): void => {
    switch (consequence.kind) {
      case 'halted':
        sender.halt(consequence.campaignIds);
        return;
      case 'slow_number':
        paces.pacerFor(consequence.phoneNumberId).then((pacer) => { pacer.slowDown(consequence.change); }, (error: unknown) => { onError(error, 'slowing down'); });
        return;
      case 'number_changed':
        paces.refresh(consequence.phoneNumberId).catch((error: unknown) => { onError(error, 'refreshing the pace'); });
        return;
      case 'templates_changed':
        syncTemplates(sync).catch((error: unknown) => { onError(error, 'synchronising templates'); });
    }
  };
  const delivery: DeliveryDeps = {
    db,
    mode,
    slot,
    price,
    installationId: installation.id,
    phoneNumberId: meta.phoneNumberId,
    personOf: personKey,
    onConsequence: follow,
    onError,
  };
  const campaigns: CampaignDeps = {
    db,
    mode,
    slot,
    price,
    phoneNumberId: meta.phoneNumberId,
    wabaId: meta.wabaId,
    defaults: { batchSize: config.campaign.batchSize, delayBetweenBatches: config.campaign.delayBetweenBatches },
    wake: (ids) => { for (const id of ids) wakeSend(id, 0); },
    halt: (ids) => { sender.halt(ids); },
  };
  const wakeApply = (): void => {
    queue.wake({ kind: 'apply', lane: 0 });
  };
  const rounds: Round[] = [
    { name: 'heartbeat', everyMs: 5_000, run: () => beat(db, { id: ground.processId, role: 'all', host: hostname(), pid: process.pid }) },
    { name: 'tenancy', everyMs: 4_000, run: async () => { await ground.renewTenancy?.().catch(onLost); } },
    { name: 'schedules', everyMs: 1_000, run: () => fireDue(campaigns, config.campaign.scheduleGraceMinutes) },
    { name: 'dead leases', everyMs: 5_000, run: () => expireLeases(db, { everyone: false, slot }) },
    { name: 'running campaigns', everyMs: 5_000, run: async () => { campaigns.wake(await runningCampaigns(db, mode)); } },
    { name: 'webhooks', everyMs: 5_000, run: async () => { if ((await webhookBacklog(db)).pending > 0) wakeApply(); } },
    { name: 'orphans', everyMs: 5_000, run: () => retryOrphans(delivery) },
    { name: 'cancelled campaigns', everyMs: 5_000, run: async () => { for (const id of await cancelledWithPending(db)) while ((await cancelPending(db, id, slot)) > 0); } },
    { name: 'settling', everyMs: 10_000, run: () => settleCampaigns(db, OPEN_OUTCOME_DAYS) },
    { name: 'uploads', everyMs: 60_000, run: () => discardAbandonedUploads(db, { idleSeconds: UPLOAD_IDLE_SECONDS }) },
    { name: 'deleted campaigns', everyMs: 60_000, run: async () => { while ((await purgeDeleted(db)) > 0); } },
    { name: 'webhook journal', everyMs: 3_600_000, run: async () => { while ((await pruneWebhooks(db, config.retention.webhookDays)) > 0); } },
    { name: 'number', everyMs: TEMPLATE_SYNC_MS, run: async () => { await syncNumber(sync); await paces.refresh(meta.phoneNumberId); } },
    { name: 'templates', everyMs: TEMPLATE_SYNC_MS, run: () => syncTemplates(sync) },
  ];
  const ticker = createTicker(rounds, (error, round) => { onError(error, `the round "${round}"`); });
  return {
    campaigns,
    sync,
    paces,
    sender,
    recorder,
    queue,
    wakeApply,
    async start() {
      if (ground.isAlone) {
        // Nobody else works here: what is in `sending`, and any open upload, is of a former life.
        while ((await expireLeases(db, { everyone: true, slot })) > 0);
        await discardAbandonedUploads(db, { idleSeconds: 0 });
      }
      await ticker.start();
      await queue.start(createHandler({ sender, delivery }));
    },
    async stop(graceMs) {
      await ticker.stop();
      await Promise.all([queue.stop(), sender.stop(graceMs)]);
      await leave(db, ground.processId);
    },
  };
}

/** The seed's rule: a set COST_PER_MESSAGE prices estimate and actual alike; else the rate card in force. */
function priceSource(config: Config): (at: Date) => RateCard | FlatPrice {
  const { perMessageMicros, currency } = config.cost;
  return perMessageMicros === undefined ? (at) => rateCardFor(at) : () => ({ currency, flatMicros: perMessageMicros });
}
