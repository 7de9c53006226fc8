import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CampaignDeps } from '../../src/campaigns/preflight.ts';
import { retryFailed } from '../../src/campaigns/resend.ts';
import { campaignStats, viewCampaign } from '../../src/campaigns/stats.ts';
import { findCampaign, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { recountCounters } from '../../src/operations/recount.ts';
import { pruneAccountEvents } from '../../src/operations/retention.sql.ts';
import { forgetPeople } from '../../src/operations/retention.ts';
import { fileRequirements } from '../../src/recipients/requirements.ts';
import { storeAccountEvent } from '../../src/webhooks/journal.sql.ts';
import { ANA } from '../support/actor.ts';
import { openFileDb } from '../support/db.ts';
import { type CampaignShape, filled, makeCampaign, NUMBER, talliesOf, WABA } from '../support/factories.ts';

const db = await openFileDb();
const deps: CampaignDeps = {
  db,
  mode: 'sandbox',
  phoneNumberId: NUMBER,
  wabaId: WABA,
  defaults: { batchSize: undefined, delayBetweenBatches: 0 },
  nextCard: () => undefined,
  price: () => ({ currency: 'USD', flatMicros: 5_000 }),
  slot: 0,
  paceOf: () => Promise.resolve(undefined),
  wake: () => undefined,
  recall: () => undefined,
};

/** A campaign that was sent, read by some and refused for one, and ended so many days ago. */
async function ended(days: number, shape: CampaignShape = {}): Promise<number> {
  const id = await makeCampaign(db, { people: 5, ...shape });
  const { messages } = await claim(db, {
    campaignId: id,
    mode: 'sandbox',
    limit: 10,
    category: 'UTILITY',
    leaseSeconds: 60,
    slot: 1,
  });
  await applyReports(
    db,
    messages.map((message, i) => ({
      campaignId: id,
      messageId: message.id,
      attempt: message.attempt,
      ...(i === 0
        ? { status: 'failed' as const, errorCode: 131026, event: { kind: 'failed', data: { code: 131026 } } }
        : { status: 'read' as const, wamid: `wamid.${String(id)}.${String(i)}`, priceMicros: 5_000 }),
    })),
    2,
  );
  await moveCampaign(db, id, 'complete');
  await db.query(`update campaigns set settled_at = clock_timestamp() - $2 * interval '1 day' where id = $1`, [id, days]);
  await db.query(
    `insert into rejected_rows (upload_id, row, kind, code, error, data) select id, 9, 'invalid', 'x', 'x', '["Ana","Ruiz"]' from uploads where campaign_id = $1`,
    [id],
  );
  return id;
}

const PERSONAL = ['recipients', 'messages', 'message_events'] as const;

async function rowsOf(id: number): Promise<number> {
  let n = 0;
  for (const table of PERSONAL)
    n += (await db.query<{ n: number }>(`select count(*) as n from ${table} where campaign_id = $1`, [id])).rows[0]?.n ?? 0;
  const rejected = await db.query<{ n: number }>(
    'select count(*) as n from rejected_rows r join uploads u on u.id = r.upload_id where u.campaign_id = $1',
    [id],
  );
  return n + (rejected.rows[0]?.n ?? 0);
}

async function reply(id: string, days: number): Promise<void> {
  await db.query(
    `insert into inbound_messages (id, person, phone_number_id, type, payload, sent_at, received_at)
     values ($1, 573001234567, $3, 'text', '{}', now(), clock_timestamp() - $2 * interval '1 day')`,
    [id, days, NUMBER],
  );
}

test('a campaign that ended long enough ago keeps its figures and loses every person', async () => {
  const id = await ended(31);
  const before = await campaignStats(db, id);
  const result = await forgetPeople(deps, { days: 30, chunk: 2 });
  assert.deepEqual(result.archived, [id]);
  assert.equal(await rowsOf(id), 0);
  assert.deepEqual(await campaignStats(db, id), before);
  assert.deepEqual(filled(before.by_status), { failed: 1, read: 4 });
  const view = await viewCampaign(db, id);
  assert.ok(view.archived_at);
  assert.equal(view.messages_sent, 4);
  assert.equal(view.actual_cost, 0.02);
});

test('a campaign that ended later, and one that has not ended, are left alone', async () => {
  const young = await ended(29);
  const running = await makeCampaign(db, { people: 3 });
  const open = await makeCampaign(db, { people: 3, status: 'completed' });
  const rows = await rowsOf(young);
  assert.deepEqual((await forgetPeople(deps, { days: 30 })).archived, []);
  assert.equal(await rowsOf(young), rows);
  assert.equal(await rowsOf(running), 6);
  assert.equal(await rowsOf(open), 6);
});

test('a refused schedule is archived by the day of its refusal', async () => {
  const id = await makeCampaign(db, { people: 2, status: 'failed' });
  await db.query(`update campaigns set updated_at = clock_timestamp() - interval '40 days' where id = $1`, [id]);
  assert.deepEqual((await forgetPeople(deps, { days: 30 })).archived, [id]);
  assert.equal(await rowsOf(id), 0);
});

test('wrong counters are put right before the rows go, because nothing can be counted afterwards', async () => {
  const id = await ended(31);
  await db.query(`update tallies set n = n + 7 where campaign_id = $1 and what = 'box' and key = 'read'`, [id]);
  const corrected: number[] = [];
  await forgetPeople(deps, { days: 30, onCorrected: (campaignId) => corrected.push(campaignId) });
  assert.deepEqual(corrected, [id]);
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { failed: 1, read: 4 });
});

