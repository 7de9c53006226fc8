import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Pace } from './pace.ts';

/**
 * The pace of one sending number, shared by every process through one atomic script on Redis' own clock (PROTOCOL §7).
 *
 * Slots lie (1 + VALID) / rate apart. Each is given to one process, which dispatches within VALID of the slot's time or forfeits
 * it, so no second ever holds more than `rate` messages, summed over all processes. An emptied Redis knows nothing of the last
 * second and grants only after one; so it does when the rate falls.
 *
 * KEYS: the number. ARGV: wanted, own ceiling, learnt rate, stopped until (ms), is the own ceiling news (1 or 0), learnt reason.
 */
const TAKE = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local want, own, isNews = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[5] == '1'
local h = redis.call('HMGET', KEYS[1], 'slot', 'rate', 'ceiling', 'climbed', 'stopped', 'by')
local slot, rate, ceiling, climbed, stopped = tonumber(h[1]), tonumber(h[2]), tonumber(h[3]), tonumber(h[4]), tonumber(h[5])
local by = h[6] or ARGV[6]
if not slot then
  slot, rate, ceiling, stopped = now + 1000000, math.min(tonumber(ARGV[3]), own), own, tonumber(ARGV[4]) * 1000
  climbed = math.max(now, stopped)
elseif isNews and own ~= ceiling then
  local before = rate
  if rate >= ceiling then rate = own else rate = math.max(math.min(rate, own), own * 0.01) end
  ceiling = own
  if rate < before then slot = math.max(slot, now + 1000000) end
end
if now > climbed then
  rate = math.min(ceiling, rate + ceiling * 0.02 * (now - climbed) / 1000000)
  climbed = now
end
local interval = 1000000 * (1 + __VALID__) / rate
local n, wait = 0, 0
slot = math.max(slot, now - __LATE__)
if stopped > now then
  wait = stopped - now
else
  n = math.max(0, math.min(want, math.floor((now + __AHEAD__ - slot) / interval) + 1))
  wait = slot - now
  slot = slot + n * interval
end
redis.call('HSET', KEYS[1], 'slot', string.format('%.3f', slot), 'rate', string.format('%.9g', rate), 'ceiling', string.format('%.9g', ceiling),
  'climbed', string.format('%.0f', climbed), 'stopped', string.format('%.0f', stopped), 'by', by)
redis.call('PEXPIRE', KEYS[1], 86400000)
return { n, string.format('%.3f', wait), string.format('%.3f', interval), string.format('%.9g', rate), string.format('%.9g', ceiling), string.format('%.0f', math.max(0, stopped - now) / 1000), by }
`;

/** Meta objected: the same rules as numbers/pace.ts slowDown, for all processes at once. ARGV: own ceiling, learnt rate, seconds, factor, reason. */
const SLOW = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local seconds, factor = tonumber(ARGV[3]), tonumber(ARGV[4])
local h = redis.call('HMGET', KEYS[1], 'slot', 'rate', 'climbed', 'stopped', 'slowed', 'ceiling')
local slot, rate, climbed, stopped = tonumber(h[1]) or now + 1000000, tonumber(h[2]) or tonumber(ARGV[2]), tonumber(h[3]) or now, tonumber(h[4]) or 0
local slowed, ceiling = tonumber(h[5]) or 0, tonumber(h[6]) or tonumber(ARGV[1])
if now > climbed then
  rate = math.min(ceiling, rate + ceiling * 0.02 * (now - climbed) / 1000000)
  climbed = now
end
local same = slowed > 0 and now < math.max(stopped, slowed + 1000000)
if now + seconds * 1000000 > stopped and ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'by', ARGV[5]) end
stopped = math.max(stopped, now + seconds * 1000000)
if factor < 1 and not same then
  rate = math.max(rate * factor, ceiling * 0.01)
  slowed = now
  slot = math.max(slot, now + 1000000)
end
climbed = math.max(climbed, stopped)
redis.call('HSET', KEYS[1], 'slot', string.format('%.3f', slot), 'rate', string.format('%.9g', rate), 'ceiling', string.format('%.9g', ceiling),
  'climbed', string.format('%.0f', climbed), 'stopped', string.format('%.0f', stopped), 'slowed', string.format('%.0f', slowed))
redis.call('PEXPIRE', KEYS[1], 86400000)
return { string.format('%.9g', rate), string.format('%.0f', math.max(0, stopped - now) / 1000) }
`;

