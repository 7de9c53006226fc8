import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findCampaign, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { findNumber, upsertNumber } from '../../src/numbers/numbers.sql.ts';
import { listTemplates } from '../../src/templates/templates.sql.ts';
import { openFileDb } from '../support/db.ts';
import { change, messages, openDelivery } from '../support/delivery.ts';
import { makeCampaign, NUMBER, statusOf, storeTemplate, WABA } from '../support/factories.ts';
import { BIENVENIDA } from '../support/templates.ts';

const db = await openFileDb();
let nextId = 500;

/** A template of its own with a running campaign on it. */
async function onTemplate(): Promise<{ metaId: number; name: string; campaign: number }> {
  const metaId = ++nextId;
  const name = `plantilla_${String(metaId)}`;
  await storeTemplate(db, { ...BIENVENIDA.raw, name }, { metaId: String(metaId) });
  return { metaId, name, campaign: await makeCampaign(db, { templateName: name }) };
}

function ofTemplate(metaId: number, name: string, value: Readonly<Record<string, unknown>>) {
  return { message_template_id: metaId, message_template_name: name, message_template_language: 'es', ...value };
}

async function template(name: string) {
  return (await listTemplates(db, { mode: 'sandbox', wabaId: WABA }, { name }))[0];
}

describe('a template', () => {
  for (const event of ['PAUSED', 'DISABLED', 'REJECTED', 'PENDING_DELETION', 'FLAGGED']) {
    test(`that is ${event} pauses its running campaigns and no others`, async () => {
      const house = openDelivery(db);
      const { metaId, name, campaign } = await onTemplate();
      const other = await makeCampaign(db);
      await house.post(change('message_template_status_update', ofTemplate(metaId, name, { event, reason: 'NONE' })));
      assert.equal(await statusOf(db, campaign), 'paused');
      assert.equal((await findCampaign(db, campaign))?.pause_reason?.code, 'template');
      assert.equal(await statusOf(db, other), 'running');
      assert.deepEqual(house.consequences, [{ kind: 'halted', campaignIds: [campaign] }]);
      assert.equal((await template(name))?.status, event === 'FLAGGED' ? 'APPROVED' : event);
    });
  }

  test('told twice pauses once: who resumed in between is left alone', async () => {
    const { metaId, name, campaign } = await onTemplate();
    const event = change('message_template_status_update', ofTemplate(metaId, name, { event: 'PAUSED' }));
    await openDelivery(db).post(event);
    await moveCampaign(db, campaign, 'resume');
    await openDelivery(db).post(event, event);
    assert.equal(await statusOf(db, campaign), 'running');
  });

  test('that is approved again is usable again, and pauses nobody', async () => {
    const { metaId, name, campaign } = await onTemplate();
    await openDelivery(db).post(change('message_template_status_update', ofTemplate(metaId, name, { event: 'APPROVED' })));
    assert.equal(await statusOf(db, campaign), 'running');
    assert.equal((await template(name))?.raw['status'], 'APPROVED');
  });

  test('of yellow quality is noted, of red quality pauses', async () => {
    const { metaId, name, campaign } = await onTemplate();
    const quality = (score: string, time: number) =>
      change('message_template_quality_update', ofTemplate(metaId, name, { new_quality_score: score }), time);
    await openDelivery(db).post(quality('YELLOW', 1_760_000_001));
    assert.deepEqual([(await template(name))?.quality, await statusOf(db, campaign)], ['YELLOW', 'running']);
    await openDelivery(db).post(quality('RED', 1_760_000_002));
    assert.deepEqual([(await template(name))?.quality, await statusOf(db, campaign)], ['RED', 'paused']);
  });

  test('moved to another category pauses; an announcement of it does not', async () => {
    const { metaId, name, campaign } = await onTemplate();
    const house = openDelivery(db);
    await house.post(
      change('template_category_update', ofTemplate(metaId, name, { correct_category: 'MARKETING', new_category: 'UTILITY' })),
    );
    assert.deepEqual([(await template(name))?.category, await statusOf(db, campaign)], ['UTILITY', 'running']);
    assert.deepEqual(house.consequences, [{ kind: 'templates_changed' }]);
    await house.post(
      change(
        'template_category_update',
        ofTemplate(metaId, name, { previous_category: 'UTILITY', new_category: 'MARKETING' }),
        1_760_000_009,
      ),
    );
    assert.deepEqual([(await template(name))?.category, await statusOf(db, campaign)], ['MARKETING', 'paused']);
  });

  test('nobody knows here asks for a fresh list', async () => {
    const house = openDelivery(db);
    await house.post(change('message_template_status_update', ofTemplate(999_999, 'nueva', { event: 'APPROVED' })));
    assert.deepEqual(house.consequences, [{ kind: 'templates_changed' }]);
  });
});

