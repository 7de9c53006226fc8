import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isSuppressed } from '../../src/consent/opt-outs.sql.ts';
import type { Db } from '../../src/lib/db/db.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { rateCardFor } from '../../src/pricing/rate-card.ts';
import { createApplier } from '../../src/webhooks/apply.ts';
import {
  pruneWebhooks,
  replayWebhooks,
  requeueGivenUpByOthers,
  storeWebhooks,
  webhookBacklog,
} from '../../src/webhooks/journal.sql.ts';
import { MAX_TRIES } from '../../src/webhooks/try-again.ts';
import { giveUpUnmatched, retryUnmatched } from '../../src/webhooks/unmatched.ts';
import { openFileDb } from '../support/db.ts';
import { openDelivery, statuses, statusItem } from '../support/delivery.ts';
import {
  assertCountersAddUp,
  eventsOfMessage,
  filled,
  makeCampaign,
  messageOf,
  messagesOf,
  newPerson,
  statusOf,
} from '../support/factories.ts';
import { untilTrue } from '../support/wait.ts';

const db = await openFileDb();
const FIXTURES = new URL('../fixtures/meta/webhooks/', import.meta.url);

async function sending(people: number, person?: number): Promise<number> {
  const id = await makeCampaign(db, { people: person === undefined ? people : [{ person }] });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: people, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  return id;
}

function key(campaignId: number, messageId = 1, attempt = 1) {
  return { campaignId, messageId, attempt };
}

async function counts(): Promise<Map<string, number>> {
  const { rows } = await db.query<{ what: string; n: number }>('select what, n from webhook_counts');
  return new Map(rows.map((row) => [row.what, row.n]));
}

async function orphans(): Promise<string[]> {
  const { rows } = await db.query<{ wamid: string }>('select wamid from orphan_statuses order by id');
  return rows.map((row) => row.wamid);
}

