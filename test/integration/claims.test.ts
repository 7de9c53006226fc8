import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { suppress } from '../../src/consent/opt-outs.sql.ts';
import { completeIfDone, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { type ClaimRequest, cancelPending, claim, expireLeases, nextDue } from '../../src/lifecycle/claim.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { openFileDb } from '../support/db.ts';
import {
  addPeople,
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
import { deferred } from '../support/wait.ts';

const db = await openFileDb();
const severalConnections = db.kind === 'pglite' ? 'the embedded database has one connection' : false;

async function take(campaignId: number, request: Partial<ClaimRequest> = {}): Promise<number[]> {
  const { messages } = await claim(db, {
    campaignId,
    mode: 'sandbox',
    limit: 100,
    category: 'UTILITY',
    leaseSeconds: 120,
    slot: 1,
    ...request,
  });
  return messages.map((message) => message.id);
}

function optOut(person: number, scope: 'all' | 'marketing'): Promise<void> {
  return suppress(db, [{ person, phone: person, scope, source: 'keyword', detail: {}, since: new Date() }]);
}

describe('claim', () => {
  test('takes the first of the list up to the limit, marks them sending under a lease, and gives what a send needs', async () => {
    const person = newPerson();
    const id = await makeCampaign(db, {
      people: [{ person, data: { variable_1: 'Eva' } }, { person: newPerson() }, { person: newPerson() }],
    });
    const { messages, took } = await claim(db, {
      campaignId: id,
      mode: 'sandbox',
      limit: 2,
      category: 'UTILITY',
      leaseSeconds: 120,
      slot: 1,
    });
    assert.equal(took, 2);
    assert.deepEqual(
      { ...messages[0] },
      {
        id: 1,
        attempt: 1,
        retries: 0,
        phone: person,
        data: { variable_1: 'Eva' },
        skipped: false,
        frozenVersion: 1,
        inMs: 0,
        breaker: 'closed',
        alive: true,
        held: false,
        capped: false,
        short: null,
      },
    );
    const row = await messageOf(db, id);
    assert.equal(row.status, 'sending');
    const { rows } = await db.query<{ s: number }>(
      'select extract(epoch from lease_until - clock_timestamp())::float8 as s from messages where campaign_id = $1 and id = 1',
      [id],
    );
    assert.ok((rows[0]?.s ?? 0) > 100 && (rows[0]?.s ?? 0) <= 120);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 1, sending: 2 });
  });

  test('takes nothing from a campaign that is not running, of the other mode, or deleted', async () => {
    for (const status of ['draft', 'scheduled', 'paused', 'completed', 'cancelled', 'failed'] as const) {
      assert.deepEqual(await take(await makeCampaign(db, { status })), [], status);
    }
    assert.deepEqual(await take(await makeCampaign(db, { mode: 'live' })), []);
    const id = await makeCampaign(db);
    await db.query('update campaigns set deleted_at = now() where id = $1', [id]);
    assert.deepEqual(await take(id), []);
  });

  test('takes nobody whose upload is not published, and nobody before the time of their retry', async () => {
    const id = await makeCampaign(db, { people: 3 });
    await db.query('update campaigns set published_through = 2 where id = $1', [id]);
    await db.query(`update messages set due = clock_timestamp() + interval '1 hour' where campaign_id = $1 and id = 1`, [id]);
    assert.deepEqual(await take(id), [2]);
  });

  test('takes the retries that are due first, in the order in which they are, then those who never had a try', async () => {
    const id = await makeCampaign(db, { people: 3 });
    await db.query(`update messages set due = clock_timestamp() - id * interval '1 minute' where campaign_id = $1 and id < 3`, [
      id,
    ]);
    assert.deepEqual(await take(id, { limit: 1 }), [2]);
    assert.deepEqual(await take(id, { limit: 2 }), [1, 3]);
  });

  test('skips those who opted out of everything always, of marketing only when it is marketing', async () => {
    const [a, b, c] = [newPerson(), newPerson(), newPerson()];
    await optOut(a, 'all');
    await optOut(b, 'marketing');
    const people = [a, b, c].map((person) => ({ person }));
    const service = await makeCampaign(db, { people });
    assert.deepEqual(await take(service), [2, 3]);
    const promo = await makeCampaign(db, { people });
    assert.deepEqual(await take(promo, { category: 'MARKETING' }), [3]);
    const row = await messageOf(db, promo, 2);
    assert.deepEqual([row.status, row.reason, row.attempt, row.lease_until], ['skipped', 'opted_out', 0, null]);
    assert.deepEqual(filled((await assertCountersAddUp(db, promo)).byStatus), { sending: 1, skipped: 2 });
  });

  test('writes to those again whose opt-out was lifted', async () => {
    const person = newPerson();
    await optOut(person, 'all');
    await db.query('update suppressions set lifted_at = clock_timestamp() where person = $1', [person]);
    assert.deepEqual(await take(await makeCampaign(db, { people: [{ person }] })), [1]);
  });

  test('counts a batch down over claims, then waits for the delay, and the opted-out count too', async () => {
    const first = newPerson();
    await optOut(first, 'all');
    const id = await makeCampaign(db, {
      people: [{ person: first }, ...Array.from({ length: 9 }, () => ({ person: newPerson() }))],
      batchSize: 4,
      delay: 3_600,
    });
    assert.deepEqual(await take(id, { limit: 3 }), [2, 3]);
    assert.deepEqual(await take(id), [4]);
    assert.deepEqual(await take(id), []);
    const due = await nextDue(db, id);
    assert.ok(due.inMs !== undefined && due.inMs > 3_500_000 && due.inMs <= 3_600_000);
    await db.query('update dispatch set next_batch_at = clock_timestamp() where campaign_id = $1', [id]);
    assert.deepEqual(await take(id, { limit: 3 }), [5, 6, 7]);
    assert.deepEqual(await take(id, { limit: 3 }), [8]);
    assert.deepEqual(await take(id), []);
  });

  test('without a delay one batch follows the other', async () => {
    const id = await makeCampaign(db, { people: 5, batchSize: 2 });
    assert.deepEqual(await take(id), [1, 2]);
    assert.deepEqual(await take(id), [3, 4]);
    assert.deepEqual(await take(id), [5]);
  });

  test('a pace of its own: moments are reserved a tenth of a second ahead, by whoever claims, and a pause or an opt-out moves none', async () => {
    const unwanted = newPerson();
    await optOut(unwanted, 'all');
    const id = await makeCampaign(db, {
      messagesPerSecond: 20,
      people: [{ person: unwanted }, ...Array.from({ length: 9 }, () => ({ person: newPerson() }))],
    });
    const request = { campaignId: id, mode: 'sandbox', limit: 100, category: 'UTILITY', leaseSeconds: 120, slot: 1 } as const;
    const first = await claim(db, request);
    assert.equal(first.took, 3, 'now, in 50 and in 100 ms; one of them opted out');
    assert.deepEqual(
      first.messages.map(({ inMs }) => inMs),
      [0, 50],
    );
    const nextInSeconds = async (): Promise<number> => {
      const { rows } = await db.query<{ s: number }>(
        `select extract(epoch from next_message_at - clock_timestamp())::float8 as s from dispatch where campaign_id = $1`,
        [id],
      );
      return rows[0]?.s ?? Number.NaN;
    };
    assert.ok((await nextInSeconds()) <= 0.1, 'whoever opted out takes no moment');
    await db.query(`update dispatch set next_message_at = clock_timestamp() + interval '1 hour' where campaign_id = $1`, [id]);
    await db.tx((sql) => moveCampaign(sql, id, 'pause', { pauseReason: { code: 'operator', message: 'x' } }));
    await db.tx((sql) => moveCampaign(sql, id, 'resume'));
    assert.deepEqual(await take(id), [], 'the next moment is further away than is claimed ahead');
    const { inMs } = await nextDue(db, id);
    assert.ok((inMs ?? 0) > 3_500_000, `the queue is told the same: ${String(inMs)}`);
    await db.query(`update dispatch set next_message_at = clock_timestamp() - interval '1 hour' where campaign_id = $1`, [id]);
    assert.equal((await nextDue(db, id)).inMs, 0);
    assert.equal((await take(id)).length, 3, 'what passed unused is not caught up');
  });

  test('a pace of its own and batches: the narrower of the two', async () => {
    const id = await makeCampaign(db, {
      messagesPerSecond: 1000,
      batchSize: 2,
      delay: 60,
      people: Array.from({ length: 5 }, () => ({ person: newPerson() })),
    });
    assert.equal((await take(id)).length, 2);
    assert.deepEqual(await take(id), []);
    const { inMs } = await nextDue(db, id);
    assert.ok((inMs ?? 0) > 50_000);
  });

  test('eight connections at once never reserve the same moment', { skip: severalConnections }, async () => {
    const id = await makeCampaign(db, { messagesPerSecond: 0.001, people: 80 });
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(id)));
    assert.deepEqual(taken.flat(), [1]);
  });

  test('a new attempt begins without the wamid of the old one', async () => {
    const id = await makeCampaign(db);
    await db.query(`update messages set wamid = 'wamid.old', attempt = 1 where campaign_id = $1`, [id]);
    await take(id);
    const row = await messageOf(db, id);
    assert.deepEqual([row.attempt, row.wamid], [2, null]);
  });

  test('eight connections at once take everybody once and nobody twice', { skip: severalConnections }, async () => {
    const id = await makeCampaign(db, { people: 1_000 });
    const all: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (;;) {
          const ids = await take(id, { limit: 17 });
          all.push(...ids);
          if (ids.length === 0 && (await nextDue(db, id)).inMs === undefined) return;
        }
      }),
    );
    assert.equal(all.length, 1_000);
    assert.equal(new Set(all).size, 1_000);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sending: 1_000 });
  });

  test('eight connections at once never take more than the batch', { skip: severalConnections }, async () => {
    const id = await makeCampaign(db, { people: 300, batchSize: 50, delay: 3_600 });
    const taken = await Promise.all(Array.from({ length: 16 }, () => take(id, { limit: 7 })));
    assert.equal(taken.flat().length, 50);
  });

  test('after the commit of a pause nothing is claimed, however the two met', { skip: severalConnections }, async () => {
    for (let round = 0; round < 10; round++) {
      const id = await makeCampaign(db, { people: 200 });
      let paused = false;
      const late: number[] = [];
      const claims = Array.from({ length: 6 }, async () => {
        for (let i = 0; i < 20; i++) {
          const wasPaused = paused;
          const ids = await take(id, { limit: 2 });
          if (wasPaused) late.push(...ids);
        }
      });
      const inFlight = await db.tx(async (sql) => {
        await moveCampaign(sql, id, 'pause', { pauseReason: { code: 'operator', message: 'x' } });
        return (
          await sql.query<{ n: number }>(`select count(*) as n from messages where campaign_id = $1 and status = 'sending'`, [id])
        ).rows[0]?.n;
      });
      paused = true;
      const atPause = inFlight;
      await Promise.all(claims);
      assert.deepEqual(late, []);
      assert.equal((await talliesOf(db, id)).byStatus.sending, atPause);
    }
  });

  test('a claim that waits for an uncommitted pause takes nothing once it is committed', {
    skip: severalConnections,
  }, async () => {
    const id = await makeCampaign(db, { people: 3 });
    const go = deferred<undefined>();
    const moved = deferred<undefined>();
    const pause = db.tx(async (sql) => {
      await moveCampaign(sql, id, 'pause', { pauseReason: { code: 'operator', message: 'x' } });
      moved.resolve(undefined);
      await go.promise;
    });
    await moved.promise;
    const claimed = take(id);
    go.resolve(undefined);
    await pause;
    assert.deepEqual(await claimed, []);
  });
});

