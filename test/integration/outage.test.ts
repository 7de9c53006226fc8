import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claim, expireLeases } from '../../src/lifecycle/claim.sql.ts';
import { findBreaker, tellAnswers } from '../../src/numbers/circuit-breaker.sql.ts';
import { createPacer } from '../../src/numbers/pacer.ts';
import type { SendOutcome } from '../../src/whatsapp/send-outcome.ts';
import { openTestDb } from '../support/db.ts';
import { assertCountersAddUp, filled, makeCampaign, messagesOf, NUMBER } from '../support/factories.ts';
import { accepted, heldPacer, openSending, rejected } from '../support/sending.ts';
import { turns, untilTrue } from '../support/wait.ts';

const LOST: readonly SendOutcome[] = [
  { kind: 'unknown', reason: 'connection_reset' },
  { kind: 'unknown', reason: 'http_502_unreadable' },
  { kind: 'unknown', reason: 'http_200_unreadable' },
  { kind: 'unknown', reason: 'timeout_headers' },
];

const number = { mode: 'sandbox', phoneNumberId: NUMBER } as const;

/** As the queue does: slices one after the other, whatever they say, until the condition holds. */
async function work(house: ReturnType<typeof openSending>, id: number, isDone: () => boolean | Promise<boolean>): Promise<void> {
  await untilTrue('the work to be done', async () => {
    await house.sender.slice(id, 0);
    return isDone();
  });
}

