import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { request } from 'undici';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { createSimulator } from '../../src/simulator/server.ts';
import { type TestHouse, until } from './house.ts';

/** What a program said and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env } });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve({ code, out, err });
    });
  });
}

ensureBuilt();

/** The command line as a person types it. */
export function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return run(process.execPath, ['dist/cli/main.js', ...args], env);
}

/** A Meta outside every house: what it was sent is not undone by a restore. */
export async function openWorld(): Promise<{
  readonly settings: Readonly<Record<string, string>>;
  listenTo(house: TestHouse): void;
  ledger(): Promise<{ accepted: number; repeated_person: number }>;
  stop(): Promise<void>;
}> {
  const simulator = await createSimulator({
    config: { statuses: { sent_ms: [0, 5], delivered_ms: [5, 20], read_ms: [10, 40] } },
  });
  const url = await simulator.start();
  const appSecret = 'secret-of-the-app';
  const verifyToken = 'word-of-the-test';
  return {
    settings: { WHATSAPP_API_BASE_URL: url, WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken },
    listenTo(house) {
      simulator.setWebhookTarget({ url: `${house.app.url}/api/v1/webhooks/whatsapp`, appSecret, verifyToken });
    },
    async ledger() {
      const { body } = await request(`${url}/_sim/ledger/summary`);
      const summary = (await body.json()) as { accepted: number; repeated_person: number };
      return { accepted: summary.accepted, repeated_person: summary.repeated_person };
    },
    stop: () => simulator.stop(),
  };
}

/** Makes and starts a campaign; @returns its id. */
export async function startCampaign(house: TestHouse, people: number): Promise<number> {
  const made = await house.call('POST', '/api/v1/campaigns', {
    name: 'Uno',
    template_name: 'bienvenida',
    template_language: 'es',
  });
  const id = Number(made.json['id']);
  const rows = Array.from({ length: people }, (_, i) => `+5730012${String(10_000 + i)},Ana,Ruiz`);
  const report = await house.upload(id, ['Recipient-Phone-Number,variable_1,variable_2', ...rows].join('\n'));
  assert.equal(report.json['valid_rows'], people, report.text);
  const started = await house.call('POST', `/api/v1/campaigns/${String(id)}/start`);
  assert.equal(started.status, 200, started.text);
  return id;
}

export async function untilCompleted(house: TestHouse, id: number): Promise<Record<string, unknown>> {
  return until('the campaign is over', async () => {
    const { json } = await house.call('GET', `/api/v1/campaigns/${String(id)}`);
    return json['status'] === 'completed' ? json : undefined;
  });
}

/** The restored house has nobody to send to, and sends to nobody when it is told to go on. */
export async function assertHeldAndHarmless(house: TestHouse, id: number): Promise<void> {
  const { json } = await house.call('GET', `/api/v1/campaigns/${String(id)}`);
  assert.equal(json['status'], 'paused');
  assert.equal((json['pause_reason'] as { code: string }).code, 'restored');
  assert.equal((json['by_status'] as { pending: number }).pending, 0);
  const resumed = await house.call('POST', `/api/v1/campaigns/${String(id)}/resume`);
  assert.equal(resumed.status, 200, resumed.text);
  await untilCompleted(house, id);
}
