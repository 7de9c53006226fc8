import { Redis } from 'ioredis';
import { reconnectMs } from './redis.ts';

export interface Halts {
  /** Tells every process, this one too, that these campaigns were paused or cancelled. */
  tell(campaignIds: readonly number[]): void;
  close(): void;
}

export interface HaltsOptions {
  /** For telling; fails fast (redis.ts). Left open. */
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly channel: string;
  /** Undefined: only tells. */
  readonly onHalt: ((campaignIds: readonly number[]) => void) | undefined;
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * A pause reaches the workers: what they have claimed and not sent goes back at once. Nothing hangs on it, since a paused campaign
 * is not claimed from again: a call that is lost costs what was claimed, which the answer of the pause counted as in flight.
 */
export function createHalts({ redis, redisUrl, channel, onHalt, onError }: HaltsOptions): Halts {
  let closed = false;
  const ears =
    onHalt === undefined
      ? undefined
      : new Redis(redisUrl, { maxRetriesPerRequest: null, retryStrategy: (times) => (closed ? null : reconnectMs(times)) });
  ears?.on('error', (error) => {
    onError(error, 'redis');
  });
  ears?.on('message', (_channel: string, text: string) => {
    onHalt?.(idsOf(text));
  });
  // Renewed by itself after a lost connection.
  ears?.subscribe(channel).catch((error: unknown) => {
    if (!closed) onError(error, 'listening for pauses');
  });
  return {
    tell(campaignIds) {
      if (campaignIds.length === 0) return;
      redis.publish(channel, JSON.stringify(campaignIds)).catch((error: unknown) => {
        onError(error, 'telling of a pause');
      });
    },
    close() {
      closed = true;
      ears?.disconnect();
    },
  };
}

/** Whatever else speaks on a shared Redis is not for us. */
function idsOf(text: string): number[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((id): id is number => typeof id === 'number') : [];
  } catch {
    return [];
  }
}
