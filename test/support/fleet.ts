import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { createSimulator } from '../../src/simulator/server.ts';
import { ADMIN_KEY, type Answer, until } from './house.ts';
import { type OwnRedis, ownRedis } from './redis.ts';
import { freePort } from './servers.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
ensureBuilt();
const APP_SECRET = 'an-app-secret-of-the-tests';
const VERIFY_TOKEN = 'a-verify-token-of-the-tests';

export interface Member {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything it printed. */
  said(): string;
  /** Sends the signal and waits for its end. @returns the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Several processes of the program, each a real one, on one PostgreSQL and one Redis, and a simulator outside of all of them. */
export interface Fleet {
  readonly redis: OwnRedis;
  readonly databaseUrl: string;
  start(role: 'api' | 'worker' | 'start', settings?: Readonly<Record<string, string>>): Promise<Member>;
  call(member: Member, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  upload(member: Member, campaignId: number, csv: string): Promise<Answer>;
  sim(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Where the simulator's webhooks go; undefined = nowhere. */
  webhooksTo(url: string | undefined): void;
  query<R extends object>(text: string, params?: readonly unknown[]): Promise<R[]>;
  stop(): Promise<void>;
}

export async function openFleet(postgresUrl: string, common: Readonly<Record<string, string>> = {}): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  const database = `fleet_${String(process.pid)}_${Date.now().toString(36)}`;
  const admin = openPostgres({ connectionString: postgresUrl, max: 1 });
  await admin.query(`create database ${database}`);
  const address = new URL(postgresUrl);
  address.pathname = `/${database}`;
  const db = openPostgres({ connectionString: address.href, max: 2 });
  const redis = await ownRedis();
  const simulator = await createSimulator({
    config: { magic_numbers: false, statuses: { sent_ms: [0, 20], delivered_ms: [0, 40], read_ms: [0, 60] } },
  });
  await simulator.start();
  const members: Member[] = [];
  const settings = {
    DATABASE_URL: address.href,
    REDIS_URL: redis.url,
    DATA_DIR: folder,
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
    SECRET_KEY: 'one-secret-of-all-the-processes-of-this-fleet',
    ADMIN_API_KEY: ADMIN_KEY,
    WHATSAPP_API_BASE_URL: simulator.url,
    WHATSAPP_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
    ...common,
  };

  return {
    redis,
    databaseUrl: address.href,
    async start(role, own = {}) {
      const member = await spawnMember(folder, role, { ...settings, ...own });
      members.push(member);
      return member;
    },
    call: (member, method, path, body, headers) =>
      call(member.url, method, path, body, { authorization: `Bearer ${ADMIN_KEY}`, ...headers }),
    upload(member, campaignId, csv) {
      const boundary = 'fleet-boundary';
      const body = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n${csv}\r\n--${boundary}--\r\n`;
      return call(member.url, 'POST', `/api/v1/campaigns/${String(campaignId)}/upload-recipients`, body, {
        authorization: `Bearer ${ADMIN_KEY}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      });
    },
    sim: (method, path, body) => call(simulator.url, method, path, body, {}),
    webhooksTo(url) {
      simulator.setWebhookTarget(
        url === undefined ? null : { url: `${url}/api/v1/webhooks/whatsapp`, appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN },
      );
    },
    query: async (text, params) => (await db.query<never>(text, params)).rows,
    async stop() {
      redis.resume();
      await Promise.all(members.map((member) => member.end('SIGKILL')));
      await simulator.stop();
      await redis.stop();
      await db.close();
      await admin.query(`drop database ${database} with (force)`);
      await admin.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function spawnMember(folder: string, role: string, settings: Readonly<Record<string, string>>): Promise<Member> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'cli', 'main.js'), role], {
    // A folder without .env.
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: String(port), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const listen = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const gone = once(child, 'exit');
  const member: Member = {
    child,
    url: `http://127.0.0.1:${String(port)}`,
    said: () => text,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await gone;
      return child.exitCode;
    },
  };
  await until(
    `${role} to run`,
    () => Promise.resolve(text.includes('Ctrl-C stops it cleanly') || child.exitCode !== null ? true : undefined),
    120_000,
  );
  return member;
}

async function call(base: string, method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await request(new URL(path, base), {
    method: method as 'GET',
    headers: { ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.body.text();
  let json: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) json = { ...value };
  } catch {
    // A stream or a page: its text is there.
  }
  return { status: response.statusCode, headers: response.headers, text, json };
}

/** `n` Colombian numbers from `first` on; the simulator's magic ones among them are switched off. */
export function people(n: number, first: number): string {
  const rows = Array.from({ length: n }, (_, i) => `+57${String(first + i)},Ana,Ruiz ${String(i)}`);
  return `Recipient-Phone-Number,variable_1,variable_2\n${rows.join('\n')}\n`;
}
