import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSuppressed } from '../../src/consent/opt-outs.sql.ts';
import type { Db } from '../../src/lib/db/db.ts';

import { findCampaign, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { nextDue } from '../../src/lifecycle/claim.sql.ts';
import { ROW_FAULT_CODE } from '../../src/sending/to-report.ts';
import type { SendOutcome } from '../../src/whatsapp/send-outcome.ts';
import { openFileDb } from '../support/db.ts';
import {
  assertCountersAddUp,
  eventsOfMessage,
  filled,
  makeCampaign,
  messageOf,
  messagesOf,
  NUMBER,
  newPerson,
  statusOf,
  talliesOf,
} from '../support/factories.ts';
import { accepted, heldPacer, openSending, rejected, wamidOf } from '../support/sending.ts';
import { deferred, turns, untilTrue } from '../support/wait.ts';

const db = await openFileDb();

async function pause(id: number): Promise<void> {
  await db.tx((sql) => moveCampaign(sql, id, 'pause', { pauseReason: { code: 'operator', message: 'x' } }));
}

describe('what a send comes to', () => {
  test('accepted: everyone is posted once, with their values and our own id, and the campaign completes', async () => {
    const person = newPerson();
    const id = await makeCampaign(db, {
      people: [{ person, data: { variable_1: 'Ana "A"', variable_2: 'Ñ' } }, { person: newPerson() }],
    });
    const house = openSending(db);
    await house.run(id);
    assert.equal(house.posted.length, 2);
    assert.deepEqual(house.posted[0]?.json, {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: `+${String(person)}`,
      type: 'template',
      template: {
        name: 'bienvenida',
        language: { code: 'es' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Ana "A"' },
              { type: 'text', text: 'Ñ' },
            ],
          },
        ],
      },
      biz_opaque_callback_data: `abc12345.${String(id)}.1.1`,
    });
    assert.equal(house.posted[0].phoneNumberId, NUMBER);
    assert.equal(await statusOf(db, id), 'completed');
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.wamid], ['accepted', wamidOf({ campaignId: id, messageId: 1, attempt: 1 })]);
    await assertCountersAddUp(db, id);
  });

  test('held: Meta keeps it back, which is a box of its own', async () => {
    const id = await makeCampaign(db);
    await openSending(db, { script: (posted) => ({ kind: 'accepted', wamid: wamidOf(posted.key), held: true }) }).run(id);
    assert.equal((await messageOf(db, id)).status, 'held');
  });

  test('unknown: it is not sent again, and the campaign completes with it', async () => {
    const id = await makeCampaign(db);
    const house = openSending(db, { script: () => ({ kind: 'unknown', reason: 'reset' }) });
    await house.run(id);
    await house.run(id);
    assert.equal(house.posted.length, 1);
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.reason, await statusOf(db, id)], ['unknown', 'reset', 'completed']);
  });

  test('a transient error is tried again up to the limit, each time as a new attempt, and then fails with its cause', async () => {
    const id = await makeCampaign(db);
    const house = openSending(db, { script: () => rejected(131000, 'Something went wrong'), retry: { maxAttempts: 2 } });
    await house.run(id);
    assert.deepEqual(
      house.posted.map((posted) => posted.key.attempt),
      [1, 2, 3],
    );
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.error_code, row.retries], ['failed', 131000, 2]);
    const events = await eventsOfMessage(db, id);
    assert.deepEqual(
      events.map((event) => event.kind),
      ['retry', 'retry', 'failed'],
    );
    assert.equal(events[2]?.data['message'], 'Something went wrong');
    assert.equal(await statusOf(db, id), 'completed');
    await assertCountersAddUp(db, id);
  });

  test('a retry waits for its time, and the campaign waits with it', async () => {
    const id = await makeCampaign(db);
    const house = openSending(db, { script: () => rejected(131000), retry: { delaySeconds: 600, maxDelaySeconds: 600 } });
    await house.run(id);
    assert.equal(house.posted.length, 1);
    assert.equal(await statusOf(db, id), 'running');
    assert.ok(((await nextDue(db, id)).inMs ?? 0) > 200_000);
  });

  test('a person-level error fails that person alone', async () => {
    const id = await makeCampaign(db, { people: 3 });
    await openSending(db, { script: (posted) => (posted.key.messageId === 2 ? rejected(131026) : accepted(posted)) }).run(id);
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['accepted', 'failed', 'accepted'],
    );
    assert.deepEqual((await assertCountersAddUp(db, id)).errors, new Map([[131026, 1]]));
  });

  test('an opt-out told by an error keeps the person out of marketing from then on', async () => {
    const person = newPerson();
    const id = await makeCampaign(db, { people: [{ person }] });
    await openSending(db, { script: () => rejected(131050) }).runAndStop(id);
    assert.equal(await isSuppressed(db, person, true), true);
    assert.equal(await isSuppressed(db, person, false), false);
  });

  test('no byte written: it goes again without using up a retry, and the number slows down', async () => {
    const id = await makeCampaign(db);
    const pacer = heldPacer();
    pacer.release();
    const house = openSending(db, {
      pacer,
      script: (posted, nth) => (nth === 1 ? { kind: 'not_sent', reason: 'ECONNREFUSED' } : accepted(posted)),
    });
    await house.run(id);
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.retries], ['pending', 0]);
    assert.equal(pacer.slowed.length, 1);
    await db.query(`update messages set due = '-infinity' where campaign_id = $1`, [id]);
    await house.run(id);
    assert.equal((await messageOf(db, id)).status, 'accepted');
  });

  test('a row that cannot be filled fails alone, without a POST', async () => {
    const id = await makeCampaign(db, {
      people: [{ person: newPerson(), data: { variable_1: 'Ana' } }, { person: newPerson() }],
    });
    const house = openSending(db);
    await house.run(id);
    assert.deepEqual(
      house.posted.map((posted) => posted.key.messageId),
      [2],
    );
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.error_code], ['failed', ROW_FAULT_CODE]);
    assert.equal(await statusOf(db, id), 'completed');
  });

  test('a POST that throws leaves its message to the lease and harms nobody else', async () => {
    const id = await makeCampaign(db, { people: 3 });
    const house = openSending(db, {
      script: (posted) => {
        if (posted.key.messageId === 2) throw new Error('a bug');
        return accepted(posted);
      },
    });
    await house.sender.slice(id, 0);
    await house.sender.stop(1_000);
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['accepted', 'sending', 'accepted'],
    );
    assert.equal(house.sender.inFlight(), 0);
    assert.equal(house.errors.length, 1);
  });

  test('a row over which the program stumbles gives back its place: with one place in all the others still leave', async () => {
    const id = await makeCampaign(db, { people: 3 });
    await db.query(`update recipients set data = 'null' where campaign_id = $1 and id = 1`, [id]);
    const house = openSending(db, { maxInFlight: 1 });
    void house.sender.slice(id, 0);
    await untilTrue('the other two to leave', () => house.posted.length === 2);
    await house.sender.stop(1_000);
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['sending', 'accepted', 'accepted'],
    );
    assert.equal(house.errors.length, 1);
  });
});

