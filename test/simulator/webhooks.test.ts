import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { escapeNonAscii, rowOfWamid, signature, wamidOf } from '../../src/simulator/wire.ts';
import {
  AT_ONCE,
  body,
  type Json,
  SECRET,
  startReceiver,
  startSim,
  targetOf,
  template,
  until,
  wamidFrom,
  welcome,
} from './support.ts';

const to = (i: number): string => `+57300123${String(1000 + i)}`;

test('the signature of the published vector', () => {
  assert.equal(
    signature('test-app-secret', '{"object":"whatsapp_business_account"}'),
    'sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e',
  );
});

test('escaping keeps the meaning of any text and leaves only ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = escapeNonAscii(JSON.stringify(text));
      assert.match(escaped, /^[\x00-\x7f]*$/);
      assert.equal(JSON.parse(escaped), text);
    }),
  );
  assert.equal(escapeNonAscii('"é🌸"'), '"\\u00e9\\ud83c\\udf38"');
});

test('a wamid tells its row, and no other row has it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.bigInt({ min: 10000n, max: 999999999999999n }), (row, digits) => {
      assert.equal(rowOfWamid(wamidOf(String(digits), 'ABCDEF12', row)), row);
    }),
  );
});

test('sent, delivered and read arrive signed over their exact bytes, with the callback data and one price each', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE } });
  const answer = await sim.send(welcome(to(1), { biz_opaque_callback_data: 'ñandú 🌸' }));
  await sim.settled();
  const statuses = receiver.statuses();
  assert.deepEqual(
    statuses.map((status) => status['status']),
    ['sent', 'delivered', 'read'],
  );
  for (const status of statuses) {
    assert.equal(status['id'], wamidFrom(answer));
    assert.equal(status['biz_opaque_callback_data'], 'ñandú 🌸');
    assert.equal(status['recipient_id'], to(1).slice(1));
    assert.match(String(status['timestamp']), /^\d{10}$/);
  }
  const price = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' };
  assert.deepEqual(
    statuses.map((status) => status['pricing']),
    [price, price, undefined],
  );
  for (const { raw, headers } of receiver.hooks) {
    assert.equal(headers['x-hub-signature-256'], `sha256=${createHmac('sha256', SECRET).update(raw).digest('hex')}`);
    assert.match(raw.toString('latin1'), /^[\x00-\x7f]*$/);
    assert.match(raw.toString('latin1'), /\\u00f1/);
  }
  const [value] = receiver.values('messages');
  assert.deepEqual(value?.['metadata'], { display_phone_number: '15550783881', phone_number_id: '106540352242922' });
  assert.equal(Array.isArray(value['contacts']), true);
});

test('the price of a read without delivered is on the read', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, {
    webhook: targetOf(receiver),
    config: { statuses: { ...AT_ONCE, mix: { read_without_delivered: 1 } } },
  });
  await sim.send(template(to(1), 'aviso_sin_variables'));
  await sim.settled();
  assert.deepEqual(
    receiver.statuses().map((status) => [status['status'], (status['pricing'] as Json | undefined)?.['category']]),
    [
      ['sent', 'utility'],
      ['read', 'utility'],
    ],
  );
});

test('many owed updates share POSTs, never more than the batch, and are spread over entries, changes and statuses', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, {
    webhook: targetOf(receiver),
    config: { statuses: AT_ONCE, webhooks: { paused: true, batch: 50 } },
  });
  for (let i = 0; i < 60; i += 1) await sim.send(welcome(to(i)));
  await sim.side('POST', 'config', { webhooks: { paused: false } });
  await sim.settled();
  assert.equal(receiver.statuses().length, 180);
  assert.equal(receiver.hooks.length, 4);
  const entries = receiver.hooks.flatMap(({ json }) => json['entry'] as Json[]);
  assert.equal(entries.length > receiver.hooks.length, true);
  assert.equal(
    entries.some((entry) => (entry['changes'] as Json[]).length > 1),
    true,
  );
  for (const { json } of receiver.hooks) {
    const updates = (json['entry'] as Json[]).flatMap((entry) =>
      (entry['changes'] as Json[]).flatMap((change) => (change['value'] as Json)['statuses'] as Json[]),
    );
    assert.equal(updates.length <= 50, true);
  }
});

