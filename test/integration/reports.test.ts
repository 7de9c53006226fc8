import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { suppress } from '../../src/consent/opt-outs.sql.ts';
import { completeIfDone, lockCampaign, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import type { CampaignStatus } from '../../src/lifecycle/campaign.ts';
import { cancelPending, claim, expireLeases } from '../../src/lifecycle/claim.sql.ts';
import type { MessageStatus } from '../../src/lifecycle/message.ts';
import { applyReports, type Report } from '../../src/lifecycle/report.sql.ts';
import { putBack } from '../../src/lifecycle/resend.sql.ts';
import { openFileDb } from '../support/db.ts';
import {
  assertCountersAddUp,
  eventsOfMessage,
  filled,
  makeCampaign,
  messageOf,
  messagesOf,
  newPerson,
  statusOf,
  talliesOf,
} from '../support/factories.ts';
import { applyModel, claimModel, freshMessage, type ModelMessage, putBackModel } from '../support/message-model.ts';

const db = await openFileDb();
const SLOT = 3;
const LEASE = 120;

async function claimAll(campaignId: number, limit = 100): Promise<number[]> {
  const { messages } = await claim(db, {
    campaignId,
    mode: 'sandbox',
    limit,
    category: 'UTILITY',
    leaseSeconds: LEASE,
    slot: SLOT,
  });
  return messages.map((message) => message.id);
}

function apply(campaignId: number, report: Omit<Report, 'campaignId' | 'messageId'> & { readonly messageId?: number }) {
  return applyReports(db, [{ campaignId, messageId: 1, ...report }], SLOT);
}

async function claimed(people = 1): Promise<number> {
  const id = await makeCampaign(db, { people });
  await claimAll(id);
  return id;
}

/** Where a message ends after a first attempt that came to `first` and a person's word to try again. */
async function triedAgain(first: Omit<Report, 'campaignId' | 'messageId' | 'attempt'>): Promise<number> {
  const id = await claimed();
  await apply(id, { ...first, attempt: 1 });
  assert.equal(await resend(id, first.status === 'failed' ? 'failed' : 'unknown'), 1);
  return id;
}

async function resend(id: number, from: 'failed' | 'unknown'): Promise<number> {
  const codes = [-2, 0, 131026, 131049, 131050].map((code) => ({ code, afterMs: 0 }));
  return db.tx(async (sql) => {
    await lockCampaign(sql, id);
    return putBack(sql, id, { from, codes, ids: undefined, olderThanMinutes: 0, by: 'Ana' }, 100, SLOT);
  });
}

const FAILED = {
  status: 'failed',
  errorCode: 131026,
  failedAt: 1_760_000_100,
  event: { kind: 'failed', data: { code: 131026 } },
} as const;
const UNKNOWN = { status: 'unknown', reason: 'timeout', event: { kind: 'unknown', data: { reason: 'timeout' } } } as const;

describe('one attempt', () => {
  test('a webhook before the response moves the message, and the response then only fills in what is missing', async () => {
    const id = await claimed();
    await apply(id, { attempt: 1, status: 'delivered', wamid: 'wamid.A', deliveredAt: 1_760_000_000 });
    await apply(id, { attempt: 1, status: 'accepted', wamid: 'wamid.A' });
    const row = await messageOf(db, id);
    assert.equal(row.status, 'delivered');
    assert.equal(row.wamid, 'wamid.A');
    assert.equal(row.lease_until, null);
    assert.equal((await assertCountersAddUp(db, id)).everAccepted, 1);
  });

  test('read implies delivered, and the earlier time of delivery takes its place when it comes', async () => {
    const id = await claimed();
    await apply(id, { attempt: 1, status: 'read', wamid: 'wamid.A', readAt: 1_760_000_060 });
    assert.equal((await messageOf(db, id)).delivered_at?.getTime(), 1_760_000_060_000);
    await apply(id, { attempt: 1, status: 'delivered', wamid: 'wamid.A', deliveredAt: 1_760_000_000 });
    const row = await messageOf(db, id);
    assert.equal(row.status, 'read');
    assert.equal(row.delivered_at?.getTime(), 1_760_000_000_000);
    await assertCountersAddUp(db, id);
  });

  test('failed after delivered keeps delivered and notes the error; delivered after failed is delivered', async () => {
    const delivered = { status: 'delivered', wamid: 'wamid.A', deliveredAt: 1_760_000_000 } as const;
    for (const order of [
      [delivered, FAILED],
      [FAILED, delivered],
    ]) {
      const id = await claimed();
      for (const report of order) await apply(id, { attempt: 1, wamid: 'wamid.A', ...report });
      const row = await messageOf(db, id);
      assert.equal(row.status, 'delivered');
      assert.equal(row.error_code, 131026);
      assert.equal(row.failed_at?.getTime(), 1_760_000_100_000);
      assert.deepEqual((await assertCountersAddUp(db, id)).errors, new Map());
    }
  });

  test('a response that says "again" takes an unknown one back into the queue, and the wait is kept', async () => {
    const id = await claimed();
    await apply(id, { attempt: 1, ...UNKNOWN });
    await apply(id, { attempt: 1, status: 'pending', afterMs: 3_600_000, countsAsRetry: true });
    const row = await messageOf(db, id);
    assert.equal(row.status, 'pending');
    assert.equal(row.retries, 1);
    assert.ok(row.due instanceof Date && row.due.getTime() > Date.now() + 3_500_000);
    assert.deepEqual(await claimAll(id), []);
  });

  test('the same "again" written twice uses up one retry, not two', async () => {
    const id = await claimed();
    const again = { attempt: 1, status: 'pending', afterMs: 0, countsAsRetry: true } as const;
    await apply(id, again);
    await apply(id, again);
    assert.equal((await messageOf(db, id)).retries, 1);
  });

  test('a price once told is not taken away by a status that tells none', async () => {
    const id = await claimed();
    await apply(id, {
      attempt: 1,
      status: 'sent',
      wamid: 'wamid.A',
      sentAt: 1_760_000_000,
      pricingType: 'regular',
      pricingCategory: 'marketing',
      priceMicros: 12_500,
    });
    assert.equal((await talliesOf(db, id)).costMicros, 0);
    await apply(id, { attempt: 1, status: 'delivered', wamid: 'wamid.A', deliveredAt: 1_760_000_001 });
    const row = await messageOf(db, id);
    assert.deepEqual([row.pricing_type, row.pricing_category, row.price_micros], ['regular', 'marketing', 12_500]);
    assert.equal((await assertCountersAddUp(db, id)).costMicros, 12_500);
  });

  test('a report of an attempt the message never had, and of a message that is not there, changes nothing', async () => {
    const id = await claimed();
    assert.deepEqual(await apply(id, { attempt: 2, status: 'delivered', wamid: 'w', deliveredAt: 1 }), []);
    assert.deepEqual(await apply(id, { messageId: 9, attempt: 1, status: 'delivered', wamid: 'w', deliveredAt: 1 }), []);
    assert.equal((await messageOf(db, id)).status, 'sending');
  });

  test('an odd error code is stored as one that is known instead of stopping everybody else', async () => {
    const id = await claimed();
    await apply(id, { attempt: 1, ...FAILED, errorCode: 99_999_999_999 });
    assert.equal((await messageOf(db, id)).status, 'failed');
    await assertCountersAddUp(db, id);
  });

  test('a NUL and half a surrogate pair in what Meta says do no harm', async () => {
    const id = await claimed();
    await apply(id, { attempt: 1, ...FAILED, wamid: 'wamid.\0A', event: { kind: 'failed', data: { message: 'a\0b \ud83d' } } });
    assert.equal((await messageOf(db, id)).wamid, 'wamid.\ufffdA');
    assert.equal((await eventsOfMessage(db, id))[0]?.data['message'], 'a\ufffdb \ufffd');
  });
});

describe('several attempts', () => {
  test('news that the first attempt arrived after all takes the person out of the queue, and its later statuses count on', async () => {
    const id = await triedAgain(UNKNOWN);
    await apply(id, { attempt: 1, status: 'sent', wamid: 'wamid.1', sentAt: 1_760_000_000 });
    assert.equal((await messageOf(db, id)).status, 'sent');
    assert.deepEqual(await claimAll(id), []);
    await apply(id, { attempt: 1, status: 'read', wamid: 'wamid.1', readAt: 1_760_000_009 });
    assert.equal((await messageOf(db, id)).status, 'read');
    assert.equal((await assertCountersAddUp(db, id)).incidents, 0);
  });

  test('so it is when a second attempt was tried and refused in between', async () => {
    const id = await triedAgain(UNKNOWN);
    await claimAll(id);
    await apply(id, { attempt: 2, status: 'pending', afterMs: 3_600_000 });
    await apply(id, { attempt: 1, status: 'sent', wamid: 'wamid.1', sentAt: 1_760_000_000 });
    await apply(id, { attempt: 1, status: 'delivered', wamid: 'wamid.1', deliveredAt: 1_760_000_009 });
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.wamid], ['delivered', 'wamid.1']);
    assert.equal((await assertCountersAddUp(db, id)).incidents, 0);
  });

  test('news of the first attempt after the second has left is one duplicate incident, however often it is told', async () => {
    const id = await triedAgain(UNKNOWN);
    await claimAll(id);
    await apply(id, { attempt: 2, status: 'accepted', wamid: 'wamid.2' });
    for (const status of ['sent', 'delivered', 'delivered', 'read'] as const) {
      const [applied] = await apply(id, { attempt: 1, status, wamid: 'wamid.1', sentAt: 1_760_000_000 });
      assert.equal(applied?.twice, true);
    }
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.wamid, row.delivered_at], ['accepted', 'wamid.2', null]);
    assert.equal((await assertCountersAddUp(db, id)).incidents, 1);
    assert.equal((await eventsOfMessage(db, id)).filter((event) => event.kind === 'duplicate').length, 1);
  });

  test('that the first attempt failed says nothing about the second, and leaves its wamid and error alone', async () => {
    const id = await triedAgain(UNKNOWN);
    await claimAll(id);
    await apply(id, { attempt: 2, status: 'accepted', wamid: 'wamid.2' });
    await apply(id, { attempt: 1, ...FAILED, wamid: 'wamid.1' });
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.wamid, row.error_code], ['accepted', 'wamid.2', null]);
    assert.equal((await assertCountersAddUp(db, id)).incidents, 0);
  });

  test('a doubled webhook of the attempt that failed neither undoes the retry nor cries duplicate', async () => {
    const id = await triedAgain({ ...FAILED, wamid: 'wamid.1' });
    const doubled = [
      { ...FAILED, wamid: 'wamid.1' },
      { status: 'sent', wamid: 'wamid.1', sentAt: 1_760_000_000 },
    ] as const;
    for (const report of doubled) await apply(id, { attempt: 1, ...report });
    assert.equal((await messageOf(db, id)).status, 'pending');
    await claimAll(id);
    for (const report of doubled) await apply(id, { attempt: 1, ...report });
    assert.equal((await messageOf(db, id)).status, 'sending');
    assert.equal((await assertCountersAddUp(db, id)).incidents, 0);
  });

  test('a failed one that turns out delivered is not sent again', async () => {
    const id = await triedAgain({ ...FAILED, wamid: 'wamid.1' });
    await apply(id, { attempt: 1, status: 'delivered', wamid: 'wamid.1', deliveredAt: 1_760_000_000 });
    assert.equal((await messageOf(db, id)).status, 'delivered');
    assert.deepEqual(await claimAll(id), []);
  });

  test('a late "again" of the first attempt does not give back the second', async () => {
    const id = await triedAgain(UNKNOWN);
    await claimAll(id);
    await apply(id, { attempt: 1, status: 'pending', afterMs: 0, countsAsRetry: true });
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.attempt, row.retries], ['sending', 2, 0]);
    assert.ok(row.lease_until);
  });

  test('someone skipped as opted out in the meantime still moves when the first attempt proves to have arrived', async () => {
    const person = newPerson();
    const id = await makeCampaign(db, { people: [{ person }] });
    await claimAll(id);
    await apply(id, { attempt: 1, ...UNKNOWN });
    await resend(id, 'unknown');
    await suppress(db, [{ person, phone: person, scope: 'all', source: 'operator', detail: {}, since: new Date() }]);
    await claimAll(id);
    assert.equal((await messageOf(db, id)).status, 'skipped');
    await apply(id, { attempt: 1, status: 'delivered', wamid: 'wamid.1', deliveredAt: 1_760_000_000 });
    assert.equal((await messageOf(db, id)).status, 'delivered');
    await assertCountersAddUp(db, id);
  });
});

