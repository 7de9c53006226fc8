import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WebhookTarget } from './account.ts';
import type { SimulatorOptions } from './server.ts';

/** A simulator in a thread of its own, so that what it costs is not paid by the caller's event loop. */
export interface SimulatorThread {
  readonly url: string;
  setWebhookTarget(target: WebhookTarget | null): Promise<void>;
  /** Settles when the simulator has written its last line and the thread is gone. */
  stop(): Promise<void>;
}

/** What the two sides of the thread say to each other. */
export type ToThread =
  | { readonly kind: 'target'; readonly target: WebhookTarget | null; readonly id: number }
  | { readonly kind: 'stop' };
export type FromThread =
  | { readonly kind: 'up'; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly id: number };

export async function runSimulatorThread(options: SimulatorOptions = {}): Promise<SimulatorThread> {
  const worker = startWorker(options);
  const gone = once(worker, 'exit');
  const url = await firstWord(worker);
  const waiting = new Map<number, () => void>();
  let stopped = false;
  let nextId = 1;
  worker.on('message', (message: FromThread) => {
    if (message.kind !== 'done') return;
    waiting.get(message.id)?.();
    waiting.delete(message.id);
  });
  void gone.then(() => {
    stopped = true;
    for (const done of waiting.values()) done();
  });
  const say = (message: ToThread): void => {
    worker.postMessage(message);
  };
  return {
    url,
    setWebhookTarget: async (target) => {
      if (stopped) return;
      const id = nextId;
      nextId += 1;
      await new Promise<void>((resolve) => {
        waiting.set(id, resolve);
        say({ kind: 'target', target, id });
      });
    },
    stop: async () => {
      if (!stopped) say({ kind: 'stop' });
      await gone;
    },
  };
}

/** Compiled, the entry is loaded as it is. From the sources, `tsx` does not reach into a thread by itself and is asked to there. */
function startWorker(workerData: SimulatorOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./thread-entry.js', import.meta.url), { workerData });
  const entry = new URL('./thread-entry.ts', import.meta.url).href;
  const tsx = import.meta.resolve('tsx/esm/api');
  const code = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); });`;
  return new Worker(code, { eval: true, workerData });
}

async function firstWord(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromThread) => {
      worker.off('error', reject);
      if (message.kind === 'up') resolve(message.url);
      else reject(new Error(message.kind === 'failed' ? message.message : 'the simulator thread did not start'));
    });
  });
}