describe('an outage of Meta', () => {
  for (const outcome of LOST) {
    test(`answers that are lost (${'reason' in outcome ? outcome.reason : ''}) stop the number before fifty people are in doubt, and the campaign waits`, async (t) => {
      const db = await openTestDb(t);
      const id = await makeCampaign(db, { people: 400 });
      const house = openSending(db, {
        script: () => outcome,
        pacer: createPacer({ ceiling: 2_000 }),
        ask: () => Promise.resolve(false),
      });
      await work(house, id, async () => (await findBreaker(db, 'sandbox', NUMBER)).state === 'open');
      await house.sender.stop(1_000);
      await house.outages.stop();
      const posted = house.posted.length;
      assert.ok(posted <= 100, `${String(posted)} people in doubt`);
      assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 400 - posted, unknown: posted });
      assert.equal((await findBreaker(db, 'sandbox', NUMBER)).lost, posted, 'it says how many');
    });
  }

  test('several workers share one breaker: together they lose no more, and an emptied Redis has nothing to forget', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 600 });
    const outage = (): SendOutcome => ({ kind: 'unknown', reason: 'connection_reset' });
    const houses = Array.from({ length: 4 }, () =>
      openSending(db, { script: outage, pacer: createPacer({ ceiling: 20 }), ask: () => Promise.resolve(false) }),
    );
    await Promise.all(
      houses.map((house) => work(house, id, async () => (await findBreaker(db, 'sandbox', NUMBER)).state === 'open')),
    );
    for (const house of houses) await house.sender.stop(1_000);
    const posted = houses.reduce((sum, house) => sum + house.posted.length, 0);
    assert.ok(posted <= 50, `${String(posted)} people in doubt`);
    const late = openSending(db, { script: accepted, ask: () => Promise.resolve(false) });
    assert.deepEqual(await late.sender.slice(id, 0), { againInMs: 500 });
    assert.equal(late.posted.length, 0, 'a worker that comes later asks the database');
  });

  test("answers that say the service failed stop it too, before everybody's retries are used up", async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 300 });
    const house = openSending(db, {
      script: () => rejected(131016),
      pacer: createPacer({ ceiling: 2_000 }),
      retry: { delaySeconds: 60, maxDelaySeconds: 60 },
    });
    await work(house, id, async () => (await findBreaker(db, 'sandbox', NUMBER)).state === 'open');
    assert.ok(house.posted.length <= 120, String(house.posted.length));
    await house.sender.stop(1_000);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 300 });
  });

  test('silence is seen after two seconds, not at the time-out; what was claimed goes back, and the figure says what was out', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 60 });
    let at = 0;
    const house = openSending(db, {
      script: () => new Promise<SendOutcome>(() => undefined),
      now: () => at,
      maxInFlight: 20,
      lanes: 1,
    });
    const slice = house.sender.slice(id, 0);
    await untilTrue('twenty to be out', () => house.posted.length === 20);
    for (at = 250; at < 2_000; at += 250) await house.outages.tick();
    assert.equal((await findBreaker(db, 'sandbox', NUMBER)).state, 'closed');
    await house.outages.tick();
    await slice;
    await house.outages.stop();
    const { state, reason, in_air } = await findBreaker(db, 'sandbox', NUMBER);
    assert.deepEqual([state, reason, in_air], ['open', 'silence', 20]);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 40, sending: 20 });
  });

  test('this process itself stood still: that is no silence of Meta', async (t) => {
    const db = await openTestDb(t);
    let at = 0;
    const { outages } = openSending(db, { now: () => at });
    outages.leaves(NUMBER);
    await outages.tick();
    at = 60_000;
    await outages.tick();
    await outages.stop();
    assert.equal((await findBreaker(db, 'sandbox', NUMBER)).state, 'closed');
  });

  test('Meta is asked a harmless question first; then one message tries, and it climbs back by itself', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 200 });
    let isBack = false;
    let asked = 0;
    const house = openSending(db, {
      script: (posted) => (isBack ? accepted(posted) : { kind: 'unknown', reason: 'connection_reset' }),
      pacer: createPacer({ ceiling: 1_000 }),
      ask: () => {
        asked++;
        return Promise.resolve(isBack);
      },
    });
    const due = (): Promise<unknown> => db.query('update circuit_breakers set probe_at = clock_timestamp()');
    await work(house, id, async () => (await findBreaker(db, 'sandbox', NUMBER)).state === 'open');
    const lost = house.posted.length;
    await due();
    await house.outages.tick();
    assert.equal(asked, 1);
    await house.sender.slice(id, 0);
    assert.equal(house.posted.length, lost, 'the question had no answer: nobody tries');
    isBack = true;
    await due();
    await untilTrue('the number to be asked again', async () => {
      await house.outages.tick();
      return asked === 2;
    });
    await house.sender.slice(id, 0);
    assert.equal(house.posted.length, lost + 1, 'one message tries');
    await work(house, id, () => house.posted.length === 200);
    await untilTrue('the breaker to be closed', async () => (await findBreaker(db, 'sandbox', NUMBER)).state === 'closed');
    assert.deepEqual(house.moves.slice(-1), ['half_open -> closed']);
    await house.sender.stop(1_000);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { accepted: 200 - lost, unknown: lost });
  });

  test('a message that is lost while Meta answers questions costs one person, and the next try waits longer', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 200 });
    const house = openSending(db, { script: () => ({ kind: 'unknown', reason: 'http_502_unreadable' }) });
    await work(house, id, async () => (await findBreaker(db, 'sandbox', NUMBER)).state === 'open');
    for (let probe = 1; probe <= 6; probe++) {
      const before = house.posted.length;
      await db.query('update circuit_breakers set probe_at = clock_timestamp()');
      await untilTrue('the question to be answered', async () => {
        await house.outages.tick();
        return (await findBreaker(db, 'sandbox', NUMBER)).state === 'half_open';
      });
      await work(house, id, async () => (await findBreaker(db, 'sandbox', NUMBER)).state === 'open');
      assert.equal(house.posted.length, before + 1);
      const { rows } = await db.query<{ s: number }>(
        'select extract(epoch from probe_at - changed_at)::float8 as s from circuit_breakers',
      );
      assert.equal(Math.round(rows[0]?.s ?? 0), 5 * 2 ** (probe - 1));
    }
    await house.sender.stop(1_000);
  });

  test('the allowance of a watched number is shared: what one claim takes no other gets', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 40 });
    await tellAnswers(db, number, { good: 0, lost: 3, lostLate: 0, faulty: 0, returned: 0, reason: 'x', silentWith: undefined });
    const request = { campaignId: id, mode: 'sandbox', limit: 15, category: 'UTILITY', leaseSeconds: 60, slot: 1 } as const;
    const taken = [await claim(db, request), await claim(db, request), await claim(db, request)].map(({ took }) => took);
    assert.deepEqual(taken, [15, 5, 0]);
  });

  test('whoever had the last of the allowance has died: another process asks anew', async (t) => {
    const db = await openTestDb(t);
    await tellAnswers(db, number, { good: 0, lost: 3, lostLate: 0, faulty: 0, returned: 0, reason: 'x', silentWith: undefined });
    await db.query("update circuit_breakers set allowance = 0, changed_at = clock_timestamp() - interval '1 minute'");
    const { outages } = openSending(db);
    await outages.tick();
    assert.deepEqual((await findBreaker(db, 'sandbox', NUMBER)).allowance, 1);
  });

  test('one lost answer now and then changes nothing, and is told to nobody', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 300 });
    const house = openSending(db, {
      script: (posted, nth) => (nth % 50 === 0 ? { kind: 'unknown', reason: 'connection_reset' } : accepted(posted)),
    });
    await house.runAndStop(id);
    assert.deepEqual(house.moves, []);
    assert.equal(house.posted.length, 300);
  });
});

