// Loaded before the program (NODE_OPTIONS=--import): SIGUSR2 ends the thread of the embedded database, as running out of memory would.
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

let database;
threads.Worker = new Proxy(threads.Worker, {
  construct(Worker, [url, options]) {
    const worker = new Worker(url, options);
    if (String(url).includes('pglite-thread')) database = worker;
    return worker;
  },
});
syncBuiltinESMExports();
process.on('SIGUSR2', () => void database?.terminate());
