/** What the pace of a number keeps, whether one process has it or many share it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pacer } from '../../src/numbers/pacer.ts';
import { until } from '../support/wait.ts';

export interface MadePacers {
  /** As many as there are processes. */
  readonly pacers: readonly Pacer[];
  close(): Promise<void> | void;
}

export type MakePacers = (options: { readonly ceiling: number }) => Promise<MadePacers>;

/** Takes grants with every pacer at once until there are `count`; their moments, in order. */
export async function collect(pacers: readonly Pacer[], want: number, count: number): Promise<number[]> {
  const stamps: number[] = [];
  const enough = new AbortController();
  const drain = async (pacer: Pacer): Promise<void> => {
    while (!enough.signal.aborted) {
      const granted = await pacer.grant(want, enough.signal).catch(() => 0);
      const now = performance.now();
      for (let i = 0; i < granted; i++) {
        stamps.push(now);
        // As the sender does when the bytes are written: the limit holds for these moments.
        pacer.left?.();
      }
      if (stamps.length >= count) enough.abort(new Error('enough'));
    }
  };
  await Promise.all(pacers.map(drain));
  return stamps;
}

/** The most that any window of one second holds, wherever it begins. */
function fullestSecond(stamps: readonly number[]): number {
  const sorted = [...stamps].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (let last = 0; last < sorted.length; last++) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= 1_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

export function assertAtMost(stamps: readonly number[], limit: number): void {
  const most = fullestSecond(stamps);
  assert.ok(most <= limit, `${String(most)} in one second, and ${String(limit)} may be`);
}

/** Rate, how many a grant asks for, how many to take: two full seconds and some, or fewer where that takes too long. */
const RATES: readonly (readonly [rate: number, want: number, count: number])[] = [
  [0.5, 1, 2],
  [2.5, 1, 7],
  [80, 2, 180],
  [1_000, 31, 2_200],
  [20_000, 500, 44_000],
  [1_000_000, 500, 200_000],
];

export function pacerSuite(name: string, make: MakePacers, skip: string | false = false): void {
  const pacerTest = (
    title: string,
    ceiling: number,
    body: (made: MadePacers & { readonly first: Pacer }) => Promise<void>,
  ): void => {
    test(`${name}: ${title}`, { skip }, async () => {
      const made = await make({ ceiling });
      try {
        const [first] = made.pacers;
        assert.ok(first, 'a pacer');
        await body({ ...made, first });
      } finally {
        await made.close();
      }
    });
  };

  for (const [rate, want, count] of RATES) {
    pacerTest(`${String(rate)} a second: never more in any second, all together`, rate, async ({ pacers }) => {
      const stamps = await collect(pacers, want, count);
      assertAtMost(stamps, Math.ceil(rate));
    });
  }

  pacerTest('a grant is never more than was asked for', 1_000, async ({ first }) => {
    for (let i = 0; i < 50; i++) {
      const granted = await first.grant(3, AbortSignal.timeout(20_000));
      assert.ok(granted >= 1 && granted <= 3, `${String(granted)} of 3`);
    }
  });

  pacerTest('an objection stops every process, halves the pace once, and it climbs back', 200, async ({ pacers, first }) => {
    await collect(pacers, 5, 20);
    const objected = performance.now();
    first.slowDown({ seconds: 2, factor: 0.5, code: 130429 });
    await until('it is known', async () => ((await first.state()).rate < 110 ? true : undefined));
    first.slowDown({ seconds: 2, factor: 0.5 });
    for (const pacer of pacers) {
      const { rate, ceiling, slowedBy } = await pacer.state();
      assert.deepEqual([ceiling, slowedBy], [200, 130429], 'every process knows what for');
      assert.ok(rate >= 100 && rate < 110, `halved once: ${String(rate)}`);
      assert.ok(pacer.stoppedForMs() > 0, 'known to be stopped');
    }
    const stamps = await collect(pacers, 5, 150);
    assert.deepEqual(
      stamps.filter((stamp) => stamp - objected < 1_990),
      [],
      'nothing while it is stopped',
    );
    assertAtMost(stamps, 110);
    await until('it climbs', async () => ((await first.state()).rate > 105 ? true : undefined));
  });

  pacerTest('a lower ceiling holds for every process, and a higher one is reached', 400, async ({ pacers, first }) => {
    await collect(pacers, 5, 100);
    first.setCeiling(50);
    await first.state();
    await Promise.all(pacers.map((pacer) => pacer.state()));
    const slow = await collect(pacers, 5, 100);
    assertAtMost(slow, 50);
    for (const pacer of pacers) assert.equal((await pacer.state()).ceiling, 50);
    first.setCeiling(2_000);
    await first.state();
    for (const pacer of pacers) {
      const { ceiling, rate } = await pacer.state();
      assert.deepEqual([ceiling, rate], [2_000, 2_000]);
    }
    await collect(pacers, 50, 1_000);
  });

  pacerTest('whoever goes away while waiting takes nobody else along', 2, async ({ first }) => {
    await first.grant(1, AbortSignal.timeout(20_000));
    const leaving = new AbortController();
    const left = assert.rejects(first.grant(1, leaving.signal));
    const next = first.grant(1, AbortSignal.timeout(20_000));
    leaving.abort(new Error('gone'));
    await left;
    assert.equal(await next, 1);
  });
}
