import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { request } from 'undici';
import { createSimulator } from '../../src/simulator/server.ts';
import { ADMIN_KEY, openHouse, until } from '../support/house.ts';

const root = mkdtempSync(join(tmpdir(), 'backup-live-'));
// Outside both houses, as Meta is: what it was sent is not undone by a restore.
const simulator = await createSimulator({ config: { statuses: { sent_ms: [0, 5], delivered_ms: [5, 20], read_ms: [10, 40] } } });
const simUrl = await simulator.start();
const SETTINGS = { WHATSAPP_API_BASE_URL: simUrl, WHATSAPP_APP_SECRET: 'secret-of-the-app', WHATSAPP_VERIFY_TOKEN: 'word-of-the-test' };
const PEOPLE = 120;

const first = await openHouse({ ...SETTINGS, WHATSAPP_MESSAGES_PER_SECOND: '30' });
const second = { dataDir: join(root, 'second') };
after(async () => {
  await simulator.stop();
  first.remove();
  rmSync(root, { recursive: true, force: true });
});

/** The command line as a person types it. */
function cli(args: readonly string[], env: Record<string, string>): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', './scripts/ts.mjs', 'src/cli/main.ts', ...args], { env: { ...process.env, ...env } });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('exit', (code) => {
      resolve({ code, out, err });
    });
  });
}

async function ledger(): Promise<{ accepted: number; repeated_person: number }> {
  const { body } = await request(`${simUrl}/_sim/ledger/summary`);
  return (await body.json()) as { accepted: number; repeated_person: number };
}

test('a backup of a running campaign, restored after more has been sent, writes to nobody twice', async () => {
  simulator.setWebhookTarget({ url: `${first.app.url}/api/v1/webhooks/whatsapp`, appSecret: SETTINGS.WHATSAPP_APP_SECRET, verifyToken: SETTINGS.WHATSAPP_VERIFY_TOKEN });
  const made = await first.call('POST', '/api/v1/campaigns', { name: 'Uno', template_name: 'bienvenida', template_language: 'es' });
  const id = Number(made.json['id']);
  const rows = Array.from({ length: PEOPLE }, (_, i) => `+5730012${String(10_000 + i)},Ana,Ruiz`);
  const report = await first.upload(id, ['Recipient-Phone-Number,variable_1,variable_2', ...rows].join('\n'));
  assert.equal(report.json['valid_rows'], PEOPLE, report.text);
  await first.call('POST', `/api/v1/campaigns/${String(id)}/start`);
  await until('some have left', async () => ((await ledger()).accepted > 20 ? true : undefined));

  const file = join(root, 'monday.tar.gz');
  const saved = await cli(['backup', '--out', file, '--url', first.app.url, '--key', ADMIN_KEY], {});
  assert.equal(saved.code, 0, saved.err);
  assert.ok(existsSync(file));
  const stats = await until('all have left', async () => {
    const { json } = await first.call('GET', `/api/v1/campaigns/${String(id)}/stats`);
    return json['status'] === 'completed' ? json : undefined;
  });
  assert.equal(stats['messages_sent'], PEOPLE);
  const metrics = (await first.call('GET', '/metrics')).text;
  assert.match(metrics, new RegExp(`whatsapp_sender_posts_total\\{mode="sandbox",outcome="accepted"\\} ${String(PEOPLE)}`));
  assert.match(metrics, /whatsapp_sender_campaigns\{mode="sandbox",status="completed"\} 1/);
  assert.match(metrics, /whatsapp_sender_database_up 1/);
  await first.stop();

  const restored = await cli(['restore', file], { DATA_DIR: second.dataDir });
  assert.equal(restored.code, 0, restored.err);
  assert.match(restored.out, /1 started campaign paused/);
  const house = await openHouse({ ...SETTINGS, DATA_DIR: second.dataDir });
  try {
    const held = await house.call('GET', `/api/v1/campaigns/${String(id)}`);
    assert.equal((held.json['pause_reason'] as { code: string }).code, 'restored');
    assert.equal((held.json['boxes'] as { pending: number }).pending, 0);
    await house.call('POST', `/api/v1/campaigns/${String(id)}/resume`);
    await until('the rest is over', async () => ((await house.call('GET', `/api/v1/campaigns/${String(id)}`)).json['status'] === 'completed' ? true : undefined));
    assert.deepEqual(await ledger().then(({ accepted, repeated_person }) => ({ accepted, repeated_person })), { accepted: PEOPLE, repeated_person: 0 });
    const again = await cli(['restore', file], { DATA_DIR: second.dataDir });
    assert.equal(again.code, 1);
    assert.match(again.err, /A running process uses/);
  } finally {
    await house.stop();
    house.remove();
  }
});

test('with no server running, the backup is taken from the folder', async () => {
  const file = join(root, 'cold.tar.gz');
  const saved = await cli(['backup', '--out', file], { DATA_DIR: second.dataDir, PORT: '1' });
  assert.equal(saved.code, 0, saved.err);
  const restored = await cli(['restore', file, '--json'], { DATA_DIR: join(root, 'third') });
  assert.equal(restored.code, 0, restored.err);
  assert.equal((JSON.parse(restored.out) as { unknown: number }).unknown, 0);
});
