import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { campaignStats } from '../../src/campaigns/stats.ts';
import {
  changeCampaign,
  deleteCampaign,
  findCampaign,
  type MoveFacts,
  moveCampaign,
  purgeDeleted,
  settleCampaigns,
} from '../../src/lifecycle/campaign.sql.ts';
import { CAMPAIGN_STATUSES, type CampaignMove, type CampaignStatus, MOVES, mayMove } from '../../src/lifecycle/campaign.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { pauseRunning } from '../../src/lifecycle/pause.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { closeUnknown } from '../../src/lifecycle/resend.sql.ts';
import { openFileDb } from '../support/db.ts';
import { assertCountersAddUp, makeCampaign, statusOf } from '../support/factories.ts';
import { BIENVENIDA } from '../support/templates.ts';

const db = await openFileDb();
const severalConnections = db.kind === 'pglite' ? 'the embedded database has one connection' : false;

const REASON = { code: 'operator', message: 'x' } as const;
const FACTS: Partial<Record<CampaignMove, MoveFacts>> = {
  schedule: { scheduledAt: new Date('2027-01-01T10:00:00Z') },
  start: { template: BIENVENIDA.raw },
  pause: { pauseReason: REASON },
  refuse: { pauseReason: { code: 'preflight', message: 'x' } },
};
const moves = Object.keys(MOVES) as CampaignMove[];

describe('the table of moves', () => {
  for (const status of CAMPAIGN_STATUSES) {
    test(`from ${status} exactly the moves of the table are possible, in the database as in the table`, async () => {
      for (const move of moves) {
        const id = await makeCampaign(db, { status, people: 0 });
        const moved = await moveCampaign(db, id, move, FACTS[move]);
        assert.equal(moved !== undefined, mayMove(status, move), `${move} from ${status}`);
        assert.equal(await statusOf(db, id), moved === undefined ? status : MOVES[move].to);
      }
    });
  }

  test('is the one of the protocol', () => {
    const roads = (from: CampaignStatus): string[] =>
      [...new Set(moves.filter((move) => mayMove(from, move)).map((move) => MOVES[move].to))].sort();
    assert.deepEqual(Object.fromEntries(CAMPAIGN_STATUSES.map((status) => [status, roads(status)])), {
      draft: ['running', 'scheduled'],
      scheduled: ['cancelled', 'draft', 'failed', 'running'],
      running: ['cancelled', 'completed', 'paused'],
      paused: ['cancelled', 'completed', 'running'],
      completed: ['running'],
      cancelled: ['completed'],
      failed: [],
    });
  });

  test('of many starts at once exactly one wins', { skip: severalConnections }, async () => {
    const id = await makeCampaign(db, { status: 'draft' });
    const starts = await Promise.all(Array.from({ length: 8 }, () => moveCampaign(db, id, 'start', FACTS.start)));
    assert.equal(starts.filter((campaign) => campaign !== undefined).length, 1);
  });
});

describe('what a move writes', () => {
  test('start and resume keep the first time of start; completion has its time only while completed', async () => {
    const id = await makeCampaign(db, { status: 'paused', people: 0 });
    const before = await findCampaign(db, id);
    assert.deepEqual(before?.pause_reason, { code: 'operator', message: 'A test paused it.' });
    const resumed = await moveCampaign(db, id, 'resume');
    assert.deepEqual([resumed?.started_at, resumed?.pause_reason], [before.started_at, null]);
    const done = await moveCampaign(db, id, 'complete');
    assert.ok(done?.completed_at);
    const reopened = await moveCampaign(db, id, 'reopen');
    assert.deepEqual([reopened?.completed_at, reopened?.settled_at, reopened?.started_at], [null, null, before.started_at]);
  });

  test('unschedule forgets the time, and every move forgets the question that was asked', async () => {
    const id = await makeCampaign(db, { status: 'scheduled', people: 0 });
    await db.query(`update campaigns set attention = 'late', waiting_for = 'a file' where id = $1`, [id]);
    const draft = await moveCampaign(db, id, 'unschedule');
    assert.deepEqual([draft?.scheduled_at, draft?.attention, draft?.waiting_for], [null, null, null]);
  });
});