describe('a campaign that has ended', () => {
  test('a late "again" does not leave a pending message in it: cancelled in a cancelled one, failed in a completed one', async () => {
    for (const [move, box] of [
      ['cancel', 'cancelled'],
      ['complete', 'failed'],
    ] as const) {
      const id = await claimed();
      await apply(id, { attempt: 1, ...UNKNOWN });
      await db.tx((sql) => moveCampaign(sql, id, move));
      await apply(id, { attempt: 1, status: 'pending', afterMs: 100, errorCode: 131000 });
      const row = await messageOf(db, id);
      assert.equal(row.status, box);
      assert.equal(row.error_code, box === 'failed' ? 131000 : null);
      await assertCountersAddUp(db, id);
    }
  });
});

// ── Any sequence of things that can happen, against the model ──

type Step =
  | { readonly do: 'claim'; readonly limit: number }
  | {
      readonly do: 'respond';
      readonly message: number;
      readonly back: number;
      readonly kind: 'accepted' | 'held' | 'again' | 'retry' | 'giveback' | 'failed' | 'unknown';
    }
  | {
      readonly do: 'webhooks';
      readonly statuses: readonly {
        readonly message: number;
        readonly back: number;
        readonly status: 'sent' | 'delivered' | 'read' | 'failed';
        readonly priced: boolean;
      }[];
    }
  | { readonly do: 'expire'; readonly message: number }
  | { readonly do: 'resend'; readonly from: 'failed' | 'unknown' }
  | { readonly do: 'ripen' | 'pause' | 'resume' | 'cancel' | 'complete' | 'sweep' }
  | { readonly do: 'optOut'; readonly message: number };

