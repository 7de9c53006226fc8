/**
 * The arithmetic of the shares, in simulated time: the very scripts, run by a real Redis whose clock is ours, and the very share and
 * window of a process. Wires of any length, processes that stand still, sleep, crash and are started again, a Redis that is emptied or
 * replaced by one that is behind and has another clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { createPaceWindow, type PaceWindow } from '../../src/numbers/pace.ts';
import { SHARE } from '../../src/numbers/pace-scripts.ts';
import { createShare, type Moment, type Question, type Share } from '../../src/numbers/pace-share.ts';
import { readAnswer } from '../../src/numbers/redis-pacer.ts';
import { freshPrefix, readyRedis } from '../support/redis.ts';
import { needsRedis } from '../support/servers.ts';
import { assertAtMost } from './pacer.ts';

const { url, skip } = needsRedis();

const WITH_OUR_CLOCK = SHARE.replace(
  "local t = redis.call('TIME')",
  "local clock = tonumber(redis.call('GET', KEYS[2])) local t = { math.floor(clock / 1000000), clock % 1000000 }",
);
const ALL = 1_000_000_000;

interface Wire {
  /** One way, at least; and what may come on top of it. */
  readonly ms: number;
  readonly jitterMs: number;
  /** Of a hundred messages so many never arrive, or far too late. */
  readonly lost: number;
}

type Fault =
  | { readonly kind: 'crash' | 'stall' | 'sleep' | 'release'; readonly atMs: number; readonly who: number; readonly ms: number }
  | { readonly kind: 'flush'; readonly atMs: number }
  | { readonly kind: 'failover'; readonly atMs: number; readonly clockMs: number; readonly behindMs: number };

interface World {
  readonly rate: number;
  readonly wires: readonly Wire[];
  readonly faults: readonly Fault[];
  readonly seed: number;
}

/** What a question of a process came to is given up after this, as the connection does. */
const TIMEOUT_MS = 2_000;
const TICK_MS = 4;

