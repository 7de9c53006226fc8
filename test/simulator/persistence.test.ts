import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../../src/simulator/server.ts';
import {
  AT_ONCE,
  clientOf,
  type Json,
  type Sim,
  startReceiver,
  startSim,
  targetOf,
  until,
  WABA,
  wamidFrom,
  welcome,
} from './support.ts';

const to = (i: number): string => `+57300${String(1_234_567 + i)}`;

/** Killed before their folder goes, also when a test failed. */
const children: ChildProcess[] = [];

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'simulator-'));
  t.after(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) await kill(child);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function spawnSim(folder: string, hook: string): Promise<{ child: ChildProcess; sim: Sim }> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./fixtures/process.ts', import.meta.url)), folder, hook],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, sim: clientOf(url, undefined as unknown as Simulator) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('kill -9 in mid-run: every answered message is in the ledger, and every status is told in the end', async (t) => {
  const folder = folderOf(t);
  const receiver = await startReceiver(t);
  const first = await spawnSim(folder, receiver.url);
  const answered = new Map<string, string>();
  let stopped = false;
  const load = Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      for (let i = lane; !stopped && i < 4000; i += 8) {
        const answer = await first.sim
          .send(welcome(to(i), { biz_opaque_callback_data: `k.${String(i)}` }))
          .catch(() => undefined);
        if (answer?.status === 200) answered.set(wamidFrom(answer), `k.${String(i)}`);
      }
    }),
  );
  await until(() => answered.size >= 150, 'the first answers');
  await kill(first.child);
  stopped = true;
  await load;
  const second = await spawnSim(folder, receiver.url);
  const ledger = new Map((await second.sim.ledger()).map((entry) => [entry['wamid'], entry['biz_opaque_callback_data']]));
  for (const [wamid, callback] of answered) assert.equal(ledger.get(wamid), callback);
  assert.ok(ledger.size - answered.size <= 8, 'at most what was in flight is there without an answer');
  await second.sim.settled();
  const told = new Set(receiver.statuses().map((status) => `${String(status['id'])} ${String(status['status'])}`));
  for (const wamid of ledger.keys())
    for (const status of ['sent', 'delivered', 'read'])
      assert.equal(told.has(`${String(wamid)} ${status}`), true, `${status} of ${String(wamid)} was never told`);
  const next = wamidFrom(await second.sim.send(welcome(to(9000))));
  assert.ok(!ledger.has(next), 'a wamid is never given twice');
});

test('what was told before a restart is not told again, what was owed is', async (t) => {
  const folder = folderOf(t);
  const receiver = await startReceiver(t);
  const config = { statuses: AT_ONCE } as const;
  const first = await startSim(t, { dataDir: folder, webhook: targetOf(receiver), config });
  const told = wamidFrom(await first.send(welcome(to(1))));
  await first.settled();
  await first.side('POST', 'config', { webhooks: { paused: true } });
  const owed = wamidFrom(await first.send(welcome(to(2), { biz_opaque_callback_data: 'tab\there' })));
  await first.side('POST', 'inbound', { from: to(1), text: 'Hola' });
  await first.simulator.stop();
  receiver.hooks.length = 0;
  const second = await startSim(t, { dataDir: folder, config });
  await second.settled();
  assert.deepEqual(
    receiver.statuses().map(({ id }) => id),
    [owed, owed, owed],
  );
  assert.equal(receiver.statuses()[0]?.['biz_opaque_callback_data'], 'tab\there');
  assert.equal(receiver.values('messages').filter((value) => value['messages'] !== undefined).length, 1);
  const ledger = await second.ledger();
  assert.deepEqual(
    ledger.map(({ wamid }) => wamid),
    [told, owed],
  );
  assert.equal(
    (ledger[0]?.['statuses'] as Json[]).every(({ acknowledged }) => acknowledged === true),
    true,
  );
  assert.equal((await second.side('GET', 'state'))['target'], receiver.url, 'the receiver is remembered');
});

