/** Everything a process does without being asked: what a job of the queue calls, and the periodic jobs of every feature. */
import { hostname } from 'node:os';
import { accessJobs } from '../auth/jobs.ts';
import { secretPrint } from '../auth/secrets.ts';
import { campaignJobs } from '../campaigns/jobs.ts';
import { TenancyLost } from '../lib/db/single-process-lease.ts';
import type { Job, Next } from '../lib/jobs/job.ts';
import { createScheduler, type PeriodicJob } from '../lib/jobs/periodic.ts';
import { within } from '../lib/wait.ts';
import { standingNotices } from '../numbers/account-notices.sql.ts';
import { syncNumber } from '../numbers/sync-number.ts';
import { maintenanceJobs } from '../operations/jobs.ts';
import { pricingJobs } from '../pricing/jobs.ts';
import { marketOf } from '../pricing/rate-card.ts';
import { uploadJobs } from '../recipients/jobs.ts';
import { processJobs } from '../sending/jobs.ts';
import { syncTemplates } from '../templates/sync.ts';
import { createApplier } from '../webhooks/apply.ts';
import { webhookJobs } from '../webhooks/jobs.ts';
import { backupsOf } from './backup.ts';
import type { OnError, Parts } from './process.ts';
import type { QueueParts } from './queue.ts';
import type { Services } from './services.ts';

const MINUTE = 60_000;
/** So long a start waits for what Meta says of the number and the templates. */
const FIRST_ANSWERS_MS = 5_000;

export function jobHandler({ sender, delivery }: Services): (job: Job) => Promise<Next> {
  const apply = createApplier(delivery);
  return (job) => {
    switch (job.kind) {
      case 'send':
        return sender.slice(job.campaignId, job.lane);
      case 'apply':
        return apply();
    }
  };
}

export interface PeriodicJobs {
  start(): Promise<void>;
  stopWork(): Promise<void>;
  /** Last, so that the process is known to live until its work is done. */
  stopSignsOfLife(): Promise<void>;
}

/** On four schedulers, so that none waits for another kind: signs of life, the work the database tells of, what asks Meta, and maintenance. */
export function periodicJobs(parts: Parts, services: Services & Pick<QueueParts, 'redisFault'>, onError: OnError): PeriodicJobs {
  const { config, role, log, database } = parts;
  const { db } = database;
  const { campaigns, delivery, wakeApply, sync, paces } = services;
  const { retention } = config;
  const stopping = new AbortController();
  const scheduler = (...jobs: PeriodicJob[]): ReturnType<typeof createScheduler> =>
    createScheduler(jobs, (error, job) => {
      onError(error, `the periodic job "${job}"`);
    });
  const print = role === 'worker' ? undefined : secretPrint(database.secretKey);
  const signsOfLife = scheduler(
    ...processJobs({
      db,
      slot: campaigns.slot,
      self: {
        id: database.processId,
        role,
        host: hostname(),
        pid: process.pid,
        secretPrint: print,
        redisFault: services.redisFault,
      },
      onNumber: services.onNumber,
      onWorkers: services.onWorkers,
      onGone: (number) => {
        log.warn({ process: number }, 'a process has given no sign of life for a while: what it was sending is unknown now');
      },
    }),
    ...pricingJobs(campaigns),
    { name: 'the right to the database', everyMs: 4_000, run: () => keepDatabase(parts) },
  );
  const work = scheduler(
    ...campaignJobs(campaigns, config.campaign.scheduleGraceMinutes),
    ...webhookJobs({ ...delivery, wakeApply }, retention),
    ...uploadJobs({ db, marketOf }),
  );
  const asking = scheduler(
    {
      name: 'number',
      everyMs: 15 * MINUTE,
      run: async () => {
        await syncNumber(sync);
        await paces.refresh(sync.phoneNumberId);
      },
    },
    {
      // A number that Meta says is blocked is asked about again soon, so that it goes on soon.
      name: 'blocked number',
      everyMs: MINUTE,
      run: async () => {
        if ((await standingNotices(sync.db, sync)).some(({ code }) => code === 'health_blocked')) await syncNumber(sync);
      },
    },
    { name: 'templates', everyMs: 15 * MINUTE, run: () => syncTemplates(sync) },
  );
  const maintenance = scheduler(
    ...maintenanceJobs({
      log,
      campaigns,
      backups: backupsOf(config, database),
      webhookDays: retention.webhookDays,
      campaignDays: retention.campaignDays,
      signal: stopping.signal,
    }),
    ...accessJobs(db),
  );
  /** First runs nobody waits for at the start; a stop does. */
  let begun: Promise<unknown> = Promise.resolve();

  return {
    async start() {
      await signsOfLife.start();
      if (role === 'api') return;
      const asked = asking.start();
      // Whoever is told that this is ready looks for the templates. Meta may be away: then it starts without them.
      await within(asked, FIRST_ANSWERS_MS);
      await work.start();
      begun = Promise.all([asked, maintenance.start()]);
    },
    async stopWork() {
      stopping.abort();
      await Promise.all([work.stop(), maintenance.stop(), asking.stop()]);
      await begun;
    },
    stopSignsOfLife: () => signsOfLife.stop(),
  };
}

async function keepDatabase({ database, onLost }: Parts): Promise<void> {
  try {
    await database.renewTenancy?.();
  } catch (error) {
    if (!(error instanceof TenancyLost)) throw error;
    onLost(error);
  }
}
