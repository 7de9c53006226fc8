/** A short storm in each of the three shapes; the long one is `npm run test:chaos`. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { findPostgres, findRedis, needsPostgres, needsRedis } from '../support/servers.ts';
import type { Strike } from './plan.ts';
import { runChaos, tell } from './run.ts';

/** Servers that may be killed are started here; one that is only named by the environment cannot be. */
const noPostgres = needsPostgres().skip || (findPostgres() === undefined && 'no PostgreSQL that may be killed on this machine');
const noRedis = needsRedis().skip || (findRedis() === undefined && 'no Redis that may be killed on this machine');

const soon = 15;

before(() => {
  ensureBuilt();
});

async function storm(topology: 'embedded' | 'postgres' | 'redis', strikes: readonly Strike[]): Promise<void> {
  const result = await runChaos({ topology, seed: 7, kills: strikes.length, strikes, rate: 200, size: 320, width: 2 });
  assert.deepEqual(result.faults, [], tell(result));
  assert.deepEqual(result.missedPoints, [], 'every named point was passed');
  assert.equal(result.account.repeated, 0);
  assert.equal(result.account.lost, 0);
  assert.ok(result.account.accepted > 0);
  assert.ok(result.samples > 0, 'the counters were recounted in between');
}

test('one process with its own database is killed before, at and after each write: nobody twice, nobody lost', async () => {
  await storm('embedded', [
    { kind: 'point', who: 0, point: 'claim.done', hit: 2, after: soon },
    { kind: 'point', who: 0, point: 'post.sent', hit: 9, after: soon },
    { kind: 'point', who: 0, point: 'record.sent', hit: 3, after: soon },
    { kind: 'point', who: 0, point: 'store.done', hit: 2, after: soon },
    { kind: 'point', who: 0, point: 'commit.sent', hit: 2, after: soon },
    { kind: 'stop', who: 0, after: soon },
  ]);
});

test('PostgreSQL is killed, restarted and cuts its connections under one process, which lives on', {
  skip: noPostgres,
}, async () => {
  await storm('postgres', [
    { kind: 'pg_kill', ms: 500, after: soon },
    { kind: 'pg_terminate', after: soon },
    { kind: 'net', what: 'reset_after', times: 10, after: soon },
    { kind: 'pg_restart', ms: 0, after: soon },
    { kind: 'point', who: 0, point: 'post.done', hit: 5, after: soon },
    { kind: 'pg_terminate', after: soon },
  ]);
});

test('two doors and three workers lose each other, Redis and PostgreSQL: nobody twice, nobody lost', {
  skip: noPostgres || noRedis,
}, async () => {
  await storm('redis', [
    { kind: 'kill', who: 0, after: soon },
    { kind: 'redis_flush', ms: 200, after: soon },
    { kind: 'kill_api', who: 0, after: soon },
    { kind: 'pg_kill', ms: 300, after: soon },
    { kind: 'redis_kill', ms: 500, after: soon },
    { kind: 'point', who: 1, point: 'record.before', hit: 1, after: soon },
    { kind: 'redis_freeze', ms: 3_000, after: soon },
    { kind: 'stop', who: 2, after: soon },
  ]);
});
