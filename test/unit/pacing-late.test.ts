import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPaceWindow } from '../../src/numbers/pace.ts';

/** The most that any window of one second holds, both its ends counted. */
function busiestSecond(sorted: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last++) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) > 1000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** Grants every millisecond; each message is written up to `delay` later, in an order of its own. @returns the moments of writing. */
function writeLate(rate: number, untilMs: number, delay: () => number, isTold: boolean): number[] {
  const window = createPaceWindow({ ratePerSecond: rate });
  const pending: { readonly from: number; readonly at: number }[] = [];
  const written: number[] = [];
  for (let now = 0; now < untilMs; now++) {
    for (const message of pending.filter(({ at }) => at <= now)) {
      pending.splice(pending.indexOf(message), 1);
      written.push(now);
      if (isTold) window.moved(message.from, now);
    }
    const granted = window.available(now);
    if (granted > 0) window.dispatched(now, granted);
    for (let i = 0; i < granted; i++) pending.push({ from: now, at: now + 1 + delay() });
  }
  return written;
}

test('messages written later than granted never make a second too full, once the window is told', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 400 }), fc.infiniteStream(fc.integer({ min: 0, max: 900 })), (rate, delays) => {
      const written = writeLate(rate, 4000, () => Number(delays.next().value), true);
      assert.ok(busiestSecond(written) <= rate, `${String(busiestSecond(written))} at ${String(rate)}/s`);
    }),
    { numRuns: 60 },
  );
});

test('not told, late messages and punctual ones come together in one second', () => {
  const written = writeLate(100, 4000, alternating(900, 0), false);
  assert.ok(busiestSecond(written) > 100);
});

test('one that left its window before it was written counts from then on', () => {
  const window = createPaceWindow({ ratePerSecond: 1 });
  window.dispatched(0);
  window.moved(0, 5000);
  assert.equal(window.available(5900), 0);
  assert.equal(window.available(6100), 1);
});

test('no second of arrivals is too full either, where each message is a few milliseconds on the way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 50, max: 2000 }), fc.infiniteStream(fc.integer({ min: 0, max: 6 })), (rate, numbers) => {
      const window = createPaceWindow({ ratePerSecond: rate, catchUpMs: 50 });
      const arrived: number[] = [];
      const drawn = (): number => Number(numbers.next().value);
      // Awake every 1 to 43 ms, so that messages leave in bursts.
      for (let now = 0; now < 4000; now += 1 + drawn() * 7) {
        const granted = window.available(now);
        if (granted > 0) window.dispatched(now, granted);
        for (let i = 0; i < granted; i++) arrived.push(now + drawn());
      }
      const most = busiestSecond(arrived.sort((a, b) => a - b));
      assert.ok(most <= rate, `${String(most)} at ${String(rate)}/s`);
    }),
    { numRuns: 60 },
  );
});

/** A second of the one, a second of the other. */
function alternating(a: number, b: number): () => number {
  let n = 0;
  return () => (Math.floor(n++ / 100) % 2 === 0 ? a : b);
}
