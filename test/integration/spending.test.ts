/** Money in the claim: no limit is passed by one message, whoever claims at the same time, and what fails gives its money back. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Db } from '../../src/lib/db/db.ts';
import { migrate } from '../../src/lib/db/migrate.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { doubtWaiting, holdStarted } from '../../src/lifecycle/after-restore.sql.ts';
import { type ClaimRequest, claim, expireLeases, type Slice } from '../../src/lifecycle/claim.sql.ts';
import { applyReports, type Report } from '../../src/lifecycle/report.sql.ts';
import { putBack } from '../../src/lifecycle/resend.sql.ts';
import { openFileDb } from '../support/db.ts';
import { assertCountersAddUp, makeCampaign, messageOf, newPerson, talliesOf } from '../support/factories.ts';
import { needsPostgres } from '../support/servers.ts';

const db = await openFileDb();
const PRICES = { '': 60_000, '57': 10_000, '1': 25_000 };

function take(on: Db, campaignId: number, request: Partial<ClaimRequest> = {}): Promise<Slice> {
  return claim(on, {
    campaignId,
    mode: 'sandbox',
    limit: 50,
    category: 'UTILITY',
    leaseSeconds: 120,
    slot: 1,
    prices: PRICES,
    ...request,
  });
}

const idsOf = ({ messages }: Slice): number[] => messages.map(({ id }) => id);

const budget = (on: Db, id: number, micros: number): Promise<unknown> =>
  on.query('update campaigns set budget_micros = $2 where id = $1', [id, micros]);

interface Limits {
  readonly monthly?: number;
  readonly abroad?: number;
  readonly currency?: string;
}

const limit = (on: Db, { monthly, abroad, currency }: Limits): Promise<unknown> =>
  on.query(
    `insert into spending_limits (mode, currency, monthly_micros, abroad_daily_micros, home_codes, time_zone)
     values ('sandbox', $1, $2, $3, '{57}', 'UTC')
     on conflict (mode) do update set currency = excluded.currency, monthly_micros = excluded.monthly_micros,
       abroad_daily_micros = excluded.abroad_daily_micros`,
    [currency ?? 'USD', monthly ?? null, abroad ?? null],
  );

const unlimit = (on: Db): Promise<unknown> => on.query('delete from spending_limits');

const spentOf = async (on: Db, id: number): Promise<number> =>
  [...(await talliesOf(on, id)).spend.values()].reduce((sum, n) => sum + n, 0);

const report = (campaignId: number, messageId: number, over: Partial<Report>): Report => ({
  campaignId,
  messageId,
  attempt: 1,
  status: 'failed',
  errorCode: 131026,
  ...over,
});

describe('what is reserved and given back', () => {
  test('each message that leaves reserves the price of its number, by the longest digits that fit', async () => {
    const people = [{ person: 573_111_111_111 }, { person: 12_025_550_101 }, { person: 4_915_111_111 }];
    const id = await makeCampaign(db, { people });
    await take(db, id);
    assert.deepEqual(
      [(await messageOf(db, id, 1)).reserved_micros, (await messageOf(db, id, 2)).reserved_micros],
      [10_000, 25_000],
    );
    assert.equal((await messageOf(db, id, 3)).reserved_micros, 60_000);
    assert.equal(await spentOf(db, id), 95_000);
    await assertCountersAddUp(db, id);
  });

  test('a failure gives the money back, a lost answer keeps it, a delivery replaces it by what Meta says', async () => {
    const id = await makeCampaign(db, { people: 4 });
    await take(db, id);
    const wamid = (n: number) => ({ wamid: `w${String(n)}`, errorCode: undefined });
    await applyReports(
      db,
      [
        report(id, 1, {}),
        report(id, 2, { status: 'unknown', errorCode: undefined }),
        report(id, 3, { status: 'delivered', priceMicros: 0, pricingType: 'free_entry_point', ...wamid(3) }),
        report(id, 4, { status: 'delivered', pricingType: 'from_the_future', ...wamid(4) }),
      ],
      2,
    );
    const { spend, priced } = await assertCountersAddUp(db, id);
    assert.equal(await spentOf(db, id), 20_000, [...spend].join());
    assert.deepEqual(Object.fromEntries(priced), { free_entry_point: 1, unknown: 1 });
    // It had arrived after all.
    await applyReports(db, [report(id, 1, { status: 'delivered', priceMicros: 9_000, pricingType: 'regular', ...wamid(1) })], 2);
    assert.equal(await spentOf(db, id), 29_000);
    assert.deepEqual(Object.fromEntries((await assertCountersAddUp(db, id)).priced), {
      free_entry_point: 1,
      unknown: 1,
      regular: 1,
    });
  });

  test('what goes back to waiting, is sent again by a person or doubted after a restore is counted once', async () => {
    const id = await makeCampaign(db, { people: 3 });
    await take(db, id);
    await applyReports(db, [report(id, 1, { status: 'pending', errorCode: 131000 })], 2);
    assert.equal(await spentOf(db, id), 20_000);
    await expireLeases(db, { everyone: true, slot: 1 });
    assert.equal(await spentOf(db, id), 20_000);
    await db.query(`update message_events set at = at - interval '2 hours' where campaign_id = $1`, [id]);
    await putBack(db, id, { from: 'unknown', codes: [], ids: [2], olderThanMinutes: 60, by: 'Eva' }, 10, 1);
    assert.equal(await spentOf(db, id), 10_000);
    await holdStarted(db, { code: 'restored', message: 'x' });
    await doubtWaiting(db, id, { status: 'pending', limit: 10, slot: 1 });
    assert.equal(await spentOf(db, id), 10_000);
    await assertCountersAddUp(db, id);
  });
});

describe('limits', () => {
  test('a campaign stops before its budget is passed, says which limit it was, and goes on when one fails', async () => {
    const id = await makeCampaign(db, { people: 5 });
    await budget(db, id, 39_999);
    const first = await take(db, id);
    assert.deepEqual([idsOf(first), first.short, first.isCapped], [[1, 2, 3], 'campaign', true]);
    const none = await take(db, id);
    assert.deepEqual([idsOf(none), none.took, none.short], [[], 0, 'campaign']);
    await applyReports(db, [report(id, 2, {})], 2);
    assert.deepEqual(idsOf(await take(db, id, { isCapped: true })), [4]);
    await assertCountersAddUp(db, id);
  });

  test('nobody overtakes the one there is no money for, and who opted out costs nothing', async () => {
    const opted = newPerson();
    const id = await makeCampaign(db, { people: [{ person: opted }, { person: 4_915_222_222 }, { person: newPerson() }] });
    await db.query(
      `insert into suppressions (person, scope, phone, source, since) values ($1, 'all', $1, 'keyword', clock_timestamp())`,
      [opted],
    );
    await budget(db, id, 20_000);
    const slice = await take(db, id);
    assert.deepEqual([idsOf(slice), slice.took, slice.short], [[], 1, 'campaign']);
    assert.equal((await messageOf(db, id, 1)).status, 'skipped');
  });

  test('a month is shared by all campaigns of its currency', async (t) => {
    t.after(() => unlimit(db));
    const before = await db.query<{ n: number }>(`select coalesce(sum(n), 0)::bigint as n from tallies where what = 'spend'`);
    const [a, b] = [await makeCampaign(db, { people: 3 }), await makeCampaign(db, { people: 3 })];
    await limit(db, { monthly: (before.rows[0]?.n ?? 0) + 40_000 });
    assert.deepEqual(idsOf(await take(db, a)), [1, 2, 3]);
    const second = await take(db, b);
    assert.deepEqual([idsOf(second), second.short], [[1], 'month']);
  });

  test('a day abroad counts only numbers of other calling codes', async (t) => {
    t.after(() => unlimit(db));
    await limit(db, { abroad: 60_000 });
    const abroad = [{ person: 4_915_333_333 }, { person: newPerson() }, { person: newPerson() }, { person: 4_915_333_334 }];
    const id = await makeCampaign(db, { people: abroad });
    const slice = await take(db, id);
    assert.deepEqual([idsOf(slice), slice.short], [[1, 2, 3], 'abroad']);
    const { spend } = await assertCountersAddUp(db, id);
    assert.deepEqual(Object.fromEntries([...spend].map(([key, n]) => [key.slice(10), n])), { '': 20_000, ' abroad': 60_000 });
  });

  test('limits in another currency cannot be compared, so nothing leaves', async (t) => {
    t.after(() => unlimit(db));
    await limit(db, { monthly: 1_000_000_000, currency: 'COP' });
    const slice = await take(db, await makeCampaign(db, { people: 1 }));
    assert.deepEqual([idsOf(slice), slice.short], [[], 'currency']);
  });
});

const { url, skip } = needsPostgres();

describe('several workers at once', { skip }, () => {
  const schema = `m${process.hrtime.bigint().toString(36)}`;
  let postgres: Db;
  before(async () => {
    const admin = openPostgres({ connectionString: url, max: 1 });
    await admin.query(`create schema ${schema}`);
    await admin.close();
    postgres = openPostgres({ connectionString: url, schema, max: 8 });
    await migrate(postgres);
  });
  after(async () => {
    await postgres.query(`drop schema ${schema} cascade`);
    await postgres.close();
  });

  /** Reserved or paid, from the rows of all campaigns, in one snapshot. */
  const committed = async (): Promise<{ all: number; abroad: number; by: Map<number, number> }> => {
    const { rows } = await postgres.query<{ campaign_id: number; micros: number; abroad: number }>(
      `select campaign_id, sum(coalesce(price_micros, reserved_micros))::bigint as micros,
              coalesce(sum(coalesce(price_micros, reserved_micros)) filter (where abroad), 0)::bigint as abroad
       from messages where status not in ('pending', 'skipped', 'cancelled', 'failed') group by 1`,
    );
    const by = new Map(rows.map((row) => [row.campaign_id, row.micros]));
    return { all: sum(rows.map(({ micros }) => micros)), abroad: sum(rows.map(({ abroad }) => abroad)), by };
  };
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

  test('no limit is passed by one message, at no moment, and none stops before it must', async () => {
    const people = fc.array(fc.constantFrom(573_000_000_000, 12_025_550_000, 4_915_000_000_000), { minLength: 1, maxLength: 30 });
    const micros = fc.integer({ min: 1, max: 900_000 });
    const world = fc.record({
      lists: fc.array(people, { minLength: 1, maxLength: 3 }),
      budgets: fc.array(fc.option(micros), { minLength: 3, maxLength: 3 }),
      monthly: fc.option(micros),
      abroad: fc.option(micros),
      workers: fc.integer({ min: 2, max: 5 }),
      limits: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 5, maxLength: 5 }),
      fates: fc.array(fc.constantFrom('failed', 'unknown', 'delivered', 'pending'), { minLength: 7, maxLength: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ lists, budgets, monthly, abroad, workers, limits, fates }) => {
        await postgres.query('truncate campaigns cascade');
        await unlimit(postgres);
        let next = 0;
        const ids: number[] = [];
        for (const [i, list] of lists.entries()) {
          const id = await makeCampaign(postgres, { people: list.map((code) => ({ person: code + ++next })) });
          if (budgets[i] !== null && budgets[i] !== undefined) await budget(postgres, id, budgets[i]);
          ids.push(id);
        }
        await limit(postgres, { ...(monthly === null ? {} : { monthly }), ...(abroad === null ? {} : { abroad }) });
        const check = async (): Promise<void> => {
          const now = await committed();
          assert.ok(now.all <= (monthly ?? Infinity), `month: ${String(now.all)}`);
          assert.ok(now.abroad <= (abroad ?? Infinity), `abroad: ${String(now.abroad)}`);
          for (const [i, id] of ids.entries())
            assert.ok((now.by.get(id) ?? 0) <= (budgets[i] ?? Infinity), `campaign: ${String(now.by.get(id))}`);
        };
        const work = async (n: number): Promise<void> => {
          for (let round = 0; round < 4; round++) {
            const campaignId = ids[(n + round) % ids.length] ?? 0;
            const slice = await take(postgres, campaignId, { limit: limits[n] ?? 1, slot: n });
            await check();
            const outcomes = slice.messages.map(({ id, attempt }): Report => {
              const status = fates[(id + n + round) % fates.length] as 'failed' | 'unknown' | 'delivered' | 'pending';
              const base = { campaignId, messageId: id, attempt, status };
              if (status === 'delivered') return { ...base, wamid: `${String(campaignId)}.${String(id)}`, priceMicros: 0 };
              return status === 'failed' ? { ...base, errorCode: 131026 } : { ...base, afterMs: 0 };
            });
            await applyReports(postgres, outcomes, n + 8);
          }
        };
        await Promise.all(Array.from({ length: workers }, (_, n) => work(n)));
        await check();
        for (const id of ids) {
          await assertCountersAddUp(postgres, id);
          // Until nothing is left of the money or of the people.
          let slice = await take(postgres, id);
          while (slice.took > 0) slice = await take(postgres, id);
          await check();
          const waiting = (await talliesOf(postgres, id)).byStatus.pending;
          assert.equal(slice.short !== undefined, waiting > 0);
        }
      }),
      { numRuns: Number(process.env['RUNS'] ?? 12) },
    );
  });
});
