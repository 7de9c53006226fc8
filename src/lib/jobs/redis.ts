import { Redis } from 'ioredis';

/** A connection that fails fast: whoever asks decides what waiting costs. Comes back within a second of Redis's return. */
export function openRedis(url: string, onError: (error: unknown) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    // A paused Redis takes commands and answers none.
    commandTimeout: 2_000,
    retryStrategy: reconnectMs,
    reconnectOnError: isDemoted,
  });
  redis.on('error', onError);
  return redis;
}

/** A connection that waits for Redis as long as it takes, until `isOver`. */
export function openPatientRedis(url: string, isOver: () => boolean): Redis {
  return new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isOver() ? null : reconnectMs(times)),
    reconnectOnError: isDemoted,
  });
}

function reconnectMs(times: number): number {
  return Math.min(100 * times, 1_000);
}

/**
 * This server takes no writes any more: another one has been promoted in its place, and connections that survived still lead to the
 * old one. A new connection asks the address again.
 */
function isDemoted(error: Error): boolean {
  // Older servers put the word into the middle of a sentence when a script was refused.
  return /\b(READONLY|UNBLOCKED|MASTERDOWN|LOADING)\b/.test(error.message);
}

/**
 * What about this server will hurt one day, in words. Empty when all is well, or when a hosted Redis tells nothing.
 *
 * Only `noeviction` keeps jobs and paces whole: any other policy throws some away when memory runs short.
 */
export async function redisDoubts(redis: Redis): Promise<string[]> {
  const info = await redis.info().catch(() => '');
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const doubts: string[] = [];
  const policy = field('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    doubts.push(
      `Redis runs with maxmemory-policy ${policy}: when its memory runs short it throws alarms and paces away, and sending falters. Set maxmemory-policy to noeviction.`,
    );
  }
  const version = field('redis_version');
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version !== undefined && (major < 6 || (major === 6 && minor < 2))) {
    doubts.push(`Redis ${version} is too old: 6.2 or newer is needed.`);
  }
  return doubts;
}
