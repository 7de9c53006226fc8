/** A PostgreSQL that may be killed and started again where it was. (Redis: scripts/servers.mjs does for it, it keeps nothing.) */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, freePort } from '../../scripts/servers.mjs';
import { insist } from '../../src/cli/drill/api.ts';

export interface Postgres {
  readonly url: string;
  /** The machine is pulled out from under it: every process of it at once. */
  kill(): Promise<void>;
  /** "Immediate" shutdown: like a kill, but by its own hand. */
  stopAtOnce(): Promise<void>;
  start(): Promise<void>;
  /** To every process of it. */
  signal(signal: NodeJS.Signals): void;
  remove(): Promise<void>;
}

/** Acknowledged commits survive a kill of the server (synchronous_commit is on, as the product asks for). */
export async function createPostgres(folder = mkdtempSync(join(tmpdir(), 'chaos-postgres-'))): Promise<Postgres> {
  const found = findPostgres();
  if (found === undefined) throw new Error('no PostgreSQL on this machine');
  const { postgres, initdb } = found;
  const user = ordinaryUser();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    cwd: folder,
    stdio: 'pipe',
    ...user,
  });
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    max_connections: 120,
    max_wal_size: '1GB',
  };
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let said = '';

  const start = async (): Promise<void> => {
    said = '';
    const args = ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${String(value)}`])];
    // A process group of its own: a kill takes all of it.
    const started = spawn(postgres, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      ...user,
    });
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-5_000)));
    gone = new Promise((resolve) =>
      started.once('exit', () => {
        resolve();
      }),
    );
    await insist(
      'PostgreSQL to be ready',
      () => Promise.resolve(said.includes('ready to accept connections') ? true : undefined),
      { withinMs: 60_000, everyMs: 20 },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${said}`);
    });
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const pid = child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
    } catch {
      // Gone already.
    }
    await gone;
    child = undefined;
  };
  process.once('exit', () => {
    if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });

  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    kill: () => end('SIGKILL'),
    stopAtOnce: () => end('SIGQUIT'),
    start,
    signal(signal) {
      if (child?.pid !== undefined) for (const pid of [child.pid, ...childrenOf(child.pid)]) process.kill(pid, signal);
    },
    async remove() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Each backend leads a process group of its own. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** PostgreSQL refuses to run as root. */
function ordinaryUser(): { uid?: number; gid: number } | { uid?: undefined; gid?: undefined } {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const read = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: read('-u'), gid: read('-g') };
    } catch {
      // No such user here: the next one.
    }
  }
  throw new Error('PostgreSQL cannot run as root, and this machine has neither a user postgres nor nobody.');
}