describe('the constraints refuse', () => {
  const nonsense: [what: string, set: string][] = [
    ['a schedule without a time', `status = 'scheduled', scheduled_at = null`],
    ['a running campaign without a frozen template', `status = 'running', started_at = now(), template = null`],
    ['a pause without a reason', `status = 'paused', started_at = now(), template = '{}', pause_reason = null`],
    ['a reason without a pause', `pause_reason = '{}'`],
    ['a completed campaign without its time', `status = 'completed', started_at = now(), template = '{}', completed_at = null`],
    ['a time of completion in a draft', `completed_at = now()`],
    ['a cancelled campaign without its time', `status = 'cancelled', cancelled_at = null`],
    ['a draft that waits for its schedule', `waiting_for = 'a file'`],
    ['a batch of nobody', `batch_size = 0`],
    ['a negative delay', `delay_between_batches = -1`],
    ['a pace of nothing', `messages_per_second = 0`],
  ];
  for (const [what, set] of nonsense) {
    test(what, async () => {
      const id = await makeCampaign(db, { status: 'draft', people: 0 });
      await assert.rejects(db.query(`update campaigns set ${set} where id = ${String(id)}`), { code: '23514' });
    });
  }

  const odd: [what: string, set: string][] = [
    ['sending without a lease', `status = 'sending', attempt = 1`],
    ['a lease on somebody who is not sending', `lease_until = now()`],
    ['sending without an attempt', `status = 'sending', lease_until = now()`],
    ['a wait for whoever is not pending', `status = 'cancelled', due = now()`],
    ['accepted without a wamid', `status = 'accepted', attempt = 1, accepted_at = now()`],
    ['accepted without its time', `status = 'accepted', attempt = 1, wamid = 'w'`],
    ['sent without its time', `status = 'sent', attempt = 1, wamid = 'w', accepted_at = now()`],
    ['delivered without its time', `status = 'delivered', attempt = 1, wamid = 'w', accepted_at = now(), sent_at = now()`],
    ['read that was never delivered', `status = 'read', attempt = 1, wamid = 'w', accepted_at = now(), read_at = now()`],
    ['failed without a cause', `status = 'failed', attempt = 1, failed_at = now()`],
    ['skipped without a reason', `status = 'skipped'`],
    ['unknown without a reason', `status = 'unknown', attempt = 1`],
  ];
  for (const [what, set] of odd) {
    test(what, async () => {
      const id = await makeCampaign(db);
      await assert.rejects(db.query(`update messages set ${set} where campaign_id = ${String(id)}`), { code: '23514' });
    });
  }

  test('the same person twice in one campaign', async () => {
    const id = await makeCampaign(db);
    await assert.rejects(
      db.query(
        `insert into recipients (campaign_id, id, person, phone, upload_id, row, data) select campaign_id, 2, person, phone, upload_id, 9, '{}' from recipients where campaign_id = $1`,
        [id],
      ),
      { code: '23505' },
    );
  });
});