const PEOPLE = 3;
const which = { message: fc.integer({ min: 1, max: PEOPLE }), back: fc.constantFrom(0, 0, 0, 1, 2) };
const statuses = fc.record({ ...which, status: fc.constantFrom('sent', 'delivered', 'read', 'failed'), priced: fc.boolean() });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: PEOPLE }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('respond' as const),
      ...which,
      kind: fc.constantFrom('accepted', 'accepted', 'held', 'again', 'retry', 'giveback', 'failed', 'unknown', 'unknown'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('webhooks' as const), statuses: fc.array(statuses, { minLength: 1, maxLength: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const), message: which.message }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('resend' as const), from: fc.constantFrom('failed', 'unknown') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('ripen', 'pause', 'resume', 'resume', 'complete', 'sweep') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('optOut' as const), message: which.message }) },
);

const BASE = 1_760_000_000;
const OFFSET = { sent: 1, delivered: 70, read: 140, failed: 200 } as const;

/** Meta's statuses of one attempt: the same each time they are told. */
function webhook(
  campaignId: number,
  messageId: number,
  attempt: number,
  status: 'sent' | 'delivered' | 'read' | 'failed',
  priced: boolean,
): Report {
  const at = BASE + messageId * 1_000 + attempt * 300 + OFFSET[status];
  const base = {
    campaignId,
    messageId,
    attempt,
    status,
    wamid: wamidOf(messageId, attempt),
    ...(priced ? { priceMicros: 1_000 + attempt } : {}),
  };
  if (status === 'sent') return { ...base, sentAt: at };
  if (status === 'delivered') return { ...base, deliveredAt: at };
  if (status === 'read') return { ...base, readAt: at };
  return { ...base, failedAt: at, errorCode: 131026, event: { kind: 'failed', data: { code: 131026 } } };
}

