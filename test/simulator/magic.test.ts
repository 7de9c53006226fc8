import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MAGIC_EXCHANGES, MAGIC_FATES, magicSuffix } from '../../src/simulator/outcomes.ts';
import { AT_ONCE, errorOf, type Json, NUMBER, startReceiver, startSim, targetOf, until, welcome } from './support.ts';

const magic = (suffix: string): string => `+57300000${suffix}`;

test('a number is magic only with 000 before its last four digits', () => {
  assert.equal(magicSuffix('573000000026'), '0026');
  assert.equal(magicSuffix('573001230026'), undefined);
  assert.equal(magicSuffix('573005500000'), undefined);
});

test('every magic number is in the documentation, and every documented one exists', () => {
  const docs = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');
  const documented = new Set([...docs.matchAll(/`…000(\d{4})`/g)].map((match) => match[1]));
  const existing = new Set([...Object.keys(MAGIC_EXCHANGES), ...Object.keys(MAGIC_FATES)]);
  assert.deepEqual([...documented].sort(), [...existing].sort());
});

for (const [suffix, exchange] of Object.entries(MAGIC_EXCHANGES)) {
  if (exchange.kind === 'refuse' && exchange.once !== true)
    test(`…000${suffix} is refused with ${String(exchange.code)}`, async (t) => {
      const sim = await startSim(t);
      assert.equal(errorOf(await sim.send(welcome(magic(suffix))))['code'], exchange.code);
      assert.deepEqual(await sim.ledger(), []);
    });
}

for (const suffix of ['0026', '0042', '0049', '0050', '0053', '0072', '0099'])
  test(`…000${suffix} is accepted and fails by webhook`, async (t) => {
    const receiver = await startReceiver(t);
    const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE } });
    assert.equal((await sim.send(welcome(magic(suffix)))).status, 200);
    await sim.settled();
    const [status, ...more] = receiver.statuses();
    assert.equal(more.length, 0);
    assert.equal(status?.['status'], 'failed');
    const [error] = status['errors'] as Json[];
    assert.equal(error?.['code'], MAGIC_FATES[suffix]);
    assert.equal(error?.['title'], error?.['message']);
    assert.equal(receiver.values('messages')[0]?.['contacts'], undefined);
  });

const FATES: readonly (readonly [suffix: string, order: string])[] = [
  ['9900', ''],
  ['9901', 'sent'],
  ['9902', 'sent,delivered'],
  ['9903', 'sent,delivered,read'],
  ['9904', 'sent,read'],
  ['9905', 'sent,delivered,failed'],
  ['9907', 'read,delivered,sent'],
];

for (const [suffix, order] of FATES)
  test(`…000${suffix} is told as ${order === '' ? 'nothing at all' : order}`, async (t) => {
    const receiver = await startReceiver(t);
    const spread = { sent_ms: [0, 0], delivered_ms: [20, 20], read_ms: [40, 40] } as const;
    const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: spread } });
    await sim.send(welcome(magic(suffix)));
    await sim.settled();
    assert.equal(
      receiver
        .statuses()
        .map((status) => status['status'])
        .join(),
      order,
    );
  });

test('…0009906 is told twice, …0009908 before its answer', async (t) => {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, { webhook: targetOf(receiver), config: { statuses: AT_ONCE } });
  await sim.send(welcome(magic('9908')));
  assert.equal(receiver.statuses()[0]?.['status'], 'sent');
  await sim.send(welcome(magic('9906')));
  await sim.settled();
  const second = receiver.statuses().filter((status) => status['recipient_id'] === magic('9906').slice(1));
  assert.equal(second.length, 6);
});

test('…0009429 and …0009500 refuse once a person, then take the message', async (t) => {
  const sim = await startSim(t);
  for (const [suffix, code] of [
    ['9429', 130429],
    ['9500', 131000],
  ] as const) {
    assert.equal(errorOf(await sim.send(welcome(magic(suffix))))['code'], code);
    assert.equal((await sim.send(welcome(magic(suffix)))).status, 200);
    assert.equal(errorOf(await sim.send(welcome(`+52550000${suffix}`)))['code'], code);
  }
  assert.equal((await sim.ledger()).length, 2);
});

test('…0008888 hangs after accepting, and stop cuts the connection', async (t) => {
  const sim = await startSim(t);
  const hung = sim.send(welcome(magic('8888'))).then(
    () => 'answered',
    () => 'cut',
  );
  await until(async () => (await sim.ledger()).length === 1);
  assert.equal(await Promise.race([hung, delay(50, 'waiting')]), 'waiting');
  await sim.simulator.stop();
  assert.equal(await hung, 'cut');
});

test('…0007777 is reset after accepting, …0006666 before', async (t) => {
  const sim = await startSim(t);
  await assert.rejects(sim.send(welcome(magic('6666'))));
  assert.equal((await sim.ledger()).length, 0);
  await assert.rejects(sim.send(welcome(magic('7777'))));
  assert.equal((await sim.ledger()).length, 1);
});

test('…0005503 is HTML, …0004290 and …0005000 are empty: none of them is accepted', async (t) => {
  const sim = await startSim(t);
  const html = await sim.send(welcome(magic('5503')));
  assert.equal(html.status, 503);
  assert.match(html.text, /<html>/);
  assert.match(html.headers.get('content-type') ?? '', /text\/html/);
  for (const [suffix, status] of [
    ['4290', 429],
    ['5000', 500],
  ] as const) {
    const answer = await sim.send(welcome(magic(suffix)));
    assert.deepEqual([answer.status, answer.text], [status, '']);
  }
  assert.equal((await sim.ledger()).length, 0);
});

test('…0005200 answers 200 with half a body, and is accepted', async (t) => {
  const sim = await startSim(t);
  const answer = await sim.send(welcome(magic('5200')));
  assert.equal(answer.status, 200);
  assert.throws(() => JSON.parse(answer.text));
  assert.equal((await sim.ledger()).length, 1);
});

test('magic can be switched off', async (t) => {
  const sim = await startSim(t, { config: { magic_numbers: false, statuses: AT_ONCE } });
  for (const suffix of ['1000', '6666', '8888', '0026']) assert.equal((await sim.send(welcome(magic(suffix)))).status, 200);
  for (const entry of await sim.ledger()) assert.equal(entry['final'], 'read');
});

test('a share of sends can be refused with a code', async (t) => {
  const sim = await startSim(t, { config: { throughput: { enforce: false }, http_errors: { '131000': 0.5 } } });
  let refused = 0;
  for (let i = 0; i < 100; i += 1)
    if ((await sim.call('POST', `/v25.0/${NUMBER}/messages`, welcome(`+57300123${String(1000 + i)}`))).status === 500)
      refused += 1;
  assert.ok(refused > 25 && refused < 75, String(refused));
});
