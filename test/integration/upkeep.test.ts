import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { request } from 'undici';
import { buildWorkerServer } from '../../src/app/server.ts';
import { DatabaseNewer, migrate } from '../../src/lib/db/migrate.ts';
import { sweepTable, wornTables } from '../../src/lib/db/vacuum.ts';
import { beat } from '../../src/lib/jobs/processes.sql.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { openTestDb } from '../support/db.ts';
import { makeCampaign } from '../support/factories.ts';

test('a program older than its database refuses to touch it and says what to do', async (t) => {
  const db = await openTestDb(t);
  const before = await db.query<{ n: number }>('select max(version) as n from schema_version');
  const newer = (before.rows[0]?.n ?? 0) + 1;
  await db.query(`insert into schema_version (version, name) values ($1, 'of the future')`, [newer]);
  await assert.rejects(
    migrate(db),
    (error) =>
      error instanceof DatabaseNewer &&
      new RegExp(
        `The database is at version ${String(newer)}, this program knows ${String(newer - 1)}.*Install that version again`,
      ).test(error.message),
  );
  const after = await db.query<{ n: number }>('select max(version) as n from schema_version');
  assert.equal(after.rows[0]?.n, newer);
});

test('migrating a database that is up to date does nothing, however often', async (t) => {
  const db = await openTestDb(t);
  assert.deepEqual(await migrate(db), []);
  assert.deepEqual(await migrate(db), []);
});

test('a table of which much is dead is found and swept; afterwards nothing is found', async (t) => {
  const db = await openTestDb(t);
  if (db.kind !== 'pglite') {
    t.skip('a server has autovacuum');
    return;
  }
  const id = await makeCampaign(db, { people: 6_000 });
  // The server tells its figures with a delay; what was inserted must be counted before it is analysed, not after.
  await db.query('select pg_stat_force_next_flush()');
  await db.query('analyze');
  await db.query(`update messages set retries = 1 where campaign_id = $1`, [id]);
  await db.query('select pg_stat_force_next_flush()');
  assert.deepEqual(
    (await wornTables(db, 0.2)).map((worn) => worn.table),
    ['messages'],
  );
  assert.deepEqual(await wornTables(db, 1.5), []);
  await sweepTable(db, 'messages');
  await db.query('select pg_stat_force_next_flush()');
  assert.deepEqual(await wornTables(db, 0.2), []);
});

test("a worker's door shows health to everybody and figures only with a key, and nothing else", async (t) => {
  const db = await openTestDb(t);
  await beat(db, { id: 'w', role: 'worker', host: 'h', pid: 1 });
  const key = 'a-key-of-the-settings-0123456789';
  const access = { db, secretKey: 'a-secret-of-the-tests', adminApiKey: key, authMode: 'required' as const };
  const server = await buildWorkerServer({
    trustProxy: 0,
    log: silentLogger(),
    metrics: new Registry(),
    mode: 'sandbox',
    ...access,
    redisFault: () => 'no connection',
  });
  t.after(() => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const look = async (path: string, headers = {}): Promise<number> => {
    const { statusCode, body } = await request(url + path, { headers });
    await body.dump();
    return statusCode;
  };
  assert.equal(await look('/health/live'), 200);
  assert.equal(await look('/health/ready'), 200, 'a Redis that is away is told and is no reason to be taken out of service');
  const { body: ready } = await request(`${url}/health/ready`);
  assert.equal(((await ready.json()) as { checks: { redis: string } }).checks.redis, 'away');
  assert.equal(await look('/metrics'), 401);
  assert.equal(await look('/metrics', { authorization: `Bearer ${key}` }), 200);
  assert.equal(await look('/api/v1/campaigns'), 404);
});