/** A slot may be used this much after its time. Costs as much of the rate: 15 ms of a second, 1.5 %. */
const VALID_MS = 15;
/** A slot that nobody asked for in time is still given this much later, so that a late timer costs no rate. */
const LATE_US = 8_000;
/** How far ahead slots are given: a round trip to Redis and some. */
const AHEAD_US = 20_000;
/** Redis did not answer: asked again this much later, and nothing is claimed for a while. */
const REDIS_AWAY_MS = 250;
const NO_CLAIM_MS = 1_000;

const TAKE_SCRIPT = TAKE.replace('__VALID__', String(VALID_MS / 1_000))
  .replace('__LATE__', String(LATE_US))
  .replace('__AHEAD__', String(AHEAD_US));

export interface RedisPacerOptions {
  readonly redis: Redis;
  readonly key: string;
  /** Messages per second. */
  readonly ceiling: number;
  readonly learnt?: Pace | undefined;
  readonly onChange?: (pace: Pace) => void;
  readonly onError: (error: unknown) => void;
}

/** One message may leave between these two moments (performance.now). */
interface Slot {
  readonly from: number;
  readonly until: number;
}

/** The script ran at some moment between question and answer: a slot begins as late and ends as early as it may. */
function slotsOf(answer: Take, asked: number, answered: number): Slot[] {
  return Array.from({ length: answer.n }, (_, i) => {
    const offset = answer.waitMs + i * answer.intervalMs;
    return { from: answered + offset, until: asked + offset + VALID_MS };
  });
}

/** How many slots are due, and when the next comes after them. */
function look(slots: readonly Slot[], now: number): { readonly due: number; readonly next: number | undefined } {
  const later = slots.findIndex((slot) => slot.from > now);
  return { due: later === -1 ? slots.length : later, next: slots[later]?.from };
}

/** As this process knows it: when it fell and since when it climbs is Redis' own affair. */
function paceOf(known: Pick<Pace, 'rate' | 'ceiling' | 'stoppedUntilMs' | 'slowedBy'>): Pace {
  return { ...known, slowedAtMs: 0, climbedAtMs: Math.max(Date.now(), known.stoppedUntilMs) };
}

