import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import type { Db } from './db.ts';
import { ensureDatabase } from './empty-database.ts';
import { dbFromPool, openPool, prepareSession } from './postgres.ts';

export interface PgliteThreadData {
  readonly dataDir?: string;
  readonly socketPath?: string;
  readonly dump?: string;
}

export interface PgliteOptions {
  /** Folder of the database; without one it lives in memory. Take the folder's lock first (folder-lock.ts). */
  readonly dataDir?: string;
  /** A file made by `dumpPglite`, to begin from instead of an empty database. */
  readonly dump?: string;
}

export interface EmbeddedDb extends Db {
  /** While `work` runs nothing else happens in the database and its folder holds all of it: the moment to copy the files. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Settles when its thread has ended without being asked to (out of memory, a fault in it): nothing can be read or written any more. */
  readonly gone: Promise<Error>;
}

/** The thread of the embedded database ended by itself: only a new process has a database again. */
export class DatabaseGone extends Error {}

interface Thread {
  readonly worker: Worker;
  readonly address: { readonly host: string; readonly port: number };
  readonly socketFolder: string | undefined;
  /** Set before it is told to stop. */
  readonly state: { isStopping: boolean; hasEnded: boolean };
  readonly gone: Promise<Error>;
}

/**
 * PostgreSQL inside this process: PGlite in a worker thread behind a socket that takes exactly one connection, and a pool of one.
 * A kill loses nothing that was answered; a power cut may (PGlite does not fsync), see docs/operations.md.
 */
export async function openPglite(options: PgliteOptions = {}): Promise<EmbeddedDb> {
  const thread = await startThread(options);
  const config = { ...thread.address, user: 'postgres', database: 'postgres', max: 1, idleTimeoutMillis: 0, ssl: false };
  const pool = openPool(config, async (client) => {
    // The session outlives its connection (there is only one session): a new connection must not meet the old one's statements.
    await client.query('discard all');
    await prepareSession(client);
  });
  pool.on('error', () => undefined);
  const db = dbFromPool(pool, 'pglite', async () => {
    await pool.end();
    await stopThread(thread);
  });
  return { ...db, hold: (work) => hold(pool, work), gone: thread.gone };
}

/** With the only connection in hand nobody is in a statement or a transaction, and after the checkpoint all is in the files. */
async function hold<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('checkpoint');
    return await work();
  } finally {
    client.release();
  }
}

/** The whole database as one compressed file, taken from a folder nobody has open. */
export async function dumpPglite(options: PgliteOptions): Promise<Uint8Array> {
  const thread = await startThread(options);
  thread.worker.postMessage('dump');
  const { dump } = (await answer(thread.worker)) as { dump: Uint8Array };
  await stopThread(thread);
  return dump;
}

async function startThread(options: PgliteOptions): Promise<Thread> {
  if (options.dataDir !== undefined) {
    await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
    await ensureDatabase(options.dataDir);
  }
  // A unix socket in a folder of mode 0700 keeps other users of the machine out; Windows has only the loopback.
  const socketFolder = process.platform === 'win32' ? undefined : await mkdtemp(join(tmpdir(), 'wasend-'));
  if (socketFolder !== undefined) await chmod(socketFolder, 0o700);
  const port = 5432 + randomBytes(1).readUInt8();
  const data: PgliteThreadData = {
    ...options,
    ...(socketFolder === undefined ? {} : { socketPath: join(socketFolder, `.s.PGSQL.${String(port)}`) }),
  };
  const worker = new Worker(new URL(`./pglite-thread${extname(import.meta.url)}`, import.meta.url), { workerData: data });
  const state = { isStopping: false, hasEnded: false };
  const gone = new Promise<Error>((resolve) => {
    let cause = '';
    worker.on('error', (error) => {
      cause = `: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.once('exit', (code) => {
      state.hasEnded = true;
      if (!state.isStopping) resolve(new DatabaseGone(`The embedded database has ended${cause} (exit code ${String(code)})`));
    });
  });
  const { ready } = (await answer(worker)) as { ready: string };
  const address =
    socketFolder === undefined ? { host: '127.0.0.1', port: Number(ready.split(':').at(-1)) } : { host: socketFolder, port };
  return { worker, address, socketFolder, state, gone };
}

async function stopThread(thread: Thread): Promise<void> {
  thread.state.isStopping = true;
  if (!thread.state.hasEnded) {
    thread.worker.postMessage('stop');
    // One that ends meanwhile has stopped too.
    await answer(thread.worker).catch(() => undefined);
    await thread.worker.terminate();
  }
  if (thread.socketFolder !== undefined) await rm(thread.socketFolder, { recursive: true, force: true });
}

function answer(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the embedded database stopped (exit code ${String(code)})`));
    });
  });
}
