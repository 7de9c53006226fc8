import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { consentTrail, isSuppressed } from '../../src/consent/opt-outs.sql.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { readAlarms } from '../../src/operations/alarms.ts';
import { openFileDb } from '../support/db.ts';
import { change, messages, openDelivery, statuses, statusItem, text } from '../support/delivery.ts';
import { makeCampaign, NUMBER, newPerson } from '../support/factories.ts';

const db = await openFileDb();
const house = openDelivery(db);
let made = 0;
const next = (): string => String(++made);
const newId = (): string => `CO.1${next().padStart(12, '0')}`;
const at = String(Math.floor(Date.now() / 1000));

const isOut = (person: number): Promise<boolean> => isSuppressed(db, person, false);

/** A message from somebody, as far as they are named. */
function said(body: string, who: Record<string, unknown> = {}, contacts?: unknown[]): unknown {
  return messages({
    ...(contacts === undefined ? {} : { contacts }),
    messages: [{ id: `wamid.who.${next()}`, timestamp: at, ...who, ...text(body) }],
  });
}

/** Somebody who was written to, and the wamid as WhatsApp makes it. */
async function written(person: number): Promise<{ campaignId: number; wamid: string }> {
  const campaignId = await makeCampaign(db, { people: [{ person }] });
  await claim(db, { campaignId, mode: 'sandbox', limit: 1, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  const digits = String(person);
  const wamid = `wamid.${Buffer.from(`\x1c\x18${String.fromCharCode(digits.length)}${digits}\x15\x02\x00\x11\x18\x12${next()}\x00`, 'latin1').toString('base64')}`;
  await applyReports(db, [{ campaignId, messageId: 1, attempt: 1, status: 'accepted', wamid }], 0);
  return { campaignId, wamid };
}

/** A status without the phone of its recipient. */
function hidden(item: Record<string, unknown>, over: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'recipient_id')), ...over };
}

async function waiting(): Promise<{ user_id: string | null; doubt: string | null }[]> {
  const { rows } = await db.query<{ user_id: string | null; doubt: string | null }>(
    `select user_id, doubt from inbound_messages where consent = 'doubtful' and person is null`,
  );
  return rows;
}

describe('somebody who hides the phone opts out', () => {
  test('when a status has shown id and phone together', async () => {
    const [person, id] = [newPerson(), newId()];
    const { campaignId, wamid } = await written(person);
    const key = { campaignId, messageId: 1, attempt: 1 };
    await house.post(statuses({ ...statusItem(key, { status: 'delivered', wamid, to: person }), recipient_user_id: id }));
    await house.post(said('BAJA', { from_user_id: id }));
    assert.equal(await isOut(person), true);
  });

  test('when the status itself hid the phone: the message is ours', async () => {
    const [person, id] = [newPerson(), newId()];
    const { campaignId, wamid } = await written(person);
    const key = { campaignId, messageId: 1, attempt: 1 };
    await house.post(statuses(hidden(statusItem(key, { status: 'delivered', wamid }), { recipient_user_id: id })));
    await house.post(said('BAJA', { from: '', from_user_id: id }));
    assert.equal(await isOut(person), true);
  });

  test('when a contact card beside a message named both, or only the parent id is known', async () => {
    const [person, id, parent] = [newPerson(), newId(), newId()];
    await house.post(said('hola', { from: String(person) }, [{ wa_id: String(person), user_id: id, parent_user_id: parent }]));
    await house.post(said('no me escriban más', { from_user_id: newId() }, [{ user_id: 'x', parent_user_id: 'y' }]));
    assert.equal(await isOut(person), false);
    await house.post(said('no me escriban más', { from_parent_user_id: parent }));
    assert.equal(await isOut(person), true);
  });

  test('when the message quotes one of ours', async () => {
    const [person, id] = [newPerson(), newId()];
    const { wamid } = await written(person);
    await house.post(said('BAJA', { from_user_id: id, context: { id: wamid } }));
    assert.equal(await isOut(person), true);
    // And the id is known from then on.
    await house.post(
      change('user_preferences', {
        user_preferences: [{ user_id: id, category: 'marketing_messages', value: 'stop', timestamp: at }],
      }),
    );
    const trail = await consentTrail(db, person);
    assert.deepEqual(trail.map((event) => event.source).sort(), ['keyword', 'preferences']);
  });

  test('when only the contact names the phone, the message nobody', async () => {
    const person = newPerson();
    await house.post(said('BAJA', {}, [{ wa_id: String(person), profile: { name: 'Eva' } }]));
    assert.equal(await isOut(person), true);
  });

  test('later, as soon as the phone is known: it holds from when it was said', async () => {
    const [person, id, other] = [newPerson(), newId(), newId()];
    await house.post(said('BAJA', { from_user_id: id }));
    await house.post(
      change('user_preferences', { user_preferences: [{ user_id: other, value: 'stop', timestamp: Number(at) }] }),
    );
    assert.deepEqual(
      (await waiting()).filter(({ user_id }) => user_id === id || user_id === other).map(({ doubt }) => doubt),
      ['sender_unknown', 'sender_unknown'],
    );
    assert.ok(
      (await readAlarms(db, { mode: 'sandbox', phoneNumberId: NUMBER })).some(({ code }) => code === 'opt_out_of_unknown'),
    );
    await house.post(said('hola', { from: String(person), from_user_id: id }));
    assert.equal(await isOut(person), true);
    await house.post(said('hola', { from: String(person), from_user_id: other }));
    const trail = await consentTrail(db, person);
    assert.deepEqual(
      trail.map(({ scope, source, at: when }) => [scope, source, String(when.getTime() / 1000)]),
      [
        ['all', 'keyword', at],
        ['marketing', 'preferences', at],
      ],
    );
    assert.deepEqual(
      (await waiting()).filter(({ user_id }) => user_id === id || user_id === other),
      [],
    );
  });
});