/** The same port as the pacer of one process (numbers/pacer.ts). While Redis is away nothing is granted. */
export function createRedisPacer(options: RedisPacerOptions) {
  const { redis, key } = options;
  let ceiling = options.ceiling;
  /** This process says what the ceiling is: at its start, and when it learns of another. Otherwise it takes the one of all. */
  let isNews = true;
  let rate = Math.min(options.learnt?.rate ?? ceiling, ceiling);
  let stoppedUntilMs = options.learnt?.stoppedUntilMs ?? 0;
  let slowedBy = options.learnt?.slowedBy;
  let slots: Slot[] = [];
  let awayUntil = Number.NEGATIVE_INFINITY;
  /** When the slot after those granted here comes at the earliest; others may take it. */
  let nextSlotAt = Number.NEGATIVE_INFINITY;
  let line: Promise<unknown> = Promise.resolve();

  /** @returns how many milliseconds to wait before asking again. */
  const take = async (want: number): Promise<number> => {
    const told = ceiling;
    const asked = performance.now();
    const by = slowedBy ?? '';
    const answer = readTake(await redis.eval(TAKE_SCRIPT, 1, key, want, ceiling, rate, stoppedUntilMs, isNews ? 1 : 0, by));
    const answered = performance.now();
    if (ceiling === told) {
      ceiling = answer.ceiling;
      isNews = false;
      rate = answer.rate;
    }
    stoppedUntilMs = answer.stoppedMs > 0 ? Date.now() + answer.stoppedMs : 0;
    slowedBy = answer.slowedBy;
    // Another process heard the objection: what was granted before it is not used.
    if (answer.stoppedMs > 0) slots = [];
    nextSlotAt = answered + answer.waitMs + answer.n * answer.intervalMs;
    slots.push(...slotsOf(answer, asked, answered));
    return answer.n > 0 ? 0 : answer.waitMs;
  };

  const waitAndTake = async (want: number, signal: AbortSignal): Promise<number> => {
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      slots = slots.filter((slot) => slot.until >= now && slot.from <= slot.until);
      const { due, next } = look(slots, now);
      if (due > 0) return slots.splice(0, Math.min(want, due)).length;
      if (next !== undefined) {
        await sleep(Math.max(next - now, 1), undefined, { signal });
        continue;
      }
      try {
        const waitMs = await take(want);
        // At most a second at a time: the rate may change meanwhile.
        if (waitMs > 0) await sleep(Math.min(Math.max(waitMs - AHEAD_US / 2_000, 1), 1_000), undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        awayUntil = performance.now() + NO_CLAIM_MS;
        options.onError(error);
        await sleep(REDIS_AWAY_MS, undefined, { signal });
      }
    }
  };

  const slowed = (answer: unknown): void => {
    const [rateNow, stoppedMs] = numbersOf(answer);
    rate = rateNow ?? rate;
    stoppedUntilMs = Date.now() + (stoppedMs ?? 0);
    options.onChange?.(known());
  };

  const known = (): Pace => paceOf({ rate, ceiling, stoppedUntilMs, slowedBy });

  return {
    grant(want: number, signal: AbortSignal): Promise<number> {
      const turn = line.then(() => waitAndTake(want, signal));
      line = turn.catch(() => undefined);
      return turn;
    },
    rate: () => rate,
    /** While Redis is away nothing is claimed either: it would only wait in `sending`. */
    stoppedForMs() {
      const now = performance.now();
      const awayMs = redis.status === 'ready' ? awayUntil - now : NO_CLAIM_MS;
      return Math.max(0, stoppedUntilMs - Date.now(), awayMs, slots.length > 0 ? 0 : nextSlotAt - now);
    },
    setCeiling(value: number): void {
      if (value === ceiling) return;
      rate = rate >= ceiling ? value : Math.min(rate, value);
      ceiling = value;
      isNews = true;
      slots = [];
    },
    slowDown({ seconds, factor, code }: { readonly seconds: number; readonly factor: number; readonly code?: number }): void {
      // What was granted before the objection is not used.
      slots = [];
      if (code !== undefined && Date.now() + seconds * 1_000 > stoppedUntilMs) slowedBy = code;
      const told = redis.eval(SLOW, 1, key, ceiling, rate, seconds, factor, code ?? '');
      told.then(slowed).catch(options.onError);
    },
    /** As all processes have it; what this one last knew while Redis is away. */
    async state(): Promise<Pace> {
      await take(0).catch(options.onError);
      return known();
    },
  };
}

interface Take {
  readonly n: number;
  readonly waitMs: number;
  readonly intervalMs: number;
  readonly rate: number;
  readonly ceiling: number;
  readonly stoppedMs: number;
  readonly slowedBy: number | undefined;
}

function readTake(answer: unknown): Take {
  const [n, waitUs, intervalUs, rate, ceiling, stoppedMs] = numbersOf(answer);
  if (
    n === undefined ||
    waitUs === undefined ||
    intervalUs === undefined ||
    rate === undefined ||
    ceiling === undefined ||
    stoppedMs === undefined
  ) {
    throw new Error('Redis answered the pace with something else');
  }
  const by: unknown = Array.isArray(answer) ? answer[6] : undefined;
  const slowedBy = by === undefined || by === '' ? undefined : Number(by);
  return { n, waitMs: waitUs / 1_000, intervalMs: intervalUs / 1_000, rate, ceiling, stoppedMs, slowedBy };
}

function numbersOf(answer: unknown): number[] {
  return Array.isArray(answer) ? answer.map(Number) : [];
}
