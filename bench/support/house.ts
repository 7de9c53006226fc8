/** The whole program as it runs in production, each part a process of its own: database, simulator, program. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { Client, request } from 'undici';
import { type StartedServer, startPostgres, startRedis } from '../../scripts/servers.mjs';
import type { ConfigPatch } from '../../src/simulator/config.ts';
import type { AppCalls } from '../processes/app.ts';
import type { LoadCalls } from '../processes/load.ts';
import type { SimulatorCalls } from '../processes/simulator.ts';
import { cpuSeconds } from './cpu.ts';
import { type Helper, startHelper } from './helper.ts';
import { until } from './row.ts';

export const KEY = 'bench-admin-key-0123456789abcdef0123456789';
export const APP_SECRET = 'bench-app-secret';
export const WEBHOOK_PATH = '/api/v1/webhooks/whatsapp';

export type Engine = 'embedded' | 'postgres' | 'redis';

/**
 * What a small server of today would be given (docs/performance.md says so too). Nothing that weakens a promise: fsync and
 * synchronous_commit stay on.
 */
const POSTGRES_SETTINGS = { shared_buffers: '512MB', max_wal_size: '4GB', checkpoint_timeout: '15min', wal_compression: 'on' };

export interface HouseOptions {
  readonly engine: Engine;
  /** Settings of the program; a pace far above everything unless set. */
  readonly env?: Readonly<Record<string, string>>;
  /** Statuses come back by webhook. */
  readonly webhooks?: boolean;
  readonly simulator?: ConfigPatch;
  /** Puts something between the program and the simulator, and says its address. */
  readonly between?: (simulatorUrl: string) => Promise<string>;
  /** How many workers share the work over Redis. */
  readonly workers?: number;
  readonly postgresSettings?: Readonly<Record<string, string>>;
}

export interface Stats {
  readonly status: string;
  readonly total_recipients: number;
  readonly messages_sent: number;
  readonly open_outcomes: number;
  readonly by_status: Readonly<Record<string, number>>;
}

/** Statuses at once: what is measured is the taking of them, not the waiting for them. */
const FAST_STATUSES: NonNullable<ConfigPatch['statuses']> = { sent_ms: [0, 200], delivered_ms: [200, 600], read_ms: [600, 1200] };

export class House {
  /** Another one after `restart`, at another address. */
  app: Helper<AppCalls>;
  url: string;
  /** Others after `startSenders`. */
  workers: readonly Helper<AppCalls>[];
  readonly simulator: Helper<SimulatorCalls>;
  readonly simulatorUrl: string;
  /** Undefined when embedded. */
  readonly pool: pg.Pool | undefined;
  readonly #servers: readonly StartedServer[];
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(parts: {
    app: Helper<AppCalls>;
    workers: readonly Helper<AppCalls>[];
    simulator: Helper<SimulatorCalls>;
    url: string;
    simulatorUrl: string;
    pool: pg.Pool | undefined;
    servers: readonly StartedServer[];
    folder: string;
    env: Readonly<Record<string, string>>;
  }) {
    this.app = parts.app;
    this.workers = parts.workers;
    this.simulator = parts.simulator;
    this.url = parts.url;
    this.simulatorUrl = parts.simulatorUrl;
    this.pool = parts.pool;
    this.#servers = parts.servers;
    this.#folder = parts.folder;
    this.#env = parts.env;
  }

  /** CPU seconds so far of the program's processes, and of the database server beside them. */
  cpu(): { program: number; database: number } {
    const program = [this.app, ...this.workers].reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
    const [postgres] = this.#servers;
    return { program, database: postgres === undefined ? 0 : cpuSeconds(postgres.pid) };
  }

  async call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Record<string, unknown>> {
    return ask(this.url, method, path, body);
  }

