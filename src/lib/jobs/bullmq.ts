import { Queue as BullQueue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { within } from '../wait.ts';
import { type Job, type JobKind, jobId, type Next } from './job.ts';
import { CONCURRENCY, type JobHandler, type Queue } from './queue.ts';
import { openPatientRedis } from './redis.ts';
import { createUnconfirmed } from './unconfirmed.ts';

export interface BullMqOptions {
  /** For waking; fails fast (redis.ts). Left open at the stop. */
  readonly redis: Redis;
  /** For taking jobs, which waits on connections of its own. */
  readonly redisUrl: string;
  /** Everything in Redis begins with it. */
  readonly prefix: string;
  /** The kinds of jobs it carries. */
  readonly kinds: readonly JobKind[];
  /** Takes jobs, or only wakes others. */
  readonly works: boolean;
  readonly onError: (error: unknown, what: string) => void;
}

type Tell = (what: string) => (error: unknown) => void;

/** How long a stop waits for Redis to hear what was finished; the jobs themselves are waited for without a limit. */
const FAREWELL_MS = 2_000;
/** A killed process's job is taken over within about 15 s; until then its lane rests and the others go on. */
const LOCK_MS = 10_000;

/**
 * The queue of many processes, on Redis. It forgets when Redis is emptied and stands still while Redis is away; both cost
 * seconds, because the sweep wakes what has to be done from the database.
 *
 * The same work has one deduplication id: while it waits a second wake is nothing, while it runs the last wake is kept and makes
 * it run once more.
 */
export function createBullMqQueue(options: BullMqOptions): Queue {
  const { redis, prefix, kinds } = options;
  const tell = (what: string) => (error: unknown) => {
    options.onError(error, what);
  };
  const alarm = createAlarm({ redis, prefix, kinds, tell });
  const workers: Worker[] = [];
  const running = new Set<Promise<unknown>>();
  // Three locks after its end nobody can confirm it any more: Redis has given it to another process, or was emptied.
  const unconfirmed = createUnconfirmed({ keepMs: 3 * LOCK_MS });
  let stopped = false;
  /** Waits for Redis as long as it takes; at a stop it gives up. */
  const openPatient = (): Redis => {
    const patient = openPatientRedis(options.redisUrl, () => stopped);
    patient.on('error', tell('redis'));
    return patient;
  };
  let taking: Redis | undefined;

  const startWorker = (kind: JobKind, handler: JobHandler): Worker => {
    taking ??= openPatient();
    const worker = new Worker<Job, Next>(
      kind,
      (job) => {
        unconfirmed.add(job);
        return tracked(
          running,
          handler(job.data).finally(() => {
            unconfirmed.ended(job);
          }),
        );
      },
      {
        connection: taking,
        prefix,
        concurrency: CONCURRENCY[kind],
        lockDuration: LOCK_MS,
        stalledInterval: 5_000,
        maxStalledCount: 1_000_000,
        // After a lost connection; BullMQ's own 15 s are three times what a return of Redis may cost.
        runRetryDelay: 500,
        skipVersionCheck: true,
      },
    );
    worker.on('error', tell('redis'));
    // Told after the job is gone from Redis, so that its id is free again. At a stop another process goes on with it.
    worker.on('completed', (job, next) => {
      unconfirmed.confirm(job);
      // A handler's `undefined` comes back from Redis as null.
      if (isNext(next)) alarm.wake(job.data, next.againInMs);
    });
    worker.on('failed', (job, error) => {
      if (job !== undefined) unconfirmed.confirm(job);
      options.onError(error, `job ${kind}`);
      if (job !== undefined) alarm.wake(job.data, 1_000);
    });
    return worker;
  };

  return {
    wake(job, inMs = 0) {
      if (!stopped) alarm.wake(job, inMs);
    },
    start(handler) {
      if (options.works && !stopped) for (const kind of kinds) workers.push(startWorker(kind, handler));
      return Promise.resolve();
    },
    async stop() {
      stopped = true;
      await farewell(Promise.all(workers.map((worker) => worker.pause(true))));
      await Promise.allSettled(running);
      // Redis may be away or emptied: then it never hears, and takes these jobs for stalled ones.
      await farewell(unconfirmed.none());
      // By force: a worker's own farewell waits for ever for a job that Redis has forgotten, and its timers with it.
      await farewell(Promise.all(workers.map((worker) => worker.close(true))));
      taking?.disconnect();
      await farewell(alarm.told());
      await farewell(alarm.close());
    },
    stats: () => ({ waiting: 0, running: running.size }),
  };
}

/** Puts jobs into Redis; at a stop also those that another process goes on with. */
function createAlarm({ redis, prefix, kinds, tell }: Pick<BullMqOptions, 'redis' | 'prefix' | 'kinds'> & { tell: Tell }): {
  wake(job: Job, inMs: number): void;
  /** Settles when Redis has taken what it was told. */
  told(): Promise<unknown>;
  close(): Promise<unknown>;
} {
  const queues = new Map<JobKind, BullQueue>(
    kinds.map((kind) => [kind, new BullQueue(kind, { connection: redis, prefix, skipVersionCheck: true })]),
  );
  for (const queue of queues.values()) queue.on('error', tell('redis'));
  const waking = new Set<Promise<unknown>>();

  const add = async (job: Job, inMs: number): Promise<void> => {
    const delay = Math.max(0, Math.round(inMs));
    const isNow = delay === 0;
    await queues.get(job.kind)?.add(job.kind, job, {
      delay,
      removeOnComplete: true,
      removeOnFail: true,
      // Now: brings one that waits for later forward, and makes one that runs run once more. Later: never postpones one that waits;
      // one that runs says itself when to look again, and must not lose a wake for now that came before.
      deduplication: { id: jobId(job), keepLastIfActive: isNow, reschedule: isNow },
    });
  };

  return {
    wake(job, inMs) {
      // A wake that cannot be written now is not worth keeping: the sweep comes in a few seconds.
      if (redis.status === 'ready') void tracked(waking, add(job, inMs).catch(tell('waking a job')));
    },
    told: () => Promise.all(waking),
    close: () => Promise.all([...queues.values()].map((queue) => queue.close())),
  };
}

/** `work`, in the set until it is over. */
function tracked<T>(set: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  const done = work.finally(() => set.delete(done));
  set.add(done);
  return done;
}

/** At a stop it does not matter how it ends: Redis may be away, and takes what it never hears of for stalled. */
function farewell(work: Promise<unknown>): Promise<boolean> {
  return within(
    work.catch(() => undefined),
    FAREWELL_MS,
  );
}

function isNext(value: unknown): value is { readonly againInMs: number } {
  return typeof value === 'object' && value !== null && 'againInMs' in value;
}
