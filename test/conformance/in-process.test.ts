import { createInProcessQueue } from '../../src/lib/jobs/in-process.ts';
import { queueSuite } from './queue.ts';

queueSuite('in one process', () => {
  const errors: unknown[] = [];
  const queue = createInProcessQueue({ onError: (error) => errors.push(error) });
  return Promise.resolve({ queue, errors, settled: () => Promise.resolve(), close: () => queue.stop() });
});