describe('effects on others', () => {
  test('130429 slows the number down and sends the person again', async () => {
    const id = await makeCampaign(db);
    const pacer = heldPacer();
    pacer.release();
    await openSending(db, { pacer, script: () => rejected(130429) }).runAndStop(id);
    assert.equal(pacer.slowed.length, 1);
    assert.equal((await messageOf(db, id)).status, 'pending');
  });

  test('131056 delays that person only', async () => {
    const id = await makeCampaign(db, { people: 2 });
    const pacer = heldPacer();
    pacer.release();
    await openSending(db, {
      pacer,
      script: (posted) => (posted.key.messageId === 1 ? rejected(131056) : accepted(posted)),
    }).runAndStop(id);
    assert.deepEqual(pacer.slowed, []);
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['pending', 'accepted'],
    );
  });

  test('a template error pauses every campaign on that template, and no other', async () => {
    const ids = [
      await makeCampaign(db, { people: 5, templateName: 'rota' }),
      await makeCampaign(db, { templateName: 'rota' }),
      await makeCampaign(db),
    ] as const;
    await openSending(db, { script: () => rejected(132001) }).runAndStop(ids[0]);
    assert.deepEqual(await Promise.all(ids.map((id) => statusOf(db, id))), ['paused', 'paused', 'running']);
    const campaign = await findCampaign(db, ids[0]);
    assert.deepEqual([campaign?.pause_reason?.code, campaign?.pause_reason?.meta_code], ['template', 132001]);
    assert.deepEqual(filled((await assertCountersAddUp(db, ids[0])).byStatus), { pending: 5 });
  });

  test('an account error pauses every campaign on the number', async () => {
    const ids = [
      await makeCampaign(db, { phoneNumberId: '1' }),
      await makeCampaign(db, { phoneNumberId: '1' }),
      await makeCampaign(db, { phoneNumberId: '2' }),
    ] as const;
    await openSending(db, { script: () => rejected(190) }).runAndStop(ids[0]);
    assert.deepEqual(await Promise.all(ids.map((id) => statusOf(db, id))), ['paused', 'paused', 'running']);
  });

  test('a payload error pauses this campaign', async () => {
    const ids = [await makeCampaign(db), await makeCampaign(db)] as const;
    await openSending(db, { script: () => rejected(100, 'Param must be a string') }).runAndStop(ids[0]);
    assert.deepEqual(await Promise.all(ids.map((id) => statusOf(db, id))), ['paused', 'running']);
    assert.equal((await findCampaign(db, ids[0]))?.pause_reason?.code, 'payload');
  });

  test('the breaker stops a campaign whose first twenty fail alike, and the rest stays pending', async () => {
    const id = await makeCampaign(db, { people: 60 });
    const house = openSending(db, {
      maxInFlight: 1,
      // Meta takes its time: what came before is written down and followed up by then.
      script: async () => {
        await house.recorder.idle();
        await turns(10);
        return rejected(131026);
      },
    });
    await house.run(id);
    await house.sender.stop(5_000);
    const campaign = await findCampaign(db, id);
    assert.deepEqual(
      [campaign?.status, campaign?.pause_reason?.code, campaign?.pause_reason?.meta_code],
      ['paused', 'breaker', 131026],
    );
    const { byStatus } = await assertCountersAddUp(db, id);
    assert.ok(byStatus.failed >= 20 && byStatus.failed <= 22, `${String(byStatus.failed)} had failed`);
    assert.equal(byStatus.pending, 60 - byStatus.failed);
  });
});

