/** The verbs of the house, each with what it needs of the others; they meet only here and in rows. */

import type { CampaignDeps } from '../campaigns/preflight.ts';
import type { Config } from '../config/config.ts';
import { newestMigration } from '../lib/db/database-health.ts';
import { personKey } from '../lib/phone/parse.ts';
import { SLOTS, slotBeside } from '../lifecycle/counters.sql.ts';
import { createPacer } from '../numbers/pacer.ts';
import { createPaces, type Paces } from '../numbers/pacers.ts';
import type { SyncNumberDeps } from '../numbers/sync-number.ts';
import { type FlatPrice, type RateCard, rateCardFor } from '../pricing/rate-card.ts';
import { createOutageNews } from '../sending/outage-news.ts';
import { createOutageWatch, type OutageWatch } from '../sending/outage-watch.ts';
import { createRecorder, type Recorder } from '../sending/recorder.ts';
import { createSender, type Sender } from '../sending/sender.ts';
import { type SyncTemplatesDeps, syncTemplates } from '../templates/sync.ts';
import { type ApplyDeps, GATHER_MS } from '../webhooks/apply.ts';
import { createAtHand } from '../webhooks/webhook-cache.ts';
import type { EngineParts, OnError } from './parts.ts';
import type { QueueParts } from './queue.ts';
import { packageVersion } from './version.ts';

export interface Verbs {
  readonly campaigns: CampaignDeps;
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
const DAY_MS = 86_400_000;

export function buildVerbs(parts: EngineParts, alarm: QueueParts, onError: OnError): Verbs {
  const { config, ground, meta, log } = parts;
  const common = {
    db: ground.db,
    mode: config.whatsapp.mode,
    slot: Math.floor(Math.random() * SLOTS),
    price: priceSource(config),
    phoneNumberId: meta.phoneNumberId,
    wabaId: meta.wabaId,
    installationId: ground.installation.id,
    epoch: ground.installation.epoch,
    onError,
  };
  const paces = createPaces({ ...common, ceiling: config.campaign.messagesPerSecond, create: alarm.createNumberPacer });
  const recorder = createRecorder({
    ...common,
    slot: slotBeside(common.slot, RECORDER),
    onError: (error) => {
      onError(error, 'writing down outcomes');
    },
  });
  const wakeSend = (campaignId: number, lane: number): void => {
    alarm.queue.wake({ kind: 'send', campaignId, lane });
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
  const sender = buildSender(parts, alarm, {
    ...common,
    paces,
    recorder,
    outages,
    wake: wakeSend,
    claimant: () => claimant,
    workers: () => workers,
  });
  const halt = (campaignIds: readonly number[]): void => {
    sender.halt(campaignIds);
    alarm.tellHalt(campaignIds);
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
      atHand: parts.role === 'api' ? undefined : createAtHand(),
      personOf: personKey,
      halt,
      paces,
      syncTemplates: () => syncTemplates(sync),
    },
    campaigns: {
      ...common,
      defaults: { batchSize: config.campaign.batchSize, delayBetweenBatches: config.campaign.delayBetweenBatches },
      wake: (ids) => {
        for (const id of ids) wakeSend(id, 0);
      },
      halt,
      paceOf: async (phoneNumberId) => (phoneNumberId === common.phoneNumberId ? paces.look(phoneNumberId) : undefined),
    },
    wakeApply: () => {
      alarm.queue.wake({ kind: 'apply', lane: 0 }, GATHER_MS);
    },
  };
}

type SenderBase = Pick<ApplyDeps, 'db' | 'mode' | 'slot' | 'installationId' | 'epoch' | 'onError'> & {
  readonly paces: Paces;
  readonly recorder: Recorder;
  readonly outages: OutageWatch;
  readonly claimant: () => number | undefined;
  readonly workers: () => number;
  readonly wake: (campaignId: number, lane: number) => void;
};

function buildSender({ config, meta, metrics }: EngineParts, alarm: QueueParts, { paces, ...base }: SenderBase): Sender {
  return createSender({
    ...base,
    retry: config.retry,
    pacerFor: (phoneNumberId) => paces.pacerFor(phoneNumberId),
    campaignPacer: (_campaignId, ceiling) => createPacer({ ceiling }),
    lanes: LANES,
    post: metrics.timed((input) => meta.client.sendTemplate(input)),
    personOf: personKey,
    maxInFlight: meta.maxInFlight,
    tellHalt: alarm.tellHalt,
    random: Math.random,
  });
}

/** A set COST_PER_MESSAGE prices estimate and actual alike; else the rate card in force. */
function priceSource(config: Config): (at: Date) => RateCard | FlatPrice {
  const { perMessageMicros, currency } = config.cost;
  if (perMessageMicros !== undefined) return () => ({ currency, flatMicros: perMessageMicros });
  // Asked for every status there is; cards change at midnight UTC.
  let known: { readonly day: number; readonly card: RateCard } | undefined;
  return (at) => {
    const day = Math.floor(at.getTime() / DAY_MS);
    if (known?.day !== day) known = { day, card: rateCardFor(at) };
    return known.card;
  };
}