function response(
  campaignId: number,
  messageId: number,
  attempt: number,
  kind: Extract<Step, { do: 'respond' }>['kind'],
): Report {
  const key = { campaignId, messageId, attempt };
  switch (kind) {
    case 'accepted':
    case 'held':
      return { ...key, status: kind, wamid: wamidOf(messageId, attempt) };
    case 'again':
      return { ...key, status: 'pending', afterMs: 3_600_000, countsAsRetry: false, event: { kind: 'retry', data: {} } };
    case 'retry':
      return {
        ...key,
        status: 'pending',
        afterMs: 3_600_000,
        countsAsRetry: true,
        errorCode: 131000,
        event: { kind: 'retry', data: {} },
      };
    case 'giveback':
      return { ...key, status: 'pending', afterMs: 0 };
    case 'failed':
      return { ...key, status: 'failed', errorCode: 131049, event: { kind: 'failed', data: { code: 131049 } } };
    case 'unknown':
      return { ...key, ...UNKNOWN };
  }
}

function wamidOf(messageId: number, attempt: number): string {
  return `wamid.${String(messageId)}.${String(attempt)}`;
}

class World {
  readonly id: number;
  readonly people: readonly number[];
  readonly messages = new Map<number, ModelMessage>();
  readonly optedOut = new Set<number>();
  campaign: CampaignStatus = 'running';

