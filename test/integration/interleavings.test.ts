/**
 * Any two of those who move messages, in every order of their statements, with real transactions: what comes out is what one after the
 * other would have given, and the counters are what a recount gives.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { migrate } from '../../src/lib/db/migrate.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { doubtWaiting, holdStarted } from '../../src/lifecycle/after-restore.sql.ts';
import {
  completeIfDone,
  completeLocked,
  countSending,
  findCampaign,
  lockCampaign,
  moveCampaign,
} from '../../src/lifecycle/campaign.sql.ts';
import { cancelPending, claim, expireLeases } from '../../src/lifecycle/claim.sql.ts';
import { applyReports, type Report } from '../../src/lifecycle/report.sql.ts';
import { assertCountersAddUp, makeCampaign, messagesOf } from '../support/factories.ts';
import { type Act, openActors, ordersOf } from '../support/interleave.ts';
import { needsPostgres } from '../support/servers.ts';

const SLOT = 3;
/** In the campaign: 1 and 2 wait, 3 and 4 are out, 5 is out and the last word of its process. */
const PEOPLE = 5;

type Actor = (campaignId: number) => Act;

const report =
  (...reports: Omit<Report, 'campaignId' | 'attempt'>[]): Actor =>
  (campaignId) =>
  (db) =>
    applyReports(
      db,
      reports.map((one) => ({ campaignId, attempt: 1, ...one })),
      SLOT,
    );

const ACTORS: Readonly<Record<string, Actor>> = {
  claim: (campaignId) => (db) =>
    claim(db, { campaignId, mode: 'sandbox', limit: 2, category: 'UTILITY', leaseSeconds: 60, slot: SLOT }),
  pause: (campaignId) => (db) =>
    db.tx(async (sql) => {
      await lockCampaign(sql, campaignId);
      await moveCampaign(sql, campaignId, 'pause', { pauseReason: { code: 'operator', message: 'x' } });
      return { inFlight: await countSending(sql, campaignId) };
    }),
  record: report(
    { messageId: 3, status: 'accepted', wamid: 'wamid.3' },
    { messageId: 4, status: 'failed', errorCode: 131026 },
    { messageId: 5, status: 'unknown', reason: 'reset' },
  ),
  'record again': report(
    { messageId: 3, status: 'pending', afterMs: 60_000, errorCode: 131000 },
    { messageId: 4, status: 'pending', afterMs: 0 },
  ),
  webhook: report(
    { messageId: 3, status: 'delivered', wamid: 'wamid.3', deliveredAt: 1_760_000_000 },
    { messageId: 4, status: 'failed', wamid: 'wamid.4', failedAt: 1_760_000_000, errorCode: 131049 },
  ),
  lease: () => (db) => expireLeases(db, { everyone: true, slot: SLOT }),
  cancel: (campaignId) => (db) =>
    db.tx(async (sql) => {
      const campaign = await lockCampaign(sql, campaignId);
      if (campaign === undefined || !['running', 'paused'].includes(campaign.status)) return;
      if ((await completeLocked(sql, campaign)) === undefined) await moveCampaign(sql, campaignId, 'cancel');
    }),
  complete: (campaignId) => (db) => completeIfDone(db, campaignId),
  restore: (campaignId) => (db) =>
    db.tx(async (sql) => {
      await holdStarted(sql, { code: 'restored', message: 'x' });
      await doubtWaiting({ ...db, ...sql }, campaignId, { status: 'pending', limit: 100, slot: SLOT });
      await doubtWaiting({ ...db, ...sql }, campaignId, { status: 'sending', limit: 100, slot: SLOT });
    }),
};

const { url, skip } = needsPostgres();

/** What a pause answers is part of what came out: whoever leaves after it must be counted in it. */
function isPaused(answer: unknown): answer is { readonly inFlight: number } {
  return typeof answer === 'object' && answer !== null && 'inFlight' in answer;
}

describe('two at once, in every order of their statements', { skip }, () => {
  const schema = `i${process.hrtime.bigint().toString(36)}`;
  let db: Db;
  let actors: Awaited<ReturnType<typeof openActors>>;

  before(async () => {
    const admin = openPostgres({ connectionString: url, max: 1 });
    await admin.query(`create schema ${schema}`);
    await admin.close();
    db = openPostgres({ connectionString: url, schema });
    await migrate(db);
    actors = await openActors(url, schema);
  });
  after(async () => {
    await actors.close();
    await db.query(`drop schema ${schema} cascade`);
    await db.close();
  });

  const prepared = async (): Promise<number> => {
    const id = await makeCampaign(db, { people: PEOPLE });
    await db.query(`update messages set due = clock_timestamp() + interval '1 hour' where campaign_id = $1 and id < 3`, [id]);
    await claim(db, { campaignId: id, mode: 'sandbox', limit: 3, category: 'UTILITY', leaseSeconds: 60, slot: SLOT });
    await db.query(`update messages set due = '-infinity' where campaign_id = $1 and id < 3`, [id]);
    return id;
  };

  /** What the sweep does with whatever was left because somebody else held it at that moment. */
  const sweep = async (id: number, names: readonly string[]): Promise<void> => {
    for (const name of ['claim', 'lease'] as const) if (names.includes(name)) await ACTORS[name]?.(id)(db);
    while ((await cancelPending(db, id, SLOT)) > 0);
    // Others of this schema are none of its business.
    await db.query(`update campaigns set settled_at = clock_timestamp() where id <> $1 and started_at is not null`, [id]);
  };

  const outcome = async (id: number): Promise<string> => {
    await assertCountersAddUp(db, id);
    const rows = (await messagesOf(db, id)).map(({ status, attempt, wamid }) => `${status}.${String(attempt)}.${wamid ?? '-'}`);
    return `${(await findCampaign(db, id))?.status ?? '-'}: ${rows.join(' ')}`;
  };

  const afterOrder = async (
    names: readonly [string, string],
    order: readonly (0 | 1)[],
  ): Promise<{ what: string; steps: readonly [number, number] }> => {
    const id = await prepared();
    const [one, other] = names.map((name) => ACTORS[name]?.(id));
    assert.ok(one && other);
    const { steps, answers } = await actors.run([one, other], order);
    const said = answers.flatMap((answer) => (isPaused(answer) ? [answer.inFlight] : []));
    await sweep(id, names);
    const what = `${await outcome(id)}${said.map((n) => `, a pause said ${String(n)}`).join('')}`;
    await db.query(
      `update campaigns set deleted_at = clock_timestamp(), status = 'cancelled', cancelled_at = clock_timestamp(),
                    completed_at = null, pause_reason = null where id = $1`,
      [id],
    );
    return { what, steps };
  };

  const names = Object.keys(ACTORS);
  for (const [i, one] of names.entries()) {
    for (const other of names.slice(i)) {
      test(`${one} and ${other}`, async () => {
        const pair = [one, other] as const;
        const many = Array.from({ length: 12 });
        const forth = await afterOrder(
          pair,
          many.map(() => 0),
        );
        const back = await afterOrder(
          pair,
          many.map(() => 1),
        );
        const serial = new Set([forth.what, back.what]);
        const orders = ordersOf(Math.max(forth.steps[0], back.steps[0]), Math.max(forth.steps[1], back.steps[1]));
        // Of two alike it does not matter which one begins.
        for (const order of orders.filter(([first]) => one !== other || first === 0)) {
          const { what } = await afterOrder(pair, order);
          assert.ok(serial.has(what), `${order.join('')} gave\n  ${what}\nand neither\n  ${[...serial].join('\nnor\n  ')}`);
        }
      });
    }
  }
});
