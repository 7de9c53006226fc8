/** The queue and the pace: of this process alone, or shared by many through Redis. */
import { createBroadcast, idsOf } from '../lib/jobs/broadcast.ts';
import { createBullMqQueue } from '../lib/jobs/bullmq.ts';
import { createInProcessQueue } from '../lib/jobs/in-process.ts';
import type { Queue } from '../lib/jobs/queue.ts';
import { openRedis, redisDoubts } from '../lib/jobs/redis.ts';
import { watchRedis } from '../lib/jobs/redis-watch.ts';
import { createSharedQueue } from '../lib/jobs/shared-queue.ts';
import { seldom } from '../lib/log.ts';
import { createPacer, type Pacer, type PacerOptions } from '../numbers/pacer.ts';
import { createRedisPacer } from '../numbers/redis-pacer.ts';
import type { Parts } from './process.ts';

export interface QueueParts {
  readonly queue: Queue;
  readonly createNumberPacer: (phoneNumberId: string, options: PacerOptions) => Pacer;
  /** Why Redis takes no writes, while it does not; undefined where there is none. */
  readonly redisFault: (() => string | undefined) | undefined;
  /** These campaigns were paused or cancelled here: the other processes hear of it. */
  readonly tellHalt: (campaignIds: readonly number[]) => void;
  close(): Promise<void>;
}

export interface QueueListeners {
  readonly onError: (error: unknown, what: string) => void;
  /** Redis is there again after it was away: what it forgot can be woken. */
  readonly onReturn: () => void;
  /** Campaigns were paused or cancelled in another process. */
  readonly onHalt: (campaignIds: readonly number[]) => void;
}

export function openQueue(
  { config, role, log, database }: Pick<Parts, 'config' | 'role' | 'log' | 'database'>,
  { onError, onReturn, onHalt }: QueueListeners,
): QueueParts {
  const inProcess = (): Queue =>
    createInProcessQueue({
      onError: (error, job) => {
        onError(error, `job ${job.kind}`);
      },
    });
  if (config.redis === undefined) {
    return {
      queue: inProcess(),
      createNumberPacer: (_phoneNumberId, options) => createPacer(options),
      redisFault: undefined,
      tellHalt: () => undefined,
      close: () => Promise.resolve(),
    };
  }
  const { mode } = config.whatsapp;
  // Installations may share a Redis, and never a queue: their campaigns have the same numbers.
  const prefix = `wasend-${mode}-${database.installation.id}`;
  // A real number has one pace, whoever sends from it; all simulators have the same number.
  const paceOf = mode === 'live' ? `wasend-${mode}` : prefix;
  const say = seldom(onError);
  const redis = openRedis(config.redis.url, (error) => {
    say(error, 'redis');
  });
  let isReturn = false;
  redis.on('ready', () => {
    if (isReturn) {
      log.info('Redis is there again');
      onReturn();
    }
    isReturn = true;
    void redisDoubts(redis).then((doubts) => {
      for (const doubt of doubts) log.warn(doubt);
    });
  });
  const watch = watchRedis({ redis, key: `${prefix}.written`, onReturn });
  const works = role !== 'api';
  const broadcast = createBroadcast({ redis, redisUrl: config.redis.url, onError: say });
  const recallChannel = `${prefix}.recall`;
  if (works) {
    broadcast.on(recallChannel, (text) => {
      onHalt(idsOf(text));
    });
  }
  const common = createBullMqQueue({ redis, redisUrl: config.redis.url, prefix, kinds: ['apply'], works, onError: say });
  return {
    queue: createSharedQueue({ own: works ? inProcess() : undefined, common, broadcast, channel: `${prefix}.wake` }),
    createNumberPacer: (phoneNumberId, options) =>
      createRedisPacer({
        ...options,
        redis,
        key: `${paceOf}.pace.${phoneNumberId}`,
        listen: (channel, onMessage) => {
          if (works) broadcast.on(channel, onMessage);
        },
        onError: (error) => {
          say(error, 'asking Redis for the pace');
        },
      }),
    redisFault: watch.fault,
    // A lost word costs what was claimed and has not left, which the answer of the pause counted as in flight.
    tellHalt: (campaignIds) => {
      if (campaignIds.length > 0) broadcast.tell(recallChannel, JSON.stringify(campaignIds));
    },
    close: () => {
      watch.stop();
      broadcast.close();
      redis.disconnect();
      return Promise.resolve();
    },
  };
}