describe('recall and stop', () => {
  test('what was claimed but waits for its moment goes back at once, though the pace never grants', async () => {
    const id = await makeCampaign(db, { people: 4 });
    const pacer = heldPacer();
    const house = openSending(db, { pacer });
    const slice = house.sender.slice(id, 0);
    await untilTrue('the slice waits for the pace', () => pacer.asked() === 1);
    assert.equal((await talliesOf(db, id)).byStatus.sending, 4);
    await pause(id);
    house.sender.recall([id]);
    await slice;
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 4 });
    assert.equal(house.posted.length, 0);
  });

  test('a recall of another campaign is no business of this one', async () => {
    const id = await makeCampaign(db, { people: 2 });
    const pacer = heldPacer();
    const house = openSending(db, { pacer });
    const slice = house.sender.slice(id, 0);
    await untilTrue('the slice waits for the pace', () => pacer.asked() === 1);
    house.sender.recall([id + 1]);
    pacer.release();
    await slice;
    assert.equal(house.posted.length, 2);
    await house.sender.stop(1_000);
  });

  test('whoever has left when the pause comes is recorded, in whatever state the campaign is', async () => {
    const id = await makeCampaign(db, { people: 2 });
    const answer = deferred<SendOutcome>();
    const house = openSending(db, { script: () => answer.promise, maxInFlight: 1 });
    const slice = house.sender.slice(id, 0);
    await untilTrue('the first is out', () => house.posted.length === 1);
    await pause(id);
    house.sender.recall([id]);
    await slice;
    answer.resolve({ kind: 'accepted', wamid: 'wamid.late', held: false });
    await house.sender.stop(1_000);
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['accepted', 'pending'],
    );
  });

  test('a cancelled campaign gets nothing back: it goes to the cancelled box', async () => {
    const id = await makeCampaign(db, { people: 2 });
    const pacer = heldPacer();
    const house = openSending(db, { pacer });
    const slice = house.sender.slice(id, 0);
    await untilTrue('the slice waits for the pace', () => pacer.asked() === 1);
    await db.tx((sql) => moveCampaign(sql, id, 'cancel'));
    house.sender.recall([id]);
    await slice;
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { cancelled: 2 });
  });

  test('a stop gives back what has not left, waits for what has, and takes no more', async () => {
    const id = await makeCampaign(db, { people: 3 });
    const answer = deferred<SendOutcome>();
    const house = openSending(db, { script: () => answer.promise, maxInFlight: 1 });
    const slice = house.sender.slice(id, 0);
    await untilTrue('the first is out', () => house.posted.length === 1);
    const stopped = house.sender.stop(10_000);
    answer.resolve({ kind: 'accepted', wamid: 'wamid.1', held: false });
    await stopped;
    await slice;
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 2, accepted: 1 });
    assert.equal(await house.sender.slice(id, 0), undefined);
    assert.equal(house.posted.length, 1);
  });

  test('a stop that comes while a claim is under way waits until its people are given back', async () => {
    const id = await makeCampaign(db, { people: 3 });
    const stops: Promise<void>[] = [];
    const stopping: Db = {
      ...db,
      query: async (text, params) => {
        const result = await db.query<never>(text, params);
        if (text.includes('picked as materialized')) stops.push(house.sender.stop(1_000));
        return result;
      },
    };
    const house = openSending(stopping);
    void house.sender.slice(id, 0);
    await untilTrue('the claim is committed', () => stops.length === 1);
    await stops[0];
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 3 });
    assert.equal(house.posted.length, 0);
  });

  test('what has waited so long that its lease would not outlive the POST goes back instead of leaving', async (t) => {
    const id = await makeCampaign(db, { people: 2 });
    const pacer = heldPacer();
    const house = openSending(db, { pacer });
    const slice = house.sender.slice(id, 0);
    await untilTrue('the slice waits for the pace', () => pacer.asked() === 1);
    const late = Date.now() + 61_000;
    t.mock.method(Date, 'now', () => late);
    pacer.release();
    await slice;
    assert.equal(house.posted.length, 0);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 2 });
  });

  test('an answer that does not come within the grace is unknown', async () => {
    const id = await makeCampaign(db);
    const house = openSending(db, {
      script: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve({ kind: 'unknown', reason: 'stopping' });
          });
        }),
    });
    await house.sender.slice(id, 0);
    await house.sender.stop(20);
    assert.equal((await messageOf(db, id)).status, 'unknown');
  });
});

