import type { Redis } from 'ioredis';
import { openPatientRedis } from './redis.ts';

/**
 * Says something to every process at once. Nothing hangs on it: what is lost on the way (a connection, a process that starts) is
 * found by a round of the database or at the next question, only later.
 */
export interface Broadcast {
  tell(channel: string, text: string): void;
  on(channel: string, onMessage: (text: string) => void): void;
  close(): void;
}

export interface BroadcastOptions {
  /** For telling; fails fast (redis.ts). Left open. */
  readonly redis: Redis;
  /** For listening, which takes a connection of its own. */
  readonly redisUrl: string;
  readonly onError: (error: unknown, what: string) => void;
}

export function createBroadcast({ redis, redisUrl, onError }: BroadcastOptions): Broadcast {
  const listeners = new Map<string, ((text: string) => void)[]>();
  let closed = false;
  let ears: Redis | undefined;

  const openEars = (): Redis => {
    const opened = openPatientRedis(redisUrl, () => closed);
    opened.on('error', (error) => {
      onError(error, 'redis');
    });
    opened.on('message', (channel: string, text: string) => {
      for (const listener of listeners.get(channel) ?? []) listener(text);
    });
    return opened;
  };

  return {
    tell(channel, text) {
      redis.publish(channel, text).catch((error: unknown) => {
        onError(error, 'telling the other processes');
      });
    },
    on(channel, onMessage) {
      const known = listeners.get(channel) ?? [];
      listeners.set(channel, [...known, onMessage]);
      if (known.length > 0) return;
      ears ??= openEars();
      // Renewed by itself after a lost connection.
      ears.subscribe(channel).catch((error: unknown) => {
        if (!closed) onError(error, 'listening to the other processes');
      });
    },
    close() {
      closed = true;
      ears?.disconnect();
    },
  };
}

/** Numbers of campaigns, as one process tells them to the others. Whatever else speaks on a shared Redis is not for us. */
export function idsOf(text: string): number[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((id): id is number => typeof id === 'number') : [];
  } catch {
    return [];
  }
}