test('one update a POST when told so', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE, webhooks: { batch: 1 } } });
  for (let i = 0; i < 5; i += 1) await sim.send(welcome(to(i)));
  await sim.settled();
  assert.equal(receiver.hooks.length, 15);
});

test('a lingering batch waits for company', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE, webhooks: { linger_ms: 150 } } });
  await Promise.all([1, 2, 3, 4].map((i) => sim.send(welcome(to(i)))));
  await sim.settled();
  assert.equal(receiver.statuses().length, 12);
  assert.equal(receiver.hooks.length, 1);
});

test('every status comes twice when doubling is asked for', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE, webhooks: { duplicate: 1 } } });
  await sim.send(welcome(to(1)));
  await sim.settled();
  const seen = receiver.statuses().map((status) => status['status']);
  for (const status of ['sent', 'delivered', 'read']) assert.equal(seen.filter((other) => other === status).length, 2);
});

test('shuffled statuses arrive in another order than their timestamps', async (t) => {
  const receiver = await startReceiver(t);
  const spread = { sent_ms: [0, 0], delivered_ms: [20, 20], read_ms: [40, 40], mix: { read: 1 } } as const;
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: spread, webhooks: { shuffle: 1 } } });
  for (let i = 0; i < 20; i += 1) await sim.send(welcome(to(i)));
  await sim.settled();
  const orders = new Map<unknown, unknown[]>();
  for (const status of receiver.statuses()) orders.set(status['id'], [...(orders.get(status['id']) ?? []), status['status']]);
  assert.equal(
    [...orders.values()].some((order) => order.join() !== 'sent,delivered,read'),
    true,
  );
  for (const entry of await sim.ledger()) {
    const times = (entry['statuses'] as Json[]).map((status) => Date.parse(String(status['timestamp'])));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  }
});

test('a webhook can arrive before the answer to its own send', async (t) => {
  const receiver = await startReceiver(t);
  const late = {
    sent_ms: [60_000, 60_000],
    delivered_ms: [60_000, 60_000],
    read_ms: [60_000, 60_000],
    mix: { delivered: 1 },
  } as const;
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: late, webhooks: { before_response: 1 } } });
  const answer = await sim.send(welcome(to(1)));
  assert.deepEqual(
    receiver.statuses().map((status) => [status['id'], status['status']]),
    [[wamidFrom(answer), 'sent']],
  );
});

test('anything but 200 is tried again, the attempts are in the delivery log', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answers.push(500, 503, 201);
  const sim = await startSim(t, {
    webhook: targetOf(receiver),
    config: { statuses: { ...AT_ONCE, mix: { sent: 1 } }, webhooks: { retry_first_ms: 1, retry_factor: 1 } },
  });
  await sim.send(welcome(to(1)));
  await sim.settled();
  const log = (await sim.side('GET', 'webhooks'))['data'] as Json[];
  assert.deepEqual(
    log.map((delivery) => [delivery['attempt'], delivery['status']]),
    [
      [1, 500],
      [2, 503],
      [3, 201],
      [4, 200],
    ],
  );
  assert.equal(log[0]?.['payload'], receiver.hooks[0]?.raw.toString('utf8'));
  assert.equal(receiver.statuses().length, 4);
});

test('a receiver that gives up its window loses the update, and it is counted', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answers.push(...Array.from({ length: 50 }, () => 500));
  const sim = await startSim(t, {
    webhook: targetOf(receiver),
    config: { statuses: { ...AT_ONCE, mix: { sent: 1 } }, webhooks: { retry_first_ms: 5, retry_factor: 1, retry_window_ms: 20 } },
  });
  await sim.send(welcome(to(1)));
  await sim.settled();
  assert.equal(((await sim.side('GET', 'state'))['webhooks'] as Json)['lost'], 1);
});

test('without a receiver everything stays owed until there is one', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { config: { statuses: AT_ONCE } });
  await sim.send(welcome(to(1)));
  assert.equal((await sim.side('GET', 'state'))['owed_webhooks'], 3);
  sim.simulator.setWebhookTarget(targetOf(receiver));
  await sim.settled();
  assert.equal(receiver.statuses().length, 3);
});