describe('the account and the number', () => {
  test('a restriction from sending pauses every running campaign on the number, with the time it ends', async () => {
    const [mine, other] = [await makeCampaign(db), await makeCampaign(db, { phoneNumberId: '999' })];
    const event = change(
      'account_update',
      {
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: '1760086400' }],
      },
      1_760_000_100,
    );
    await openDelivery(db).post(event);
    assert.deepEqual([await statusOf(db, mine), await statusOf(db, other)], ['paused', 'running']);
    const reason = (await findCampaign(db, mine))?.pause_reason;
    assert.equal(reason?.code, 'account');
    assert.match(reason.message, /until 2025-10-10T08:53:20/);
    await moveCampaign(db, mine, 'resume');
    await openDelivery(db).post(event);
    assert.equal(await statusOf(db, mine), 'running');
  });

  test('a restriction of another account of the same app pauses nobody here', async () => {
    const mine = await makeCampaign(db, { status: 'running', people: 1 });
    const value = {
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: '1760086401' }],
    };
    const foreign = {
      object: 'whatsapp_business_account',
      entry: [{ id: '900', time: 1_760_000_150, changes: [{ field: 'account_update', value }] }],
    };
    await openDelivery(db).post(foreign);
    assert.equal(await statusOf(db, mine), 'running');
  });

  test('news of the account that does not touch sending pauses nobody', async () => {
    const mine = await makeCampaign(db);
    await openDelivery(db).post(change('account_update', { event: 'PARTNER_ADDED', waba_info: {} }, 1_760_000_200));
    assert.equal(await statusOf(db, mine), 'running');
  });

  test('a raised throughput and a new limit are noted and told to the pace', async () => {
    const house = openDelivery(db);
    await house.post(
      change(
        'phone_number_quality_update',
        { display_phone_number: '15550783881', event: 'THROUGHPUT_UPGRADE', current_limit: 'TIER_UNLIMITED' },
        1_760_000_300,
      ),
    );
    const number = await findNumber(db, 'sandbox', NUMBER);
    assert.deepEqual([number?.throughput_level, number?.messaging_limit], ['HIGH', 'TIER_UNLIMITED']);
    assert.deepEqual(house.consequences, [{ kind: 'number_changed', phoneNumberId: NUMBER }]);
  });

  test('news of another number of the account is none of ours', async () => {
    await upsertNumber(db, 'sandbox', NUMBER, { display_phone_number: '+1 555-078-3881', quality: 'GREEN' });
    await openDelivery(db).post(
      change('phone_number_quality_update', { display_phone_number: '15559999999', event: 'FLAGGED' }, 1_760_000_400),
    );
    assert.equal((await findNumber(db, 'sandbox', NUMBER))?.quality, 'GREEN');
    await openDelivery(db).post(
      change('phone_number_quality_update', { display_phone_number: '15550783881', event: 'FLAGGED' }, 1_760_000_401),
    );
    assert.equal((await findNumber(db, 'sandbox', NUMBER))?.quality, 'RED');
  });

  test('a rate limit told outside of any message slows the number down', async () => {
    const house = openDelivery(db);
    await house.post(messages({ errors: [{ code: 130429, title: 'Rate limit hit' }] }));
    assert.equal(house.consequences[0]?.kind, 'slow_number');
  });

  test('what follows is told only after the commit', async () => {
    const { metaId, name, campaign } = await onTemplate();
    const house = openDelivery({
      ...db,
      tx: async (work, isolation) => {
        await db.tx(work, isolation);
        throw new Error('the connection was lost after the commit');
      },
    });
    await assert.rejects(
      house.post(change('message_template_status_update', ofTemplate(metaId, name, { event: 'PAUSED' }))).then(() => {
        throw new Error('x');
      }),
    );
    assert.deepEqual(house.consequences, []);
    assert.equal(await statusOf(db, campaign), 'paused');
  });
});
