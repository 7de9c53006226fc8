import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  climb,
  createPaceWindow,
  freshPace,
  type PaceWindow,
  ratePerSecond,
  slowDown,
  withCeiling,
} from '../../src/numbers/pace.ts';

interface Burst {
  readonly at: number;
  readonly count: number;
}

/** A sender that sleeps until `next`, wakes `late()` ms later than asked, and lets go what is available. */
function simulate(
  window: PaceWindow,
  options: { fromMs: number; untilMs: number; late: () => number; want?: () => number },
): Burst[] {
  const bursts: Burst[] = [];
  let now = options.fromMs;
  while (now < options.untilMs) {
    const count = Math.min(window.available(now), options.want?.() ?? Infinity);
    if (count > 0) {
      window.dispatched(now, count);
      bursts.push({ at: now, count });
    }
    const next = window.next(now);
    now = Math.max(next, now) + options.late();
  }
  return bursts;
}

/** The most dispatches in any window of one second with both ends, by looking at every window that begins at a dispatch. */
function busiestSecond(bursts: readonly Burst[]): number {
  let busiest = 0;
  let first = 0;
  let inside = 0;
  for (const burst of bursts) {
    inside += burst.count;
    while ((bursts[first]?.at ?? 0) < burst.at - 1000) {
      inside -= bursts[first]?.count ?? 0;
      first += 1;
    }
    busiest = Math.max(busiest, inside);
  }
  return busiest;
}

function total(bursts: readonly Burst[]): number {
  return bursts.reduce((sum, { count }) => sum + count, 0);
}