  constructor(id: number, people: readonly number[]) {
    this.id = id;
    this.people = people;
    for (let i = 1; i <= people.length; i++) this.messages.set(i, freshMessage());
  }

  message(id: number): ModelMessage {
    const m = this.messages.get(id);
    assert.ok(m);
    return m;
  }

  /** In the order in which a claim takes them. */
  claimable(): number[] {
    if (this.campaign !== 'running') return [];
    return [...this.messages].filter(([, m]) => m.status === 'pending' && !m.waits).map(([id]) => id);
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'claim': {
        const expected = this.claimable().slice(0, step.limit);
        const { messages, took } = await claim(db, {
          campaignId: this.id,
          mode: 'sandbox',
          limit: step.limit,
          category: 'UTILITY',
          leaseSeconds: LEASE,
          slot: SLOT,
        });
        assert.equal(took, expected.length);
        assert.deepEqual(
          messages.map((one) => one.id),
          expected.filter((id) => !this.optedOut.has(id)),
        );
        for (const id of expected) claimModel(this.message(id), this.optedOut.has(id));
        for (const one of messages) assert.equal(one.attempt, this.message(one.id).attempt);
        return;
      }
      case 'respond': {
        const attempt = this.message(step.message).attempt - step.back;
        if (attempt < 1) return;
        await this.apply([response(this.id, step.message, attempt, step.kind)]);
        return;
      }
      case 'webhooks': {
        // As they come, one call a webhook; some of a call together, as the delivery applies them.
        for (const { message, back, status, priced } of step.statuses) {
          const attempt = this.message(message).attempt - back;
          if (attempt >= 1) await this.apply([webhook(this.id, message, attempt, status, priced)]);
        }
        return;
      }
      case 'expire': {
        const m = this.message(step.message);
        await db.query(
          `update messages set lease_until = clock_timestamp() - interval '1 second' where campaign_id = $1 and id = $2 and status = 'sending'`,
          [this.id, step.message],
        );
        await expireLeases(db, { everyone: false, slot: SLOT });
        if (m.status === 'sending') m.status = 'unknown';
        return;
      }
      case 'resend': {
        if (this.campaign === 'cancelled') return;
        const before = [...this.messages.values()].filter((m) => m.status === step.from);
        const moved = await resend(this.id, step.from);
        assert.equal(moved, before.length);
        for (const m of before) putBackModel(m);
        if (moved > 0 && this.campaign === 'completed') {
          await db.tx((sql) => moveCampaign(sql, this.id, 'reopen'));
          this.campaign = 'running';
        }
        return;
      }
      case 'ripen':
        await db.query(`update messages set due = '-infinity' where campaign_id = $1 and status = 'pending'`, [this.id]);
        for (const m of this.messages.values()) m.waits = false;
        return;
      case 'pause':
        await db.tx((sql) => moveCampaign(sql, this.id, 'pause', { pauseReason: { code: 'operator', message: 'x' } }));
        if (this.campaign === 'running') this.campaign = 'paused';
        return;
      case 'resume':
        await db.tx((sql) => moveCampaign(sql, this.id, 'resume'));
        if (this.campaign === 'paused') this.campaign = 'running';
        return;
      case 'cancel':
        await db.tx((sql) => moveCampaign(sql, this.id, 'cancel'));
        if (this.campaign === 'running' || this.campaign === 'paused') this.campaign = 'cancelled';
        return;
      case 'sweep':
        await cancelPending(db, this.id, SLOT);
        if (this.campaign === 'cancelled')
          for (const m of this.messages.values())
            if (m.status === 'pending') Object.assign(m, { status: 'cancelled', waits: false });
        return;
      case 'complete': {
        const statuses = [...this.messages.values()].map(({ status }) => status);
        // Whoever sent to all is completed, also when it was paused or cancelled in its last moment.
        const done =
          this.campaign !== 'completed' &&
          !(this.campaign === 'cancelled' && statuses.includes('cancelled')) &&
          !statuses.includes('pending') &&
          !statuses.includes('sending');
        assert.equal((await completeIfDone(db, this.id)) !== undefined, done);
        if (done) this.campaign = 'completed';
        return;
      }
      case 'optOut': {
        const person = this.people[step.message - 1] ?? 0;
        await suppress(db, [{ person, phone: person, scope: 'all', source: 'operator', detail: {}, since: new Date() }]);
        this.optedOut.add(step.message);
      }
    }
  }

  async apply(reports: readonly Report[]): Promise<void> {
    const before = new Map(reports.map((report) => [report.messageId, this.message(report.messageId).status]));
    const applied = await applyReports(db, reports, SLOT);
    for (const report of reports) applyModel(this.message(report.messageId), report, this.campaign);
    assert.deepEqual(
      applied.map((row) => [row.id, row.old, row.new]),
      reports.map(({ messageId }) => [messageId, before.get(messageId), this.message(messageId).status]),
    );
  }

  async check(): Promise<void> {
    assert.equal(await statusOf(db, this.id), this.campaign);
    const rows = await messagesOf(db, this.id);
    const seconds = (at: Date | null): number | null => (at === null ? null : at.getTime() / 1_000);
    for (const row of rows) {
      const m = this.message(row.id);
      const failedAt = m.failedAt === 'now' && row.failed_at !== null ? 'now' : seconds(row.failed_at);
      assert.deepEqual(
        {
          status: row.status,
          attempt: row.attempt,
          retries: row.retries,
          waits: row.due instanceof Date,
          wamid: row.wamid,
          everAccepted: row.accepted_at !== null,
          sentAt: seconds(row.sent_at),
          deliveredAt: seconds(row.delivered_at),
          readAt: seconds(row.read_at),
          failedAt,
          error: row.error_code,
          price: row.price_micros,
        },
        {
          status: m.status,
          attempt: m.attempt,
          retries: m.retries,
          waits: m.waits,
          wamid: m.wamid,
          everAccepted: m.everAccepted,
          sentAt: m.sentAt,
          deliveredAt: m.deliveredAt,
          readAt: m.readAt,
          failedAt: m.failedAt,
          error: m.error,
          price: m.price,
        },
      );
    }
    const tallies = await assertCountersAddUp(db, this.id);
    const byStatus: Partial<Record<MessageStatus, number>> = {};
    for (const m of this.messages.values()) byStatus[m.status] = (byStatus[m.status] ?? 0) + 1;
    assert.deepEqual(
      filled(tallies.byStatus),
      Object.fromEntries(Object.entries(filled(tallies.byStatus)).map(([box]) => [box, byStatus[box as MessageStatus]])),
    );
    assert.equal(
      tallies.incidents,
      [...this.messages.values()].reduce((sum, m) => sum + m.incidents.size, 0),
    );
    if (this.campaign === 'completed') assert.equal(tallies.byStatus.pending + tallies.byStatus.sending, 0);
  }
}

