import type { Redis } from 'ioredis';
import type { Pace } from '../domain/pacing.ts';

/**
 * The pace of one sending number, shared by every process through one atomic script on Redis' own clock (PROTOCOL §7).
 *
 * Slots lie (1 + LATE) / rate apart. Each is granted to one process, which dispatches within LATE of it or forfeits it, so no
 * second ever holds more than `rate` messages, summed over all processes. An emptied Redis knows nothing of the last second and
 * grants only after one.
 */
const TAKE = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local want, ceiling = tonumber(ARGV[1]), tonumber(ARGV[2])
local h = redis.call('HMGET', KEYS[1], 'slot', 'rate', 'ceiling', 'climbed', 'stopped')
local slot, rate, known, climbed, stopped = tonumber(h[1]), tonumber(h[2]), tonumber(h[3]), tonumber(h[4]), tonumber(h[5])
if not slot then
  slot, rate, known, climbed, stopped = now + 1000000, math.min(tonumber(ARGV[3]), ceiling), ceiling, now, tonumber(ARGV[4]) * 1000
end
if known ~= ceiling then
  if rate >= known then rate = ceiling else rate = math.max(math.min(rate, ceiling), ceiling * 0.01) end
end
if now > climbed then
  rate = math.min(ceiling, rate + ceiling * 0.02 * (now - climbed) / 1000000)
  climbed = now
end
local interval = 1000000 * (1 + tonumber(ARGV[5])) / rate
local n, wait = 0, 0
if stopped > now then
  wait = stopped - now
else
  slot = math.max(slot, now)
  n = math.min(want, math.floor((now + tonumber(ARGV[6]) - slot) / interval) + 1)
  wait = slot - now
  if n > 0 then slot = slot + n * interval else n = 0 end
end
redis.call('HSET', KEYS[1], 'slot', string.format('%.0f', slot), 'rate', tostring(rate), 'ceiling', tostring(ceiling), 'climbed', string.format('%.0f', climbed), 'stopped', string.format('%.0f', stopped))
redis.call('PEXPIRE', KEYS[1], 86400000)
return { n, math.floor(wait), math.floor(interval), tostring(rate), math.floor(math.max(0, stopped - now) / 1000) }
`;

/** Meta objected: the same rules as domain/pacing.ts slowDown, for all processes at once. */
const SLOW = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local ceiling, seconds, factor = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local h = redis.call('HMGET', KEYS[1], 'slot', 'rate', 'climbed', 'stopped', 'slowed')
local slot, rate, climbed, stopped, slowed = tonumber(h[1]) or now + 1000000, tonumber(h[2]) or tonumber(ARGV[2]), tonumber(h[3]) or now, tonumber(h[4]) or 0, tonumber(h[5]) or 0
if now > climbed then
  rate = math.min(ceiling, rate + ceiling * 0.02 * (now - climbed) / 1000000)
  climbed = now
end
local same = slowed > 0 and now < math.max(stopped, slowed + 1000000)
stopped = math.max(stopped, now + seconds * 1000000)
if factor < 1 and not same then
  rate = math.max(rate * factor, ceiling * 0.01)
  slowed = now
end
climbed = math.max(climbed, stopped)
redis.call('HSET', KEYS[1], 'slot', string.format('%.0f', slot), 'rate', tostring(rate), 'ceiling', tostring(ceiling), 'climbed', string.format('%.0f', climbed), 'stopped', string.format('%.0f', stopped), 'slowed', string.format('%.0f', slowed))
redis.call('PEXPIRE', KEYS[1], 86400000)
return { tostring(rate), math.floor((stopped - now) / 1000) }
`;

/** A slot may be used this much after its time. */
const LATE_MS = 10;
/** How far ahead slots are granted: a round trip to Redis and some. */
const HORIZON_US = 20_000;
const REDIS_AWAY_MS = 250;

export interface RedisPacerOptions {
  readonly redis: Redis;
  readonly key: string;
  /** Messages per second. */
  readonly ceiling: number;
  readonly learnt?: Pace | undefined;
  readonly onChange?: (pace: Pace) => void;
  readonly onError: (error: unknown) => void;
}

/** The same port as the pacer of one process (sending/pacer.ts). While Redis is away nothing is granted. */
export function createRedisPacer(options: RedisPacerOptions) {
  const { redis, key } = options;
  let ceiling = options.ceiling;
  let rate = Math.min(options.learnt?.rate ?? ceiling, ceiling);
  let stoppedUntilMs = options.learnt?.stoppedUntilMs ?? 0;
  /** Moments (performance.now) at which this process may dispatch one message each. */
  let slots: number[] = [];
  let line: Promise<unknown> = Promise.resolve();

  const take = async (want: number): Promise<number> => {
    const answer = (await redis.eval(TAKE, 1, key, want, ceiling, rate, stoppedUntilMs, LATE_MS / 1000, HORIZON_US)) as [number, number, number, string, number];
    const [n, waitUs, intervalUs, rateNow, stoppedMs] = answer;
    // Counted from when the answer came, which is after the script ran: never too early.
    const from = performance.now() + waitUs / 1000;
    rate = Number(rateNow);
    stoppedUntilMs = stoppedMs > 0 ? Date.now() + stoppedMs : 0;
    for (let i = 0; i < n; i++) slots.push(from + (i * intervalUs) / 1000);
    return n > 0 ? 0 : waitUs / 1000;
  };

  const waitAndTake = async (want: number, signal: AbortSignal): Promise<number> => {
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      slots = slots.filter((slot) => slot >= now - LATE_MS);
      const due = slots.findIndex((slot) => slot > now);
      const free = Math.min(want, due === -1 ? slots.length : due);
      if (free > 0) {
        slots.splice(0, free);
        return free;
      }
      const next = slots[0];
      if (next !== undefined) {
        await sleep(next - now, signal);
        continue;
      }
      try {
        const waitMs = await take(want);
        if (waitMs > 0) await sleep(Math.min(waitMs, 1_000), signal);
      } catch (error) {
        signal.throwIfAborted();
        options.onError(error);
        await sleep(REDIS_AWAY_MS, signal);
      }
    }
  };

  const known = (): Pace => ({ rate, ceiling, stoppedUntilMs, slowedAtMs: 0, climbedAtMs: Date.now() });

  return {
    grant(want: number, signal: AbortSignal): Promise<number> {
      const turn = line.then(() => waitAndTake(want, signal));
      line = turn.catch(() => undefined);
      return turn;
    },
    rate: () => rate,
    setCeiling(value: number): void {
      rate = rate >= ceiling ? value : Math.min(rate, value);
      ceiling = value;
    },
    slowDown(change: { readonly seconds: number; readonly factor: number }): void {
      // What was granted before the objection is not used.
      slots = [];
      redis
        .eval(SLOW, 1, key, ceiling, rate, change.seconds, change.factor)
        .then((answer) => {
          const [rateNow, stoppedMs] = answer as [string, number];
          rate = Number(rateNow);
          stoppedUntilMs = Date.now() + stoppedMs;
          options.onChange?.(known());
        })
        .catch(options.onError);
    },
    /** As all processes have it; what this one last knew while Redis is away. */
    async state(): Promise<Pace> {
      await take(0).catch(options.onError);
      return known();
    },
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, Math.max(ms, 1));
    signal.addEventListener('abort', stop, { once: true });
  });
}
