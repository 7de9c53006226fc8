/** The processes of a run: the product in one of its three shapes, its servers, and the simulator, which survives them all. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type StartedServer, startRedis } from '../../scripts/servers.mjs';
import { insist, type JsonApi, openApi } from '../../src/cli/drill/api.ts';
import { type Child, createChild } from '../../src/cli/drill/child.ts';
import type { Topology } from './plan.ts';
import { createPostgres, type Postgres } from './servers.ts';

const root = new URL('../../', import.meta.url).pathname;
export const ADMIN_KEY = 'chaos-admin-key-0123456789abcdef0123456789';
const APP_SECRET = 'chaos-app-secret';
const VERIFY_TOKEN = 'chaos-verify-token';
/** Everyone costs the same, so that the cost can be told from the ledger alone. */
export const PRICE_MICROS = 12_500;

export interface World {
  readonly topology: Topology;
  readonly folder: string;
  /** Through the balancer where there are several. */
  readonly api: JsonApi;
  readonly sim: JsonApi;
  readonly simulator: Child;
  /** Processes that send; in one process it is the only one. */
  readonly workers: readonly Child[];
  /** Processes with a door; in one process it is the same one. */
  readonly apis: readonly Child[];
  readonly postgres: Postgres | undefined;
  readonly redis: RestartableRedis | undefined;
  /** A command of the product with the settings of one of its processes, which must not be running. */
  command(name: string, ...args: readonly string[]): { readonly code: number | null; readonly said: string };
  /** Sets the clocks of the product's processes wrong by so many hours. */
  readonly clock: ((hours: number) => void) | undefined;
  /** A small disk of the database's own. */
  readonly disk: SmallDisk | undefined;
  /** Points the next so many processes to this version. @returns them: they are still to be restarted. */
  upgrade(processes: number): Child[];
  /** After a restart of the simulator: it keeps its ledger, not its settings. */
  configureSimulator(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly topology: Topology;
  /** Messages per second. */
  readonly rate: number;
  /** Of the simulator. */
  readonly config: object;
  readonly seed: number;
  /** Needs libfaketime. */
  readonly wrongClocks?: boolean;
  /** Needs the right to mount. */
  readonly smallDisk?: boolean;
  /** The folder of another version, built: all processes begin with it. */
  readonly previous?: string | undefined;
  readonly keep?: boolean;
}

export async function buildWorld(options: WorldOptions): Promise<World> {
  const { topology } = options;
  const folder = mkdtempSync(join(tmpdir(), `chaos-${topology}-`));
  const undo: (() => Promise<unknown>)[] = [];
  const simPort = await freePort();
  const sim = openApi({ url: `http://127.0.0.1:${String(simPort)}` });
  const doorPort = await freePort();
  const webhookUrl = `http://127.0.0.1:${String(doorPort)}/api/v1/webhooks/whatsapp`;
  const simulator = createChild({
    name: 'simulator',
    command: [
      mainFile(),
      'simulator',
      '--port',
      String(simPort),
      '--data-dir',
      join(folder, 'simulator'),
      '--seed',
      String(options.seed),
      '--webhook-url',
      webhookUrl,
      '--app-secret',
      APP_SECRET,
      '--verify-token',
      VERIFY_TOKEN,
    ],
    env: systemEnv(),
    folder: join(folder, 'logs'),
    ready: 'answers at',
    healthUrl: `http://127.0.0.1:${String(simPort)}/_sim/health`,
  });
  undo.push(() => simulator.kill());
  simulator.spawn();
  const disk =
    options.smallDisk === true
      ? mountSmallDisk(topology === 'embedded' ? join(folder, 'app') : mkdtempSync(join(tmpdir(), 'chaos-disk-')))
      : undefined;
  if (disk !== undefined) undo.push(() => disk.remove());
  const clock = options.wrongClocks === true ? wrongClock(join(folder, 'clock')) : undefined;
  const postgres = topology === 'embedded' ? undefined : await createPostgres(disk?.folder);
  if (postgres !== undefined) undo.push(() => postgres.remove());
  const redis = topology === 'redis' ? await restartableRedis() : undefined;
  if (redis !== undefined) undo.push(() => redis.remove());
  const env = {
    ...systemEnv(),
    ADMIN_API_KEY: ADMIN_KEY,
    SECRET_KEY: 'chaos-secret-key-0123456789',
    WHATSAPP_API_BASE_URL: sim.url,
    WHATSAPP_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
    WHATSAPP_MESSAGES_PER_SECOND: String(options.rate),
    COST_PER_MESSAGE: String(PRICE_MICROS / 1e6),
    RETRY_DELAY_SECONDS: '0.5',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
    ...(postgres === undefined ? {} : { DATABASE_URL: postgres.url }),
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    ...clock?.env,
  };
  const versions = join(folder, 'versions');
  mkdirSync(versions);
  const old: Child[] = [];
  const product = (name: string, command: string, port: number | undefined): Child => {
    const version = join(versions, name);
    symlinkSync(builtVersion(options.previous), version);
    const child = createChild({
      name,
      command: ['--import', join(version, 'test', 'chaos', 'points.mjs'), join(version, MAIN), command],
      env: { ...env, DATA_DIR: join(folder, name), PORT: String(port ?? 0) },
      folder: join(folder, 'logs'),
      ipc: true,
      ready: 'is running',
      supervised: true,
      ...(port === undefined ? {} : { healthUrl: `http://127.0.0.1:${String(port)}/health/live` }),
    });
    undo.push(() => child.kill());
    if (options.previous !== undefined) old.push(child);
    return child;
  };
  const { apis, workers } = await hire(topology, doorPort, product, undo);
  for (const child of new Set([...apis, ...workers])) child.spawn();
  const configureSimulator = async (): Promise<void> => {
    await simulator.up();
    await insist(
      'the simulator to be configured',
      async () => ((await sim.call('POST', '/_sim/config', options.config)).status === 200 ? true : undefined),
      { withinMs: 20_000 },
    );
  };
  await configureSimulator();
  await Promise.all([...new Set([...apis, ...workers])].map((child) => child.up()));
  return {
    topology,
    folder,
    api: openApi({ url: `http://127.0.0.1:${String(doorPort)}`, key: ADMIN_KEY }),
    sim,
    simulator,
    workers,
    apis,
    postgres,
    redis,
    command(name, ...args) {
      const done = spawnSync(process.execPath, [mainFile(), ...args], {
        env: { ...env, DATA_DIR: join(folder, name) },
        cwd: folder,
        encoding: 'utf8',
      });
      return { code: done.status, said: done.stdout + done.stderr };
    },
    clock: clock?.set,
    disk,
    upgrade(processes) {
      const chosen = old.splice(0, processes);
      for (const { name } of chosen) {
        rmSync(join(versions, name));
        symlinkSync(builtVersion(), join(versions, name));
      }
      return chosen;
    },
    configureSimulator,
    async close() {
      for (const step of undo.reverse()) await step().catch(() => undefined);
      if (options.keep !== true) rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Product = (name: string, command: string, port: number | undefined) => Child;

async function hire(
  topology: Topology,
  doorPort: number,
  product: Product,
  undo: (() => Promise<unknown>)[],
): Promise<{ apis: Child[]; workers: Child[] }> {
  if (topology !== 'redis') {
    const all = product('app', 'start', doorPort);
    return { apis: [all], workers: [all] };
  }
  const ports = [await freePort(), await freePort()];
  const balancer = await balance(doorPort, ports);
  undo.push(() => balancer.close());
  return {
    apis: ports.map((port, i) => product(`api${String(i + 1)}`, 'api', port)),
    workers: [1, 2, 3].map((i) => product(`worker${String(i)}`, 'worker', undefined)),
  };
}

/** The compiled product, as people run it. */
const MAIN = join('dist', 'cli', 'main.js');

function builtVersion(folder = root): string {
  if (!existsSync(join(folder, MAIN))) throw new Error(`${join(folder, MAIN)} is missing: build first`);
  return folder;
}

function mainFile(): string {
  return join(builtVersion(), MAIN);
}

/** Nothing of the settings of whoever runs this. */
function systemEnv(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'SystemRoot'];
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Hands each connection to the next server that takes it, as a load balancer in front of several would. */
async function balance(port: number, backends: readonly number[]): Promise<{ close(): Promise<void> }> {
  let turn = 0;
  const sockets = new Set<Socket>();
  const hand = (client: Socket, tries: number): void => {
    const backend = connect(backends[turn++ % backends.length] ?? 0, '127.0.0.1');
    let open = false;
    backend.once('connect', () => {
      open = true;
      client.pipe(backend).pipe(client);
    });
    backend.on('error', () => {
      if (open || tries <= 1) client.destroy();
      else hand(client, tries - 1);
    });
    backend.on('close', () => {
      if (open) client.destroy();
    });
    client.on('close', () => backend.destroy());
  };
  const server: Server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => sockets.delete(client));
    hand(client, backends.length);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export interface SmallDisk {
  readonly folder: string;
  fill(): void;
  free(): void;
  remove(): Promise<void>;
}

const SMALL_DISK_MB = 400;

function mountSmallDisk(folder: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(SMALL_DISK_MB)}m,mode=0777`, 'tmpfs', folder], { stdio: 'pipe' });
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      const megabyte = Buffer.alloc(1_048_576);
      for (let size = megabyte.length; size >= 1_024; size /= 2) {
        try {
          for (;;) appendFileSync(filler, megabyte.subarray(0, size));
        } catch {
          // Full for pieces of this size.
        }
      }
    },
    free: () => {
      rmSync(filler, { force: true });
    },
    remove: () => {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

export function findFaketime(): string | undefined {
  return ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib']
    .map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}

function wrongClock(file: string): { readonly env: Readonly<Record<string, string>>; set(hours: number): void } {
  const library = findFaketime();
  if (library === undefined) throw new Error('libfaketime is not on this machine (apt-get install libfaketime)');
  const set = (hours: number): void => {
    writeFileSync(file, `${hours < 0 ? '-' : '+'}${String(Math.abs(hours) * 3_600)}`);
  };
  set(0);
  return {
    // Clocks that count from a start (timers, durations) stay right, as they do when a machine's time is set.
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}

export interface RestartableRedis {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  flush(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  remove(): Promise<void>;
}

async function restartableRedis(): Promise<RestartableRedis> {
  const begin = async (port?: number): Promise<StartedServer> => {
    const started = await startRedis(port === undefined ? {} : { port });
    if (started === undefined) throw new Error('no Redis on this machine');
    return started;
  };
  let server = await begin();
  const { port, url } = server;
  return {
    url,
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await server.stop();
    },
    async start() {
      server = await begin(port);
    },
    flush: () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.write('FLUSHALL\r\n'));
        socket.once('data', () => {
          socket.destroy();
          resolve();
        });
        socket.once('error', reject);
      }),
    signal: (signal) => {
      process.kill(server.pid, signal);
    },
    remove: () => server.stop(),
  };
}