async function newWorld(): Promise<World> {
  const people = Array.from({ length: PEOPLE }, newPerson);
  return new World(await makeCampaign(db, { people: people.map((person) => ({ person })) }), people);
}

test('whatever happens in whatever order, rows, counters and minutes are those of the model after every step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = await newWorld();
      for (const one of steps) {
        await world.take(one);
        await world.check();
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  );
});

test('one attempt ends the same whatever the order and number of its response and its webhooks', async () => {
  const told = fc.uniqueArray(fc.constantFrom('sent', 'delivered', 'read', 'failed'), { minLength: 1, maxLength: 4 });
  const start = fc.constantFrom('accepted', 'held', 'unknown', 'lost', 'resent');
  await fc.assert(
    fc.asyncProperty(told, start, fc.infiniteStream(fc.integer({ min: 0, max: 7 })), async (statuses, kind, dice) => {
      const ends = [];
      for (let order = 0; order < 3; order++) {
        const id = await claimed();
        const reports = statuses.map((status) => webhook(id, 1, 1, status, true));
        if (kind === 'accepted' || kind === 'held' || kind === 'unknown') reports.push(response(id, 1, 1, kind));
        if (kind === 'resent') {
          await apply(id, { attempt: 1, ...UNKNOWN });
          await resend(id, 'unknown');
        }
        const shuffled =
          order === 0
            ? reports
            : [...reports, ...reports]
                .map((report) => ({ report, by: Number(dice.next().value ?? 0) }))
                .sort((a, b) => a.by - b.by)
                .map(({ report }) => report);
        for (const report of shuffled) await applyReports(db, [report], SLOT);
        const row = await messageOf(db, id);
        ends.push({ ...row, campaign_id: 0, lease_until: row.lease_until !== null, accepted_at: row.accepted_at !== null });
        await assertCountersAddUp(db, id);
      }
      assert.deepEqual(ends[1], ends[0]);
      assert.deepEqual(ends[2], ends[0]);
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  );
});
