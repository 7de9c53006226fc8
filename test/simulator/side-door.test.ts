import assert from 'node:assert/strict';
import { request } from 'node:http';
import test from 'node:test';
import {
  AT_ONCE,
  errorOf,
  type Json,
  NUMBER,
  startReceiver,
  startSim,
  targetOf,
  template,
  until,
  WABA,
  wamidFrom,
  welcome,
} from './support.ts';

const to = (i: number): string => `+57300123${String(1000 + i)}`;

test('the ledger comes in order, page by page, by row or after a wamid', async (t) => {
  const sim = await startSim(t);
  const wamids: string[] = [];
  for (let i = 0; i < 5; i += 1) wamids.push(wamidFrom(await sim.send(welcome(to(i)))));
  const first = await sim.side('GET', 'ledger?limit=2');
  assert.deepEqual(
    (first['data'] as Json[]).map(({ wamid }) => wamid),
    wamids.slice(0, 2),
  );
  assert.equal(first['next'], '2');
  assert.equal(first['total'], 5);
  const second = await sim.side('GET', `ledger?limit=9&after=${first['next']}`);
  assert.deepEqual(
    (second['data'] as Json[]).map(({ wamid }) => wamid),
    wamids.slice(2),
  );
  assert.equal(second['next'], null);
  const after = await sim.side('GET', `ledger?after=${encodeURIComponent(wamids[3] ?? '')}`);
  assert.deepEqual(
    (after['data'] as Json[]).map(({ wamid }) => wamid),
    wamids.slice(4),
  );
  const one = await sim.side('GET', `ledger/${encodeURIComponent(wamids[2] ?? '')}`);
  assert.equal(one['to'], to(2));
});

/** As a browser asks: with headers that `fetch` does not let anybody set. */
function ask(url: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.on('error', reject);
    call.end();
  });
}

test('a web page of another origin, or under a name that only points at this machine, gets nothing done', async (t) => {
  const { url, side } = await startSim(t);
  const { host, port } = new URL(url);
  const faults = `${url}/_sim/faults`;
  await side('POST', 'faults', { code: 131000 });
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'cross-site' },
    { host: `evil.example:${port}` },
    { host: `127.0.0.1.evil.example:${port}`, origin: `http://127.0.0.1.evil.example:${port}` },
  ]) {
    assert.equal(await ask(faults, headers, 'DELETE'), 403, JSON.stringify(headers));
  }
  assert.equal(((await side('GET', 'faults'))['data'] as Json[]).length, 1);
  for (const headers of [
    { origin: url },
    { host: `localhost:${port}` },
    { host: `[::1]:${port}` },
    { host, 'sec-fetch-site': 'none' },
  ]) {
    assert.equal(await ask(faults, headers), 200, JSON.stringify(headers));
  }
});

test('a web page of another origin sends no message and reads no template, whatever token it brings', async (t) => {
  const { url, side } = await startSim(t);
  const number = `${url}/v25.0/106540352242922`;
  const token = { authorization: 'Bearer any' };
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
    assert.equal(await ask(`${number}/messages`, { ...token, ...headers }, 'POST'), 403, JSON.stringify(headers));
    assert.equal(await ask(number, { ...token, ...headers }), 403, JSON.stringify(headers));
  }
  for (const headers of [{}, { origin: url }]) assert.equal(await ask(number, { ...token, ...headers }), 200);
  assert.equal((await side('GET', 'ledger/summary'))['accepted'], 0);
});

test('a simulator that others may reach is called by whatever name it has', async (t) => {
  const { url } = await startSim(t, { host: '0.0.0.0' });
  assert.equal(await ask(`${url}/_sim/health`, { host: 'simulator:4010' }), 200);
  assert.equal(await ask(`${url}/_sim/health`, { host: 'simulator:4010', origin: 'http://evil.example' }), 403);
});

test('the account shows where webhooks go, never what signs them', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver) });
  const answer = await sim.call('GET', '/_sim/account');
  assert.deepEqual(answer.json['target'], { url: receiver.url });
  assert.ok(!answer.text.includes(targetOf(receiver).appSecret) && !answer.text.includes(targetOf(receiver).verifyToken));
});