describe('changing and deleting', () => {
  test('changes the fields that are named and no others, in a draft and a scheduled campaign only', async () => {
    for (const status of CAMPAIGN_STATUSES) {
      const id = await makeCampaign(db, { status, people: 0, batchSize: 7 });
      const changed = await changeCampaign(db, id, { name: 'Otro', description: null });
      if (status === 'draft' || status === 'scheduled')
        assert.deepEqual([changed?.name, changed?.batch_size, changed?.template_name], ['Otro', 7, 'bienvenida']);
      else assert.equal(changed, undefined);
    }
  });

  test('a campaign that has sent something is never deleted, not even a cancelled one; one that has not goes with its people', async () => {
    const sent = await makeCampaign(db, { people: 2 });
    await claim(db, { campaignId: sent, mode: 'sandbox', limit: 1, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
    await moveCampaign(db, sent, 'cancel');
    assert.equal(await deleteCampaign(db, sent), false);
    const unsent = await makeCampaign(db, { people: 12, status: 'draft' });
    assert.equal(await deleteCampaign(db, unsent), true);
    assert.equal(await deleteCampaign(db, unsent), false);
    assert.equal(await findCampaign(db, unsent), undefined);
    while ((await purgeDeleted(db, 5)) > 0);
    for (const table of ['messages', 'recipients', 'tallies', 'uploads', 'dispatch']) {
      const { rows } = await db.query<{ n: number }>(`select count(*) as n from ${table} where campaign_id = $1`, [unsent]);
      assert.equal(rows[0]?.n, 0, table);
    }
    assert.ok(await findCampaign(db, sent));
  });
});

describe('settling', () => {
  const settledAt = async (id: number): Promise<Date | null | undefined> => (await findCampaign(db, id))?.settled_at;

  test('comes when no outcome is open any more, not before', async () => {
    const id = await makeCampaign(db);
    await claim(db, { campaignId: id, mode: 'sandbox', limit: 1, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
    await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'sent', wamid: 'w', sentAt: 1 }], 0);
    await moveCampaign(db, id, 'complete');
    await settleCampaigns(db, 30);
    assert.equal(await settledAt(id), null);
    await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'delivered', wamid: 'w', deliveredAt: 2 }], 0);
    await settleCampaigns(db, 30);
    assert.ok(await settledAt(id));
  });

  test('comes when a person has closed what nobody knows; it stays in its box and is open no more', async () => {
    const id = await makeCampaign(db, { people: 2 });
    await claim(db, { campaignId: id, mode: 'sandbox', limit: 2, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
    for (const messageId of [1, 2]) {
      await applyReports(db, [{ campaignId: id, messageId, attempt: 1, status: 'unknown', reason: 'timeout' }], 0);
    }
    await moveCampaign(db, id, 'complete');
    const close = (...ids: number[]) => closeUnknown(db, id, { ids, olderThanMinutes: 0, by: 'Ana' }, 100, 3);
    assert.equal(await close(1), 1);
    await settleCampaigns(db, 30);
    assert.deepEqual([(await campaignStats(db, id)).open_outcomes, await settledAt(id)], [1, null]);
    assert.equal(await close(1, 2), 1);
    await settleCampaigns(db, 30);
    const { by_status: byStatus, open_outcomes: open } = await campaignStats(db, id);
    assert.deepEqual([byStatus.unknown, open], [2, 0]);
    assert.ok(await settledAt(id), 'settled');
    // A webhook that comes after all moves it as ever, and the figures follow.
    await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'sent', wamid: 'w', sentAt: 1 }], 0);
    const later = await campaignStats(db, id);
    assert.deepEqual([later.by_status.unknown, later.by_status.sent, later.open_outcomes], [1, 1, 1]);
    await assertCountersAddUp(db, id);
  });

  test('comes after thirty days whatever is open', async () => {
    const id = await makeCampaign(db);
    await claim(db, { campaignId: id, mode: 'sandbox', limit: 1, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
    await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'unknown', reason: 'timeout' }], 0);
    await moveCampaign(db, id, 'complete');
    await settleCampaigns(db, 30);
    assert.equal(await settledAt(id), null);
    await db.query(`update campaigns set completed_at = now() - interval '31 days' where id = $1`, [id]);
    await settleCampaigns(db, 30);
    assert.ok(await settledAt(id));
  });

  test('never comes while a cancelled campaign still holds people who have not been moved out', async () => {
    const id = await makeCampaign(db, { status: 'scheduled', people: 2 });
    await moveCampaign(db, id, 'cancel');
    await settleCampaigns(db, 30);
    assert.equal(await settledAt(id), null);
  });
});

describe('a stop', () => {
  test('pauses the running campaigns it concerns, and none of another number, mode, template or state', async () => {
    const a = await makeCampaign(db, { people: 0, templateName: 'uno', phoneNumberId: '111' });
    const b = await makeCampaign(db, { people: 0, templateName: 'dos', phoneNumberId: '111' });
    const other = await makeCampaign(db, { people: 0, templateName: 'uno', phoneNumberId: '222' });
    const live = await makeCampaign(db, { people: 0, templateName: 'uno', phoneNumberId: '111', mode: 'live' });
    const draft = await makeCampaign(db, { people: 0, templateName: 'uno', phoneNumberId: '111', status: 'draft' });
    const reason = { code: 'template', message: 'x', meta_code: 132015 } as const;
    assert.deepEqual(await pauseRunning(db, { scope: 'campaign', campaignId: b }, reason), [b]);
    assert.deepEqual(
      (await pauseRunning(db, { scope: 'template', mode: 'sandbox', name: 'uno', language: 'es' }, reason)).sort(),
      [a, other].sort(),
    );
    assert.deepEqual(await pauseRunning(db, { scope: 'template', mode: 'sandbox', name: 'uno', language: 'es' }, reason), []);
    await moveCampaign(db, a, 'resume');
    await moveCampaign(db, other, 'resume');
    assert.deepEqual(await pauseRunning(db, { scope: 'number', mode: 'sandbox', phoneNumberId: '111' }, reason), [a]);
    assert.deepEqual((await findCampaign(db, a))?.pause_reason, reason);
    assert.equal(await statusOf(db, live), 'running');
    assert.equal(await statusOf(db, draft), 'draft');
    const all = await pauseRunning(db, { scope: 'everything' }, reason);
    assert.ok(all.includes(other) && all.includes(live));
  });
});
