import assert from 'node:assert/strict';
import test from 'node:test';
import { defaultConfig } from '../../src/simulator/config.ts';
import { Limits } from '../../src/simulator/limits.ts';
import { detailsOf, errorOf, type Json, NUMBER, startSim, welcome } from './support.ts';

const to = (i: number): string => `+57300123${String(1000 + i)}`;

test('a number’s bucket holds one second’s worth and refills at its rate', () => {
  const limits = new Limits();
  const config = defaultConfig();
  let taken = 0;
  for (let i = 0; i < 100; i += 1) if (limits.takeThroughput(config, 0, 80, 1000)) taken += 1;
  assert.equal(taken, 80);
  assert.equal(limits.takeThroughput(config, 0, 80, 1012), false);
  assert.equal(limits.takeThroughput(config, 0, 80, 1013), true);
  assert.equal(limits.takeThroughput(config, 1, 1000, 1013), true, 'another number has a bucket of its own');
});

test('one person takes a burst of 45, then one message every six seconds', () => {
  const limits = new Limits();
  const config = defaultConfig();
  const person = limits.person(573001231000);
  let taken = 0;
  for (let i = 0; i < 60; i += 1) if (limits.takePair(config, 0, person, 1000)) taken += 1;
  assert.equal(taken, 45);
  assert.equal(limits.takePair(config, 0, person, 6999), false);
  assert.equal(limits.takePair(config, 0, person, 7000), true);
  assert.equal(limits.takePair(config, 0, limits.person(573001231001), 1000), true);
});

test('the portfolio counts people once in a rolling day', () => {
  const limits = new Limits();
  const config = { ...defaultConfig(), portfolio: { limit: 2, code: 131048 } };
  const day = 24 * 3600 * 1000;
  assert.equal(limits.takePortfolio(config, 1, 1000), true);
  assert.equal(limits.takePortfolio(config, 2, 2000), true);
  assert.equal(limits.takePortfolio(config, 3, 3000), false);
  assert.equal(limits.takePortfolio(config, 1, 3000), true);
  assert.equal(limits.takePortfolio(config, 3, 1000 + day), true);
});

test('too many sends a second are refused with 130429, and refused ones are not in the ledger', async (t) => {
  const sim = await startSim(t, { config: { throughput: { messages_per_second: 1, burst: 3 } } });
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => sim.send(welcome(to(i)))));
  const refused = answers.filter(({ status }) => status !== 200);
  assert.ok(refused.length >= 6, String(refused.length));
  for (const answer of refused) {
    assert.equal(errorOf(answer)['code'], 130429);
    assert.equal(errorOf(answer)['message'], '(#130429) Rate limit hit');
    assert.equal(detailsOf(answer), 'Cloud API message throughput has been reached.');
  }
  assert.equal((await sim.ledger()).length, 10 - refused.length);
});

test('the pair limit answers 131056 and can be switched off', async (t) => {
  const sim = await startSim(t, { config: { pair: { burst: 2 } } });
  const codes = async (): Promise<unknown[]> => {
    const seen: unknown[] = [];
    for (let i = 0; i < 3; i += 1) seen.push(errorOf(await sim.send(welcome(to(1))))['code']);
    return seen;
  };
  assert.deepEqual(await codes(), [undefined, undefined, 131056]);
  await sim.side('POST', 'config', { pair: { enforce: false } });
  assert.deepEqual(await codes(), [undefined, undefined, undefined]);
});

test('a tier set by the side door bounds the people reached', async (t) => {
  const sim = await startSim(t);
  await sim.side('POST', 'config', { portfolio: { limit: 2 } });
  const codes: unknown[] = [];
  for (const i of [1, 2, 3, 1]) codes.push(errorOf(await sim.send(welcome(to(i))))['code']);
  assert.deepEqual(codes, [undefined, undefined, 131048, undefined]);
});

test('management calls beyond the hour’s allowance answer 80007 and say how long', async (t) => {
  const sim = await startSim(t, { config: { management_calls_per_hour: 2 } });
  const path = `/v25.0/${NUMBER}?fields=id`;
  await sim.call('GET', path);
  await sim.call('GET', path);
  const answer = await sim.call('GET', path);
  assert.equal(errorOf(answer)['code'], 80007);
  const usage = JSON.parse(answer.headers.get('x-business-use-case-usage') ?? '{}') as Record<string, Json[]>;
  assert.equal(usage['102290129340398']?.[0]?.['call_count'], 100);
  assert.equal(Number(usage['102290129340398'][0]['estimated_time_to_regain_access']) > 0, true);
});

test('the most accepted in any one second is counted per number', async (t) => {
  const sim = await startSim(t);
  for (let i = 0; i < 5; i += 1) await sim.send(welcome(to(i)));
  const peak = (await sim.side('GET', 'ledger/summary'))['peak_per_second'] as Json;
  assert.equal(Number(peak[NUMBER]) >= 1 && Number(peak[NUMBER]) <= 5, true);
});
