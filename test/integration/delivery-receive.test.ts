import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { storeWebhooks } from '../../src/webhooks/journal.sql.ts';
import { createReceiver } from '../../src/webhooks/receive.ts';
import { createWebhookCache } from '../../src/webhooks/webhook-cache.ts';
import { openFileDb } from '../support/db.ts';
import { openDelivery } from '../support/delivery.ts';

const db = await openFileDb();

function counting(fails: (statement: number) => boolean = () => false): { db: Db; statements: () => number } {
  let statements = 0;
  const query: Db['query'] = (text, params) => {
    statements++;
    return fails(statements) ? Promise.reject(new Error('database away')) : db.query(text, params);
  };
  return { db: { ...db, query }, statements: () => statements };
}

async function bodies(): Promise<string[]> {
  const { rows } = await db.query<{ body: string }>(
    'select e.body from webhook_pending p join webhook_events e on e.id = p.id order by e.id',
  );
  return rows.map((row) => row.body);
}

test('whoever got an answer is in the journal and in the queue, byte for byte', async () => {
  let told = 0;
  const receiver = createReceiver({ db, onStored: () => told++ });
  const body = '{"entry": [ {"x":"ñ 👍 \\u0000"} ] }  ';
  await receiver.store(body);
  assert.deepEqual((await bodies()).at(-1), body);
  assert.equal(told, 1);
});

test('what arrives together is stored together: many bodies, few statements', async () => {
  const { db: watched, statements } = counting();
  const receiver = createReceiver({ db: watched, onStored: () => undefined });
  const before = (await bodies()).length;
  await Promise.all(Array.from({ length: 1_200 }, (_, i) => receiver.store(`{"n":${String(i)}}`)));
  assert.equal((await bodies()).length - before, 1_200);
  assert.ok(statements() <= 4, `${String(statements())} statements`);
  assert.equal(receiver.waiting(), 0);
});

test('giants are not put into one statement', async () => {
  const { db: watched, statements } = counting();
  const receiver = createReceiver({ db: watched, onStored: () => undefined });
  await Promise.all(Array.from({ length: 3 }, () => receiver.store(`"${'x'.repeat(3_000_000)}"`)));
  assert.equal(statements(), 3);
});

test('whoever could not be stored is told so, and the next one is stored', async () => {
  const { db: watched } = counting((statement) => statement === 1);
  const receiver = createReceiver({ db: watched, onStored: () => undefined });
  await assert.rejects(Promise.all([receiver.store('{"lost":1}'), receiver.store('{"lost":2}')]), /database away/);
  await receiver.store('{"kept":1}');
  const stored = await bodies();
  assert.ok(!stored.includes('{"lost":1}') && stored.includes('{"kept":1}'));
});

test('beyond what fits in memory webhooks are turned away, and taken again once there is room', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow: Db = {
    ...db,
    query: async () => {
      await held;
      return { rows: [], rowCount: 0 };
    },
  };
  const receiver = createReceiver({ db: slow, onStored: () => undefined });
  const giant = 'x'.repeat(3_000_000);
  const taken = Array.from({ length: 40 }, () =>
    receiver.store(giant).then(
      () => 'stored',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    ),
  );
  release();
  const ends = await Promise.all(taken);
  assert.equal(ends.filter((end) => end === 'stored').length, 21);
  assert.equal(ends.filter((end) => end === 'overloaded').length, 19);
  await receiver.store(giant);
});

test('what was received and is applied at once need not be read from the journal, and what is not at hand is', async () => {
  await db.query('delete from webhook_pending');
  const webhookCache = createWebhookCache();
  const read: number[] = [];
  const watched: Db = {
    ...db,
    tx: (work, isolation) =>
      db.tx(
        (sql) =>
          work({
            query: (text, params) => {
              if (text.includes('select e.id, e.received_at')) read.push((params?.[0] as number[]).length);
              return sql.query(text, params);
            },
          }),
        isolation,
      ),
  };
  const receiver = createReceiver({ db, webhookCache, onStored: () => undefined });
  await Promise.all(['{"entry":[]}', '', '{"e":"\x1e"}'].map((body) => receiver.store(body)));
  await storeWebhooks(db, ['{"of":"another process"}']);
  const house = openDelivery(watched, { webhookCache });
  await house.applyAll();
  assert.deepEqual(read, [1]);
  assert.deepEqual(house.errors, []);
  assert.equal((await db.query('select from webhook_pending')).rowCount, 0);
});

test('what is kept at hand is bounded: the oldest make room', () => {
  const webhookCache = createWebhookCache(10);
  const webhook = (id: number): { id: number; received_at: Date; body: string } => ({
    id,
    received_at: new Date(0),
    body: 'four',
  });
  webhookCache.keep([webhook(1), webhook(2), webhook(3)]);
  assert.deepEqual(
    [1, 2, 3].map((id) => webhookCache.find(id)?.id),
    [undefined, 2, 3],
  );
  webhookCache.drop([2]);
  webhookCache.keep([webhook(4)]);
  assert.deepEqual(
    [2, 3, 4].map((id) => webhookCache.find(id)?.id),
    [undefined, 3, 4],
  );
});
