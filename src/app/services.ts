/** Each feature with what it needs of the others; they meet only here and in rows. */

import type { CampaignDeps } from '../campaigns/preflight.ts';
import { newestMigration } from '../lib/db/database-health.ts';
import { personKey } from '../lib/phone/parse.ts';
import { SLOTS, slotBeside } from '../lifecycle/counters.sql.ts';
import { createPacer } from '../numbers/pacer.ts';
import { createPaces, type Paces } from '../numbers/pacers.ts';
import type { SyncNumberDeps } from '../numbers/sync-number.ts';
import { createPriceSource, type PriceSource } from '../pricing/price-source.ts';
import { createOutageNews } from '../sending/outage-news.ts';
import { createOutageWatch, type OutageWatch } from '../sending/outage-watch.ts';
import { createRecorder, type Recorder } from '../sending/recorder.ts';
import { createSender, type Sender } from '../sending/sender.ts';
import { type SyncTemplatesDeps, syncTemplates } from '../templates/sync.ts';
import { type ApplyDeps, GATHER_MS } from '../webhooks/apply.ts';
import { createWebhookCache } from '../webhooks/webhook-cache.ts';
import type { OnError, Parts } from './process.ts';
import type { QueueParts } from './queue.ts';
import { packageVersion } from './version.ts';

export interface Services {
  readonly campaigns: CampaignDeps & PriceSource;
  readonly delivery: ApplyDeps;
  readonly sync: SyncTemplatesDeps & SyncNumberDeps;
  readonly paces: Paces;
  readonly sender: Sender;
  readonly recorder: Recorder;
  readonly outages: OutageWatch;
  /** Under which this process claims from now on. */
  readonly onNumber: (number: number) => void;
  /** So many processes send. */
  readonly onWorkers: (workers: number) => void;
  /** Webhooks were stored: apply them. */
  readonly wakeApply: () => void;
}

/** Claims (a slot for each lane), outcomes and webhooks commit side by side: on one slot each would wait for the other's commit. */
const RECORDER = 8;
const DELIVERY = 12;
/** A claim runs while the slice of the other lane leaves. */
const LANES = 2;

export function buildServices(parts: Parts, { queue, ...shared }: QueueParts, onError: OnError): Services {
  const { config, database, meta, log } = parts;
  const common = {
    db: database.db,
    mode: config.whatsapp.mode,
    slot: Math.floor(Math.random() * SLOTS),
    ...pricesOf(parts),
    ...addressOf(parts),
    installationId: database.installation.id,
    epoch: database.installation.epoch,
    onError,
  };
  const paces = createPaces({ ...common, ceiling: config.campaign.messagesPerSecond, create: shared.createNumberPacer });
  const recorder = createRecorder({
    ...common,
    slot: slotBeside(common.slot, RECORDER),
    onError: (error) => {
      onError(error, 'writing down outcomes');
    },
  });
  const wakeSend = (campaignId: number, lane: number): void => {
    queue.wake({ kind: 'send', campaignId, lane });
  };
  let claimant: number | undefined;
  let workers = 1;
  const outages = createOutageWatch({
    ...common,
    ask: meta.isAnswering,
    onOpen: (phoneNumberId) => {
      sender.holdBack(phoneNumberId);
    },
    onMoved: createOutageNews({ log, paces, onError }),
  });
  const sender = buildSender(parts, shared.tellHalt, {
    ...common,
    paces,
    recorder,
    outages,
    wake: wakeSend,
    claimant: () => claimant,
    workers: () => workers,
  });
  const recall = (campaignIds: readonly number[]): void => {
    sender.recall(campaignIds);
    shared.tellHalt(campaignIds);
  };
  const sync: SyncTemplatesDeps & SyncNumberDeps = {
    ...common,
    meta: meta.client,
    onUnreadable: (error) => {
      log.warn({ error }, 'a template could not be read and is left out');
    },
  };
  return {
    paces,
    recorder,
    outages,
    onNumber: (number) => {
      claimant = number;
    },
    onWorkers: (count) => {
      workers = Math.max(1, count);
    },
    sender,
    sync,
    delivery: {
      version: `${packageVersion()}/${String(newestMigration())}`,
      ...common,
      slot: slotBeside(common.slot, DELIVERY),
      webhookCache: parts.role === 'api' ? undefined : createWebhookCache(),
      personOf: personKey,
      recall,
      paces,
      syncTemplates: () => syncTemplates(sync),
    },
    campaigns: {
      ...common,
      defaults: { batchSize: config.campaign.batchSize, delayBetweenBatches: config.campaign.delayBetweenBatches },
      wake: (ids) => {
        for (const id of ids) wakeSend(id, 0);
      },
      recall,
      paceOf: async (phoneNumberId) => (phoneNumberId === common.phoneNumberId ? paces.look(phoneNumberId) : undefined),
    },
    wakeApply: () => {
      queue.wake({ kind: 'apply', lane: 0 }, GATHER_MS);
    },
  };
}

/** What this installation sends as, and how it asks Meta. */
function addressOf({ config, meta }: Parts): Pick<CampaignDeps, 'phoneNumberId' | 'wabaId' | 'graphVersion'> {
  return { phoneNumberId: meta.phoneNumberId, wabaId: meta.wabaId, graphVersion: config.whatsapp.apiVersion };
}

type SenderBase = Pick<ApplyDeps, 'db' | 'mode' | 'slot' | 'installationId' | 'epoch' | 'onError'> & {
  readonly pricesNow: PriceSource['pricesNow'];
  readonly paces: Paces;
  readonly recorder: Recorder;
  readonly outages: OutageWatch;
  readonly claimant: () => number | undefined;
  readonly workers: () => number;
  readonly wake: (campaignId: number, lane: number) => void;
};

function buildSender({ config, meta, metrics }: Parts, tellHalt: QueueParts['tellHalt'], { paces, ...base }: SenderBase): Sender {
  return createSender({
    ...base,
    retry: config.retry,
    pacerFor: (phoneNumberId) => paces.pacerFor(phoneNumberId),
    prices: base.pricesNow,
    campaignPacer: (_campaignId, ceiling) => createPacer({ ceiling }),
    lanes: LANES,
    post: metrics.timed((input) => meta.client.sendTemplate(input)),
    personOf: personKey,
    maxInFlight: meta.maxInFlight,
    tellHalt,
    random: Math.random,
  });
}

function pricesOf({ config, database }: Parts): PriceSource {
  const { perMessageMicros, currency } = config.cost;
  const flat = perMessageMicros === undefined ? undefined : { currency, flatMicros: perMessageMicros };
  return createPriceSource({ db: database.db, flat, currency });
}