function sequence(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('leaves a seventh of the throughput level free unless the operator set a rate', () => {
  assert.equal(ratePerSecond({ throughputLevel: 'STANDARD' }), 68);
  assert.equal(ratePerSecond({ throughputLevel: 'high' }), 850);
  assert.equal(ratePerSecond({ throughputLevel: 'COEXISTENCE' }), 17);
  assert.equal(ratePerSecond({ throughputLevel: 'NOT_APPLICABLE' }), 68);
  assert.equal(ratePerSecond({}), 68);
  assert.equal(ratePerSecond({ throughputLevel: 'STANDARD', ceiling: 200 }), 200);
  assert.equal(ratePerSecond({ throughputLevel: null, ceiling: null }), 68);
});

test('no window of one second ever holds more than the rate, whatever the rate, the lateness and the batches', () => {
  const rates = fc.oneof(
    fc.double({ min: 0.1, max: 10, noNaN: true }),
    fc.integer({ min: 1, max: 3000 }),
    fc.double({ min: 0.5, max: 500, noNaN: true }),
  );
  fc.assert(
    fc.property(
      rates,
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.integer(),
      fc.double({ min: 0, max: 40, noNaN: true }),
      (rate, fromMs, seed, jitter) => {
        const random = sequence(seed);
        const window = createPaceWindow({ ratePerSecond: rate });
        const late = (): number => 0.01 + random() * jitter + (random() < 0.01 ? random() * 700 : 0);
        const bursts = simulate(window, { fromMs, untilMs: fromMs + 3500, late, want: () => 1 + Math.floor(random() * 50) });
        assert.ok(
          busiestSecond(bursts) <= Math.max(1, Math.ceil(rate - 1e-9)),
          `${String(busiestSecond(bursts))} at ${String(rate)}/s`,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a rate that falls holds at once for the window that is still open', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 2000 }), fc.integer({ min: 1, max: 2000 }), fc.integer(), (before, after, seed) => {
      const random = sequence(seed);
      const late = (): number => 0.1 + random() * 2;
      const window = createPaceWindow({ ratePerSecond: before });
      const first = simulate(window, { fromMs: 0, untilMs: 700, late });
      window.setRate(after);
      const second = simulate(window, { fromMs: 705, untilMs: 2500, late });
      const all = [...first, ...second];
      for (const burst of second) {
        const inside = all.filter(({ at }) => at >= burst.at - 1000 && at <= burst.at);
        assert.ok(total(inside) <= after, 'a message left although the last second already held as many as the new rate');
      }
    }),
    { numRuns: 100 },
  );
});

for (const rate of [0.1, 0.5, 1, 2.5, 7.3, 20, 68, 80, 333, 850, 1000, 12_345, 100_000, 1_000_000]) {
  test(`reaches 98 % of ${String(rate)} a second with a timer that wakes one to two milliseconds late`, () => {
    const random = sequence(7);
    const seconds = Math.max(20, 20 / rate);
    const window = createPaceWindow({ ratePerSecond: rate });
    const bursts = simulate(window, { fromMs: 0, untilMs: seconds * 1000, late: () => 1 + random() });
    assert.ok(total(bursts) >= 0.98 * rate * seconds, `${String(total(bursts))} of ${String(rate * seconds)}`);
    assert.ok(busiestSecond(bursts) <= Math.ceil(rate));
  });
}

test('spaces messages evenly instead of letting a second’s worth go at once', () => {
  const window = createPaceWindow({ ratePerSecond: 100 });
  const bursts = simulate(window, { fromMs: 0, untilMs: 5000, late: () => 0.1 });
  assert.ok(bursts.every(({ count }) => count === 1));
  for (let i = 1; i < bursts.length; i += 1) assert.ok((bursts[i]?.at ?? 0) - (bursts[i - 1]?.at ?? 0) > 9);
});

test('lets several go at the same moment at a rate no timer can follow', () => {
  const window = createPaceWindow({ ratePerSecond: 100_000 });
  window.dispatched(0);
  assert.equal(window.available(5), 500);
  window.dispatched(5, 500);
  assert.equal(window.available(5), 0);
  assert.ok(window.next(5) > 5 && window.next(5) <= 5.02);
});

test('forfeits slots missed by more than the catch-up', () => {
  const window = createPaceWindow({ ratePerSecond: 1000 });
  window.dispatched(0);
  assert.equal(window.available(400), 11);
  const patient = createPaceWindow({ ratePerSecond: 1000, catchUpMs: 50 });
  patient.dispatched(0);
  assert.equal(patient.available(400), 51);
});

test('lets nothing go while held, and nothing extra afterwards', () => {
  const window = createPaceWindow({ ratePerSecond: 50 });
  window.dispatched(0);
  window.hold(5000);
  window.setRate(80);
  assert.equal(window.available(4999), 0);
  assert.equal(window.next(100), 5000);
  assert.equal(window.available(5000), 1);
});

test('counts what left without being allowed', () => {
  const window = createPaceWindow({ ratePerSecond: 10 });
  window.dispatched(0, 30);
  assert.equal(window.available(900), 0);
  assert.ok(window.next(900) > 1000);
});

test('takes a clock that steps back for one that stands still', () => {
  const window = createPaceWindow({ ratePerSecond: 2 });
  window.dispatched(10_000, 2);
  assert.equal(window.available(9_000), 0);
  window.dispatched(9_000);
  assert.equal(window.available(10_900), 0);
});

test('falls by the factor, stops, and climbs back to the ceiling and no further', () => {
  const pace = slowDown(freshPace(80, 0), 1000, { seconds: 2, factor: 0.5 });
  assert.deepEqual({ rate: pace.rate, until: pace.stoppedUntilMs }, { rate: 40, until: 3000 });
  assert.equal(climb(pace, 2900).rate, 40);
  assert.equal(climb(pace, 13_000).rate, 56);
  assert.equal(climb(climb(pace, 8000), 13_000).rate, 56);
  assert.equal(climb(pace, 1e9).rate, 80);
});

test('takes a burst of the same objection for one', () => {
  let pace = freshPace(80, 0);
  for (let ms = 1000; ms < 1400; ms += 10) pace = slowDown(pace, ms, { seconds: 0, factor: 0.5 });
  assert.ok(pace.rate >= 40 && pace.rate < 42);
  pace = slowDown(pace, 2100, { seconds: 0, factor: 0.5 });
  assert.ok(pace.rate < 25);
});

test('lengthens the stop when a later objection asks for more, and never shortens it', () => {
  const pace = slowDown(freshPace(80, 0), 0, { seconds: 60, factor: 0.5 });
  assert.equal(slowDown(pace, 1000, { seconds: 2, factor: 0.5 }).stoppedUntilMs, 60_000);
  assert.equal(slowDown(pace, 1000, { seconds: 3600, factor: 0.5 }).stoppedUntilMs, 3_601_000);
});

test('remembers what it stands still for: of two stops, the longer', () => {
  const stopped = slowDown(freshPace(80, 0), 0, { seconds: 60, factor: 0.5, code: 131048 });
  assert.equal(slowDown(stopped, 1000, { seconds: 2, factor: 0.7, code: 130429 }).slowedBy, 131048);
  assert.equal(slowDown(stopped, 59_000, { seconds: 2, factor: 0.7, code: 130429 }).slowedBy, 130429);
});

test('stops for maintenance without lowering the rate', () => {
  const pace = slowDown(freshPace(80, 0), 1000, { seconds: 60, factor: 1 });
  assert.deepEqual([pace.rate, pace.stoppedUntilMs], [80, 61_000]);
});

test('never starves a number, however often it is slowed', () => {
  let pace = freshPace(80, 0);
  for (let i = 1; i <= 100; i += 1) pace = slowDown(pace, i * 1000, { seconds: 0, factor: 0.1 });
  assert.ok(pace.rate >= 0.8);
});

test('follows another ceiling: at full speed it stays at full speed, slowed it stays slowed', () => {
  assert.equal(withCeiling(freshPace(80, 0), 1000).rate, 1000);
  assert.equal(withCeiling(freshPace(1000, 0), 80).rate, 80);
  const slowed = slowDown(freshPace(80, 0), 0, { seconds: 1, factor: 0.5 });
  assert.equal(withCeiling(slowed, 1000).rate, 40);
  assert.equal(withCeiling(slowed, 20).rate, 20);
});

test('survives being kept as JSON', () => {
  const pace = slowDown(freshPace(80, 0), 1000, { seconds: 2, factor: 0.5 });
  assert.deepEqual(JSON.parse(JSON.stringify(pace)), pace);
});
