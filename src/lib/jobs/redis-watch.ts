import type { Redis } from 'ioredis';

/**
 * Whether Redis takes writes. A connection that stands is no proof: a server that was demoted, has no memory left or runs a long script
 * answers, and refuses. Asked by a small write, since nothing else shows all of these.
 */
export interface RedisWatch {
  /** Why nothing can be written now, in Redis' own words; undefined while all is well. */
  readonly fault: () => string | undefined;
  stop(): void;
}

export interface RedisWatchOptions {
  readonly redis: Redis;
  /** Written and left to expire. */
  readonly key: string;
  /** It takes writes again. */
  readonly onReturn: () => void;
  readonly everyMs?: number;
}

const EVERY_MS = 2_000;
const KEPT_MS = 60_000;

export function watchRedis({ redis, key, onReturn, everyMs = EVERY_MS }: RedisWatchOptions): RedisWatch {
  let refusal: string | undefined;
  let isAsking = false;
  const look = async (): Promise<void> => {
    // While there is no connection that is fault enough.
    if (isAsking || redis.status !== 'ready') return;
    isAsking = true;
    const before = refusal;
    try {
      await redis.set(key, '1', 'PX', KEPT_MS);
      refusal = undefined;
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error);
    } finally {
      isAsking = false;
    }
    if (before !== undefined && refusal === undefined) onReturn();
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    fault: () => (redis.status === 'ready' ? refusal : 'no connection'),
    stop() {
      clearInterval(timer);
    },
  };
}