describe('statuses', () => {
  test('every payload of Meta we have is applied without an error and counted', async () => {
    const house = openDelivery(db);
    const files = readdirSync(FIXTURES).filter((file) => file.endsWith('.json'));
    assert.ok(files.length > 50);
    const before = [...(await counts()).values()].reduce((sum, n) => sum + n, 0);
    for (const file of files) {
      await house.post(readFileSync(new URL(file, FIXTURES), 'utf8'));
      assert.deepEqual(house.errors, [], file);
    }
    const after = [...(await counts()).values()].reduce((sum, n) => sum + n, 0);
    assert.ok(after - before >= files.length);
    assert.deepEqual(await webhookBacklog(db).then(({ pending, stuck }) => ({ pending, stuck })), { pending: 0, stuck: 0 });
  });

  test('are matched by our own id, before the response of the send as well', async () => {
    const house = openDelivery(db);
    const id = await sending(2);
    await house.post(
      statuses(
        statusItem(key(id, 1), { status: 'sent', wamid: 'wamid.A' }),
        statusItem(key(id, 2), { status: 'read', wamid: 'wamid.B', at: 1_760_000_050 }),
      ),
    );
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => [row.status, row.wamid]),
      [
        ['sent', 'wamid.A'],
        ['read', 'wamid.B'],
      ],
    );
    await assertCountersAddUp(db, id);
  });

  test('without our id are matched by wamid and person', async () => {
    const person = newPerson();
    const house = openDelivery(db);
    const id = await sending(1, person);
    await applyReports(db, [{ ...key(id), status: 'accepted', wamid: 'wamid.W' }], 0);
    await house.post(statuses(statusItem(key(id), { status: 'delivered', wamid: 'wamid.W', to: person, callback: null })));
    assert.equal((await messageOf(db, id)).status, 'delivered');
  });

  test('that meet no message are kept, and applied when the message turns up', async () => {
    const person = newPerson();
    const house = openDelivery(db);
    const id = await sending(1, person);
    await house.post(statuses(statusItem(key(id), { status: 'delivered', wamid: 'wamid.early', to: person, callback: null })));
    assert.deepEqual(
      (await orphans()).filter((wamid) => wamid === 'wamid.early'),
      ['wamid.early'],
    );
    await retryUnmatched(house.deps);
    assert.equal((await messageOf(db, id)).status, 'sending');
    await applyReports(db, [{ ...key(id), status: 'accepted', wamid: 'wamid.early' }], 0);
    assert.equal(await retryUnmatched(house.deps), 0, 'its turn has not come again');
    await db.query(`update orphan_statuses set look_at = '-infinity' where wamid = 'wamid.early'`);
    assert.equal(await retryUnmatched(house.deps), 1);
    assert.equal((await messageOf(db, id)).status, 'delivered');
    assert.ok(!(await orphans()).includes('wamid.early'));
    assert.equal(await retryUnmatched(house.deps), 0);
    await assertCountersAddUp(db, id);
  });

  test('all of them are kept when several tell of an attempt that is not there', async () => {
    const house = openDelivery(db);
    const id = await sending(1);
    await house.post(
      statuses(
        ...(['sent', 'delivered'] as const).map((status) => statusItem(key(id, 1, 7), { status, wamid: 'wamid.seventh' })),
      ),
    );
    assert.equal((await orphans()).filter((wamid) => wamid === 'wamid.seventh').length, 2);
    assert.equal((await messageOf(db, id)).status, 'sending');
  });

  test('orphans are given up after seven days', async () => {
    const house = openDelivery(db);
    await db.query(
      `insert into orphan_statuses (wamid, payload, received_at) values ('wamid.old', '{}', now() - interval '8 days')`,
    );
    await giveUpUnmatched(house.deps.db);
    assert.ok(!(await orphans()).includes('wamid.old'));
  });

  test('what meets no message is looked for again after as long as it is old already, and not before', async () => {
    const house = openDelivery(db);
    const id = await sending(1);
    const wait = async (): Promise<number | null> =>
      (
        await db.query<{ seconds: number | null }>(
          `select round(extract(epoch from look_at - clock_timestamp()))::float8 as seconds from orphan_statuses where wamid = 'wamid.rare'`,
        )
      ).rows[0]?.seconds ?? null;
    await house.post(statuses(statusItem(key(id), { status: 'sent', wamid: 'wamid.rare', callback: null })));
    for (const [age, seconds] of [
      ['0 s', 5],
      ['10 minutes', 600],
      ['3 days', 21_600],
    ] as const) {
      await db.query(
        `update orphan_statuses set received_at = clock_timestamp() - $1::interval, look_at = '-infinity' where wamid = 'wamid.rare'`,
        [age],
      );
      await retryUnmatched(house.deps);
      assert.equal(await wait(), seconds, age);
      const { rows } = await db.query(`select look_at from orphan_statuses where wamid = 'wamid.rare'`);
      await retryUnmatched(house.deps);
      assert.deepEqual((await db.query(`select look_at from orphan_statuses where wamid = 'wamid.rare'`)).rows, rows);
    }
  });

  test('however many wait, all whose turn it is are looked for', async () => {
    const house = openDelivery(db);
    await db.query(
      `insert into orphan_statuses (wamid, person, payload) select 'wamid.many' || n, 99000000 + n, '{}' from generate_series(1, 1200) n`,
    );
    await retryUnmatched(house.deps);
    const { rows } = await db.query('select from orphan_statuses where look_at <= clock_timestamp()');
    assert.equal(rows.length, 0);
    await db.query(`delete from orphan_statuses where wamid like 'wamid.many%'`);
  });

  test("of another installation on the same number are nobody's here", async () => {
    const house = openDelivery(db);
    const id = await sending(1);
    const before = (await orphans()).length;
    await house.post(statuses(statusItem(key(id), { status: 'read', callback: `other123.${String(id)}.1.1` })));
    assert.equal((await messageOf(db, id)).status, 'sending');
    assert.equal((await orphans()).length, before);
  });

  test('with callback data of some other system are looked for by wamid', async () => {
    const person = newPerson();
    const house = openDelivery(db);
    const id = await sending(1, person);
    await applyReports(db, [{ ...key(id), status: 'accepted', wamid: 'wamid.O' }], 0);
    await house.post(statuses(statusItem(key(id), { status: 'read', wamid: 'wamid.O', to: person, callback: 'order-77' })));
    assert.equal((await messageOf(db, id)).status, 'read');
  });

  test('in any order, number and packing end the same as told one by one', async () => {
    const kinds = fc.uniqueArray(fc.constantFrom('sent', 'delivered', 'read', 'failed'), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(kinds, { minLength: 3, maxLength: 3 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        async (people, dice) => {
          const roll = (): number => Number(dice.next().value ?? 0);
          const ends: unknown[] = [];
          for (const isShuffled of [false, true]) {
            const id = await sending(3);
            const house = openDelivery(db);
            const items = people.flatMap((told, i) =>
              told.map((status) =>
                statusItem(key(id, i + 1), {
                  status,
                  wamid: `w${String(i)}`,
                  at: 1_760_000_000 + { sent: 1, delivered: 70, read: 130, failed: 200 }[status],
                  ...(status === 'failed' ? { code: 131026 } : {}),
                  pricing: { type: 'regular', category: 'utility', pricing_model: 'PMP' },
                }),
              ),
            );
            if (!isShuffled) for (const item of items) await house.post(statuses(item));
            else {
              const doubled = [...items, ...items]
                .map((item) => ({ item, by: roll() }))
                .sort((a, b) => a.by - b.by)
                .map(({ item }) => item);
              const packs: unknown[] = [];
              while (doubled.length > 0) packs.push(statuses(...doubled.splice(0, 1 + (roll() % 4))));
              await house.post(...packs);
            }
            const rows = await messagesOf(db, id);
            ends.push(rows.map((row) => ({ ...row, campaign_id: 0, accepted_at: row.accepted_at !== null })));
            await assertCountersAddUp(db, id);
          }
          assert.deepEqual(ends[1], ends[0]);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('thousands in one webhook are applied all', async () => {
    const id = await makeCampaign(db, { people: 2_500 });
    for (let taken = 1; taken > 0; )
      taken = (await claim(db, { campaignId: id, mode: 'sandbox', limit: 5_000, category: 'UTILITY', leaseSeconds: 60, slot: 0 }))
        .took;
    await openDelivery(db).post(
      statuses(...Array.from({ length: 2_500 }, (_, i) => statusItem(key(id, 2_500 - i), { status: 'sent' }))),
    );
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sent: 2_500 });
  });
});

describe('what it costs', () => {
  test('is the flat price when one is set, once, and nothing for what Meta gives free', async () => {
    const house = openDelivery(db);
    const id = await sending(3);
    const regular = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' };
    await house.post(
      statuses(
        statusItem(key(id, 1), { status: 'sent', pricing: regular }),
        statusItem(key(id, 1), { status: 'delivered', pricing: regular }),
        statusItem(key(id, 2), { status: 'delivered', pricing: { type: 'free_customer_service', category: 'utility' } }),
        statusItem(key(id, 3), { status: 'sent', pricing: regular }),
      ),
    );
    assert.equal((await assertCountersAddUp(db, id)).costMicros, 12_500);
  });

  test('is that of the rate card by country, category and day otherwise', async () => {
    const house = openDelivery(db, { price: (at) => rateCardFor(at) });
    const id = await sending(1, 573_001_112_233);
    await house.post(
      statuses(
        statusItem(key(id), {
          status: 'delivered',
          to: 573_001_112_233,
          at: 1_785_000_000,
          pricing: { type: 'regular', category: 'marketing' },
        }),
      ),
    );
    assert.equal(
      (await assertCountersAddUp(db, id)).costMicros,
      rateCardFor(new Date(1_785_000_000_000)).markets['Colombia']?.marketing,
    );
  });

  test('is not taken back by a status that says nothing of it, nor by a failure after the delivery', async () => {
    const house = openDelivery(db);
    const id = await sending(1);
    await house.post(statuses(statusItem(key(id), { status: 'delivered', pricing: { type: 'regular', category: 'utility' } })));
    await house.post(statuses(statusItem(key(id), { status: 'read' }), statusItem(key(id), { status: 'failed', code: 131000 })));
    assert.equal((await assertCountersAddUp(db, id)).costMicros, 12_500);
  });
});

describe('a failure told by webhook', () => {
  test("is never sent again by itself, and keeps Meta's words", async () => {
    const id = await sending(1);
    await openDelivery(db).post(statuses(statusItem(key(id), { status: 'failed', code: 131000 })));
    const row = await messageOf(db, id);
    assert.deepEqual([row.status, row.error_code, row.retries], ['failed', 131000, 0]);
    const [event] = await eventsOfMessage(db, id);
    assert.deepEqual([event?.kind, event?.data['details'], event?.data['via']], ['failed', 'y', 'webhook']);
  });

  test('131050 keeps the person out of marketing, however often it is told', async () => {
    const person = newPerson();
    const id = await sending(1, person);
    const failed = statuses(statusItem(key(id), { status: 'failed', code: 131050, to: person }));
    await openDelivery(db).post(failed, failed);
    assert.equal(await isSuppressed(db, person, true), true);
    assert.equal(await isSuppressed(db, person, false), false);
  });

  test('of the account pauses the campaigns on the number once; a doubled one has no second effect', async () => {
    const house = openDelivery(db);
    const id = await sending(2);
    const failed = statuses(statusItem(key(id), { status: 'failed', code: 131042 }));
    await house.post(failed);
    assert.equal(await statusOf(db, id), 'paused');
    assert.ok(house.consequences.some((consequence) => consequence.kind === 'recalled' && consequence.campaignIds.includes(id)));
    await db.query(`update campaigns set status = 'running', pause_reason = null where id = $1`, [id]);
    await house.post(failed);
    assert.equal(await statusOf(db, id), 'running');
  });
});

describe('an odd webhook', () => {
  /** A database that cannot apply bodies which hold this word. */
  function allergic(word: string): Db {
    return {
      ...db,
      tx: (work, isolation) =>
        db.tx((sql) => {
          let isTaken = false;
          return work({
            query: async (text, params) => {
              if (isTaken) throw new Error('cannot be applied');
              const result = await sql.query<never>(text, params);
              isTaken = result.rows.some((row: { body?: unknown }) => typeof row.body === 'string' && row.body.includes(word));
              return result;
            },
          });
        }, isolation),
    };
  }

  test('is set aside at its first failure while the others pass, and given up after its tries', async () => {
    const house = openDelivery(allergic('poison'));
    const id = await sending(3);
    const before = await webhookBacklog(db);
    const stuck = async () => {
      const after = await webhookBacklog(db);
      return [after.pending, after.stuck - before.stuck];
    };
    await house.post(
      statuses(statusItem(key(id, 1), { status: 'sent' })),
      { entry: [{ changes: [{ field: 'poison', value: {} }] }] },
      statuses(statusItem(key(id, 2), { status: 'sent' })),
      statuses(statusItem(key(id, 3), { status: 'sent' })),
    );
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sent: 3 });
    assert.deepEqual(await stuck(), [0, 1]);
    // Alone, and not five times within the same moment.
    assert.equal(house.errors.filter(({ what }) => what === 'applying one webhook').length, 1);
    for (let tries = 1; tries < MAX_TRIES; tries++) {
      await db.query(`update webhook_pending set look_at = '-infinity'`);
      await house.applyAll();
    }
    await db.query(`update webhook_pending set look_at = '-infinity'`);
    assert.deepEqual(await stuck(), [0, 1]);
    assert.equal((await db.query('select from webhook_pending where tries = $1', [MAX_TRIES])).rowCount, 1);
    // The same version leaves it alone; the next one, or a person, plays it again.
    assert.equal(await requeueGivenUpByOthers(db, '1'), 0);
    assert.equal(await requeueGivenUpByOthers(db, '2'), 1);
    assert.deepEqual(await stuck(), [1, 0]);
    assert.ok((await replayWebhooks(db, new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000))) > 0);
    await openDelivery(db).applyAll();
    assert.deepEqual(await webhookBacklog(db).then((after) => [after.pending, after.stuck]), [0, 0]);
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sent: 3 });
  });

  test('that meets tables of another version waits for them and is applied when they are there', async () => {
    const house = openDelivery(db);
    const id = await sending(1);
    await db.query('alter table webhook_counts rename to webhook_counts_of_tomorrow');
    await house.post(statuses(statusItem(key(id, 1), { status: 'sent' })));
    for (let tries = 0; tries < MAX_TRIES + 3; tries++) {
      await db.query(`update webhook_pending set look_at = '-infinity'`);
      await house.applyAll();
    }
    await db.query('alter table webhook_counts_of_tomorrow rename to webhook_counts');
    await db.query(`update webhook_pending set look_at = '-infinity'`);
    await house.applyAll();
    assert.deepEqual(filled((await assertCountersAddUp(db, id)).byStatus), { sent: 1 });
  });

  test('that is no JSON, or no object, is kept in the journal and counted', async () => {
    const before = (await counts()).get('unknown.unreadable') ?? 0;
    const house = openDelivery(db);
    await house.post('not json', '', '[1,2', 'null', '7', '{"entry":null}', '{"entry":[null,{"changes":[null,{"field":7}]}]}');
    assert.deepEqual(house.errors, []);
    assert.equal((await counts()).get('unknown.unreadable'), before + 3);
  });

  test('with times, codes and names beyond all bounds does not hold up the rest', async () => {
    const house = openDelivery(db);
    const id = await sending(2);
    await house.post(
      statuses(
        { ...statusItem(key(id, 1), { status: 'failed', code: 99_999_999_999 }), timestamp: '99999999999999999' },
        statusItem(key(id, 2), { status: 'sent', wamid: 'wamid.\0\ud800' }),
      ),
    );
    assert.deepEqual(
      (await messagesOf(db, id)).map((row) => row.status),
      ['failed', 'sent'],
    );
    assert.deepEqual(house.errors, []);
  });
});

