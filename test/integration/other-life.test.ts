/** A restored database has a second life: what is told of the first one must not settle strangers, and must settle whom it is about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { personKey } from '../../src/lib/phone/parse.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { readInstallation } from '../../src/lifecycle/pause.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { putBack } from '../../src/lifecycle/resend.sql.ts';
import { markRestored } from '../../src/operations/after-restore.ts';
import { retryUnmatched } from '../../src/webhooks/unmatched.ts';
import { openTestDb } from '../support/db.ts';
import { type DeliveryHouse, openDelivery, statuses, statusItem } from '../support/delivery.ts';
import { addPeople, assertCountersAddUp, filled, makeCampaign, messageOf, newPerson, talliesOf } from '../support/factories.ts';

interface Life {
  readonly house: DeliveryHouse;
  readonly mark: (campaignId: number, messageId: number, attempt?: number) => string;
}

/** The database as the program of this life sees it. */
async function life(db: Db): Promise<Life> {
  const { id, epoch } = await readInstallation(db);
  return {
    house: openDelivery(db, { installationId: id, epoch, personOf: personKey }),
    mark: (campaignId, messageId, attempt = 1) =>
      [id, campaignId, messageId, attempt, ...(epoch === null ? [] : [epoch])].join('.'),
  };
}

async function claimAll(db: Db, campaignId: number): Promise<void> {
  await claim(db, { campaignId, mode: 'sandbox', limit: 50, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
}

const read = { status: 'read' as const };

test('a campaign that got the number of a forgotten one is not settled by what is told of the forgotten one', async (t) => {
  const db = await openTestDb(t);
  const before = await life(db);
  await markRestored(db);
  const after = await life(db);
  // The same list again: the same ids, the same people, another message.
  const person = newPerson();
  const id = await makeCampaign(db, { people: [{ person }, { person: newPerson() }] });
  await claimAll(db, id);
  await after.house.post(
    statuses(
      statusItem(
        { campaignId: id, messageId: 1, attempt: 1 },
        { ...read, to: person, wamid: 'wamid.old', callback: before.mark(id, 1) },
      ),
    ),
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { sending: 2 });
  await after.house.post(
    statuses(
      statusItem(
        { campaignId: id, messageId: 1, attempt: 1 },
        { ...read, to: person, wamid: 'wamid.new', callback: after.mark(id, 1) },
      ),
    ),
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { sending: 1, read: 1 });
  assert.equal((await messageOf(db, id, 1)).wamid, 'wamid.new');
  await assertCountersAddUp(db, id);
});

test('people added after the restore are strangers to what is told of the life before', async (t) => {
  const db = await openTestDb(t);
  const before = await life(db);
  const id = await makeCampaign(db, { people: 1 });
  await markRestored(db);
  const after = await life(db);
  const person = newPerson();
  await db.tx((sql) => addPeople(sql, id, [{ person }]));
  await after.house.post(
    statuses(statusItem({ campaignId: id, messageId: 2, attempt: 1 }, { ...read, to: person, callback: before.mark(id, 2) })),
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { unknown: 1, pending: 1 });
});

test('whoever is in doubt since the restore is settled by what is told of the life before, whichever try it was', async (t) => {
  const db = await openTestDb(t);
  const before = await life(db);
  const people = [newPerson(), newPerson(), newPerson()];
  const id = await makeCampaign(db, { people: people.map((person) => ({ person })) });
  await markRestored(db);
  await markRestored(db);
  const { house } = await life(db);
  const told = (messageId: number, attempt: number, to: number) =>
    statusItem({ campaignId: id, messageId, attempt }, { ...read, to, callback: before.mark(id, messageId, attempt) });
  // The second of them was tried twice in the forgotten time; of the third somebody else is told.
  await house.post(statuses(told(1, 1, people[0] ?? 0), told(2, 2, people[1] ?? 0), told(3, 1, newPerson())));
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { read: 2, unknown: 1 });
  await assertCountersAddUp(db, id);
});

test('what is told of the life before takes somebody out of the queue who was to be written to again', async (t) => {
  const db = await openTestDb(t);
  const before = await life(db);
  const person = newPerson();
  const id = await makeCampaign(db, { people: [{ person }] });
  await markRestored(db);
  await putBack(db, id, { from: 'unknown', codes: [], ids: undefined, by: 'test', olderThanMinutes: 0 }, 10, 0);
  const { house } = await life(db);
  await house.post(
    statuses(statusItem({ campaignId: id, messageId: 1, attempt: 1 }, { ...read, to: person, callback: before.mark(id, 1) })),
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { read: 1 });
});

test('a message accepted before the backup was made goes on being told of', async (t) => {
  const db = await openTestDb(t);
  const before = await life(db);
  const person = newPerson();
  const id = await makeCampaign(db, { people: [{ person }] });
  await claimAll(db, id);
  await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'accepted', wamid: 'wamid.kept' }], 0);
  await markRestored(db);
  const { house } = await life(db);
  await house.post(
    statuses(
      statusItem(
        { campaignId: id, messageId: 1, attempt: 1 },
        { ...read, to: person, wamid: 'wamid.kept', callback: before.mark(id, 1) },
      ),
    ),
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { read: 1 });
});

