import assert from 'node:assert/strict';
import test from 'node:test';
import type { Simulator } from '../../src/simulator/server.ts';
import { runSimulatorThread } from '../../src/simulator/thread.ts';
import { AT_ONCE, clientOf, startReceiver, targetOf, welcome } from './support.ts';

test('a simulator runs in a thread, is told its receiver later, and stops with a connection still hung', async (t) => {
  const receiver = await startReceiver(t);
  const thread = await runSimulatorThread({ seed: 3, config: { statuses: AT_ONCE } });
  t.after(() => thread.stop());
  const sim = clientOf(thread.url, undefined as unknown as Simulator);
  assert.equal((await sim.send(welcome('+573001231234'))).status, 200);
  await thread.setWebhookTarget(targetOf(receiver));
  await sim.settled();
  assert.equal(receiver.statuses().length, 3);
  const hung = sim.send(welcome('+573000008888')).then(
    () => 'answered',
    () => 'cut',
  );
  await thread.stop();
  assert.equal(await hung, 'cut');
  await thread.stop();
});

test('a thread that cannot start says why', async () => {
  await assert.rejects(runSimulatorThread({ config: { speed: 1 } as never }), /speed is not a setting/);
});
