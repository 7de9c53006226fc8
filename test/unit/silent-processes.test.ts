import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSilenceWatch } from '../../src/lib/jobs/silent-processes.ts';

const sign = (number: number, seen: string): { number: number; role: string; seen: string } => ({ number, role: 'worker', seen });

describe('a process that has died without a word', () => {
  test('is given up when its sign has stayed the same for fifteen seconds of looking', () => {
    let now = 0;
    const watch = createSilenceWatch(() => now);
    for (now = 0; now < 15_000; now += 5_000) assert.deepEqual(watch.look([sign(1, 'a'), sign(2, String(now))]), []);
    assert.deepEqual(watch.look([sign(1, 'a'), sign(2, 'x')]), [sign(1, 'a')]);
  });

  test('is not given up by one who has just come, however old the sign is', () => {
    assert.deepEqual(createSilenceWatch(() => 0).look([sign(1, 'long ago')]), []);
  });

  test('is not given up after a gap in which the looker slept, or the database was away', () => {
    let now = 0;
    const watch = createSilenceWatch(() => now);
    watch.look([sign(1, 'a')]);
    now = 60_000;
    assert.deepEqual(watch.look([sign(1, 'a')]), []);
    now = 70_000;
    assert.deepEqual(watch.look([sign(1, 'a')]), []);
    now = 75_000;
    assert.deepEqual(watch.look([sign(1, 'a')]), [sign(1, 'a')]);
  });
});