  sim(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Record<string, unknown>> {
    return ask(this.simulatorUrl, method, path, body);
  }

  /** A campaign of `people`, uploaded as a file, ready to start. `offset` keeps the people of two campaigns apart. */
  async campaign(people: number, offset = 0, fields: Record<string, unknown> = {}): Promise<number> {
    const made = await this.call('POST', '/api/v1/campaigns', {
      name: `bench ${String(people)}`,
      template_name: 'bienvenida',
      template_language: 'es',
      ...fields,
    });
    const id = Number(made['id']);
    await this.upload(id, people, offset);
    return id;
  }

  async upload(campaignId: number, people: number, offset = 0): Promise<void> {
    const boundary = 'bench-boundary';
    const client = new Client(this.url, { headersTimeout: 0, bodyTimeout: 0 });
    const answer = await client.request({
      path: `/api/v1/campaigns/${String(campaignId)}/upload-recipients`,
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: Readable.from(multipart(boundary, people, offset)),
    });
    const text = await answer.body.text();
    await client.close();
    if (answer.statusCode >= 300) throw new Error(`upload: ${text}`);
  }

  async start(campaignId: number): Promise<void> {
    await this.call('POST', `/api/v1/campaigns/${String(campaignId)}/start`);
  }

  async stats(campaignId: number): Promise<Stats> {
    return (await this.call('GET', `/api/v1/campaigns/${String(campaignId)}/stats`)) as unknown as Stats;
  }

  /** Nothing is left to send, and every outcome of it is written down. */
  sentAll(campaignId: number, withinSeconds: number): Promise<Stats> {
    return until('the end of the campaign', withinSeconds, 100, async () => {
      const stats = await this.stats(campaignId);
      return stats.status === 'completed' ? stats : undefined;
    });
  }

  /** Every status that comes back has been applied, too. */
  settled(campaignId: number, withinSeconds: number): Promise<Stats> {
    return until('all outcomes', withinSeconds, 100, async () => {
      const stats = await this.stats(campaignId);
      if (stats.open_outcomes > 0 || stats.status !== 'completed') return undefined;
      const { owed_webhooks: owed } = await this.sim('GET', '/_sim/ledger/summary');
      return owed === 0 && (await this.backlog()) === 0 ? stats : undefined;
    });
  }

  /** Webhooks stored and not yet applied. */
  async backlog(): Promise<number> {
    const health = await this.call('GET', '/api/v1/status');
    const webhooks = health['webhooks'];
    return typeof webhooks === 'object' && webhooks !== null && 'pending' in webhooks ? Number(webhooks.pending) : 0;
  }

  /** Stops the program and starts it again on the same data. */
  async restart(): Promise<void> {
    await this.app.stop();
    this.app = startHelper<AppCalls>('app', nodeFlags());
    this.url = await this.app.ask('start', { env: this.#env });
  }

  /** Ends every process that sends as a crash would. */
  async killSenders(): Promise<void> {
    await Promise.all((this.workers.length > 0 ? this.workers : [this.app]).map((sender) => sender.kill()));
  }

  /** As many as were killed, at the same addresses. */
  async startSenders(): Promise<void> {
    if (this.workers.length === 0) {
      this.app = startHelper<AppCalls>('app', nodeFlags());
      this.url = await this.app.ask('start', { env: { ...this.#env, PORT: new URL(this.url).port } });
    }
    this.workers = await Promise.all(
      this.workers.map(async () => {
        const worker = startHelper<AppCalls>('app', nodeFlags());
        await worker.ask('start', { env: this.#env, role: 'worker' });
        return worker;
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await this.app.stop();
    await this.simulator.stop();
    await this.pool?.end();
    for (const server of this.#servers) await server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-house-'));
  const servers: StartedServer[] = [];
  const env: Record<string, string> = {
    DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
    ADMIN_API_KEY: KEY,
    SECRET_KEY: 'bench-secret-key-0123456789',
    CAMPAIGN_MAX_RECIPIENTS: '10000000',
    WHATSAPP_MESSAGES_PER_SECOND: '100000',
    WHATSAPP_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: 'bench-verify-token',
    ...options.env,
  };
  if (options.engine !== 'embedded') {
    const postgres = needed(
      'PostgreSQL',
      await startPostgres({ durable: true, settings: { ...POSTGRES_SETTINGS, ...options.postgresSettings } }),
    );
    servers.push(postgres);
    env['DATABASE_URL'] = postgres.url;
  }
  if (options.engine === 'redis') {
    const redis = needed('Redis', await startRedis());
    servers.push(redis);
    env['REDIS_URL'] = redis.url;
  }
  const simulator = startHelper<SimulatorCalls>('simulator');
  const config: ConfigPatch = { throughput: { enforce: false }, magic_numbers: false, statuses: FAST_STATUSES };
  const simulatorUrl = await simulator.ask('start', { config: Object.assign(config, options.simulator) });
  await ask(simulatorUrl, 'POST', '/_sim/account', { subscribed: options.webhooks === true });
  env['WHATSAPP_API_BASE_URL'] = (await options.between?.(simulatorUrl)) ?? simulatorUrl;
  const app = startHelper<AppCalls>('app', nodeFlags());
  const url = (await app.ask('start', { env, ...(options.engine === 'redis' ? { role: 'api' as const } : {}) })).replace(
    'localhost',
    '127.0.0.1',
  );
  const workers: Helper<AppCalls>[] = [];
  for (let n = 0; n < (options.engine === 'redis' ? (options.workers ?? 2) : 0); n++) {
    const worker = startHelper<AppCalls>('app', nodeFlags());
    await worker.ask('start', { env, role: 'worker' });
    workers.push(worker);
  }
  if (options.webhooks === true) {
    await ask(simulatorUrl, 'POST', '/_sim/webhook-target', {
      url: `${url}${WEBHOOK_PATH}`,
      app_secret: APP_SECRET,
      verify_token: 'bench-verify-token',
    });
  }
  const databaseUrl = env['DATABASE_URL'];
  const pool = databaseUrl === undefined ? undefined : new pg.Pool({ connectionString: databaseUrl, max: 2 });
  return new House({ app, workers, simulator, url, simulatorUrl, pool, servers, folder, env });
}

/** As `npm start`, the image and the units run it. BENCH_PROFILE=<folder> writes a CPU profile of the program there, for reading in a browser's tools. */
function nodeFlags(): string[] {
  const folder = process.env['BENCH_PROFILE'];
  const flags = ['--max-semi-space-size=32'];
  return folder === undefined ? flags : [...flags, '--cpu-prof', `--cpu-prof-dir=${folder}`];
}

export function load(): Helper<LoadCalls> {
  return startHelper<LoadCalls>('load');
}

function needed<T>(what: string, found: T | undefined): T {
  if (found === undefined) throw new Error(`${what} is not on this machine; this row needs it`);
  return found;
}

async function ask(base: string, method: 'GET' | 'POST', path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await request(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${String(answer.statusCode)} ${text}`);
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

function* multipart(boundary: string, people: number, offset: number): Generator<string> {
  let text = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\nRecipient-Phone-Number,variable_1,variable_2\n`;
  for (let index = 1; index <= people; index++) {
    text += `+${String(573_100_000_000 + offset + index)},Nombre ${String(index)},Apellido\n`;
    if (text.length > 64 * 1024) {
      yield text;
      text = '';
    }
  }
  yield `${text}\r\n--${boundary}--\r\n`;
}