describe('looking again', () => {
  test('a paused campaign is left alone until somebody wakes it, and goes on after the resume', async () => {
    const id = await makeCampaign(db, { people: 2 });
    const house = openSending(db, { maxInFlight: 1 });
    await pause(id);
    assert.equal(await house.sender.slice(id, 0), undefined);
    await db.tx((sql) => moveCampaign(sql, id, 'resume'));
    // Known by now, and paused again: it must not be asked for over and over.
    await db.query(`update messages set due = clock_timestamp() + interval '1 hour' where campaign_id = $1`, [id]);
    assert.ok(((await house.sender.slice(id, 0))?.againInMs ?? 0) > 1_000);
    await pause(id);
    await db.query(`update messages set due = '-infinity' where campaign_id = $1`, [id]);
    assert.equal(await house.sender.slice(id, 0), undefined);
    await db.tx((sql) => moveCampaign(sql, id, 'resume'));
    await house.run(id);
    assert.equal(await statusOf(db, id), 'completed');
  });

  test('nothing is claimed while the number stands still', async () => {
    const id = await makeCampaign(db);
    const pacer = heldPacer();
    pacer.stopped = 3_600_000;
    const house = openSending(db, { pacer });
    assert.deepEqual(await house.sender.slice(id, 0), { againInMs: 5_000 });
    assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { pending: 1 });
  });

  test('a campaign with its own pace asks both, its own first', async () => {
    const id = await makeCampaign(db, { people: 2, messagesPerSecond: 50 });
    const [own, number] = [heldPacer(), heldPacer()];
    number.release();
    const house = openSending(db, { pacer: number, campaignPacer: own });
    const slice = house.sender.slice(id, 0);
    await untilTrue('its own pace is asked', () => own.asked() === 1);
    assert.equal(number.asked(), 0);
    own.release();
    await slice;
    await house.sender.stop(1_000);
    assert.equal(house.posted.length, 2);
  });

  test('pause and resume, and another process, go on with its own pace where it was', async () => {
    const id = await makeCampaign(db, { people: 9, messagesPerSecond: 0.01 });
    for (let life = 0; life < 4; life++) {
      const house = openSending(db);
      await house.run(id);
      assert.equal(house.posted.length, life === 0 ? 1 : 0);
      await pause(id);
      await house.sender.stop(1_000);
      await db.tx((sql) => moveCampaign(sql, id, 'resume'));
    }
  });

  test('a batch with a delay says when the next one comes', async () => {
    const id = await makeCampaign(db, { people: 5, batchSize: 2, delay: 2 });
    const house = openSending(db);
    await house.run(id);
    assert.equal(house.posted.length, 2);
    const next = await house.sender.slice(id, 0);
    assert.ok(next !== undefined && next.againInMs > 500 && next.againInMs <= 2_000);
  });

  test('never more at a time than there is room for', async () => {
    const id = await makeCampaign(db, { people: 20 });
    let flying = 0;
    let most = 0;
    const house = openSending(db, {
      maxInFlight: 3,
      script: async (posted) => {
        most = Math.max(most, ++flying);
        await new Promise((resolve) => setImmediate(resolve));
        flying--;
        return accepted(posted);
      },
    });
    await house.run(id);
    assert.equal(most, 3);
    assert.equal(await statusOf(db, id), 'completed');
  });

  test('a full slice wakes the other lanes', async () => {
    const id = await makeCampaign(db, { people: 600 });
    const house = openSending(db, { lanes: 2 });
    await house.sender.slice(id, 0);
    assert.deepEqual(house.woken, [{ campaignId: id, lane: 1 }]);
    await house.sender.stop(5_000);
  });

  test('a campaign of the other mode is never sent', async () => {
    const house = openSending(db);
    assert.equal(await house.sender.slice(await makeCampaign(db, { mode: 'live' }), 0), undefined);
    assert.equal(house.posted.length, 0);
  });
});

describe('money', () => {
  test('the campaign pauses before its budget is passed, once the answers that are out have given back what failed', async () => {
    const id = await makeCampaign(db, { people: 6, budgetMicros: 30_000 });
    const house = openSending(db, {
      prices: { '': 10_000 },
      script: (one, nth) => (nth === 1 ? rejected(131026) : accepted(one)),
    });
    await house.run(id);
    // The first failed and cost nothing: three others were within the budget.
    assert.equal(house.posted.length, 4);
    const campaign = await findCampaign(db, id);
    assert.deepEqual([campaign?.status, campaign?.pause_reason?.code], ['paused', 'budget']);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { pending: 2, accepted: 3, failed: 1 });
  });
});