test('an unsubscribed account gets no webhooks', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE } });
  await sim.call('DELETE', '/v25.0/102290129340398/subscribed_apps');
  await sim.send(welcome(to(1)));
  assert.equal((await sim.side('GET', 'state'))['owed_webhooks'], 0);
  assert.deepEqual((await sim.call('GET', '/v25.0/102290129340398/subscribed_apps')).json['data'], []);
});

test('after so many sends the rest is held, and a release sends it on', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, {
    webhook: targetOf(receiver),
    config: { statuses: AT_ONCE, pacing: { after: 2, decision: 'wait' } },
  });
  const states: unknown[] = [];
  for (let i = 0; i < 4; i += 1)
    states.push(((await sim.send(welcome(to(i)))).json['messages'] as Json[])[0]?.['message_status']);
  assert.deepEqual(states, ['accepted', 'accepted', 'held_for_quality_assessment', 'held_for_quality_assessment']);
  await sim.settled();
  assert.equal(receiver.statuses().length, 6);
  assert.equal((await sim.side('POST', 'templates/bienvenida', { held: 'release' }))['decided'], 2);
  await sim.settled();
  assert.equal(receiver.statuses().length, 12);
});

test('a drop fails the held ones with 132015 and pauses the template until somebody lifts it', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, {
    webhook: targetOf(receiver),
    config: { statuses: AT_ONCE, pacing: { after: 0, decision: 'drop', decide_ms: 1 } },
  });
  const answer = await sim.send(welcome(to(1)));
  await until(() => receiver.statuses().length === 1);
  const [failed] = receiver.statuses();
  assert.equal(failed?.['status'], 'failed');
  assert.equal((failed['errors'] as Json[])[0]?.['code'], 132015);
  assert.equal(failed['id'], wamidFrom(answer));
  const [event] = receiver.values('message_template_status_update');
  assert.equal(event?.['event'], 'PAUSED');
  assert.equal((await sim.send(welcome(to(2)))).status, 400);
  const id = String(event['message_template_id']);
  assert.deepEqual((await sim.call('POST', `/v25.0/${id}/unpause`)).json, { success: true });
  assert.equal((await sim.send(welcome(to(2)))).status, 200);
});

test('the mix decides the outcomes in its proportions', async (t) => {
  const sim = await startSim(t, {
    config: { throughput: { enforce: false }, statuses: { ...AT_ONCE, mix: { read: 0.5, delivered: 0.3, '131026': 0.2 } } },
  });
  for (let i = 0; i < 400; i += 1) await sim.send(welcome(to(i)));
  const finals = (await sim.ledger()).map((entry) => entry['final']);
  const share = (final: string): number => finals.filter((other) => other === final).length / finals.length;
  assert.equal(Math.abs(share('read') - 0.5) < 0.1, true);
  assert.equal(Math.abs(share('delivered') - 0.3) < 0.1, true);
  assert.equal(Math.abs(share('failed') - 0.2) < 0.1, true);
});

test('a header whose media cannot be fetched fails later with 131053, not at once', async (t) => {
  const sim = await startSim(t, { config: { statuses: AT_ONCE } });
  const answer = await sim.send(
    template(to(1), 'promo_imagen', [
      { type: 'header', parameters: [{ type: 'image', image: { link: 'https://tienda.invalid/a.jpg' } }] },
      body('Ana', '1'),
    ]),
  );
  assert.equal(answer.status, 200);
  const [entry] = await sim.ledger();
  assert.deepEqual([entry?.['final'], entry?.['error_code']], ['failed', 131053]);
});

test('a free-form message fails with 131047 unless the person wrote within 24 hours', async (t) => {
  const sim = await startSim(t, { config: { statuses: AT_ONCE } });
  const text = { messaging_product: 'whatsapp', to: to(1), type: 'text', text: { body: 'Hola' } };
  await sim.send(text);
  await sim.side('POST', 'inbound', { from: to(1), type: 'text', text: 'Hola' });
  await sim.send(text);
  assert.deepEqual(
    (await sim.ledger()).map((entry) => [entry['final'], entry['error_code']]),
    [
      ['failed', 131047],
      ['read', null],
    ],
  );
});
