/** The working part of a process: it sends, applies webhooks, and finds again what was forgotten. */
import type { Db } from '../lib/db/db.ts';
import { leave } from '../lib/jobs/processes.sql.ts';
import type { Queue } from '../lib/jobs/queue.ts';
import { within } from '../lib/wait.ts';
import { runningCampaigns } from '../lifecycle/campaign.sql.ts';
import { expireLeases } from '../lifecycle/claim.sql.ts';
import { endUploadsOfFormerLife } from '../recipients/jobs.ts';
import { jobHandler, periodicJobs } from './jobs.ts';
import type { OnError, Parts } from './process.ts';
import { openQueue } from './queue.ts';
import { buildServices, type Services } from './services.ts';

export interface Work extends Services {
  readonly queue: Queue;
  /** Undefined where there is none. */
  readonly redisFault: (() => string | undefined) | undefined;
  start(): Promise<void>;
  /** Gives back what has not left, finishes what has, within `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** What a stop waits beyond its grace for what is to be written. */
const LAST_WRITES_MS = 5_000;

export function buildWork(parts: Parts): Work {
  const { role, log, database, meta, metrics } = parts;
  const { db } = database;
  const onError = (error: unknown, what: string): void => {
    log.error({ err: error }, `${what} failed; it is tried again`);
  };
  const shared = openQueue(parts, {
    onError,
    onReturn: () => {
      if (role !== 'api') wakeEverything(services, onError);
    },
    onHalt: (ids) => {
      services.sender.recall(ids);
    },
  });
  const services = buildServices(parts, shared, onError);
  const { sender, recorder, outages, paces } = services;
  const jobs = periodicJobs(parts, { ...services, redisFault: shared.redisFault }, onError);
  metrics.watch({
    inFlight: () => sender.inFlight(),
    unrecorded: () => recorder.pending(),
    queue: () => shared.queue.stats(),
    pacer: () => paces.pacerFor(meta.phoneNumberId),
  });
  return {
    ...services,
    queue: shared.queue,
    redisFault: shared.redisFault,
    async start() {
      if (database.isAlone) await endFormerLife(db, services.campaigns.slot);
      await jobs.start();
      if (role !== 'api') outages.start();
      // Over Redis the first one to ask for a pace that nobody has waits until no other loan can be left of it: now, not at the first campaign.
      if (role !== 'api') void paces.look(meta.phoneNumberId);
      await shared.queue.start(jobHandler(services));
    },
    async stop(graceMs) {
      // A database or a Redis that stays away must not hold up the stop for ever: what was not written down becomes unknown at the
      // next start.
      const ended = sender.stop(graceMs).then(() => outages.stop());
      await within(Promise.all([jobs.stopWork(), shared.queue.stop(), ended]), graceMs + LAST_WRITES_MS);
      await within(
        jobs.stopSignsOfLife().then(() => leave(db, database.processId)),
        LAST_WRITES_MS,
      ).catch(() => undefined);
      await shared.close();
    },
  };
}

/** Nobody else works here: what is in `sending`, and any open upload, is of a former life. */
async function endFormerLife(db: Db, slot: number): Promise<void> {
  while ((await expireLeases(db, { everyone: true, slot })).expired > 0);
  await endUploadsOfFormerLife(db);
}

/** At once instead of by the next periodic job: within 5 s of Redis' return sending goes on. */
function wakeEverything({ campaigns, wakeApply }: Services, onError: OnError): void {
  wakeApply();
  runningCampaigns(campaigns.db, campaigns.mode).then(campaigns.wake, (error: unknown) => {
    onError(error, 'finding the running campaigns');
  });
}
