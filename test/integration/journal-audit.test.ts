import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { callbackData } from '../../src/lifecycle/message.ts';
import { readInstallation } from '../../src/lifecycle/pause.sql.ts';
import { rebuildCounters, recountCounters } from '../../src/operations/recount.ts';
import { recountJournal, replayJournal } from '../../src/operations/recount-journal.ts';
import { ANA } from '../support/actor.ts';
import { openFileDb } from '../support/db.ts';
import { openDelivery, statuses, statusItem } from '../support/delivery.ts';
import { campaignDeps, makeCampaign, messageOf } from '../support/factories.ts';

const db = await openFileDb();
const { id: installation } = await readInstallation(db);
const delivery = openDelivery(db, { installationId: installation });
const deps = campaignDeps(db);

/** A campaign of three whose messages are out, each at attempt 1, answers not yet recorded. */
async function sendingCampaign(): Promise<number> {
  const id = await makeCampaign(db, { people: 3 });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: 3, category: 'UTILITY', leaseSeconds: 60, slot: 1 });
  return id;
}

function told(
  campaignId: number,
  messageId: number,
  status: 'sent' | 'delivered' | 'read' | 'failed',
  attempt = 1,
): Record<string, unknown> {
  const key = { campaignId, messageId, attempt };
  return statusItem(key, {
    status,
    callback: callbackData({ installationId: installation, epoch: null }, key),
    ...(status === 'failed' ? { code: 131026 } : {}),
  });
}

async function setBack(sql: Db, campaignId: number, messageId: number): Promise<void> {
  await sql.query(
    `update messages set status = 'sent', delivered_at = null, read_at = null, sent_at = coalesce(sent_at, now()) where campaign_id = $1 and id = $2`,
    [campaignId, messageId],
  );
}

test('messages that stand where the webhooks put them are proved, doubles and disorder included', async () => {
  const id = await sendingCampaign();
  await delivery.post(
    statuses(told(id, 1, 'read'), told(id, 1, 'sent')),
    statuses(told(id, 2, 'delivered')),
    statuses(told(id, 2, 'delivered')),
  );
  const audit = await recountJournal(deps, id);
  assert.deepEqual(
    { ...audit, webhooks: undefined },
    { webhooks: undefined, statuses: 4, strangers: 0, behind_total: 0, behind: [], replayed: 0 },
  );
  assert.equal(audit.webhooks, 3);
});

test('what is told of these numbers and of somebody else is counted as such, and nobody stands behind it', async () => {
  const id = await sendingCampaign();
  await delivery.post(statuses(told(id, 1, 'sent')), statuses({ ...told(id, 1, 'read'), id: 'wamid.of.another.life' }));
  const audit = await recountJournal(deps, id);
  assert.deepEqual([audit.statuses, audit.strangers, audit.behind_total], [1, 1, 0]);
});

test('a message that stands before what was told of it is found, and applying the webhook once more puts it right', async () => {
  const id = await sendingCampaign();
  await delivery.post(statuses(told(id, 1, 'read')), statuses(told(id, 3, 'delivered')));
  await setBack(db, id, 1);
  const found = await recountJournal(deps, id);
  assert.deepEqual(found.behind, [{ recipient_id: 1, attempt: 1, told: 'read', box: 'sent' }]);
  assert.equal((await replayJournal(deps, id, ANA)).replayed, 1);
  await delivery.applyAll();
  assert.equal((await messageOf(db, id, 1)).status, 'read');
  assert.equal((await recountJournal(deps, id)).behind_total, 0);
  // The row was set back behind the counters' back: the recount tells, and rebuilds them.
  assert.equal((await rebuildCounters(deps, id, ANA)).ok, false);
  assert.equal((await recountCounters(deps, id)).ok, true);
});

test('an attempt and a message that the database does not know are found, as after a restored backup', async () => {
  const id = await sendingCampaign();
  await delivery.post(statuses(told(id, 1, 'sent', 2)), statuses(told(id, 99, 'sent')));
  const { behind } = await recountJournal(deps, id);
  assert.deepEqual(behind.map((one) => [one.recipient_id, one.attempt, one.box]).sort(), [
    [1, 2, 'sending'],
    [99, 1, null],
  ]);
});

test('what is stored and not yet applied, and what is of another campaign, is no difference', async () => {
  const [id, other] = [await sendingCampaign(), await sendingCampaign()];
  await delivery.post(statuses(told(other, 1, 'read')));
  await db.query(
    `with stored as (insert into webhook_events (body) values ($1) returning id) insert into webhook_pending (id) select id from stored`,
    [JSON.stringify(statuses(told(id, 1, 'read')))],
  );
  const audit = await recountJournal(deps, id);
  assert.deepEqual([audit.statuses, audit.behind_total], [0, 0]);
  await delivery.applyAll();
});

test('a failed message that a person put back to be tried again is no difference', async () => {
  const id = await sendingCampaign();
  await delivery.post(statuses(told(id, 1, 'failed')));
  await db.query(
    `update messages set status = 'pending', failed_at = null, error_code = null where campaign_id = $1 and id = 1`,
    [id],
  );
  assert.equal((await recountJournal(deps, id)).behind_total, 0);
});
