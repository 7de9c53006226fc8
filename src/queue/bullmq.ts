import { type ConnectionOptions, Queue as BullQueue, Worker } from 'bullmq';
import { type Job, type JobKind, jobId, type Next } from '../domain/job.ts';
import { CONCURRENCY, type JobHandler, type Queue } from './queue.ts';
import { reconnectMs } from './redis.ts';

export interface BullMqOptions {
  readonly redisUrl: string;
  /** Everything in Redis begins with it. */
  readonly prefix: string;
  /** Takes jobs, or only wakes others. */
  readonly works: boolean;
  readonly onError: (error: unknown, what: string) => void;
}

const KINDS: readonly JobKind[] = ['send', 'apply'];

/**
 * The queue of many processes, on Redis. It forgets when Redis is emptied and stands still while Redis is away; both cost
 * seconds, because the sweep wakes what has to be done from the database.
 *
 * The same work has one deduplication id: while it waits a second wake is nothing, while it runs the last wake is kept and makes
 * it run once more.
 */
export function createBullMqQueue(options: BullMqOptions): Queue {
  const tell = (what: string) => (error: unknown) => {
    options.onError(error, what);
  };
  const producer: ConnectionOptions = {
    url: options.redisUrl,
    // A wake that cannot be written now is not worth waiting for: the sweep comes in a few seconds.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: reconnectMs,
  };
  const consumer: ConnectionOptions = { url: options.redisUrl, maxRetriesPerRequest: null, retryStrategy: reconnectMs };
  const queues = new Map<JobKind, BullQueue>(
    KINDS.map((kind) => [kind, new BullQueue(kind, { connection: producer, prefix: options.prefix, skipWaitingForReady: true })]),
  );
  for (const queue of queues.values()) queue.on('error', tell('redis'));
  const workers: Worker[] = [];
  let running = 0;
  let stopped = false;

  const wake = (job: Job, inMs = 0): void => {
    if (stopped) return;
    add(job, inMs).catch(tell('waking a job'));
  };

  const add = async (job: Job, inMs: number): Promise<void> => {
    await queues.get(job.kind)?.add(job.kind, job, {
      delay: Math.max(0, Math.round(inMs)),
      removeOnComplete: true,
      removeOnFail: true,
      // The one that waits may be meant for later than now.
      deduplication: { id: jobId(job), keepLastIfActive: true, reschedule: inMs === 0 },
    });
  };

  return {
    wake,
    start(handler) {
      if (options.works) for (const kind of KINDS) workers.push(startWorker(kind, handler));
      return Promise.resolve();
    },
    async stop() {
      stopped = true;
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
    stats: () => ({ waiting: 0, running }),
  };

  function startWorker(kind: JobKind, handler: JobHandler): Worker {
    const worker = new Worker<Job, Next>(
      kind,
      async (job) => {
        running++;
        try {
          return await handler(job.data);
        } finally {
          running--;
        }
      },
      // A killed process's job is taken over within about 15 s; until then its lane rests and the others go on.
      { connection: consumer, prefix: options.prefix, concurrency: CONCURRENCY[kind], lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 1_000_000 },
    );
    worker.on('error', tell('redis'));
    // Told after the job is gone from Redis, so that its id is free again.
    worker.on('completed', (job, next) => {
      if (next !== undefined && next !== null) wake(job.data, next.againInMs);
    });
    worker.on('failed', (job, error) => {
      options.onError(error, `job ${kind}`);
      if (job !== undefined) wake(job.data, 1_000);
    });
    return worker;
  }
}
