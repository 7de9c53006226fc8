import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durabilityDoubts, readDurability } from '../../src/lib/db/durability.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { needsPostgres } from '../support/servers.ts';

const postgres = needsPostgres();

test('every session waits until its commits are on the disk, whatever the server has for a default; one that waits for more goes on', {
  skip: postgres.skip,
}, async (t) => {
  const admin = openPostgres({ connectionString: postgres.url, max: 1 });
  t.after(() => admin.close());
  const name = `durable_${process.hrtime.bigint().toString(36)}`;
  await admin.query(`create database ${name}`);
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  for (const [ofServer, ofSession] of [
    ['off', 'on'],
    ['local', 'on'],
    ['remote_write', 'on'],
    ['remote_apply', 'remote_apply'],
  ]) {
    await admin.query(`alter database ${name} set synchronous_commit = ${ofServer ?? ''}`);
    const db = openPostgres({ connectionString: url.href, max: 3 });
    const seen = await Promise.all(
      [1, 2, 3].map(() =>
        db.tx(async (sql) => (await sql.query<{ v: string }>(`select current_setting('synchronous_commit') as v`)).rows[0]?.v),
      ),
    );
    await readDurability(db);
    await db.close();
    assert.deepEqual(seen, [ofSession, ofSession, ofSession]);
  }
  await admin.query(`drop database ${name}`);
});

test('a server that forgets at a power cut, and a standby nobody waits for, are told with what to do', () => {
  const good = { fsync: true, fullPageWrites: true, asynchronousStandbys: 0 };
  assert.deepEqual(durabilityDoubts(good), []);
  assert.deepEqual(durabilityDoubts({ ...good, asynchronousStandbys: null }), []);
  const forgetful = durabilityDoubts({ ...good, fsync: false, fullPageWrites: false });
  assert.equal(forgetful.length, 1);
  assert.match(forgetful[0] ?? '', /Set fsync = on\.$/);
  assert.match(durabilityDoubts({ ...good, fullPageWrites: false }).join(), /full_page_writes/);
  assert.match(durabilityDoubts({ ...good, asynchronousStandbys: 1 }).join(), /"whatsapp-sender restored"/);
});