test('of a database put back without a word, a status is believed only if message id, number and person fit', async (t) => {
  const db = await openTestDb(t);
  const { house, mark } = await life(db);
  const people = [newPerson(), newPerson(), newPerson(), newPerson()];
  const id = await makeCampaign(db, { people: people.map((person) => ({ person })) });
  await claimAll(db, id);
  await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'accepted', wamid: 'wamid.ours' }], 0);
  const told = (messageId: number, to: number, wamid: string) =>
    statusItem({ campaignId: id, messageId, attempt: 1 }, { ...read, to, wamid, callback: mark(id, messageId) });
  await house.post(
    statuses(told(1, people[0] ?? 0, 'wamid.another'), told(2, newPerson(), 'wamid.2')),
    JSON.parse(JSON.stringify(statuses(told(3, people[2] ?? 0, 'wamid.3'))).replaceAll('"106540352242922"', '"999"')),
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { sending: 3, accepted: 1 });
  await house.post(statuses(told(3, people[2] ?? 0, 'wamid.3')));
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { sending: 2, accepted: 1, read: 1 });
});

test('a status with the id Meta gave our message counts, in whatever form it names the person', async (t) => {
  const db = await openTestDb(t);
  const { house, mark } = await life(db);
  const id = await makeCampaign(db, {
    people: [{ person: personKey(5_511_987_654_321) }, { person: newPerson() }, { person: newPerson() }],
  });
  await claimAll(db, id);
  await applyReports(db, [{ campaignId: id, messageId: 2, attempt: 1, status: 'accepted', wamid: 'wamid.2' }], 0);
  const told = (messageId: number, to: string) => ({
    ...statusItem(
      { campaignId: id, messageId, attempt: 1 },
      { ...read, wamid: `wamid.${String(messageId)}`, callback: mark(id, messageId) },
    ),
    recipient_id: to,
  });
  // Brazil's ninth digit left out; somebody else's number; none at all, as of people behind a username.
  await house.post(statuses(told(1, '551187654321'), told(2, '15550001111'), told(3, '')));
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { read: 3 });
});

test('an early status that names the person in an unknown form is kept, and counts once our own answer has told the id', async (t) => {
  const db = await openTestDb(t);
  const { house, mark } = await life(db);
  const id = await makeCampaign(db, { people: [{ person: newPerson() }] });
  await claimAll(db, id);
  await house.post(
    statuses(
      statusItem(
        { campaignId: id, messageId: 1, attempt: 1 },
        { ...read, to: newPerson(), wamid: 'wamid.early', callback: mark(id, 1) },
      ),
    ),
  );
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { sending: 1 });
  await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'accepted', wamid: 'wamid.early' }], 0);

  await db.query(`update orphan_statuses set look_at = '-infinity'`);
  assert.equal(await retryUnmatched(house.deps), 1);
  assert.deepEqual(filled((await talliesOf(db, id)).byStatus), { read: 1 });
});
