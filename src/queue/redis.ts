import { Redis } from 'ioredis';

/** A connection that fails fast: whoever asks decides what waiting costs. Comes back within a second of Redis's return. */
export function openRedis(url: string, onError: (error: unknown) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    // A paused Redis takes commands and answers none.
    commandTimeout: 2_000,
    retryStrategy: reconnectMs,
  });
  redis.on('error', onError);
  return redis;
}

export function reconnectMs(times: number): number {
  return Math.min(100 * times, 1_000);
}
