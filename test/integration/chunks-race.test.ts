import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { purgeDeleted } from '../../src/lifecycle/campaign.sql.ts';
import { archiveCampaign, eraseSome, markErased } from '../../src/operations/retention.sql.ts';
import { deleteDiscarded } from '../../src/recipients/uploads.sql.ts';
import { openFileDb } from '../support/db.ts';
import { makeCampaign, newPerson } from '../support/factories.ts';
import { untilTrue } from '../support/wait.ts';

const db = await openFileDb();
const severalConnections = db.kind === 'pglite' ? 'the embedded database has one connection' : false;

/** Another process is at the first `people` when `work` comes to them, and has removed them when it goes on. */
async function behindAnother(id: number, people: number, work: () => Promise<unknown>): Promise<void> {
  let working: Promise<unknown> = Promise.resolve();
  await db.tx(async (sql) => {
    for (const table of ['recipients', 'messages'])
      await sql.query(`delete from ${table} where campaign_id = $1 and id <= $2`, [id, people]);
    working = work();
    await untilTrue('the other to wait', () => isWaited(db));
  });
  await working;
}

async function isWaited(sql: Db): Promise<boolean> {
  const { rows } = await sql.query(`select from pg_locks where not granted`);
  return rows.length > 0;
}

async function peopleOf(id: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select (select count(*) from recipients where campaign_id = $1) + (select count(*) from messages where campaign_id = $1) as n`,
    [id],
  );
  return rows[0]?.n ?? 0;
}

/** Rows of an upload that was given up, above what anybody sees; more than one chunk of them. */
async function leftovers(people: number): Promise<number> {
  const id = await makeCampaign(db, { people: 0, status: 'draft' });
  const { rows } = await db.query<{ id: number }>(
    `insert into uploads (campaign_id, status) values ($1, 'discarded') returning id`,
    [id],
  );
  const first = newPerson();
  await db.query(
    `insert into recipients (campaign_id, id, person, phone, upload_id, row, data)
     select $1, n, $2::bigint + n, $2::bigint + n, $3, n, '{}' from generate_series(1, $4::int) n`,
    [id, first * 1000, rows[0]?.id, people],
  );
  await db.query(`insert into messages (campaign_id, id, status) select $1, n, 'pending' from generate_series(1, $2::int) n`, [
    id,
    people,
  ]);
  return id;
}

describe('while another process removes the first rows', { skip: severalConnections }, () => {
  test('the leftovers of an upload are gone when the next upload begins', async () => {
    const id = await leftovers(5_100);
    await behindAnother(id, 5_000, () => deleteDiscarded(db, id));
    assert.equal(await peopleOf(id), 0);
  });

  test('a deleted campaign goes only after all its people', async () => {
    const id = await makeCampaign(db, { people: 6, status: 'draft' });
    await db.query('update campaigns set deleted_at = now() where id = $1', [id]);
    let found = 0;
    await behindAnother(id, 2, async () => (found = await purgeDeleted(db, 2)));
    assert.equal(found, 2);
    assert.equal(await peopleOf(id), 8, 'nothing was removed at one stroke with the campaign');
    while ((await purgeDeleted(db, 2)) > 0);
    assert.equal((await db.query('select from campaigns where id = $1', [id])).rows.length, 0);
  });

  test('people are called erased only when none is left', async () => {
    const id = await makeCampaign(db, { people: 6, status: 'cancelled' });
    await db.query(`update campaigns set settled_at = now() - interval '40 days' where id = $1`, [id]);
    assert.ok(await archiveCampaign(db, id, 30), 'it is archived');
    assert.equal(await markErased(db, id), false);
    while ((await eraseSome(db, id, 2)) > 0);
    assert.equal(await markErased(db, id), true);
  });
});
