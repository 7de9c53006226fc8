// Real PostgreSQL, Redis and Chromium for tests, measurements and drills: the binaries found on this machine, started on a free
// port with a temporary folder. Types: servers.d.mts.
import { execFileSync, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @param {readonly string[]} names @param {readonly string[]} folders searched after PATH */
function findProgram(names, folders) {
  const all = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin', ...folders];
  for (const name of names) {
    const found = all.map((folder) => join(folder, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The folder with `postgres` and `initdb`; Debian keeps them out of PATH. The newest version wins. */
export function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(debian, version, 'bin'));
  const postgres = findProgram(['postgres'], folders);
  const initdb = findProgram(['initdb'], folders);
  return postgres === undefined || initdb === undefined ? undefined : { postgres, initdb };
}

export function findRedis() {
  return findProgram(['redis-server', 'valkey-server'], []);
}

export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') return named;
  return findProgram(
    ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'],
    ['/usr/lib/chromium', '/snap/bin', '/Applications/Google Chrome.app/Contents/MacOS'],
  );
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Everything started and not yet stopped; an exit of this process, whatever its cause, ends it. */
const running = new Set();
function killAll() {
  for (const server of running) server.kill();
}
process.on('exit', killAll);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    // Whoever listens too ends the process in its own way, and comes by `exit`.
    if (process.listenerCount(signal) > 1) return;
    killAll();
    process.exit(code);
  });
}

/** PostgreSQL refuses to run as root: the first ordinary user there is takes its place. */
function ordinaryUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' })),
      );
      return { uid, gid };
    } catch {
      // No such user here: the next one.
    }
  }
  throw new Error('PostgreSQL cannot run as root, and this machine has neither a user postgres nor nobody.');
}

/**
 * Spawns, waits until `ready` holds, and gives back how to end it.
 * @param {{ name: string, command: string, args: string[], folder: string, user?: object, signal: NodeJS.Signals, ready: (said: string) => boolean | Promise<boolean> }} what
 */
async function startServer({ name, command, args, folder, user = {}, signal, ready }) {
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    ...user,
  });
  let said = '';
  const listen = (chunk) => {
    said = (said + chunk).slice(-20_000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let gone;
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve((gone = error.message)));
    child.once('exit', (code, by) => resolve((gone = `ended (${by ?? code})`)));
  });
  const server = {
    kill() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      running.delete(server);
    },
  };
  running.add(server);
  const stop = async () => {
    if (gone === undefined) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
    server.kill();
  };
  const deadline = Date.now() + 30_000;
  while (!(await ready(said))) {
    if (gone !== undefined || Date.now() > deadline) {
      await stop();
      throw new Error(`${name} ${gone ?? 'was not ready after 30 s'}:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { pid: child.pid, stop };
}

/**
 * @param {{ durable?: boolean, settings?: Record<string, string | number> }} [options] durable: fsync as in production, for measurements
 * and drills; without it a test run is spared the waiting
 */
export async function startPostgres({ durable = false, settings = {} } = {}) {
  const found = findPostgres();
  if (found === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sender-postgres-'));
  const user = ordinaryUser();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  try {
    execFileSync(found.initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
      cwd: folder,
      stdio: 'pipe',
      ...user,
    });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    max_connections: 200,
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
    ...settings,
  };
  const server = await startServer({
    name: 'PostgreSQL',
    command: found.postgres,
    args: ['-D', data, ...Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    folder,
    user,
    // "Fast" shutdown: does not wait for clients to leave.
    signal: 'SIGINT',
    ready: (said) => said.includes('ready to accept connections'),
  });
  return { ...server, port, url: `postgres://postgres@127.0.0.1:${port}/postgres` };
}

/** @param {{ port?: number, args?: string[] }} [options] a fixed port lets a drill start it again where it was */
export async function startRedis({ port: wanted, args = [] } = {}) {
  const command = findRedis();
  if (command === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sender-redis-'));
  const port = wanted ?? (await freePort());
  const server = await startServer({
    name: 'Redis',
    command,
    args: [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory-policy',
      'noeviction',
      ...args,
    ],
    folder,
    signal: 'SIGTERM',
    ready: () => answersPing(port),
  });
  return { ...server, port, url: `redis://127.0.0.1:${port}` };
}

/** @param {number} port @returns {Promise<boolean>} */
function answersPing(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.once('error', () => end(false));
  });
}
