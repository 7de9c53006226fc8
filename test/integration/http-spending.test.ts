import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { applyReports } from '../../src/lifecycle/report.sql.ts';
import { createPriceSource } from '../../src/pricing/price-source.ts';
import { openFileDb } from '../support/db.ts';
import { makeCampaign, storeTemplate } from '../support/factories.ts';
import { openDoor } from '../support/http.ts';

const db = await openFileDb();
const source = createPriceSource({ db, flat: undefined, currency: 'USD' });
const door = await openDoor(db, { price: source.price, nextCard: source.nextCard, refreshCards: source.refreshCards });
await storeTemplate(db);

const CARD = `WhatsApp rates, effective January 1, 2090
Market,Currency,Marketing,Utility,Authentication
Colombia,$US,0.0200,0.0010,0.0010
Other,$US,0.0604,0.0077,0.0077`;

describe('limits of money', () => {
  test('are set, shown with what is spent, and taken off; what is not named stays', async () => {
    const first = await door.call('PUT', '/api/v1/spending/limits', {
      body: { monthly: '499.9', abroad_daily: '20', home_countries: ['CO', 'MX'], time_zone: 'America/Bogota' },
    });
    assert.equal(first.status, 200, first.text);
    assert.deepEqual(
      [first.json['monthly'], first.json['abroad_daily'], first.json['month'], first.json['currency']],
      ['499.90', '20.00', '0.00', 'USD'],
    );
    const second = await door.call('PUT', '/api/v1/spending/limits', { body: { monthly: null } });
    assert.deepEqual([second.json['monthly'], second.json['abroad_daily']], [null, '20.00']);
    assert.deepEqual((await door.call('GET', '/api/v1/spending')).json, second.json);
  });

  for (const [body, field] of [
    [{ monthly: '0' }, 'monthly'],
    [{ monthly: '1.0000001' }, 'monthly'],
    [{ monthly: '1,5' }, 'monthly'],
    [{ time_zone: 'Bogota' }, 'time_zone'],
    [{ home_countries: ['XX'] }, 'home_countries'],
    [{ home_countries: [] }, 'home_countries'],
  ] as const) {
    test(`refuses ${JSON.stringify(body)} and names ${field}`, async () => {
      const { status, text } = await door.call('PUT', '/api/v1/spending/limits', { body });
      assert.ok(status === 400 || status === 422, text);
      assert.match(text, new RegExp(field));
    });
  }

  test('need an admin; a budget needs the right to send once it has started', async () => {
    const writer = await door.key('write');
    assert.equal((await door.call('PUT', '/api/v1/spending/limits', { key: writer, body: { monthly: '1' } })).status, 403);
    const id = await door.campaign();
    const path = `/api/v1/campaigns/${String(id)}`;
    assert.equal((await door.call('PUT', path, { key: writer, body: { budget: '12.5' } })).json['budget'], '12.50');
    const running = `/api/v1/campaigns/${String(await makeCampaign(db))}`;
    assert.equal((await door.call('PUT', running, { key: writer, body: { budget: '1' } })).status, 403);
    assert.equal((await door.call('PUT', running, { body: { budget: '1' } })).json['budget'], '1.00');
    assert.equal((await door.call('PUT', running, { body: { budget: '1', name: 'x' } })).status, 409);
  });
});

describe('prices', () => {
  test('an own card is loaded out of a file, says what changes, is known ahead, and is taken off', async () => {
    const made = await door.call('POST', '/api/v1/rate-cards', { body: { csv: CARD, filename: 'rates.csv' } });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual([made.json['effective_from'], made.json['markets']], ['2090-01-01', 2]);
    assert.ok((made.json['changes'] as unknown[]).length > 0);
    assert.equal(source.nextCard(new Date())?.effectiveFrom, '2090-01-01');
    const cards = (await door.call('GET', '/api/v1/rate-cards')).json['data'] as { id: number | null; state: string }[];
    assert.deepEqual([cards[0]?.id, cards[0]?.state], [made.json['id'], 'next']);
    assert.equal(cards.filter(({ state }) => state === 'in_force').length, 1);
    assert.equal((await door.call('DELETE', `/api/v1/rate-cards/${String(made.json['id'])}`)).status, 204);
    assert.equal(source.nextCard(new Date()), undefined);
  });

  test('a file that is no card is refused in words', async () => {
    const { status, text } = await door.call('POST', '/api/v1/rate-cards', { body: { csv: 'a,b\n1,2' } });
    assert.equal(status, 400);
    assert.match(text, /Market and Marketing/);
  });

  test('what is left of a half-sent campaign is priced as what is left, and its budget says how far it goes', async () => {
    const people = [573_001_000_001, 573_001_000_002, 12_025_550_101].map((person) => ({ person }));
    const id = await makeCampaign(db, { people, status: 'running', budgetMicros: 30_000 });
    await claim(db, {
      campaignId: id,
      mode: 'sandbox',
      limit: 1,
      category: 'UTILITY',
      leaseSeconds: 60,
      slot: 0,
      prices: source.pricesNow('UTILITY'),
    });
    await applyReports(
      db,
      [
        {
          campaignId: id,
          messageId: 1,
          attempt: 1,
          status: 'delivered',
          wamid: 'w',
          priceMicros: 0,
          pricingType: 'free_entry_point',
        },
      ],
      0,
    );
    const before = await door.call('GET', `/api/v1/campaigns/${String(id)}/preflight`);
    // One in Colombia at 0.0008, and one in the United States at 0.0034.
    assert.equal(before.json['estimated_cost'], 0.0042);
    const { json } = await door.call('GET', `/api/v1/campaigns/${String(id)}/costs`);
    assert.deepEqual([json['budget'], json['spent'], json['actual'], json['is_final']], ['0.03', '0.00', '0.00', false]);
    assert.deepEqual(json['causes'], [
      { cause: 'free', messages: 1 },
      { cause: 'not_sent', messages: 2 },
    ]);
  });

  test('a budget that is used up blocks a start and says how much is left', async () => {
    const id = await makeCampaign(db, { people: [{ person: 573_001_000_009 }], status: 'draft', budgetMicros: 10 });
    await db.query(`insert into tallies (campaign_id, what, key, slot, n) values ($1, 'market', 'Colombia', 0, 1)`, [id]);
    const { json } = await door.call('POST', `/api/v1/campaigns/${String(id)}/start`);
    assert.match(JSON.stringify(json['reasons']), /budget_spent/);
  });
});
