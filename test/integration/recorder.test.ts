import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { createRecorder } from '../../src/sending/recorder.ts';
import { openFileDb } from '../support/db.ts';
import { assertCountersAddUp, filled, makeCampaign, messageOf } from '../support/factories.ts';

const db = await openFileDb();

function unexpected(error: unknown): never {
  throw error;
}

/** The database, counting statements and failing the first `times` of them with `error`. */
function faulty(times: number, error: () => Error): Db & { readonly statements: () => number } {
  let statements = 0;
  return {
    ...db,
    statements: () => statements,
    query: (text, params) => {
      statements++;
      return statements <= times ? Promise.reject(error()) : db.query(text, params);
    },
  };
}

async function sending(people: number): Promise<number> {
  const id = await makeCampaign(db, { people });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: people, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  return id;
}

test('outcomes that come together are written together', async () => {
  const id = await sending(50);
  const counting = faulty(0, () => new Error());
  const recorder = createRecorder({ db: counting, slot: 0, onError: unexpected });
  const applied = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      recorder.record({ campaignId: id, messageId: i + 1, attempt: 1, status: 'accepted', wamid: `w${String(i)}` }),
    ),
  );
  assert.equal(counting.statements(), 1);
  assert.deepEqual(
    applied.map((row) => [row?.id, row?.new]),
    Array.from({ length: 50 }, (_, i) => [i + 1, 'accepted']),
  );
  assert.equal(recorder.pending(), 0);
});

test('while the database is away an outcome is kept, and written when it is back', async () => {
  const id = await sending(1);
  const errors: unknown[] = [];
  const recorder = createRecorder({
    db: faulty(2, () => new Error('connection terminated')),
    slot: 0,
    onError: (error) => errors.push(error),
  });
  const recorded = recorder.record({ campaignId: id, messageId: 1, attempt: 1, status: 'accepted', wamid: 'w' });
  await recorder.idle();
  assert.equal((await recorded)?.new, 'accepted');
  assert.equal(errors.length, 2);
  assert.equal((await messageOf(db, id)).status, 'accepted');
});

test('two reports of one message are written in the order in which they came', async () => {
  const id = await sending(1);
  const recorder = createRecorder({ db, slot: 0, onError: unexpected });
  const key = { campaignId: id, messageId: 1, attempt: 1 };
  const [first, second] = await Promise.all([
    recorder.record({ ...key, status: 'unknown', reason: 'timeout' }),
    recorder.record({ ...key, status: 'accepted', wamid: 'w' }),
  ]);
  assert.deepEqual([first?.new, second?.old, second?.new], ['unknown', 'unknown', 'accepted']);
});

test('one outcome the database refuses does not keep the others unwritten', async () => {
  const id = await sending(8);
  const errors: unknown[] = [];
  const recorder = createRecorder({ db, slot: 0, onError: (error) => errors.push(error) });
  const applied = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      recorder.record({
        campaignId: id,
        messageId: i + 1,
        attempt: 1,
        status: 'accepted',
        wamid: 'w',
        priceMicros: i === 3 ? 1e30 : 1,
      }),
    ),
  );
  assert.equal(applied[3], undefined);
  assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sending: 1, accepted: 7 });
  assert.ok(errors.length > 0);
});

test('a report of a message that is not there answers nothing and stops nobody', async () => {
  const recorder = createRecorder({ db, slot: 0, onError: unexpected });
  assert.equal(
    await recorder.record({ campaignId: 999_999, messageId: 1, attempt: 1, status: 'accepted', wamid: 'w' }),
    undefined,
  );
});
