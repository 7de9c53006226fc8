import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { noteFailedTry, replayWebhooks, storeWebhooks, takeWebhooks, webhookBacklog } from '../../src/webhooks/journal.sql.ts';
import { MAX_TRIES } from '../../src/webhooks/try-again.ts';
import { openFileDb } from '../support/db.ts';
import { inbound, openDelivery, type StatusShape, statuses, statusItem, text } from '../support/delivery.ts';
import { assertCountersAddUp, makeCampaign } from '../support/factories.ts';
import { openDoor } from '../support/http.ts';

const db = await openFileDb();
const woken: string[] = [];
const door = await openDoor(db, { wakeApply: () => woken.push('apply') });
const FIXTURES = new URL('../fixtures/meta/webhooks/', import.meta.url);
const PATH = '/api/v1/webhooks/replay';

/** Everything the database holds but the queue itself and the count of items ever applied. */
async function everything(): Promise<ReadonlyMap<string, string>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select tablename::text as name from pg_tables where schemaname = 'public' and tablename not in ('webhook_pending', 'webhook_counts') order by 1`,
  );
  const held = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await db.query<{ row: string }>(`select to_jsonb(t)::text as row from "${name}" t order by 1`);
    held.set(name, rows.map(({ row }) => row).join('\n'));
  }
  return held;
}

async function replayAll(): Promise<void> {
  await replayWebhooks(db, new Date(0), new Date(Date.now() + 3_600_000));
}

test('the whole journal applied again leaves every row of every table as it was', async () => {
  const id = await makeCampaign(db, { people: 6 });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: 6, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  const house = openDelivery(db);
  const told = (messageId: number, shape: StatusShape) =>
    statuses(statusItem({ campaignId: id, messageId, attempt: 1 }, { ...shape, to: 573_001_112_200 + messageId }));
  const pricing = { billable: true, pricing_model: 'PMP', category: 'marketing', type: 'regular' };
  await house.post(
    told(1, { status: 'read', at: 1_760_000_009, pricing }),
    told(1, { status: 'sent', at: 1_760_000_001, pricing }),
    told(2, { status: 'delivered', at: 1_760_000_005, pricing }),
    told(2, { status: 'failed', code: 131026 }),
    told(3, { status: 'failed', code: 131050 }),
    told(4, { status: 'sent', at: 1_760_000_002, pricing }),
    told(5, { status: 'failed', code: 131042 }),
    inbound(573_001_112_204, text('STOP')),
    ...readdirSync(FIXTURES)
      .filter((file) => file.endsWith('.json'))
      .map((file) => readFileSync(new URL(file, FIXTURES), 'utf8')),
  );
  const before = await everything();
  await assertCountersAddUp(db, id);
  house.consequences.length = 0;
  await replayAll();
  assert.ok((await webhookBacklog(db)).pending > 50);
  await house.applyAll();
  assert.deepEqual(house.errors, []);
  const after = await everything();
  for (const [table, rows] of before) assert.equal(after.get(table), rows, table);
  assert.deepEqual(house.consequences, [], 'nothing follows from what was told before');
  await assertCountersAddUp(db, id);
});

test('an admin replays a span of the journal, and the applying is woken', async () => {
  woken.length = 0;
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const answer = await door.call('POST', PATH, { body: { from: '2020-01-01T00:00:00Z', to: until } });
  const { rows } = await db.query<{ n: number }>('select count(*) as n from webhook_events');
  assert.deepEqual([answer.status, answer.json], [200, { queued: rows[0]?.n }]);
  assert.deepEqual(woken, ['apply']);
  const none = await door.call('POST', PATH, { body: { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' } });
  assert.deepEqual(none.json, { queued: 0 });
  await openDelivery(db).applyAll();
});

test('those set aside after their tries get them again, and no others', async () => {
  await storeWebhooks(db, ['{"a":1}', '{"b":2}']);
  const { rows } = await db.query<{ id: number }>('select id from webhook_pending order by id');
  for (let n = 0; n < MAX_TRIES; n++) await noteFailedTry(db, rows[0]?.id ?? 0, { afterSeconds: 60, free: false }, '1');
  assert.equal((await webhookBacklog(db)).stuck, 1);
  const answer = await door.call('POST', PATH, { body: { stuck: true } });
  assert.deepEqual(answer.json, { queued: 1 });
  assert.deepEqual((await webhookBacklog(db)).stuck, 0);
  assert.equal((await db.tx((sql) => takeWebhooks(sql, 10, 1_000_000))).length, 2);
  const { rows: audited } = await db.query<{ action: string; detail: unknown }>(
    `select action, detail from audit where action = 'system.replay_webhooks' order by id desc limit 1`,
  );
  assert.deepEqual(audited[0]?.detail, { stuck: true, queued: 1 });
});

test('refuses anything but a span or the stuck ones, a span that ends before it begins, and whoever is no admin', async () => {
  for (const body of [
    {},
    { stuck: false },
    { from: '2020-01-01T00:00:00Z' },
    { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z', stuck: true },
    { from: '2020-01-02T00:00:00Z', to: '2020-01-01T00:00:00Z' },
    { from: '2020-01-01', to: '2020-01-02' },
  ]) {
    const answer = await door.call('POST', PATH, { body });
    assert.deepEqual([answer.status, answer.json['code']], [400, 'invalid_request'], JSON.stringify(body));
  }
  const key = await door.key('read', 'write', 'send');
  assert.equal((await door.call('POST', PATH, { key, body: { stuck: true } })).status, 403);
});