test('the summary counts callback data and people that were accepted more than once', async (t) => {
  const sim = await startSim(t);
  const summary = async (): Promise<unknown[]> => {
    const found = await sim.side('GET', 'ledger/summary');
    return [found['accepted'], found['distinct_recipients'], found['repeated_callback'], found['repeated_person']];
  };
  await sim.send(welcome(to(1), { biz_opaque_callback_data: 'a' }));
  await sim.send(welcome(to(2), { biz_opaque_callback_data: 'b' }));
  await sim.send(template(to(1), 'aviso_sin_variables', undefined, { biz_opaque_callback_data: 'c' }));
  assert.deepEqual(await summary(), [3, 2, 0, 0]);
  await sim.send(welcome(to(1), { biz_opaque_callback_data: 'a' }));
  await sim.send(welcome(to(1), { biz_opaque_callback_data: 'a' }));
  assert.deepEqual(await summary(), [5, 2, 1, 1]);
  await sim.send(welcome(to(2)));
  assert.deepEqual(await summary(), [6, 2, 1, 2]);
});

test('configuration is checked whole: a wrong or unknown setting changes nothing and is named', async (t) => {
  const sim = await startSim(t);
  const answer = await sim.call('POST', '/_sim/config', {
    latency: { min_ms: 5, max_ms: -1 },
    speed: 1,
    statuses: { mix: { gone: 1 } },
    webhooks: { batch: 5000, shuffle: 2 },
  });
  assert.equal(answer.status, 400);
  const errors = (answer.json['errors'] as string[]).join('\n');
  for (const name of ['latency.max_ms', 'speed', 'statuses.mix.gone', 'webhooks.batch', 'webhooks.shuffle'])
    assert.ok(errors.includes(name), name);
  assert.deepEqual((await sim.side('GET', 'config'))['latency'], { min_ms: 0, max_ms: 0 });
  const changed = await sim.side('POST', 'config', { throughput: { messages_per_second: 500 }, statuses: { sent_ms: 7 } });
  assert.equal((changed['throughput'] as Json)['messages_per_second'], 500);
  assert.deepEqual((changed['statuses'] as Json)['sent_ms'], [7, 7]);
});

test('a fault matches by number, template or number id, n times', async (t) => {
  const sim = await startSim(t);
  await sim.side('POST', 'faults', [
    { match: { to: to(1) }, code: 131000, times: 1 },
    { match: { template: 'aviso_sin_variables' }, answer: { status: 418, body: { tea: true } } },
  ]);
  const first = await sim.send(welcome(to(1)));
  assert.deepEqual([first.status, errorOf(first)['code']], [500, 131000]);
  assert.equal((await sim.send(welcome(to(1)))).status, 200);
  const tea = await sim.send(template(to(2), 'aviso_sin_variables'));
  assert.deepEqual([tea.status, tea.json], [418, { tea: true }]);
  const rules = (await sim.side('GET', 'faults'))['data'] as Json[];
  assert.deepEqual(
    rules.map((rule) => [rule['hits'], rule['times_left']]),
    [
      [1, 0],
      [1, null],
    ],
  );
  await sim.side('DELETE', 'faults');
  assert.equal((await sim.send(template(to(2), 'aviso_sin_variables'))).status, 200);
});