describe('nextDue', () => {
  test('says now, later, or nothing, and whether answers are still out', async () => {
    const id = await makeCampaign(db, { people: 2 });
    assert.ok(((await nextDue(db, id)).inMs ?? 9) <= 0);
    await take(id, { limit: 1 });
    await db.query(`update messages set due = clock_timestamp() + interval '10 seconds' where campaign_id = $1 and id = 2`, [id]);
    const later = await nextDue(db, id);
    assert.ok(later.inMs !== undefined && later.inMs > 9_000 && later.inMs <= 10_000);
    assert.deepEqual([later.running, later.sending], [true, 1]);
    await take(id);
    await db.query(`update messages set due = '-infinity' where campaign_id = $1 and id = 2`, [id]);
    await take(id);
    assert.deepEqual(await nextDue(db, id), { running: true, inMs: undefined, sending: 2 });
  });

  test('says that a paused or deleted campaign does not run', async () => {
    assert.equal((await nextDue(db, await makeCampaign(db, { status: 'paused' }))).running, false);
    assert.equal((await nextDue(db, 999_999)).running, false);
  });
});

describe('a dead lease', () => {
  test('makes the message unknown with a line in its history, and nothing is sent again', async () => {
    const id = await makeCampaign(db, { people: 2 });
    await take(id);
    await db.query(
      `update messages set lease_until = clock_timestamp() - interval '1 second' where campaign_id = $1 and id = 1`,
      [id],
    );
    assert.equal((await expireLeases(db, { everyone: false, slot: 2 })).expired, 1);
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.reason, row.lease_until], ['unknown', 'process_lost', null]);
    assert.deepEqual(await eventsOfMessage(db, id), [{ kind: 'unknown', attempt: 1, data: { reason: 'process_lost' } }]);
    assert.deepEqual(await take(id), []);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sending: 1, unknown: 1 });
  });

  test('at the start of the only process all that was in flight is unknown, in paused and cancelled campaigns too', async () => {
    const ids = [await makeCampaign(db), await makeCampaign(db), await makeCampaign(db)];
    for (const id of ids) await take(id);
    await db.tx((sql) => moveCampaign(sql, ids[1] ?? 0, 'pause', { pauseReason: { code: 'operator', message: 'x' } }));
    await db.tx((sql) => moveCampaign(sql, ids[2] ?? 0, 'cancel'));
    while ((await expireLeases(db, { everyone: true, slot: 2 })).expired > 0);
    for (const id of ids) assert.equal((await messageOf(db, id)).status, 'unknown');
  });
});