describe('what a number that stands still leaves', () => {
  test('goes back to waiting within moments, though the stop lasts an hour', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 30 });
    const pacer = heldPacer();
    const house = openSending(db, { pacer });
    await house.sender.slice(id, 0);
    assert.equal(house.posted.length, 0);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 30 });
  });
});

describe('a process that the others have given up', () => {
  const claimAs = (db: Parameters<typeof claim>[0], campaignId: number, claimant: number): ReturnType<typeof claim> =>
    claim(db, { campaignId, mode: 'sandbox', limit: 2, category: 'UTILITY', leaseSeconds: 120, slot: 1, claimant });

  test('claims nothing any more, and what it had claimed is unknown at once, not after its lease', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 5 });
    await db.query(
      `insert into processes (id, role, host, pid, number) values ('a', 'worker', 'h', 1, 901), ('b', 'worker', 'h', 2, 902)`,
    );
    assert.equal((await claimAs(db, id, 901)).took, 2);
    assert.equal((await claimAs(db, id, 902)).took, 2);
    await db.query('update processes set gone_at = clock_timestamp() where number = 901');
    const again = await claimAs(db, id, 901);
    assert.deepEqual([again.took, again.isAlive], [0, false]);
    assert.deepEqual(await expireLeases(db, { everyone: false, slot: 2 }), { expired: 2, campaignIds: [id] });
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['unknown', 'unknown', 'sending', 'sending', 'pending'],
    );
    await assertCountersAddUp(db, id);
  });

  test('frozen between its claim and its POST, it wakes and posts nothing; its people go back', async (t) => {
    const db = await openTestDb(t);
    const id = await makeCampaign(db, { people: 3 });
    const pacer = heldPacer();
    await db.query(`insert into processes (id, role, host, pid, number) values ('c', 'worker', 'h', 1, 903)`);
    const house = openSending(db, { pacer, claimant: 903 });
    const slice = house.sender.slice(id, 0);
    await untilTrue('the slice waits for the pace', () => pacer.asked() === 1);
    await db.query('update processes set gone_at = clock_timestamp() where number = 903');
    await expireLeases(db, { everyone: false, slot: 2 });
    const late = Date.now() + 20_000;
    t.mock.method(Date, 'now', () => late);
    pacer.release();
    await slice;
    await turns();
    assert.equal(house.posted.length, 0);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 3 });
  });
});
