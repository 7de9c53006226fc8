/** The alarm clock and the pace: of this process alone, or shared by many through Redis. */
import type { Config } from '../config/config.ts';
import { createHalts } from '../lib/jobs/broadcast.ts';
import { createBullMqQueue } from '../lib/jobs/bullmq.ts';
import { createInProcessQueue } from '../lib/jobs/in-process.ts';
import type { Queue } from '../lib/jobs/queue.ts';
import { openRedis, redisDoubts } from '../lib/jobs/redis.ts';
import { type Logger, sayRarely } from '../lib/log.ts';
import { createPacer, type Pacer, type PacerOptions } from '../numbers/pacer.ts';
import { createRedisPacer } from '../numbers/redis-pacer.ts';
import type { Role } from './role.ts';

export interface QueueParts {
  readonly queue: Queue;
  readonly createNumberPacer: (phoneNumberId: string, options: PacerOptions) => Pacer;
  readonly lanes: number;
  /** Undefined where there is none. */
  readonly isRedisThere: (() => boolean) | undefined;
  /** These campaigns were paused or cancelled here: the other processes hear of it. */
  readonly tellHalt: (campaignIds: readonly number[]) => void;
  close(): Promise<void>;
}

/** In one process a claim runs while the other slice leaves; over many each has some to do. */
const LANES_ALONE = 2;
const LANES_SHARED = 8;

export interface QueueTold {
  readonly log: Logger;
  readonly onError: (error: unknown, what: string) => void;
  /** Redis is there again after it was away: what it forgot can be woken. */
  readonly onReturn: () => void;
  /** Campaigns were paused or cancelled in another process. */
  readonly onHalt: (campaignIds: readonly number[]) => void;
}

export interface QueuePlace {
  readonly config: Config;
  readonly role: Role;
  readonly installationId: string;
}

export function openQueue(
  { config, role, installationId }: QueuePlace,
  { log, onError, onReturn, onHalt }: QueueTold,
): QueueParts {
  if (config.redis === undefined) {
    return {
      queue: createInProcessQueue({
        onError: (error, job) => {
          onError(error, `job ${job.kind}`);
        },
      }),
      createNumberPacer: (_phoneNumberId, options) => createPacer(options),
      lanes: LANES_ALONE,
      isRedisThere: undefined,
      tellHalt: () => undefined,
      close: () => Promise.resolve(),
    };
  }
  const { mode } = config.whatsapp;
  // Installations may share a Redis, and never a queue: their campaigns have the same numbers.
  const prefix = `wasend-${mode}-${installationId}`;
  // A real number has one pace, whoever sends from it; all simulators have the same number.
  const paceOf = mode === 'live' ? `wasend-${mode}` : prefix;
  const say = sayRarely(onError);
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
  const paced = (key: string, options: PacerOptions): Pacer =>
    createRedisPacer({
      ...options,
      redis,
      key,
      onError: (error) => {
        say(error, 'asking Redis for the pace');
      },
    });
  const halts = createHalts({
    redis,
    redisUrl: config.redis.url,
    channel: `${prefix}.halt`,
    onHalt: role === 'api' ? undefined : onHalt,
    onError: say,
  });
  return {
    queue: createBullMqQueue({ redis, redisUrl: config.redis.url, prefix, works: role !== 'api', onError: say }),
    createNumberPacer: (phoneNumberId, options) => paced(`${paceOf}.pace.${phoneNumberId}`, options),
    lanes: LANES_SHARED,
    isRedisThere: () => redis.status === 'ready',
    tellHalt: (campaignIds) => {
      halts.tell(campaignIds);
    },
    close: () => {
      halts.close();
      redis.disconnect();
      return Promise.resolve();
    },
  };
}
