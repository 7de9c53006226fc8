/** Campaigns on one number share its pace: a small one is not held up by a big one, and equal ones get equal shares. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { request } from 'undici';
import { type App, startApp } from '../../src/app/bootstrap.ts';
import { type Env, loadConfig } from '../../src/config/config.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { createSimulator } from '../../src/simulator/server.ts';
import { people } from '../support/fleet.ts';
import { ADMIN_KEY, until } from '../support/house.ts';
import { preparedDatabase } from '../support/prepared.ts';
import { needsPostgres, needsRedis } from '../support/servers.ts';

const postgres = needsPostgres();
const redis = needsRedis();
const RATE = 200;
let nextPerson = 3_200_000_000;

interface Town {
  readonly url: string;
  readonly simulatorUrl: string;
  close(): Promise<void>;
}

/** One process on the embedded database, or two that share a PostgreSQL and a Redis. */
async function openTown(shared: boolean): Promise<Town> {
  const simulator = await createSimulator({ config: { magic_numbers: false } });
  const simulatorUrl = await simulator.start();
  const folder = mkdtempSync(join(tmpdir(), 'fairness-'));
  if (!shared) cpSync(await preparedDatabase(), join(folder, 'database'), { recursive: true });
  const database = `fair_${String(process.pid)}_${Date.now().toString(36)}`;
  const admin = shared ? openPostgres({ connectionString: postgres.url, max: 1 }) : undefined;
  await admin?.query(`create database ${database}`);
  const common: Env = {
    DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'silent',
    ADMIN_API_KEY: ADMIN_KEY,
    SECRET_KEY: 'a-secret-of-both-of-the-processes',
    WHATSAPP_API_BASE_URL: simulatorUrl,
    WHATSAPP_MESSAGES_PER_SECOND: String(RATE),
  };
  const address = shared ? new URL(postgres.url) : undefined;
  if (address !== undefined) address.pathname = `/${database}`;
  const apps: App[] = [];
  const start = async (): Promise<void> => {
    const loaded = loadConfig({
      ...common,
      ...(address === undefined ? {} : { DATABASE_URL: address.href, REDIS_URL: redis.url }),
    });
    if (!loaded.ok) throw new Error(loaded.faults.join(' '));
    apps.push(await startApp({ config: loaded.config, log: silentLogger() }));
  };
  await start();
  if (shared) await start();
  const [first] = apps;
  if (first === undefined) throw new Error('no process');
  await until('templates', async () => {
    const { json } = await call(first.url, 'GET', '/api/v1/templates?search=bienvenida');
    return Number(json['total']) > 0 ? true : undefined;
  });
  return {
    url: first.url,
    simulatorUrl,
    async close() {
      await Promise.all(apps.map((app) => app.stop()));
      await simulator.stop();
      await admin?.query(`drop database ${database} with (force)`);
      await admin?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function call(
  base: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string; json: Record<string, unknown> }> {
  const response = await request(new URL(path, base), {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, text, json: JSON.parse(text) as Record<string, unknown> };
}

async function ready(town: Town, name: string, n: number): Promise<number> {
  const made = await call(town.url, 'POST', '/api/v1/campaigns', { name, template_name: 'bienvenida', template_language: 'es' });
  assert.equal(made.status, 201, made.text);
  const id = Number(made.json['id']);
  const boundary = 'fairness-boundary';
  const csv = people(n, nextPerson);
  nextPerson += n;
  const response = await request(new URL(`/api/v1/campaigns/${String(id)}/upload-recipients`, town.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n${csv}\r\n--${boundary}--\r\n`,
  });
  assert.equal(response.statusCode, 200, await response.body.text());
  return id;
}

async function start(town: Town, id: number): Promise<void> {
  const answer = await call(town.url, 'POST', `/api/v1/campaigns/${String(id)}/start`);
  assert.equal(answer.status, 200, answer.text);
}

async function stats(town: Town, id: number): Promise<{ sent: number; status: string }> {
  const { json } = await call(town.url, 'GET', `/api/v1/campaigns/${String(id)}/stats`);
  return { sent: Number(json['messages_sent']), status: String(json['status']) };
}

/** The campaigns of the messages Meta accepted, in order: the callback data is installation.campaign.message.attempt. */
async function order(town: Town): Promise<number[]> {
  const { json } = await call(town.simulatorUrl, 'GET', '/_sim/ledger?limit=10000');
  const data = json['data'] as { biz_opaque_callback_data: string }[];
  return data.map((entry) => Number(entry.biz_opaque_callback_data.split('.').at(-3)));
}

for (const [where, shared, skip] of [
  ['in one process', false, false],
  ['over Redis', true, postgres.skip === false ? redis.skip : postgres.skip],
] as const) {
  test(`${where}: ten people do not wait for thousands`, { skip }, async () => {
    const town = await openTown(shared);
    try {
      const big = await ready(town, 'Grande', 6_000);
      const small = await ready(town, 'Pequeña', 10);
      await start(town, big);
      await until('the big one to be under way', async () => ((await stats(town, big)).sent >= 100 ? true : undefined));
      await start(town, small);
      const bigAtEnd = await until('the small one to end', async () => {
        const [one, other] = [await stats(town, small), await stats(town, big)];
        return one.status === 'completed' ? other : undefined;
      });
      assert.ok(bigAtEnd.sent < 3_000, `the big one had sent ${String(bigAtEnd.sent)}`);
      const sequence = await order(town);
      const [first, last] = [sequence.indexOf(small), sequence.lastIndexOf(small)];
      assert.ok(last - first < 5 * RATE, `${String(last - first)} of others went between the first and the last of the ten`);
    } finally {
      await town.close();
    }
  });

  test(`${where}: two equal campaigns get equal shares of the pace`, { skip }, async () => {
    const town = await openTown(shared);
    try {
      const [one, other] = [await ready(town, 'Una', 1_500), await ready(town, 'Otra', 1_500)];
      await start(town, one);
      await start(town, other);
      const sequence = await until('a thousand together', async () => {
        const all = await order(town);
        const begun = all.indexOf(other);
        return begun >= 0 && all.length - begun >= 1_000 ? all.slice(begun, begun + 1_000) : undefined;
      });
      const share = sequence.filter((id) => id === one).length / sequence.length;
      assert.ok(share >= 0.4 && share <= 0.6, `the first had ${String(share)} of the pace`);
    } finally {
      await town.close();
    }
  });
}
