import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import { createSimulator } from '../../src/simulator/server.ts';
import { runCli, startCli } from '../support/cli.ts';

function dataDir(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'wasend-cli-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

test('start prints what a person needs, lets nobody else in the folder, stops at Ctrl-C; migrate and restored follow', async (t) => {
  const env = { DATA_DIR: dataDir(t), PORT: '0', LOG_LEVEL: 'warn' };
  const server = startCli(['start'], env);
  t.after(() => server.child.kill('SIGKILL'));
  const [, url = ''] = await server.says(/Page +(http:\/\/localhost:\d+)\//);
  await server.says(/Ctrl-C/);
  const [, key = ''] = await server.says(/Admin key +(wsk_\S+)/);
  await server.says(/SANDBOX/);
  await server.says(/\/api\/docs/);
  await server.says(/\/invitation#\S+/);
  const kept = join(env.DATA_DIR, 'admin-key');
  assert.equal(readFileSync(kept, 'utf8').trim(), key);
  assert.equal(statSync(kept).mode & 0o777, 0o600);

  const found = await runCli(['campaigns', 'list', '--url', url], env);
  assert.equal(found.code, 0, found.stderr);

  const stranger = await request(`${url}/api/v1/webhooks/whatsapp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
    body: '{}',
  });
  assert.equal(stranger.statusCode, 401, await stranger.body.text());
  await server.says(/signature does not fit WHATSAPP_APP_SECRET/);

  const second = await runCli(['start'], env);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /^Another process already uses .*\n$/);
  const migrating = await runCli(['migrate'], env);
  assert.equal(migrating.code, 1);
  assert.match(migrating.stderr, /^Another process already uses /);

  server.child.kill('SIGINT');
  server.child.kill('SIGINT');
  const { code, stderr } = await server.done;
  assert.equal(code, 0, stderr);

  const migrated = await runCli(['migrate', '--json'], env);
  assert.equal(migrated.code, 0, migrated.stderr);
  const versions = JSON.parse(migrated.stdout) as { from: number; to: number; applied: number[] };
  assert.equal(versions.from, versions.to);
  assert.deepEqual(versions.applied, []);

  assert.equal((await runCli(['restored'], env)).code, 2);
  const restored = await runCli(['restored', '--yes', '--json'], env);
  assert.equal(restored.code, 0, restored.stderr);
  assert.deepEqual(JSON.parse(restored.stdout), { paused_campaigns: [], asking_campaigns: [], unknown: 0 });

  const doctor = await runCli(['doctor'], { ...env, PORT: '1' });
  assert.equal(doctor.code, 0, doctor.stdout);
  assert.match(doctor.stdout, /^- {5}server: Not running/m);
  assert.match(doctor.stdout, /^ok {4}migrations: At version \d+, the newest/m);
});

test('the build brings the reference along, so that it needs no package of its own where the program runs', () => {
  assert.ok(existsSync(new URL('../../dist/lib/http/redoc.standalone.js', import.meta.url)));
});

test('a command that looks, saves or upgrades makes no database where there is none', async (t) => {
  const folder = dataDir(t);
  const env = { PORT: '1' };
  const file = join(folder, 'backup.tar.gz');
  for (const command of [['backup', '--out', file], ['migrate'], ['restored', '--yes']]) {
    const refused = await runCli(command, env, folder);
    assert.equal(refused.code, 3, `${command.join(' ')}: ${refused.stdout}${refused.stderr}`);
    assert.match(refused.stderr, /There is no database in .*data/);
  }
  const doctor = await runCli(['doctor'], env, folder);
  assert.equal(doctor.code, 0, doctor.stdout);
  assert.match(doctor.stdout, /will be made .* at the first start/);
  assert.deepEqual(readdirSync(folder), []);
  mkdirSync(join(folder, 'named', 'database'), { recursive: true });
  assert.equal((await runCli(['doctor'], { ...env, DATA_DIR: join(folder, 'named') })).code, 0);
  assert.deepEqual(readdirSync(join(folder, 'named', 'database')), []);
});

test('a server that is named is that server or an error, and no other database is touched in its place', async (t) => {
  const env = { DATA_DIR: dataDir(t), PORT: '1' };
  assert.equal((await runCli(['migrate'], env)).code, 0);
  const before = readdirSync(env.DATA_DIR);
  const file = join(env.DATA_DIR, 'backup.tar.gz');
  for (const [args, named] of [
    [[], { WHATSAPP_SENDER_URL: 'http://127.0.0.1:1' }],
    [['--url', 'http://127.0.0.1:1'], {}],
    [['--url', 'http://sender.invalid', '--key', 'wsk_x'], {}],
  ] as const) {
    const saved = await runCli(['backup', '--out', file, ...args], { ...env, ...named });
    assert.equal(saved.code, 3, `backup: ${saved.stdout}${saved.stderr}`);
    const doctor = await runCli(['doctor', ...args], { ...env, ...named });
    assert.equal(doctor.code, 3, `doctor: ${doctor.stdout}${doctor.stderr}`);
    assert.match(doctor.stdout, /^FAIL {2}server: Not running/m);
    assert.doesNotMatch(doctor.stdout, /Nothing stands in the way/);
    if (args.some((word) => word.includes('invalid'))) assert.doesNotMatch(doctor.stdout, /migrations|data folder/);
  }
  assert.deepEqual(readdirSync(env.DATA_DIR), before);
});

test('migrate makes an empty database in the folder that is named and says from where to where', async (t) => {
  const env = { DATA_DIR: dataDir(t) };
  const made = await runCli(['migrate'], env);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /went from version 0 to \d+\.\n$/);
});

test('a data folder that cannot be made or written stops the start with one sentence', { timeout: 120_000 }, async (t) => {
  const folder = dataDir(t);
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  // In the way: a file, a file above it, and (where there is one) a folder of the system that takes nobody.
  const folders = [file, join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/nope/data'] : [])];
  for (const path of folders) {
    for (const command of ['start', 'migrate']) {
      const running = startCli([command], { DATA_DIR: path, PORT: '0', LOG_LEVEL: 'silent' });
      t.after(() => running.child.kill('SIGKILL'));
      const { code, stdout, stderr } = await running.done;
      assert.deepEqual([code, stdout], [1, ''], path);
      assert.match(stderr, /^DATA_DIR \S+ cannot be made or written \(E[A-Z]+\)\. Give this user [^\n]+\n$/);
    }
  }
});

test('every wrong setting is one sentence, and nothing starts', async (t) => {
  const env = { DATA_DIR: join(dataDir(t), 'new'), PORT: 'abc', AUTH: 'perhaps' };
  for (const command of ['start', 'migrate', 'restored']) {
    const { code, stderr, stdout } = await runCli([command, ...(command === 'restored' ? ['--yes'] : [])], env);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^2 settings are wrong:\n {2}- .*PORT.*\n {2}- .*AUTH.*\n$|^2 settings are wrong:\n {2}- .*AUTH.*\n {2}- .*PORT.*\n$/,
    );
    assert.equal(stdout, '');
  }
  const doctor = await runCli(['doctor', '--json'], env);
  assert.equal(doctor.code, 1);
  assert.equal((JSON.parse(doctor.stdout) as { ok: boolean }).ok, false);
  assert.ok(!existsSync(env.DATA_DIR));
});

test('a port that is taken, and a part without what the parts share, are refused in one sentence', async (t) => {
  const simulator = await createSimulator();
  const url = await simulator.start();
  t.after(() => simulator.stop());
  const { port } = new URL(url);
  const folder = dataDir(t);
  const taken = await runCli(['start'], { DATA_DIR: folder, PORT: port, LOG_LEVEL: 'silent' });
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken: .*\\n$`));
  assert.deepEqual(readdirSync(folder), [], 'the key of the first administrator would be made and never seen');
  for (const command of ['api', 'worker']) {
    const { code, stderr } = await runCli([command], { DATA_DIR: dataDir(t) });
    assert.equal(code, 1);
    assert.match(stderr, /set DB_HOST .* and REDIS_HOST/);
  }
});

test('the simulator runs by itself until Ctrl-C', async (t) => {
  const running = startCli([
    'simulator',
    '--port',
    '0',
    '--phone-number-id',
    '111',
    '--phone-number-id',
    '222',
    '--waba-id',
    '333',
  ]);
  t.after(() => running.child.kill('SIGKILL'));
  const [, url = ''] = await running.says(/answers at (http:\S+) /);
  await running.says(/curl .*\n[^]*bienvenida/);
  const { body } = await request(`${url}/v25.0/333/phone_numbers`, { headers: { authorization: 'Bearer any' } });
  const numbers = (await body.json()) as { data: { id: string }[] };
  assert.deepEqual(
    numbers.data.map((number) => number.id),
    ['111', '222'],
  );
  running.child.kill('SIGINT');
  assert.equal((await running.done).code, 0);
});

test('with credentials the doctor asks Meta, and fails on what is wrong', async (t) => {
  const simulator = await createSimulator();
  const base = await simulator.start();
  t.after(() => simulator.stop());
  const env = {
    DATA_DIR: dataDir(t),
    PORT: '1',
    WHATSAPP_ACCESS_TOKEN: 'a-good-access-token',
    WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
    WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398',
    WHATSAPP_API_BASE_URL: base,
  };
  const well = await runCli(['doctor'], env);
  for (const name of ['token', 'number', 'account', 'templates', 'webhook subscription', 'clock'])
    assert.match(well.stdout, new RegExp(`^ok    ${name}: `, 'm'));
  assert.match(well.stdout, /^warn {2}settings: WHATSAPP_APP_SECRET/m);

  const wrong = await runCli(['doctor', '--json'], {
    ...env,
    WHATSAPP_PHONE_NUMBER_ID: '1065403522',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: '1',
    DB_HOST: '127.0.0.1',
    DB_PORT: '1',
  });
  assert.equal(wrong.code, 1);
  const { checks } = JSON.parse(wrong.stdout) as { checks: { name: string; level: string; advice?: string }[] };
  for (const name of ['number', 'Redis', 'database'])
    assert.equal(checks.find((check) => check.name === name)?.level, 'fail', name);
  assert.match(checks.find((check) => check.name === 'number')?.advice ?? '', /WHATSAPP_PHONE_NUMBER_ID/);
});