test('a message edited to a STOP is one, a message on standby counts, what the business wrote itself does not', async () => {
  const [edited, standby, echoed] = [newPerson(), newPerson(), newPerson()];
  await house.post(
    messages({
      messages: [
        {
          id: 'wamid.edit',
          from: String(edited),
          timestamp: at,
          type: 'edit',
          edit: { original_message_id: 'wamid.x', message: { type: 'text', text: { body: 'Ya no me escriban' } } },
        },
      ],
    }),
    change('standby', { messages: [{ id: 'wamid.standby', from: String(standby), timestamp: at, ...text('STOP') }] }),
    change('smb_message_echoes', { message_echoes: [{ id: 'wamid.echo', from: '1', to: String(echoed), ...text('STOP') }] }),
  );
  assert.deepEqual(await Promise.all([edited, standby, echoed].map(isOut)), [true, true, false]);
  const alarms = await readAlarms(db, { mode: 'sandbox', phoneNumberId: NUMBER });
  assert.ok(alarms.some(({ code }) => code === 'on_standby'));
});

describe('a new number, a new id', () => {
  test('take over what was said with the old one', async () => {
    const [before, after, id] = [newPerson(), newPerson(), newId()];
    await house.post(said('BAJA', { from: String(before) }));
    const system = { type: 'user_changed_number', wa_id: String(after), user_id: id };
    await house.post(
      messages({ messages: [{ id: `wamid.sys.${next()}`, from: String(before), timestamp: at, type: 'system', system }] }),
    );
    assert.deepEqual([await isOut(before), await isOut(after)], [true, true]);
    assert.equal((await consentTrail(db, after))[0]?.detail['said_with'], `+${String(before)}`);
  });

  test('a changed id names the same person as the one before', async () => {
    const [person, old, now] = [newPerson(), newId(), newId()];
    await house.post(said('hola', { from: String(person), from_user_id: old }));
    const system = { type: 'user_changed_user_id', previous_user_id: old, user_id: now };
    await house.post(messages({ messages: [{ id: `wamid.sys.${next()}`, timestamp: at, type: 'system', system }] }));
    await house.post(said('STOP', { from_user_id: now }));
    assert.equal(await isOut(person), true);
  });

  test('also while nobody knows the phone', async () => {
    const [person, old, now] = [newPerson(), newId(), newId()];
    await house.post(said('STOP', { from_user_id: old }));
    const system = { type: 'user_changed_user_id', previous_user_id: old, user_id: now };
    await house.post(messages({ messages: [{ id: `wamid.sys.${next()}`, timestamp: at, type: 'system', system }] }));
    await house.post(said('hola', { from: String(person), from_user_id: now }));
    assert.equal(await isOut(person), true);
  });
});

test('a refusal told by a status that hides the phone opts the recipient out', async () => {
  const person = newPerson();
  const { campaignId, wamid } = await written(person);
  const key = { campaignId, messageId: 1, attempt: 1 };
  await house.post(statuses(hidden(statusItem(key, { status: 'failed', wamid, code: 131050 }))));
  assert.equal(await isSuppressed(db, person, true), true);
});

test('a status that names only our wamid counts, and one whose recipient is spelt in another way', async () => {
  for (const recipient of [{}, { recipient_id: '999000111222' }]) {
    const { campaignId, wamid } = await written(newPerson());
    const item = statusItem({ campaignId, messageId: 1, attempt: 1 }, { status: 'delivered', wamid, callback: null });
    await house.post(statuses(hidden(item, recipient)));
    const { rows } = await db.query<{ status: string }>('select status from messages where campaign_id = $1', [campaignId]);
    assert.equal(rows[0]?.status, 'delivered');
  }
  assert.deepEqual(house.errors, []);
});