test('faults hang, reset and delay, before or after accepting', async (t) => {
  const sim = await startSim(t);
  await sim.side('POST', 'faults', { match: { to: to(1) }, action: 'reset_after', times: 1 });
  await assert.rejects(sim.send(welcome(to(1))));
  await sim.side('POST', 'faults', { match: { to: to(2) }, action: 'reset_before', times: 1 });
  await assert.rejects(sim.send(welcome(to(2))));
  assert.deepEqual(
    (await sim.ledger()).map((entry) => entry['to']),
    [to(1)],
  );
  await sim.side('POST', 'faults', { match: { to: to(3) }, action: 'hang_before', times: 1 });
  const gone = new AbortController();
  const hung = fetch(`${sim.url}/v25.0/${NUMBER}/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer t' },
    body: JSON.stringify(welcome(to(3))),
    signal: gone.signal,
  });
  await until(async () => ((await sim.side('GET', 'faults'))['data'] as Json[]).at(-1)?.['hits'] === 1);
  gone.abort();
  await assert.rejects(hung);
  assert.equal((await sim.ledger()).length, 1);
  await sim.side('POST', 'faults', { match: { to: to(4) }, delay_ms: 30, times: 1 });
  assert.equal((await sim.send(welcome(to(4)))).status, 200);
});

test('a fault that makes no sense is refused with what would', async (t) => {
  const sim = await startSim(t);
  for (const rule of [{ action: 'explode' }, { match: { color: 'red' }, code: 131000 }, { code: 7 }, { colour: 1 }]) {
    const answer = await sim.call('POST', '/_sim/faults', rule);
    assert.equal(answer.status, 400, JSON.stringify(rule));
    assert.equal((answer.json['errors'] as string[]).length, 1);
  }
});

test('a person writes, taps, reacts, sends something odd, and changes number', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: { ...AT_ONCE, mix: { none: 1 } } } });
  const image = { type: 'header', parameters: [{ type: 'image', image: { link: 'https://tienda.example/a.jpg' } }] };
  const wamid = wamidFrom(
    await sim.send(
      template(to(1), 'promo_imagen', [
        image,
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ]),
    ),
  );
  const write = (over: Json): Promise<Json> => sim.side('POST', 'inbound', { from: to(1), ...over });
  await write({ type: 'text', text: 'Hola 👋' });
  await write({ type: 'stop', text: 'BAJA' });
  await write({ type: 'button', text: 'No más promos', payload: 'baja' });
  await write({ type: 'button' });
  await write({ type: 'reaction' });
  await write({ type: 'reaction', emoji: '' });
  await write({ type: 'unsupported' });
  await write({ type: 'number_change', new_number: '+573009998888' });
  await sim.settled();
  const values = receiver.values('messages');
  const messages = values.flatMap((value) => value['messages'] as Json[]);
  assert.deepEqual(
    messages.map(({ type }) => type),
    ['text', 'text', 'button', 'button', 'reaction', 'reaction', 'unsupported', 'system'],
  );
  assert.equal((messages[0]?.['text'] as Json)['body'], 'Hola 👋');
  assert.deepEqual(messages[2]?.['button'], { payload: 'baja', text: 'No más promos' });
  assert.equal((messages[2]['context'] as Json)['id'], wamid);
  assert.deepEqual(messages[3]?.['button'], { payload: 'Quiero saber más', text: 'Quiero saber más' });
  assert.deepEqual(messages[4]?.['reaction'], { message_id: wamid, emoji: '👍' });
  assert.deepEqual(messages[5]?.['reaction'], { message_id: wamid });
  assert.equal((messages[6]?.['errors'] as Json[])[0]?.['code'], 131051);
  assert.equal((messages[7]?.['system'] as Json)['wa_id'], '573009998888');
  assert.equal(values.at(-1)?.['contacts'], undefined);
  assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length);
});

test('marketing preferences stop and resume have their own field and a numeric timestamp', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver) });
  await sim.side('POST', 'inbound', { from: to(1), type: 'user_preferences', value: 'stop' });
  await sim.side('POST', 'inbound', { from: to(1), type: 'user_preferences', value: 'resume' });
  await sim.settled();
  const preferences = receiver.values('user_preferences').flatMap((value) => value['user_preferences'] as Json[]);
  assert.deepEqual(
    preferences.map(({ value }) => value),
    ['stop', 'resume'],
  );
  assert.equal(typeof preferences[0]?.['timestamp'], 'number');
});

test('an inbound that lacks something says what', async (t) => {
  const sim = await startSim(t);
  for (const wrong of [
    {},
    { from: to(1), type: 'fax' },
    { from: to(1), type: 'button' },
    { from: to(1), phone_number_id: '1' },
    { from: to(1), type: 'number_change' },
  ])
    assert.equal((await sim.call('POST', '/_sim/inbound', wrong)).status, 400, JSON.stringify(wrong));
});

test('template changes take effect at once and are told: status, quality, category, components', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver) });
  const [found] = (await sim.call('GET', `/v25.0/${WABA}/message_templates?name=bienvenida&language=es`)).json['data'] as Json[];
  const id = String(found?.['id']);
  await sim.side('POST', `templates/${id}`, { status: 'PAUSED' });
  assert.equal(errorOf(await sim.send(welcome(to(1))))['code'], 132015);
  assert.equal(
    (
      await sim.send(
        template(
          to(1),
          'bienvenida',
          [
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'a' },
                { type: 'text', text: 'b' },
              ],
            },
          ],
          { language: 'en_US' },
        ),
      )
    ).status,
    200,
  );
  await sim.side('POST', `templates/${id}`, { status: 'APPROVED', quality: 'YELLOW', category: 'UTILITY' });
  await sim.side('POST', `templates/${id}`, { components: [{ type: 'BODY', text: 'Hola {{1}}, adiós.' }] });
  assert.equal(errorOf(await sim.send(welcome(to(1))))['code'], 132000);
  await sim.side('POST', `templates/${id}`, { status: 'DISABLED', webhook: false });
  assert.equal(errorOf(await sim.send(welcome(to(1))))['code'], 132016);
  await until(() => receiver.values('message_template_components_update').length === 1);
  const events = receiver.values('message_template_status_update');
  assert.deepEqual(
    events.map(({ event }) => event),
    ['PAUSED', 'APPROVED'],
  );
  assert.equal((events[0]?.['other_info'] as Json)['title'], 'FIRST_PAUSE');
  const [quality] = receiver.values('message_template_quality_update');
  assert.deepEqual([quality?.['previous_quality_score'], quality?.['new_quality_score']], ['GREEN', 'YELLOW']);
  const [category] = receiver.values('template_category_update');
  assert.deepEqual([category?.['previous_category'], category?.['new_category']], ['MARKETING', 'UTILITY']);
});

test('account changes: restriction, payment, ban, quality, tier, throughput upgrade with its minute of maintenance', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver) });
  const code = async (): Promise<unknown> => errorOf(await sim.send(welcome(to(1))))['code'];
  await sim.side('POST', 'account', { restriction: { seconds: 60 } });
  assert.equal(await code(), 368);
  const health = (await sim.call('GET', `/v25.0/${NUMBER}?fields=health_status`)).json['health_status'] as Json;
  assert.equal(health['can_send_message'], 'BLOCKED');
  await sim.side('POST', 'account', { unlock: true });
  assert.equal(await code(), undefined);
  await sim.side('POST', 'account', { payment_problem: true });
  assert.equal(await code(), 131042);
  await sim.side('POST', 'account', { ban: 'DISABLE' });
  assert.equal(await code(), 131031);
  await sim.side('POST', 'account', { ban: 'REINSTATE', quality: 'RED', limit: 'TIER_10K' });
  assert.equal(await code(), undefined);
  await sim.side('POST', 'account', { throughput: 'HIGH', maintenance_ms: 60_000 });
  assert.equal(await code(), 131057);
  await sim.side('POST', 'account', { maintenance_ms: 0 });
  await sim.side('POST', 'account', { status: 'DISCONNECTED' });
  assert.equal(await code(), 133010);
  await sim.side('POST', 'account', { status: 'CONNECTED', marketing_disabled: true });
  assert.equal(await code(), 131063);
  await sim.side('POST', 'account', { marketing_disabled: false, allow_list: [to(9)] });
  assert.equal(await code(), 131030);
  await sim.settled();
  assert.deepEqual(
    receiver.values('account_update').map(({ event }) => event),
    [
      'ACCOUNT_RESTRICTION',
      // An unlock lifts whatever there was.
      'DISABLED_UPDATE',
      'ACCOUNT_RESTRICTION',
      'VERIFIED_ACCOUNT',
      'DISABLED_UPDATE',
      'DISABLED_UPDATE',
    ],
  );
  assert.equal(receiver.values('account_alerts').length, 1);
  assert.deepEqual(
    receiver.values('phone_number_quality_update').map(({ event }) => event),
    ['FLAGGED', 'ONBOARDING', 'THROUGHPUT_UPGRADE'],
  );
  assert.equal(receiver.values('business_capability_update')[0]?.['max_daily_conversations_per_business'], 'TIER_10K');
});

test('reset forgets messages, faults and changes, and no wamid ever comes twice', async (t) => {
  const sim = await startSim(t);
  const first = wamidFrom(await sim.send(welcome(to(1))));
  await sim.side('POST', 'templates/bienvenida', { status: 'PAUSED' });
  await sim.side('POST', 'faults', { code: 131000 });
  await sim.side('POST', 'reset');
  assert.equal((await sim.side('GET', 'ledger/summary'))['accepted'], 0);
  const second = wamidFrom(await sim.send(welcome(to(1))));
  assert.notEqual(first, second);
});

test('an unknown side door is 404, not a refusal of Graph', async (t) => {
  const sim = await startSim(t);
  assert.equal((await sim.call('GET', '/_sim/nothing')).status, 404);
});

test('an address that cannot be decoded is a 400, and what nobody foresaw fails one request only', async (t) => {
  const sim = await startSim(t);
  for (const path of ['/_sim/templates/%ZZ', '/_sim/templates/%C3', '/_sim/ledger/wamid.%ZZ', '/_sim/faults/%ZZ', '/_sim/%'])
    for (const method of ['GET', 'POST', 'DELETE']) assert.equal((await sim.call(method, path)).status, 400, `${method} ${path}`);
  for (const path of ['/%ZZ', '/v25.0/%ZZ', '/v25.0/%ZZ/messages', `/v25.0/${WABA}/%ZZ`, '/_media/%ZZ', '//', '/v25.0//'])
    for (const method of ['GET', 'POST']) {
      const { status } = await sim.call(method, path, method === 'POST' ? '{' : undefined);
      assert.ok(status >= 400 && status < 500, `${method} ${path} ${String(status)}`);
    }
  const deep = '['.repeat(100_000);
  for (const path of ['/_sim/config', '/_sim/faults', '/_sim/inbound', '/_sim/account', `/v25.0/${NUMBER}/messages`])
    assert.ok((await sim.call('POST', path, `${deep}${']'.repeat(100_000)}`)).status < 500, path);
  assert.equal((await sim.call('GET', '/_sim/health')).status, 200);
});
