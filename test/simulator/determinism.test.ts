import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { type Json, startReceiver, startSim, targetOf, welcome } from './support.ts';

const to = (i: number): string => `+57300123${String(1000 + i)}`;

/** The same calls, all webhooks let go at the end: wamids, outcomes and the order in which they are told. */
async function run(t: TestContext, seed: number | undefined): Promise<{ wamids: unknown[]; finals: unknown[]; told: unknown[] }> {
  const receiver = await startReceiver(t);
  const sim = await startSim(t, {
    seed,
    webhook: targetOf(receiver),
    config: {
      http_errors: { '131000': 0.2 },
      statuses: {
        sent_ms: [0, 0],
        delivered_ms: [0, 0],
        read_ms: [0, 0],
        mix: { read: 0.4, delivered: 0.2, sent: 0.2, '131026': 0.2 },
      },
      webhooks: { paused: true, batch: 1000, concurrency: 1, duplicate: 0.3 },
    },
  });
  for (let i = 0; i < 60; i += 1) await sim.send(welcome(to(i)));
  await sim.side('POST', 'config', { webhooks: { paused: false } });
  await sim.settled();
  const ledger = await sim.ledger();
  return {
    wamids: ledger.map(({ wamid }) => wamid),
    finals: ledger.map((entry) => [entry['to'], entry['final'], entry['error_code']]),
    told: [...new Set(receiver.statuses().map((status: Json) => `${String(status['id'])} ${String(status['status'])}`))],
  };
}

test('the same seed and the same calls give the same wamids, outcomes and order', async (t) => {
  const [first, second] = [await run(t, 7), await run(t, 7)];
  assert.deepEqual(first, second);
  assert.ok(first.wamids.length < 60, 'some sends were refused');
});

test('another seed gives others', async (t) => {
  const [first, second] = [await run(t, 7), await run(t, 8)];
  assert.notDeepEqual(first.wamids, second.wamids);
  assert.notDeepEqual(first.finals, second.finals);
});

test('without a seed the outcomes are those of seed 1, but no two runs share a wamid', async (t) => {
  const [first, second] = [await run(t, undefined), await run(t, undefined)];
  assert.deepEqual(first.finals, second.finals);
  assert.equal(
    first.wamids.every((wamid) => !second.wamids.includes(wamid)),
    true,
  );
});
