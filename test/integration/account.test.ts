import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse, type TestHouse, until } from '../support/house.ts';

let house: TestHouse;
before(async () => {
  house = await openHouse();
});
after(async () => {
  await house.stop();
  house.remove();
});

const PEOPLE = ['3001230101', '3001230102', '3001230103', '3001230104', '3001230105', '3001230106'];

async function campaign(template: string, over: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const body = { name: template, template_name: template, template_language: 'es', ...over };
  const made = await house.call('POST', '/api/v1/campaigns', body);
  assert.equal(made.status, 201, made.text);
  const id = Number(made.json['id']);
  const rows = PEOPLE.map((phone) => `57${phone},Ana,C-1`);
  const uploaded = await house.upload(id, ['Recipient-Phone-Number,variable_1,variable_2', ...rows].join('\n'));
  assert.ok(uploaded.status < 300, uploaded.text);
  return id;
}

interface Seen {
  readonly can_send: string;
  readonly people_a_day: { readonly tier: string; readonly limit: number | null } | null;
  readonly notices: readonly { readonly code: string; readonly until: string | null; readonly message: string }[];
  readonly alarms: readonly string[];
}

async function account(): Promise<Seen> {
  const { json } = await house.call('GET', '/api/v1/status');
  const alarms = (json['alarms'] as { code: string }[]).map(({ code }) => code);
  return { ...(json['account'] as Omit<Seen, 'alarms'>), alarms };
}

async function said(code: string, stands = true): Promise<Seen> {
  return until(`${code} to ${stands ? 'stand' : 'be lifted'}`, async () => {
    const seen = await account();
    return seen.notices.some((notice) => notice.code === code) === stands ? seen : undefined;
  });
}

async function preflight(id: number): Promise<Record<string, string>> {
  const { json } = await house.call('GET', `/api/v1/campaigns/${String(id)}/preflight`);
  return Object.fromEntries((json['checks'] as { code: string; level: string }[]).map(({ code, level }) => [code, level]));
}

async function completed(id: number): Promise<void> {
  await until('the campaign to be completed', async () => {
    const { json } = await house.call('GET', `/api/v1/campaigns/${String(id)}`);
    return json['status'] === 'completed' ? true : undefined;
  });
}

test('a cap on utility: told as an alarm, utility is refused at its start and in a test, marketing goes out, and its end is heard', async () => {
  const [utility, marketing] = [await campaign('aviso_sin_variables'), await campaign('bienvenida')];
  await house.sim('POST', '/_sim/account', { utility_abuse: 'cap', seconds: 3600 });
  const seen = await said('utility_capped');
  assert.equal(seen.can_send, 'limited');
  assert.ok(seen.alarms.includes('utility_capped'));
  assert.equal((await preflight(utility))['utility_capped'], 'red');
  assert.equal((await preflight(marketing))['utility_capped'], 'yellow');
  const refused = await house.call('POST', `/api/v1/campaigns/${String(utility)}/start`);
  assert.deepEqual([refused.status, (refused.json['reasons'] as { code: string }[])[0]?.code], [409, 'utility_capped']);
  const tried = await house.call('POST', '/api/v1/templates/send', {
    template_name: 'aviso_sin_variables',
    template_language: 'es',
    to: '+573001230109',
    parameters: [],
  });
  assert.equal(tried.status, 422, tried.text);
  assert.equal((await house.call('POST', `/api/v1/campaigns/${String(marketing)}/start`)).status, 200);
  await completed(marketing);
  await house.sim('POST', '/_sim/account', { utility_abuse: 'cap_lifted' });
  assert.equal((await said('utility_capped', false)).can_send, 'yes');
  assert.equal((await house.call('POST', `/api/v1/campaigns/${String(utility)}/start`)).status, 200);
  await completed(utility);
});

test('a restriction in the middle of a campaign: it waits and goes on by itself at the end, and nobody is written to twice', async () => {
  const before = (await house.sim('GET', '/_sim/ledger/summary')).json;
  const id = await campaign('bienvenida', { messages_per_second: 4, description: 'second' });
  await house.call('POST', `/api/v1/campaigns/${String(id)}/start`);
  await until('some to be sent', async () => {
    const { json } = await house.call('GET', `/api/v1/campaigns/${String(id)}`);
    return Number(json['messages_sent']) > 0 ? true : undefined;
  });
  await house.sim('POST', '/_sim/account', {
    restriction: [{ type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION' }, { seconds: 2 }],
  });
  await completed(id);
  const after = (await house.sim('GET', '/_sim/ledger/summary')).json;
  assert.equal(Number(after['accepted']) - Number(before['accepted']), PEOPLE.length);
  assert.equal(Number(after['repeated_callback']), Number(before['repeated_callback']));
  // Of several restrictions in one event each is read: this one goes on.
  assert.match((await said('account_restricted')).notices.map(({ message }) => message).join(' '), /ADD_PHONE_NUMBER/);
  await house.sim('POST', '/_sim/account', { unlock: true });
  await said('account_restricted', false);
});

test('a STOP that comes on standby is obeyed, and that traffic moved there is an alarm', async () => {
  await house.sim('POST', '/_sim/inbound', { from: '573001230101', type: 'stop', standby: true });
  assert.ok((await said('on_standby')).alarms.includes('on_standby'));
  const out = await until('the opt-out', async () => {
    const { json } = await house.call('GET', '/api/v1/opt-outs?phone=%2B573001230101');
    return (json['data'] as unknown[] | undefined)?.length ? json : undefined;
  });
  assert.ok(out);
});

test('what only asking tells is known after a start: health, payment, quality, a limit that is too small, a version that ends', async () => {
  const id = await campaign('bienvenida', { description: 'third' });
  await house.sim('POST', '/_sim/account', {
    webhook: false,
    quality: 'RED',
    limit: 'TIER_10',
    payment_method: false,
    health: {
      entity_type: 'BUSINESS',
      can_send_message: 'BLOCKED',
      error_code: 141010,
      error_description: 'The business is not verified.',
      possible_solution: 'Verify it.',
    },
  });
  await house.restart();
  const seen = await said('health_blocked');
  assert.deepEqual([seen.can_send, seen.people_a_day?.limit], ['no', 10]);
  assert.match(seen.notices[0]?.message ?? '', /BUSINESS: The business is not verified. Verify it./);
  for (const code of ['health_blocked', 'payment_missing', 'quality_red']) assert.ok(seen.alarms.includes(code), code);
  const checks = await preflight(id);
  assert.deepEqual(
    [checks['health_blocked'], checks['payment_missing'], checks['quality_red'], checks['messaging_limit']],
    ['red', 'yellow', 'yellow', 'yellow'],
  );
  await house.sim('POST', '/_sim/account', { webhook: false, quality: 'GREEN', payment_method: true, health: null });
  await house.restart();
  assert.deepEqual(
    (await account()).notices.map(({ code }) => code),
    ['on_standby'],
  );
});
