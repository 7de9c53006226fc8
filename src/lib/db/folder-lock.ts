import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path a unix socket may have on every system. */
const MAX_SOCKET_PATH = 100;
/** A live process that does not say in this time whether it holds the lock is taken to hold it. */
const ANSWER_MS = 2_000;
const LOOK_AGAIN_MS = 10;
/** Others who are starting decide within moments; beyond this the folder counts as held. */
const DECIDE_MS = 10_000;

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * One process a folder: two databases on one folder lose acknowledged rows. The lock is a listening socket, so the system itself
 * lets go of it when the process dies, however it dies.
 *
 * Each process has a socket of its own, whose name is never used again: a dead one can be taken away without a look at who might
 * have put another in its place. First everyone shows a socket, then looks at those of the others: a holder is never in doubt, and
 * of several starters the first by name wins. Two can not win: the one that looked first was seen by the other, which waits for it.
 *
 * @returns undefined when another process holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock | undefined> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const real = realpathSync(folder);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return lockPipe(`\\\\.\\pipe\\whatsapp-sender-${hash}`);
  const name = randomBytes(8).toString('hex');
  const isShort = join(real, `.lock-${name}`).length <= MAX_SOCKET_PATH;
  const place = isShort ? { folder: real, prefix: '.lock-' } : { folder: tmpdir(), prefix: `whatsapp-sender-${hash}-` };
  const own = await show(
    join(place.folder, `${isShort ? '.' : 'whatsapp-sender-'}new-${name}`),
    join(place.folder, `${place.prefix}${name}`),
  );
  try {
    if (await isMine(place, `${place.prefix}${name}`)) {
      own.state.held = true;
      return { release: () => own.takeDown() };
    }
    await own.takeDown();
    return undefined;
  } catch (error) {
    await own.takeDown();
    throw error;
  }
}

interface OwnSocket {
  readonly state: { held: boolean };
  takeDown(): Promise<void>;
}

/** Listens first and appears under its name after that: whoever refuses a connection there is dead, not about to listen. */
async function show(hidden: string, path: string): Promise<OwnSocket> {
  const state = { held: false };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(state.held ? 'held' : 'starting');
  });
  await listen(server, hidden);
  await rename(hidden, path);
  return {
    state,
    async takeDown() {
      await rm(path, { force: true });
      await close(server);
    },
  };
}

async function isMine(place: { readonly folder: string; readonly prefix: string }, mine: string): Promise<boolean> {
  for (const deadline = performance.now() + DECIDE_MS; performance.now() < deadline; ) {
    let mustWait = false;
    for (const name of await readdir(place.folder)) {
      if (!name.startsWith(place.prefix) || name === mine) continue;
      const path = join(place.folder, name);
      const state = await ask(path);
      if (state === 'held' || (state === 'starting' && name < mine)) return false;
      if (state === 'dead') await rm(path, { force: true });
      else mustWait = true;
    }
    if (!mustWait) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return false;
}

/** `unclear`: it went away while it was asked; a second look tells. */
function ask(path: string): Promise<'dead' | 'starting' | 'held' | 'unclear'> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(path);
    socket.setTimeout(ANSWER_MS, () => {
      socket.destroy();
      resolve('held');
    });
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.once('end', () => {
      resolve(said === 'starting' || said === 'held' ? said : 'unclear');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      resolve(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'dead' : 'unclear');
    });
  });
}

/** Windows takes a dead process's pipe away by itself. */
async function lockPipe(path: string): Promise<FolderLock | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return { release: () => close(server) };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      server.unref();
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
