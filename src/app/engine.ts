/** The working part: sends, applies webhooks, and makes the rounds that find again what was forgotten. */
import type { CampaignDeps } from '../campaigns/deps.ts';
import type { Config } from '../config.ts';
import { GATHER_MS } from '../delivery/apply.ts';
import type { Consequence, DeliveryDeps } from '../delivery/deps.ts';
import { type FlatPrice, type RateCard, rateCardFor } from '../domain/cost.ts';
import { personKey } from '../domain/phone.ts';
import type { Logger } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import { createPaces, type Paces } from '../sending/paces.ts';
import { createRecorder, type Recorder } from '../sending/recorder.ts';
import { createSender, type Sender } from '../sending/sender.ts';
import { runningCampaigns } from '../store/campaigns.ts';
import { expireLeases } from '../store/claims.ts';
import { leave } from '../store/processes.ts';
import { SLOTS } from '../store/tallies.ts';
import { discardAbandonedUploads } from '../store/uploads.ts';
import { type SyncDeps, syncTemplates } from '../templates/sync.ts';
import { createHandler } from '../worker/handlers.ts';
import { createTicker } from '../worker/ticker.ts';
import { backupsOf } from './backup.ts';
import type { Ground } from './ground.ts';
import type { Meta } from './meta.ts';
import type { Metrics } from './metrics.ts';
import { openQueue } from './queue.ts';
import type { Role } from './role.ts';
import { lifeRounds, networkRounds, workRounds } from './rounds.ts';
import { upkeepRounds } from './upkeep.ts';

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

export interface EngineParts {
  readonly config: Config;
  readonly role: Role;
  readonly log: Logger;
  readonly ground: Ground;
  readonly meta: Meta;
  readonly metrics: Metrics;
  /** This process may not go on. */
  readonly onLost: (error: unknown) => void;
}

export function buildEngine({ config, role, log, ground, meta, metrics, onLost }: EngineParts): Engine {
  const { db, installation } = ground;
  const { mode } = config.whatsapp;
  const slot = Math.floor(Math.random() * SLOTS);
  const price = priceSource(config);
  const onError = (error: unknown, what: string): void => {
    log.error({ err: error }, `${what} failed; it is tried again`);
  };
  const { queue, createNumberPacer, createCampaignPacer, lanes, tellHalt, close } = openQueue(
    { config, role, installationId: installation.id },
    {
      log,
      onError,
      onReturn: () => {
        sweep();
      },
      onHalt: (ids) => {
        sender.halt(ids);
      },
    },
  );
  const halt = (campaignIds: readonly number[]): void => {
    sender.halt(campaignIds);
    tellHalt(campaignIds);
  };
  const wakeSend = (campaignId: number, lane: number): void => {
    queue.wake({ kind: 'send', campaignId, lane });
  };
  const recorder = createRecorder({
    db,
    slot,
    onError: (error) => {
      onError(error, 'writing down outcomes');
    },
  });
  const paces = createPaces({ db, mode, ceiling: config.campaign.messagesPerSecond, create: createNumberPacer, onError });
  const sender = createSender({
    db,
    mode,
    slot,
    recorder,
    installationId: installation.id,
    retry: config.retry,
    pacerFor: (phoneNumberId) => paces.pacerFor(phoneNumberId),
    campaignPacer: createCampaignPacer,
    lanes,
    post: metrics.timed((input) => meta.client.sendTemplate(input)),
    personOf: personKey,
    maxInFlight: meta.maxInFlight,
    wake: wakeSend,
    tellHalt,
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
        halt(consequence.campaignIds);
        return;
      case 'slow_number':
        paces.pacerFor(consequence.phoneNumberId).then(
          (pacer) => {
            pacer.slowDown(consequence.change);
          },
          (error: unknown) => {
            onError(error, 'slowing down');
          },
        );
        return;
      case 'number_changed':
        paces.refresh(consequence.phoneNumberId).catch((error: unknown) => {
          onError(error, 'refreshing the pace');
        });
        return;
      case 'templates_changed':
        syncTemplates(sync).catch((error: unknown) => {
          onError(error, 'synchronising templates');
        });
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
    wake: (ids) => {
      for (const id of ids) wakeSend(id, 0);
    },
    halt,
  };
  const wakeApply = (): void => {
    queue.wake({ kind: 'apply', lane: 0 }, GATHER_MS);
  };
  /** At once instead of at the next round: within 5 s of Redis' return sending goes on (PROTOCOL §6). */
  const sweep = (): void => {
    if (role === 'api') return;
    wakeApply();
    runningCampaigns(db, mode).then(campaigns.wake, (error: unknown) => {
      onError(error, 'finding the running campaigns');
    });
  };
  const onRoundError = (error: unknown, round: string): void => {
    onError(error, `the round "${round}"`);
  };
  const life = createTicker(lifeRounds(ground, role, onLost), onRoundError);
  const work = createTicker(workRounds({ db, config, slot, campaigns, delivery, wakeApply }), onRoundError);
  const network = createTicker(networkRounds(sync, paces), onRoundError);
  const stopping = new AbortController();
  let upkeepBegun = Promise.resolve();
  const backups = backupsOf(config, ground);
  const upkeep = createTicker(upkeepRounds({ db, config, log, campaigns, backups, signal: stopping.signal }), onRoundError);
  metrics.watch({
    inFlight: () => sender.inFlight(),
    unrecorded: () => recorder.pending(),
    queue: () => queue.stats(),
    pacer: () => paces.pacerFor(meta.phoneNumberId),
  });
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
      await life.start();
      if (role !== 'api') {
        const synced = network.start();
        // The bundled simulator answers at once, and whoever starts it looks for its templates at once.
        if (meta.sandboxUrl !== undefined) await synced;
        await work.start();
        upkeepBegun = upkeep.start();
      }
      await queue.start(createHandler({ sender, delivery }));
    },
    async stop(graceMs) {
      stopping.abort();
      await Promise.all([work.stop(), upkeep.stop().then(() => upkeepBegun), network.stop(), queue.stop(), sender.stop(graceMs)]);
      await life.stop();
      await leave(db, ground.processId);
      await close();
    },
  };
}

/** The seed's rule: a set COST_PER_MESSAGE prices estimate and actual alike; else the rate card in force. */
function priceSource(config: Config): (at: Date) => RateCard | FlatPrice {
  const { perMessageMicros, currency } = config.cost;
  return perMessageMicros === undefined ? (at) => rateCardFor(at) : () => ({ currency, flatMicros: perMessageMicros });
}