test('a line cut short by the death is dropped and writing goes on behind it', async (t) => {
  const folder = folderOf(t);
  const first = await startSim(t, { dataDir: folder });
  await first.send(welcome(to(1)));
  await first.simulator.stop();
  appendFileSync(path.join(folder, 'journal.log'), 'A\t17000');
  const second = await startSim(t, { dataDir: folder });
  assert.equal((await second.ledger()).length, 1);
  await second.send(welcome(to(2)));
  await second.simulator.stop();
  const third = await startSim(t, { dataDir: folder });
  assert.deepEqual(
    (await third.ledger()).map((entry) => entry['to']),
    [to(1), to(2)],
  );
});

test('templates, account changes and media survive', async (t) => {
  const folder = folderOf(t);
  const first = await startSim(t, { dataDir: folder });
  await first.side('POST', 'templates/bienvenida', { status: 'PAUSED' });
  await first.side('POST', 'account', { quality: 'YELLOW', payment_problem: true });
  await first.simulator.stop();
  const second = await startSim(t, { dataDir: folder });
  const page = await second.call('GET', `/v25.0/${WABA}/message_templates?name=bienvenida`);
  assert.deepEqual(
    (page.json['data'] as Json[]).map(({ status }) => status),
    ['PAUSED', 'PAUSED', 'PAUSED'],
  );
  assert.equal((await second.call('GET', '/v25.0/106540352242922')).json['quality_rating'], 'YELLOW');
  assert.equal((await second.send(welcome(to(1)))).status, 400);
  // Phone numbers stand in them: nobody else of the machine reads them.
  for (const file of readdirSync(folder)) assert.equal(statSync(path.join(folder, file)).mode & 0o077, 0, file);
});

test('held messages wait for their decision again after a restart', async (t) => {
  const folder = folderOf(t);
  const config = { statuses: AT_ONCE, pacing: { after: 0, decision: 'release', decide_ms: 60_000 } } as const;
  const first = await startSim(t, { dataDir: folder, config });
  await first.send(welcome(to(1)));
  await first.simulator.stop();
  const second = await startSim(t, { dataDir: folder, config: { ...config, pacing: { ...config.pacing, decide_ms: 1 } } });
  await until(async () => (await second.ledger())[0]?.['final'] === 'read');
});

test('the journal is written anew at a start once much of it is spent, and says the same', async (t) => {
  const folder = folderOf(t);
  const receiver = await startReceiver(t);
  const config = { statuses: { ...AT_ONCE, mix: { sent: 1 } } } as const;
  const first = await startSim(t, { dataDir: folder, webhook: targetOf(receiver), config });
  for (let i = 0; i < 20; i += 1) await first.send(welcome(to(i), { biz_opaque_callback_data: `c${String(i)}` }));
  await first.settled();
  const before = await first.ledger();
  await first.simulator.stop();
  const file = path.join(folder, 'journal.log');
  appendFileSync(file, 'F\t1\n'.repeat(2001));
  const second = await startSim(t, { dataDir: folder, config });
  assert.equal(!readFileSync(file, 'utf8').includes('F\t1\n'), true);
  assert.deepEqual(await second.ledger(), before);
  assert.equal((await second.side('GET', 'state'))['owed_webhooks'], 0);
});

test('a reset empties the folder’s memory too', async (t) => {
  const folder = folderOf(t);
  const first = await startSim(t, { dataDir: folder });
  const old = wamidFrom(await first.send(welcome(to(1))));
  await first.side('POST', 'reset');
  const fresh = wamidFrom(await first.send(welcome(to(1))));
  await first.simulator.stop();
  const second = await startSim(t, { dataDir: folder });
  assert.deepEqual(
    (await second.ledger()).map(({ wamid }) => wamid),
    [fresh],
  );
  assert.notEqual(old, fresh);
});
