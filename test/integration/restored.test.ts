import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueCampaigns, findCampaign, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { putBack } from '../../src/lifecycle/resend.sql.ts';
import { markRestored } from '../../src/operations/after-restore.ts';
import { openTestDb } from '../support/db.ts';
import {
  assertCountersAddUp,
  eventsOfMessage,
  filled,
  makeCampaign,
  messagesOf,
  statusOf,
  talliesOf,
} from '../support/factories.ts';

test('a restored database writes to nobody: started campaigns are held and their waiting people are unknown, in every counter', async (t) => {
  const db = await openTestDb(t);
  const running = await makeCampaign(db, { people: 6 });
  const { messages } = await claim(db, {
    campaignId: running,
    mode: 'sandbox',
    limit: 2,
    category: 'UTILITY',
    leaseSeconds: 60,
    slot: 4,
  });
  await applyReports(db, [{ campaignId: running, messageId: 1, attempt: 1, status: 'accepted', wamid: 'wamid.1' }], 4);
  assert.equal(messages.length, 2);
  const paused = await makeCampaign(db, { people: 3, status: 'paused' });
  const completed = await makeCampaign(db, { people: 1, status: 'completed' });

  const result = await markRestored(db);
  assert.deepEqual(result, { paused: [running, paused], asking: [], unknown: 8 });
  for (const id of [running, paused]) {
    const campaign = await findCampaign(db, id);
    assert.equal(campaign?.status, 'paused');
    assert.equal(campaign.pause_reason?.code, 'restored');
    await assertCountersAddUp(db, id);
  }
  assert.deepEqual(filled((await talliesOf(db, running)).byStatus), { accepted: 1, unknown: 5 });
  assert.equal(await statusOf(db, completed), 'completed');
  assert.equal((await messagesOf(db, running)).find((message) => message.id === 3)?.reason, 'restored');
  await moveCampaign(db, running, 'resume');
  assert.equal(
    (await claim(db, { campaignId: running, mode: 'sandbox', limit: 9, category: 'UTILITY', leaseSeconds: 60, slot: 4 })).took,
    0,
  );
});

test('a webhook of the forgotten attempt settles its message; the rest waits for the grace time and then for a person', async (t) => {
  const db = await openTestDb(t);
  const id = await makeCampaign(db, { people: 2 });
  await markRestored(db);
  await applyReports(
    db,
    [{ campaignId: id, messageId: 1, attempt: 1, status: 'delivered', wamid: 'wamid.lost', deliveredAt: 1_700_000_000 }],
    0,
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { unknown: 1, delivered: 1 });
  await assertCountersAddUp(db, id);
  assert.deepEqual(await eventsOfMessage(db, id, 2), [
    { kind: 'unknown', attempt: 1, data: { from: 'pending', reason: 'restored' } },
  ]);
  const choice = { from: 'unknown' as const, codes: [], ids: undefined, by: 'test' };
  assert.equal(await putBack(db, id, { ...choice, olderThanMinutes: 60 }, 10, 0), 0);
  assert.equal(await putBack(db, id, { ...choice, olderThanMinutes: 0 }, 10, 0), 1);
});

test('who was waiting for another try is in doubt about that try, who was out is in doubt about the one that is out', async (t) => {
  const db = await openTestDb(t);
  const id = await makeCampaign(db, { people: 2 });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: 2, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  await applyReports(
    db,
    [{ campaignId: id, messageId: 1, attempt: 1, status: 'pending', afterMs: 60_000, countsAsRetry: true }],
    0,
  );
  await markRestored(db);
  const attempts = (await messagesOf(db, id)).map(({ status, attempt }) => ({ status, attempt }));
  assert.deepEqual(attempts, [
    { status: 'unknown', attempt: 2 },
    { status: 'unknown', attempt: 1 },
  ]);
  await assertCountersAddUp(db, id);
});

test('schedules and drafts with people ask instead of starting, because they may have been started since', async (t) => {
  const db = await openTestDb(t);
  const scheduled = await makeCampaign(db, { people: 1, status: 'scheduled' });
  const draft = await makeCampaign(db, { people: 1, status: 'draft' });
  const empty = await makeCampaign(db, { people: 0, status: 'draft' });
  const result = await markRestored(db);
  assert.deepEqual(result.asking, [scheduled, draft]);
  await db.query(`update campaigns set scheduled_at = clock_timestamp() - interval '1 second' where id = $1`, [scheduled]);
  assert.deepEqual(await dueCampaigns(db), []);
  assert.equal((await findCampaign(db, empty))?.attention, null);
  assert.equal((await moveCampaign(db, draft, 'start', { template: {} }))?.attention, null);
});

test('a second run after an interrupted one does the rest', async (t) => {
  const db = await openTestDb(t);
  const id = await makeCampaign(db, { people: 4 });
  const stopped = new Error('killed');
  const broken = { ...db, query: (() => Promise.reject(stopped)) as typeof db.query };
  await assert.rejects(markRestored(broken), stopped);
  assert.equal(await statusOf(db, id), 'paused');
  assert.deepEqual(await markRestored(db), { paused: [id], asking: [], unknown: 4 });
  assert.deepEqual(await markRestored(db), { paused: [id], asking: [], unknown: 0 });
  await assertCountersAddUp(db, id);
});
