import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { applyReports, type Report } from '../../src/lifecycle/report.sql.ts';
import { openFileDb } from '../support/db.ts';
import { assertCountersAddUp, filled, makeCampaign, messagesOf } from '../support/factories.ts';
import { untilTrue } from '../support/wait.ts';

const db = await openFileDb();
const severalConnections = db.kind === 'pglite' ? 'the embedded database has one connection' : false;
const PEOPLE = 60;
const WRITERS = 8;

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, by: Math.random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ value }) => value);
}

/** Everything that is told of one message: an end that does not depend on the order. */
function story(campaignId: number, messageId: number): { reports: Report[]; end: string } {
  const key = { campaignId, messageId, attempt: 1, wamid: `wamid.${String(messageId)}` };
  const at = 1_760_000_000 + messageId;
  const accepted: Report = { ...key, status: 'accepted' };
  const sent: Report = { ...key, status: 'sent', sentAt: at, priceMicros: 900 };
  const delivered: Report = { ...key, status: 'delivered', deliveredAt: at + 1, priceMicros: 900 };
  const read: Report = { ...key, status: 'read', readAt: at + 2 };
  const failed: Report = {
    ...key,
    status: 'failed',
    failedAt: at + 1,
    errorCode: 131026,
    event: { kind: 'failed', data: { code: 131026 } },
  };
  if (messageId % 4 === 0) return { reports: [accepted, sent, failed, failed], end: 'failed' };
  if (messageId % 4 === 1) return { reports: [accepted, sent, delivered, read, read], end: 'read' };
  if (messageId % 4 === 2) return { reports: [sent, delivered, delivered], end: 'delivered' };
  return { reports: [accepted, sent, sent], end: 'sent' };
}

test('eight writers telling everything twice and shuffled lose nothing, and every sample in between adds up', {
  skip: severalConnections,
}, async () => {
  const id = await makeCampaign(db, { people: PEOPLE });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: PEOPLE, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  const stories = Array.from({ length: PEOPLE }, (_, i) => story(id, i + 1));
  const state = { writing: true };
  let samples = 0;
  const sampler = (async () => {
    while (state.writing) {
      await assertCountersAddUp(db, id);
      samples++;
    }
  })();
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      // Each writer tells a part of it, and every part is told by two of them.
      const mine = shuffled(
        stories.flatMap(({ reports }, i) => reports.filter((_report, j) => (i + j) % (WRITERS / 2) === writer % (WRITERS / 2))),
      );
      for (let from = 0, looks = 0; from < mine.length; ) {
        // At each fifth of its part a writer waits until the counters have been looked at, while the others write on.
        if (from >= (mine.length * looks) / 5) {
          looks++;
          await untilTrue('another sample of the counters', () => samples >= looks);
        }
        const chunk = new Map<number, Report>();
        while (from < mine.length && chunk.size < 9) {
          const report = mine[from] as Report;
          if (chunk.has(report.messageId)) break;
          chunk.set(report.messageId, report);
          from++;
        }
        // Two processes at most share a slot, as two doors of one process do.
        await applyReports(db, [...chunk.values()], writer >> 1);
      }
    }),
  );
  state.writing = false;
  await sampler;
  assert.deepEqual(
    (await messagesOf(db, id)).map((row) => row.status),
    stories.map((one) => one.end),
  );
  const { byStatus, everAccepted, costMicros } = await assertCountersAddUp(db, id);
  assert.deepEqual(filled(byStatus), { sent: 15, failed: 15, delivered: 15, read: 15 });
  assert.deepEqual([everAccepted, costMicros], [PEOPLE, 30 * 900]);
});

test('transactions that lock the same messages in opposite order are run again until both are in', {
  skip: severalConnections,
}, async () => {
  const id = await makeCampaign(db, { people: 2 });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: 2, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  let runs = 0;
  const tell = (order: readonly number[], status: 'sent' | 'delivered') =>
    db.tx(async (sql) => {
      runs++;
      for (const messageId of order) {
        await applyReports(
          sql,
          [
            {
              campaignId: id,
              messageId,
              attempt: 1,
              status,
              wamid: `w${String(messageId)}`,
              sentAt: 1_760_000_000,
              ...(status === 'delivered' ? { deliveredAt: 1_760_000_001 } : {}),
            },
          ],
          0,
        );
        await sql.query('select pg_sleep(0.05)');
      }
    });
  await Promise.all([tell([1, 2], 'sent'), tell([2, 1], 'delivered')]);
  assert.ok(runs > 2, 'one of them was given up by the database');
  assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { delivered: 2 });
});

test('two at once that tell of an older attempt make one incident', { skip: severalConnections }, async () => {
  for (let round = 0; round < 10; round++) {
    const id = await makeCampaign(db, { people: 1 });
    await db.query(`update messages set attempt = 1 where campaign_id = $1`, [id]);
    await claim(db, { campaignId: id, mode: 'sandbox', limit: 1, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
    const report: Report = {
      campaignId: id,
      messageId: 1,
      attempt: 1,
      status: 'delivered',
      wamid: 'w1',
      deliveredAt: 1_760_000_000,
    };
    await Promise.all([
      applyReports(db, [report], 1),
      applyReports(db, [report], 2),
      applyReports(db, [{ ...report, status: 'read' }], 3),
    ]);
    assert.equal((await assertCountersAddUp(db, id)).incidents, 1);
  }
});
