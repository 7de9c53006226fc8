/** The embedded database's own thread: PGlite blocks the thread it runs in for every statement. */
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type { PgliteThreadData } from './pglite.ts';

const port = parentPort;
if (port === null) throw new Error('pglite-thread runs only as a worker thread');

const data = workerData as PgliteThreadData;
const options = data.dump === undefined ? {} : { loadDataDir: new Blob([new Uint8Array(await readFile(data.dump))]) };
// An eighth of the default, all of which would be touched at the start: what is missed comes from the system's own cache. One connection
// needs no room for a hundred either.
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB', '-c', 'max_connections=10'];
// The optimizing compiler takes up to 24 MB for one function of PostgreSQL, and what it gives back stays with the process. One function at a
// time, and only those that have run a hundred times as long as by default: at work these are there within seconds, at rest few are needed.
setFlagsFromString('--wasm-num-compilation-tasks=1');
setFlagsFromString('--wasm-tiering-budget=180000000');
const pglite = await PGlite.create({ startParams, ...(data.dataDir === undefined ? {} : { dataDir: data.dataDir }), ...options });
// One connection and no more: with several, statements larger than one packet write into each other.
const server = new PGLiteSocketServer({
  db: pglite,
  maxConnections: 1,
  ...(data.socketPath === undefined ? { host: '127.0.0.1', port: 0 } : { path: data.socketPath }),
});
await server.start();
port.postMessage({ ready: server.getServerConn() });

port.on('message', (message: 'stop' | 'dump') => {
  void (async () => {
    if (message === 'dump') {
      const file = await pglite.dumpDataDir('gzip');
      port.postMessage({ dump: new Uint8Array(await file.arrayBuffer()) });
      return;
    }
    await server.stop();
    await pglite.close();
    port.postMessage({ stopped: true });
    port.close();
  })();
});