describe('the journal', () => {
  test('forgets what is old, but not what still waits', async () => {
    await storeWebhooks(db, ['{"waits":1}']);
    await db.query(`update webhook_events set received_at = now() - interval '40 days'`);
    await pruneWebhooks(db, 30, false);
    const { rows } = await db.query<{ body: string }>('select body from webhook_events');
    assert.deepEqual(
      rows.map((row) => row.body),
      ['{"waits":1}'],
    );
    await openDelivery(db).applyAll();
  });
});

describe('the rest between batches', () => {
  const waiting = async (): Promise<number> => (await webhookBacklog(db)).pending;

  test('nothing is taken before it is over, and what came meanwhile is taken together', async () => {
    const apply = createApplier(openDelivery(db).deps);
    assert.equal(await apply(), undefined, 'there is nothing, so nothing is to be done again');
    await storeWebhooks(db, ['{"entry":[]}']);
    const rest = (await apply())?.againInMs ?? 0;
    assert.ok(rest > 0, 'it says when to come again');
    await storeWebhooks(db, ['{"entry":[]}', '{"entry":[]}']);
    const early = (await apply())?.againInMs ?? 0;
    assert.ok(early > 0 && early <= rest, 'whoever comes early is told what is left of it');
    assert.equal(await waiting(), 2, 'and takes nothing');
    await untilTrue('the rest to be over', async () => {
      await apply();
      return (await waiting()) === 0;
    });
  });

  test('a full batch is followed by the next at once', async () => {
    const apply = createApplier(openDelivery(db).deps);
    const large = `{"entry":[],"pad":"${'x'.repeat(1_000_000)}"}`;
    await storeWebhooks(db, [large, large, large]);
    assert.deepEqual(await apply(), { againInMs: 0 });
    await apply();
    assert.equal(await waiting(), 0);
  });
});
