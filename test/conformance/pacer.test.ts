import { test } from 'node:test';
import { createPacer } from '../../src/numbers/pacer.ts';
import { assertAtMost, pacerSuite } from './pacer.ts';

pacerSuite('the pace of one process', ({ ceiling }) =>
  Promise.resolve({ pacers: [createPacer({ ceiling })], close: () => undefined }),
);

test('the pace of one process: a pause between telling and writing makes no second too full', async () => {
  const rate = 100;
  const pacer = createPacer({ ceiling: rate });
  const { signal } = new AbortController();
  const written: number[] = [];
  while (written.length < 3 * rate) {
    const granted = await pacer.grant(10, signal);
    for (let i = 0; i < granted; i++) {
      pacer.left?.();
      // As a collection of garbage may, at the worst moment there is: the first half late, the second punctual.
      if (written.length < rate) for (const until = performance.now() + 4; performance.now() < until; );
      written.push(performance.now());
    }
  }
  assertAtMost(written, rate);
});