describe('cancel', () => {
  test('moves those who have not left to the cancelled box, and leaves alone who has left or is not published', async () => {
    const id = await makeCampaign(db, { people: 5 });
    await take(id, { limit: 2 });
    await db.query('update campaigns set published_through = 4 where id = $1', [id]);
    await db.query(`update tallies set n = n - 1 where campaign_id = $1 and key = 'pending' and slot = 0`, [id]);
    assert.equal(await cancelPending(db, id, 1), 0, 'not yet cancelled');
    await db.tx((sql) => moveCampaign(sql, id, 'cancel'));
    assert.equal(await cancelPending(db, id, 1), 2);
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['sending', 'sending', 'cancelled', 'cancelled', 'pending'],
    );
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sending: 2, cancelled: 2 });
  });
});

describe('completion', () => {
  test('waits for what is pending, for a retry to come and for answers that are out; not for unpublished people', async () => {
    const id = await makeCampaign(db, { people: 2 });
    await db.query('update campaigns set published_through = 1 where id = $1', [id]);
    assert.equal(await completeIfDone(db, id), undefined);
    await take(id);
    assert.equal(await completeIfDone(db, id), undefined);
    await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'pending', afterMs: 3_600_000 }], 1);
    assert.equal(await completeIfDone(db, id), undefined);
    await db.query(`update messages set due = '-infinity' where campaign_id = $1 and id = 1`, [id]);
    await take(id);
    await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 2, status: 'unknown', reason: 'timeout' }], 1);
    assert.equal((await completeIfDone(db, id))?.status, 'completed');
    assert.equal(await completeIfDone(db, id), undefined);
  });

  /** Many rounds: the two meet in another way each time, and whoever wins, nobody is left waiting in a completed campaign. */
  async function race(rounds: number, other: (id: number) => Promise<unknown>): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const id = await makeCampaign(db);
      await take(id);
      await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'unknown', reason: 'timeout' }], 1);
      await Promise.all(round % 2 === 0 ? [completeIfDone(db, id), other(id)] : [other(id), completeIfDone(db, id)]);
      const { byStatus } = await assertCountersAddUp(db, id);
      if ((await statusOf(db, id)) === 'completed') assert.equal(byStatus.pending, 0);
      else if ((await statusOf(db, id)) === 'cancelled') {
        while ((await cancelPending(db, id, 1)) > 0);
        assert.equal((await talliesOf(db, id)).byStatus.pending, 0);
      } else assert.equal(byStatus.pending, 1);
    }
  }

  test('and a late "again" never leave a pending message in a completed campaign', { skip: severalConnections }, async () => {
    await race(60, (id) => applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'pending', afterMs: 0 }], 2));
  });

  test('and a publishing upload never leave a pending message in a completed campaign', {
    skip: severalConnections,
  }, async () => {
    await race(60, (id) =>
      db.tx(async (sql) => {
        const { rows } = await sql.query<{ status: string }>('select status from campaigns where id = $1 for no key update', [
          id,
        ]);
        await addPeople(sql, id, 1);
        if (rows[0]?.status === 'completed') await moveCampaign(sql, id, 'reopen');
      }),
    );
  });

  test('and a cancel: one of them wins, and the sweep finds whoever is left', { skip: severalConnections }, async () => {
    await race(60, (id) =>
      Promise.all([
        db.tx((sql) => moveCampaign(sql, id, 'cancel')),
        applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'pending', afterMs: 0 }], 2),
      ]),
    );
  });
});
