/** The thread's side of thread.ts; nothing else loads this file. */
import { parentPort, workerData } from 'node:worker_threads';
import { createSimulator, type SimulatorOptions } from './server.ts';
import type { FromThread, ToThread } from './thread.ts';

const port = parentPort;
if (port === null) throw new Error('thread-entry runs only in a worker thread');
const say = (message: FromThread): void => {
  port.postMessage(message);
};

try {
  const simulator = await createSimulator(workerData as SimulatorOptions);
  const url = await simulator.start();
  port.on('message', (message: ToThread) => {
    if (message.kind === 'target') {
      simulator.setWebhookTarget(message.target);
      say({ kind: 'done', id: message.id });
    } else
      void simulator.stop().then(() => {
        port.close();
      });
  });
  say({ kind: 'up', url });
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
}
