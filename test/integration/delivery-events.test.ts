import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { campaignStats } from '../../src/campaigns/stats.ts';
import type { Db } from '../../src/lib/db/db.ts';
import { translate } from '../../src/lib/words/sentence.ts';
import { findCampaign, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { standingNotices } from '../../src/numbers/account-notices.sql.ts';
import { peopleOf } from '../../src/numbers/messaging-limit.ts';
import { findNumber, upsertNumber } from '../../src/numbers/numbers.sql.ts';
import { readAlarms } from '../../src/operations/alarms.ts';
import { listTemplates } from '../../src/templates/templates.sql.ts';
import { openFileDb, openTestDb } from '../support/db.ts';
import { change, messages, openDelivery } from '../support/delivery.ts';
import { assertCountersAddUp, filled, makeCampaign, NUMBER, statusOf, storeTemplate, WABA } from '../support/factories.ts';
import { openSending, rejected } from '../support/sending.ts';
import { BIENVENIDA } from '../support/templates.ts';

const db = await openFileDb();

function inAnHour(): number {
  return Math.floor(Date.now() / 1000) + 3600;
}

async function standing(of: Db): Promise<string[]> {
  return (await standingNotices(of, { mode: 'sandbox', phoneNumberId: NUMBER })).map(({ code }) => code);
}

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
      assert.deepEqual(house.consequences, [{ kind: 'recalled', campaignIds: [campaign] }]);
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
  test('a restriction holds every campaign of the number until its end, named in the figures; nobody has to resume', async (t) => {
    const fresh = await openTestDb(t);
    const mine = await makeCampaign(fresh, { people: 1 });
    const other = await makeCampaign(fresh, { phoneNumberId: '999', people: 1 });
    const end = inAnHour();
    await openDelivery(fresh).post(
      change('account_update', {
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [
          { restriction_type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION', expiration: end },
          { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: String(end) },
        ],
      }),
    );
    const house = openSending(fresh);
    assert.deepEqual(await house.sender.slice(mine, 0), { againInMs: 500 }, 'looked at again without haste');
    assert.equal(await statusOf(fresh, mine), 'running');
    const { waiting } = await campaignStats(fresh, mine);
    assert.deepEqual([waiting?.reason, waiting?.until], ['account', new Date(end * 1000).toISOString()]);
    await house.run(other);
    assert.equal(house.posted.length, 1, 'another number is none of it');
    await fresh.query(`update account_notices set until = clock_timestamp() where holds = 'all'`);
    await house.runAndStop(mine);
    assert.deepEqual([house.posted.length, await statusOf(fresh, mine)], [2, 'completed']);
  });

  test('refused in the moment before Meta says why: the campaign that paused for it waits for the end like the others', async (t) => {
    const fresh = await openTestDb(t);
    const id = await makeCampaign(fresh, { people: 2 });
    await openSending(fresh, { script: () => rejected(368) }).runAndStop(id);
    assert.equal(await statusOf(fresh, id), 'paused');
    const restriction = change('account_update', {
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: inAnHour() }],
    });
    await openDelivery(fresh).post(restriction);
    assert.equal(await statusOf(fresh, id), 'running');
    assert.equal((await campaignStats(fresh, id)).waiting?.reason, 'account');
    // Those who are still refused pause nothing now: the end is known.
    await fresh.query(`update account_notices set until = clock_timestamp() - interval '1 second' where holds = 'all'`);
    await fresh.query(`update messages set due = '-infinity'`);
    await openSending(fresh, { script: () => rejected(368) }).runAndStop(id);
    assert.equal(await statusOf(fresh, id), 'running');
    await openDelivery(fresh).post(change('account_update', { event: 'ACCOUNT_RESTRICTION' }, 1_760_000_001));
    assert.equal((await campaignStats(fresh, id)).waiting, null, 'lifted before its end');
  });

  test('a ban has no end: campaigns pause, and none may start until Meta takes it back', async (t) => {
    const fresh = await openTestDb(t);
    const id = await makeCampaign(fresh, { people: 1 });
    const ban = (waba_ban_state: string, time: number) =>
      change('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state, waba_ban_date: 'April 17, 2027' } }, time);
    const house = openDelivery(fresh);
    await house.post(ban('SCHEDULE_FOR_DISABLE', 1_760_000_000));
    assert.deepEqual([await statusOf(fresh, id), ...(await standing(fresh))], ['running', 'account_disable_scheduled']);
    await house.post(ban('DISABLE', 1_760_000_009));
    assert.deepEqual([await statusOf(fresh, id), ...(await standing(fresh))], ['paused', 'account_disabled']);
    assert.equal((await findCampaign(fresh, id))?.pause_reason?.code, 'account');
    await house.post(ban('REINSTATE', 1_760_000_020));
    assert.deepEqual(await standing(fresh), []);
    await house.post(ban('DISABLE', 1_760_000_010));
    assert.deepEqual(await standing(fresh), [], 'an older word that comes later changes nothing');
  });

  test('the ladder of utility templates: a warning, a cap that holds utility alone, all of them marketing, and its end', async (t) => {
    const fresh = await openTestDb(t);
    await storeTemplate(fresh, { ...BIENVENIDA.raw, name: 'aviso', category: 'UTILITY' }, { metaId: '77' });
    const utility = await makeCampaign(fresh, { people: 1, template: { ...BIENVENIDA.raw, category: 'UTILITY' } });
    const marketing = await makeCampaign(fresh, { people: 1, template: { ...BIENVENIDA.raw, category: 'MARKETING' } });
    const house = openDelivery(fresh);
    let time = 1_760_000_000;
    const step = async (violation: string, restriction?: string): Promise<string[]> => {
      const info = { restriction_type: restriction, expiration: inAnHour() };
      await house.post(
        change(
          'account_update',
          {
            event: restriction === undefined ? 'ACCOUNT_VIOLATION' : 'ACCOUNT_RESTRICTION',
            violation_info: { violation_type: violation },
            ...(restriction === undefined ? {} : { restriction_info: [info] }),
          },
          ++time,
        ),
      );
      return standing(fresh);
    };
    // A warning is shown for a month; this one is a year old.
    assert.deepEqual(await step('UTILITY_TEMPLATE_ABUSE'), []);
    assert.deepEqual(await step('UTILITY_TEMPLATE_ABUSE_RATE_LIMIT', 'RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING'), [
      'utility_capped',
    ]);
    const sending = openSending(fresh);
    assert.deepEqual(await sending.sender.slice(utility, 0), { againInMs: 500 });
    await sending.run(marketing);
    assert.deepEqual(
      sending.posted.map(({ key }) => key.campaignId),
      [marketing],
      'marketing goes on',
    );
    assert.deepEqual(await step('UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY'), []);
    assert.deepEqual(await step('UTILITY_TEMPLATE_ABUSE', 'RESTRICTED_UTILITY_TEMPLATES'), ['utility_as_marketing']);
    assert.ok(house.consequences.some(({ kind }) => kind === 'templates_changed'));
    assert.deepEqual(await sending.sender.slice(utility, 0), { againInMs: 500 });
    assert.deepEqual(await step('UTILITY_TEMPLATE_ABUSE_UNBAN'), []);
    await sending.runAndStop(utility);
    assert.equal(sending.posted.length, 2);
  });

  test('a refusal for the cap (131064) holds utility for an hour, and the message goes on then', async (t) => {
    const fresh = await openTestDb(t);
    const id = await makeCampaign(fresh, { people: 3, template: { ...BIENVENIDA.raw, category: 'UTILITY' } });
    const house = openSending(fresh, { script: () => rejected(131064) });
    await house.runAndStop(id);
    assert.deepEqual([await standing(fresh), await statusOf(fresh, id)], [['utility_capped'], 'running']);
    assert.deepEqual(filled((await assertCountersAddUp(fresh, id)).byStatus), { pending: 3 });
  });

  test('reviews, alerts, a refused name, a lost partner and changed security stand until they are lifted', async (t) => {
    const fresh = await openTestDb(t);
    const house = openDelivery(fresh);
    const now = Math.floor(Date.now() / 1000);
    const alert = (alert_status: string) => ({
      entity_type: 'WABA',
      alert_info: { alert_severity: 'WARNING', alert_status, alert_type: 'X', alert_description: 'd' },
    });
    const name = (decision: string) => ({ display_phone_number: '15550783881', decision, requested_verified_name: 'T' });
    const partner = (event: string) => ({ event, waba_info: { waba_id: WABA } });
    const steps = [
      ['account_review_update', { decision: 'REJECTED' }, { decision: 'APPROVED' }, 'account_review'],
      ['account_alerts', alert('ACTIVE'), alert('NONE'), 'account_alert'],
      ['phone_number_name_update', name('DECLINED'), name('APPROVED'), 'name_refused'],
      ['account_update', partner('PARTNER_REMOVED'), partner('PARTNER_ADDED'), 'partner_removed'],
      ['account_update', { event: 'ACCOUNT_OFFBOARDED' }, { event: 'ACCOUNT_RECONNECTED' }, 'account_offboarded'],
      ['security', { event: 'PIN_RESET_REQUEST' }, undefined, 'account_security'],
      ['messaging_handovers', { type: 'control_passed' }, undefined, 'on_standby'],
    ] as const;
    for (const [field, begins, ends, code] of steps) {
      await house.post(change(field, begins, now));
      assert.deepEqual(await standing(fresh), [code]);
      const said = (await readAlarms(fresh, { mode: 'sandbox', phoneNumberId: NUMBER })).find((alarm) => alarm.code === code);
      assert.ok(said !== undefined && translate(said.message, 'en') !== translate(said.message, 'es'), code);
      assert.doesNotMatch(translate(said.message, 'en'), /server\.|undefined|\{/);
      if (ends === undefined) await fresh.query('update account_notices set lifted_at = told_at where lifted_at is null');
      else await house.post(change(field, ends, now + 1));
      assert.deepEqual(await standing(fresh), []);
    }
  });

  test('the limit of people a day is read in the form of 2026 and in the older ones', async (t) => {
    const fresh = await openTestDb(t);
    const house = openDelivery(fresh);
    const forms = [
      [{ max_daily_conversations_per_business: 'TIER_2K' }, 'TIER_2K'],
      [{ max_daily_conversations_per_business: 'TIER_UNLIMITED' }, 'TIER_UNLIMITED'],
      [{ max_daily_conversations_per_business: 250 }, 'TIER_250'],
      [{ max_daily_conversation_per_phone: 1000 }, 'TIER_1K'],
      [{ max_daily_conversations_per_business: -1 }, 'TIER_UNLIMITED'],
    ] as const;
    for (const [at, [value, tier]] of forms.entries()) {
      await house.post(change('business_capability_update', value, 1_760_000_000 + at));
      assert.equal((await findNumber(fresh, 'sandbox', NUMBER))?.messaging_limit, tier);
    }
    assert.deepEqual(
      [peopleOf('TIER_250'), peopleOf('TIER_2K'), peopleOf('TIER_UNLIMITED'), peopleOf('NEW')],
      [250, 2000, Infinity, undefined],
    );
  });

  test('a forecast of another category is kept with the template, and pauses nobody', async () => {
    const { metaId, name, campaign } = await onTemplate();
    await openDelivery(db).post(
      change(
        'template_correct_category_detection',
        ofTemplate(metaId, name, { category: 'UTILITY', correct_category: 'MARKETING' }),
      ),
    );
    assert.equal((await template(name))?.raw['correct_category'], 'MARKETING');
    assert.equal(await statusOf(db, campaign), 'running');
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
