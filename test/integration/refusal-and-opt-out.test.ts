import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSuppressed } from '../../src/consent/opt-outs.sql.ts';
import type { Db, Sql } from '../../src/lib/db/db.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { createRecorder } from '../../src/sending/recorder.ts';
import { openTestDb } from '../support/db.ts';
import { assertCountersAddUp, filled, makeCampaign, messageOf, newPerson, talliesOf } from '../support/factories.ts';

/** A database that fails once, at the statement that contains `word`. */
function failingOnceAt(db: Db, word: string): Db {
  let hasFailed = false;
  const watch = (sql: Sql): Sql => ({
    query: (text, params) => {
      if (hasFailed || !text.includes(word)) return sql.query(text, params);
      hasFailed = true;
      return Promise.reject(Object.assign(new Error('the connection broke'), { code: '08006' }));
    },
  });
  return { ...db, ...watch(db), tx: (work, isolation) => db.tx((sql) => work(watch(sql)), isolation) };
}

test('that Meta names somebody as opted out, and that nobody writes to them any more, become true in one moment or not at all', async (t) => {
  const db = await openTestDb(t);
  const person = newPerson();
  const id = await makeCampaign(db, { people: [{ person }, { person: newPerson() }] });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: 2, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  const seen: (string | boolean)[][] = [];
  const recorder = createRecorder({
    db: failingOnceAt(db, 'insert into suppressions'),
    slot: 0,
    onError: () => {
      // What a crash would leave here.
      void Promise.all([messageOf(db, id, 1), isSuppressed(db, person, true)]).then(([row, isOut]) =>
        seen.push([row.status, isOut]),
      );
    },
  });
  const failed = { campaignId: id, attempt: 1, status: 'failed', errorCode: 131_050 } as const;
  const out = { person, phone: person, scope: 'marketing', source: 'error_131050', detail: {}, since: new Date() } as const;
  await Promise.all([
    recorder.record({ ...failed, messageId: 1 }, out),
    recorder.record({ campaignId: id, messageId: 2, attempt: 1, status: 'accepted', wamid: 'wamid.2' }),
  ]);
  assert.deepEqual(seen, [['sending', false]]);
  assert.equal(await isSuppressed(db, person, true), true);
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { failed: 1, accepted: 1 });
  await assertCountersAddUp(db, id);
});
