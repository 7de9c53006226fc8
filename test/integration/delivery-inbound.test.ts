import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSuppressed, liftSuppression, resume, suppress } from '../../src/consent/opt-outs.sql.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { openFileDb } from '../support/db.ts';
import { change, inbound, openDelivery, text } from '../support/delivery.ts';
import { makeCampaign, newPerson } from '../support/factories.ts';

const db = await openFileDb();

async function replies(
  person: number,
): Promise<{ type: string; body: string | null; campaign_id: number | null; message_id: number | null }[]> {
  const { rows } = await db.query<{ type: string; body: string | null; campaign_id: number | null; message_id: number | null }>(
    'select type, body, campaign_id, message_id from inbound_messages where person = $1 order by sent_at',
    [person],
  );
  return rows;
}

/** A campaign in which this person was written to. */
async function written(person: number, wamid: string): Promise<number> {
  const id = await makeCampaign(db, { people: [{ person }] });
  await claim(db, { campaignId: id, mode: 'sandbox', limit: 1, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  await applyReports(db, [{ campaignId: id, messageId: 1, attempt: 1, status: 'accepted', wamid }], 0);
  return id;
}

function preference(person: number, value: string, at: number): unknown {
  return change('user_preferences', {
    metadata: {},
    user_preferences: [{ wa_id: String(person), category: 'marketing_messages', value, detail: 'x', timestamp: at }],
  });
}

const now = (): number => Math.floor(Date.now() / 1_000);

describe('a reply', () => {
  test('is stored once, however often it is told, and tied to the message it quotes', async () => {
    const person = newPerson();
    const first = await written(person, 'wamid.first');
    await written(person, 'wamid.second');
    const reply = inbound(person, { ...text('hola'), context: { id: 'wamid.first' } }, now());
    await openDelivery(db).post(reply, reply);
    await openDelivery(db).post(reply);
    assert.deepEqual(await replies(person), [{ type: 'text', body: 'hola', campaign_id: first, message_id: 1 }]);
  });

  test('that quotes nothing answers the last message of a week, an older one not', async () => {
    const person = newPerson();
    await written(person, 'wamid.1');
    const last = await written(person, 'wamid.2');
    await openDelivery(db).post(inbound(person, text('hola'), now()), inbound(person, text('tarde'), now() + 8 * 86_400));
    assert.deepEqual(
      (await replies(person)).map((reply) => reply.campaign_id),
      [last, null],
    );
  });

  test('with a NUL or half a surrogate pair is stored, with a sign in its place', async () => {
    const person = newPerson();
    const house = openDelivery(db);
    const odd = inbound(person, text('a\0b \ud83d c')) as { entry: unknown[] };
    // As it comes over the wire: both ways of writing it.
    await house.post(JSON.stringify(odd));
    assert.deepEqual(house.errors, []);
    assert.equal((await replies(person))[0]?.body, 'a\ufffdb \ufffd c');
  });

  test('of a kind nobody knows, or from nobody, is stored too', async () => {
    const house = openDelivery(db);
    const person = newPerson();
    await house.post(inbound(person, { type: 'hologram', hologram: { size: 7 } }), inbound(0, text('x')));
    assert.equal((await replies(person))[0]?.type, 'hologram');
    assert.deepEqual(house.errors, []);
  });
});

describe('opting out', () => {
  test('by a word, by a button, by its payload: it holds at once', async () => {
    const people = [newPerson(), newPerson(), newPerson(), newPerson()] as const;
    await openDelivery(db).post(
      inbound(people[0], text('¡BAJA!')),
      inbound(people[1], { type: 'button', button: { text: 'No más promos', payload: 'No más promos' } }),
      inbound(people[2], {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'STOP', title: 'Ya no' } },
      }),
      inbound(people[3], text('no quiero parar')),
    );
    const state = await Promise.all(
      people.map(async (person) => [await isSuppressed(db, person, true), await isSuppressed(db, person, false)]),
    );
    assert.deepEqual(state, [
      [true, true],
      [true, false],
      [true, true],
      [false, false],
    ]);
    const { rows } = await db.query<{ source: string }>(
      'select source from suppressions where person = any($1) order by person',
      [people],
    );
    assert.deepEqual(
      rows.map((row) => row.source),
      ['keyword', 'button', 'button'],
    );
  });

  test('a replayed word does not undo what was decided since', async () => {
    const person = newPerson();
    const word = inbound(person, text('baja'), now() - 100);
    await openDelivery(db).post(word);
    assert.equal(await liftSuppression(db, { person, scope: 'all', source: 'operator', detail: {}, since: new Date() }), true);
    await openDelivery(db).post(word);
    assert.equal(await isSuppressed(db, person, true), false);
  });

  test('a new word after a lift holds again', async () => {
    const person = newPerson();
    await openDelivery(db).post(inbound(person, text('baja'), now() - 100));
    await liftSuppression(db, { person, scope: 'all', source: 'operator', detail: {}, since: new Date(Date.now() - 50_000) });
    await openDelivery(db).post(inbound(person, text('baja'), now()));
    assert.equal(await isSuppressed(db, person, true), true);
  });

  test('by preference: of stop and resume the newest wins, in whatever order they come', async () => {
    const told: [value: string, at: number][] = [
      ['stop', 100],
      ['resume', 200],
      ['stop', 300],
      ['resume', 400],
    ];
    const orders = permutations(told);
    for (const order of orders) {
      const person = newPerson();
      for (const [value, at] of order) await openDelivery(db).post(preference(person, value, 1_760_000_000 + at));
      assert.equal(await isSuppressed(db, person, true), false, order.map(([, at]) => at).join(' '));
      const other = newPerson();
      for (const [value, at] of order.filter(([, at]) => at < 400))
        await openDelivery(db).post(preference(other, value, 1_760_000_000 + at));
      assert.equal(await isSuppressed(db, other, true), true, order.map(([, at]) => at).join(' '));
      assert.equal(await isSuppressed(db, other, false), false);
    }
  });

  test('a resume of marketing does not lift a stop of everything', async () => {
    const person = newPerson();
    await openDelivery(db).post(inbound(person, text('baja'), 1_760_000_000), preference(person, 'resume', 1_760_000_100));
    assert.equal(await isSuppressed(db, person, true), true);
  });

  test('many in one call: the newest of each person counts', async () => {
    const person = newPerson();
    const entry = (since: number, source: string) => ({
      person,
      phone: person,
      scope: 'all' as const,
      source,
      detail: {},
      since: new Date(since),
    });
    await suppress(db, [entry(2_000, 'second'), entry(3_000, 'third'), entry(1_000, 'first')]);
    const { rows } = await db.query<{ source: string }>('select source from suppressions where person = $1', [person]);
    assert.deepEqual(rows, [{ source: 'third' }]);
    await resume(db, entry(2_500, 'late'));
    assert.equal(await isSuppressed(db, person, true), true);
  });
});

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((one, i) => permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [one, ...rest]));
}