test('an erasure that was cut off is finished by the next one', async () => {
  const id = await ended(31);
  const rows = await rowsOf(id);
  const stop = new AbortController();
  const once = {
    ...db,
    query: (async (text: string, params?: readonly unknown[]) => {
      const result = await db.query(text, params);
      if (text.startsWith('delete from messages')) stop.abort();
      return result;
    }) as typeof db.query,
  };
  await forgetPeople({ ...deps, db: once }, { days: 30, chunk: 2, signal: stop.signal });
  const left = await rowsOf(id);
  assert.ok(left > 0 && left < rows, String(left));
  await forgetPeople(deps, { days: 30, chunk: 2 });
  assert.equal(await rowsOf(id), 0);
});

test('an archived campaign can no longer be added to, tried again, opened or recounted', async () => {
  const id = await ended(31);
  await forgetPeople(deps, { days: 30 });
  const archived = { code: 'campaign_archived' };
  await assert.rejects(retryFailed(deps, { id }, ANA), archived);
  await assert.rejects(fileRequirements(deps, id), archived);
  await assert.rejects(recountCounters(deps, id), archived);
  assert.equal(await moveCampaign(db, id, 'reopen'), undefined);
});

test('a campaign opened again at the last moment is not archived', async () => {
  const id = await ended(31);
  const reopening = {
    ...db,
    query: (async (text: string, params?: readonly unknown[]) => {
      if (text.startsWith('update campaigns set archived_at')) await moveCampaign(db, id, 'reopen');
      return db.query(text, params);
    }) as typeof db.query,
  };
  assert.deepEqual((await forgetPeople({ ...deps, db: reopening }, { days: 30 })).archived, []);
  assert.equal((await findCampaign(db, id))?.archived_at, null);
  assert.ok((await rowsOf(id)) > 0);
  await moveCampaign(db, id, 'cancel');
});

test('a test send goes as a whole', async () => {
  const id = await ended(31);
  await db.query(`update campaigns set kind = 'test' where id = $1`, [id]);
  await forgetPeople(deps, { days: 30 });
  assert.equal(await findCampaign(db, id), undefined);
});

test('old replies are forgotten and young ones stay; account events follow the age of the journal', async () => {
  await reply('old', 31);
  await reply('young', 29);
  await forgetPeople(deps, { days: 30 });
  assert.deepEqual((await db.query('select id from inbound_messages order by id')).rows, [{ id: 'young' }]);
  for (const days of [91, 89])
    await storeAccountEvent(db, { at: new Date(Date.now() - days * 86_400_000), field: 'x', event: String(days), payload: {} });
  assert.equal(await pruneAccountEvents(db, 90, 10), 1);
  assert.deepEqual((await db.query('select event from account_events')).rows, [{ event: '89' }]);
});
