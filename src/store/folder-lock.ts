import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path a unix socket may have on every system. */
const MAX_SOCKET_PATH = 100;

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * One process a folder: two databases on one folder lose acknowledged rows. The lock is a listening socket, so the system itself
 * lets go of it when the process dies, however it dies.
 *
 * @returns undefined when another process holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock | undefined> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = socketPath(folder);
  for (let tries = 0; tries < 3; tries++) {
    const server = await listen(path);
    if (server !== undefined) return { release: () => close(server) };
    if (await isAlive(path)) return undefined;
    if (!(await removeStale(path))) return undefined;
  }
  return undefined;
}

function socketPath(folder: string): string {
  const real = realpathSync(folder);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\whatsapp-sender-${name}`;
  const path = join(real, '.lock');
  return path.length <= MAX_SOCKET_PATH ? path : join(tmpdir(), `whatsapp-sender-${name}.lock`);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/**
 * Takes a dead process's socket away: aside first, and back when it turns out to be alive after all, because between the look
 * and the removal another process may have put its own there.
 */
async function removeStale(path: string): Promise<boolean> {
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  if (await isAlive(aside)) {
    await rename(aside, path);
    return false;
  }
  await unlink(aside);
  return true;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => { resolve(); }));
}