/** A small generator of its own, so that a failing world is run again exactly. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

class Process {
  readonly id: string;
  readonly wire: Wire;
  readonly share: Share = createShare();
  readonly window: PaceWindow = createPaceWindow({ ratePerSecond: 1, catchUpMs: 50 });
  readonly stamps: number[] = [];
  readonly #wallOffset: number;
  /** The machine slept so long, which its monotonic clock does not know of. */
  sleptMs = 0;
  standsUntil = 0;
  isAlive = true;
  wantsNothingUntil = 0;
  asking: { readonly question: Question; readonly sentAt: number } | undefined;
  nextAskAt = 0;
  #rate = 0;

  constructor(id: string, wire: Wire, wallOffset: number) {
    this.id = id;
    this.wire = wire;
    this.#wallOffset = wallOffset;
  }

  moment(now: number): Moment {
    return { monotonic: now - this.sleptMs, wall: now + this.#wallOffset };
  }

  /** Sends whatever its share and its window allow. */
  send(now: number): void {
    const moment = this.moment(now);
    const rate = this.share.rate(moment);
    if (rate > 0 && rate !== this.#rate) this.window.setRate(rate);
    this.#rate = rate;
    if (rate === 0 || now < this.wantsNothingUntil) return;
    const free = this.window.available(moment.monotonic);
    if (free === 0) return;
    this.window.dispatched(moment.monotonic, free);
    for (let i = 0; i < free; i++) this.stamps.push(now);
  }
}

/** @returns the moments of all messages, of all processes. */
async function live(redis: Redis, world: World, forMs: number): Promise<number[]> {
  const random = dice(world.seed);
  const [key, clock] = [freshPrefix(), freshPrefix()];
  let clockOffset = 1_000_000_000;
  let server = 'one';
  let behind: { readonly atMs: number; readonly fields: Record<string, string> }[] = [];
  const processes = world.wires.map((wire, i) => new Process(`p${String(i)}`, wire, (random() - 0.5) * 1e9));
  /** What is on its way, in the order of its arrival. */
  let onItsWay: { readonly at: number; readonly arrive: (now: number) => Promise<void> }[] = [];
  const travel = (wire: Wire, now: number, arrive: (now: number) => Promise<void>): void => {
    const isLost = random() * 100 < wire.lost;
    // Or stuck on a connection that was given up, and comes after what was asked on the next one.
    if (isLost && random() < 0.5) return;
    onItsWay.push({ at: now + wire.ms + random() * (isLost ? 3 * TIMEOUT_MS : wire.jitterMs), arrive });
    onItsWay.sort((a, b) => a.at - b.at);
  };

  const ask = (process: Process, now: number): void => {
    if (now < process.wantsNothingUntil) process.share.lose();
    const question = process.share.ask(process.moment(now));
    process.asking = { question, sentAt: now };
    const want = now < process.wantsNothingUntil ? 0 : ALL;
    travel(process.wire, now, async (arrived) => {
      await redis.set(clock, String(Math.round((arrived + clockOffset) * 1_000)));
      const words = [process.id, question.seq, question.holding, want, world.rate, 0, world.rate, 0, '', server];
      const answer = readAnswer(await redis.eval(WITH_OUR_CLOCK, 2, key, clock, ...words));
      travel(process.wire, arrived, (back) => {
        if (answer === undefined || process.asking?.question !== question || !process.isAlive) return Promise.resolve();
        // A process that stands still reads it later.
        const readAt = Math.max(back, process.standsUntil);
        process.asking = undefined;
        if (readAt > back) process.share.lose();
        else process.share.answered(question, answer);
        process.nextAskAt = readAt + (answer.held > answer.target ? 0 : answer.againMs);
        return Promise.resolve();
      });
    });
  };

  const happen = async (fault: Fault, now: number): Promise<void> => {
    if (fault.kind === 'flush') {
      await redis.del(key);
      behind = [];
      return;
    }
    if (fault.kind === 'failover') {
      const stale = behind.findLast(({ atMs }) => atMs <= now - fault.behindMs)?.fields ?? {};
      await redis.del(key);
      if (Object.keys(stale).length > 0) await redis.hset(key, stale);
      clockOffset += fault.clockMs;
      server = `${server}+`;
      return;
    }
    const process = processes[fault.who % processes.length];
    if (process === undefined) return;
    if (fault.kind === 'crash' && process.isAlive) {
      process.isAlive = false;
      // Another one is started in its place at once, and knows nothing of it.
      processes.push(new Process(`p${String(processes.length)}`, process.wire, 0));
    }
    if (fault.kind === 'stall' || fault.kind === 'sleep') process.standsUntil = now + fault.ms;
    if (fault.kind === 'sleep') process.sleptMs += fault.ms;
    if (fault.kind === 'release') process.wantsNothingUntil = now + fault.ms;
  };

  const faults = [...world.faults].sort((a, b) => a.atMs - b.atMs);
  for (let now = 0; now < forMs; now += TICK_MS) {
    for (let next = faults[0]; next !== undefined && next.atMs <= now; next = faults[0]) {
      faults.shift();
      await happen(next, now);
    }
    for (let next = onItsWay[0]; next !== undefined && next.at <= now; next = onItsWay[0]) {
      onItsWay = onItsWay.slice(1);
      await next.arrive(next.at);
    }
    for (const process of processes) {
      if (!process.isAlive || now < process.standsUntil) continue;
      if (process.asking !== undefined && now - process.asking.sentAt > TIMEOUT_MS) process.asking = undefined;
      if (process.asking === undefined && now >= process.nextAskAt) ask(process, now);
      process.send(now);
    }
    if (faults.length > 0 && now % 100 < TICK_MS) behind.push({ atMs: now, fields: await redis.hgetall(key) });
  }
  await redis.del(key, clock);
  return processes.flatMap(({ stamps }) => stamps);
}

const wire = fc.record({
  ms: fc.constantFrom(0, 2, 10, 25, 100, 300),
  jitterMs: fc.constantFrom(0, 5, 50, 200),
  lost: fc.constantFrom(0, 0, 0, 2, 20),
});
const moment = fc.integer({ min: 2_000, max: 9_000 });
const fault = fc.oneof(
  fc.record({
    kind: fc.constantFrom('crash' as const, 'stall' as const, 'sleep' as const, 'release' as const),
    atMs: moment,
    who: fc.nat(5),
    ms: fc.integer({ min: 10, max: 5_000 }),
  }),
  fc.record({ kind: fc.constant('flush' as const), atMs: moment }),
  fc.record({
    kind: fc.constant('failover' as const),
    atMs: moment,
    clockMs: fc.integer({ min: -20_000, max: 20_000 }),
    behindMs: fc.constantFrom(0, 100, 300),
  }),
);
const world: fc.Arbitrary<World> = fc.record({
  rate: fc.constantFrom(0.5, 1, 2.5, 7, 80, 200),
  wires: fc.array(wire, { minLength: 1, maxLength: 4 }),
  faults: fc.array(fault, { maxLength: 6 }),
  seed: fc.nat(),
});

test('whatever happens to wires, processes and Redis, no second of all of them holds more than the pace', { skip }, async () => {
  const redis = await readyRedis(url);
  try {
    await fc.assert(
      fc.asyncProperty(world, async (one) => {
        assertAtMost(await live(redis, one, 12_000), Math.ceil(one.rate));
      }),
      { numRuns: Number(process.env['PACE_WORLDS'] ?? 60) },
    );
  } finally {
    redis.disconnect();
  }
});

test('on wires of up to 100 ms each way nearly all of the pace is reached, by any number of processes', { skip }, async () => {
  const redis = await readyRedis(url);
  const calm = fc.record({
    rate: fc.constantFrom(1, 2.5, 7, 80, 200),
    wires: fc.array(fc.record({ ms: fc.constantFrom(0, 10, 100), jitterMs: fc.constantFrom(0, 20), lost: fc.constant(0) }), {
      minLength: 1,
      maxLength: 4,
    }),
    faults: fc.constant([]),
    seed: fc.nat(),
  });
  try {
    await fc.assert(
      fc.asyncProperty(calm, async (one) => {
        // The first seconds are those in which nothing is known of a former life, and the processes share out what there is.
        const [from, until] = [8_000, 28_000];
        const stamps = (await live(redis, one, until)).filter((at) => at >= from);
        const least = Math.floor(one.rate * ((until - from) / 1_000) * 0.95) - 1;
        assert.ok(stamps.length >= least, `${String(stamps.length)} of at least ${String(least)}`);
      }),
      { numRuns: 10 },
    );
  } finally {
    redis.disconnect();
  }
});
