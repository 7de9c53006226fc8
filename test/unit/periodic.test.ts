import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScheduler } from '../../src/lib/jobs/periodic.ts';
import { deferred, turns, untilTrue } from '../support/wait.ts';

function unexpected(error: unknown): never {
  throw error;
}

test('every job runs once before the start is over, and again in its time', async () => {
  const made: string[] = [];
  const scheduler = createScheduler(
    [
      { name: 'often', everyMs: 1, run: () => Promise.resolve(made.push('often')) },
      { name: 'seldom', everyMs: 600_000, run: () => Promise.resolve(made.push('seldom')) },
    ],
    unexpected,
  );
  await scheduler.start();
  assert.deepEqual(made, ['often', 'seldom']);
  await untilTrue('three more', () => made.length >= 5);
  await scheduler.stop();
  assert.equal(made.filter((name) => name === 'seldom').length, 1);
});

test('a job that fails is told by name and run again, and the others go on', async () => {
  const errors: string[] = [];
  let made = 0;
  const scheduler = createScheduler(
    [
      { name: 'broken', everyMs: 1, run: () => Promise.reject(new Error('x')) },
      { name: 'whole', everyMs: 1, run: () => Promise.resolve(made++) },
    ],
    (_error, round) => errors.push(round),
  );
  await scheduler.start();
  await untilTrue('several turns', () => errors.length > 2 && made > 2);
  await scheduler.stop();
  assert.deepEqual([...new Set(errors)], ['broken']);
});

test('no job ever runs twice at once, and a stop waits for the one under way', async () => {
  const hold = deferred<undefined>();
  let atOnce = 0;
  let most = 0;
  let runs = 0;
  const scheduler = createScheduler(
    [
      {
        name: 'slow',
        everyMs: 0,
        run: async () => {
          most = Math.max(most, ++atOnce);
          if (++runs === 2) await hold.promise;
          atOnce--;
        },
      },
    ],
    unexpected,
  );
  await scheduler.start();
  await untilTrue('the slow one is under way', () => runs === 2);
  let isStopped = false;
  const stop = scheduler.stop().then(() => {
    isStopped = true;
  });
  await turns(5);
  assert.equal(isStopped, false);
  hold.resolve(undefined);
  await stop;
  assert.deepEqual([most, runs], [1, 2]);
});
