import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUnconfirmed } from '../../src/lib/jobs/unconfirmed.ts';

test('a job that Redis has forgotten is not kept for ever, one that runs is', () => {
  let now = 0;
  const jobs = createUnconfirmed<string>({ keepMs: 1_000, now: () => now });
  jobs.add('runs long');
  jobs.add('forgotten');
  jobs.ended('forgotten');
  now = 1_000;
  jobs.add('next');
  assert.equal(jobs.size(), 3, 'Redis may still confirm it');
  now = 1_001;
  jobs.add('after that');
  assert.equal(jobs.size(), 3, 'the forgotten one has gone');
  jobs.confirm('next');
  jobs.confirm('after that');
  assert.equal(jobs.size(), 1);
});

test('whoever waits for the last one goes on when it is confirmed', async () => {
  const jobs = createUnconfirmed<string>({ keepMs: 1_000 });
  jobs.add('a');
  const none = jobs.none();
  jobs.ended('a');
  jobs.confirm('a');
  await none;
  assert.equal(jobs.size(), 0);
});
