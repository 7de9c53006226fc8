import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { type App, startApp } from '../../src/app/bootstrap.ts';
import { loadConfig } from '../../src/config/config.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { type Finished, runCli, startCli } from '../support/cli.ts';

const KEY = 'an-admin-key-for-tests';
const folder = mkdtempSync(join(tmpdir(), 'wasend-cli-'));
let app: App;

before(async () => {
  const result = loadConfig({ PORT: '0', DATA_DIR: join(folder, 'data'), ADMIN_API_KEY: KEY, LOG_LEVEL: 'silent' });
  assert.ok(result.ok);
  app = await startApp({ config: result.config, log: silentLogger() });
});

after(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function cli(...args: string[]): Promise<Finished> {
  return runCli(args, { WHATSAPP_SENDER_URL: app.url, WHATSAPP_SENDER_KEY: KEY, DATA_DIR: folder });
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await cli(...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Numbers whose last digits mean something to the simulator are left out. */
function writeList(name: string, people: number, extra: readonly string[] = []): string {
  const path = join(folder, name);
  const rows = Array.from({ length: people }, (_, i) => `+57300400${String(1101 + i)},Ana ${String(i)},Ruiz`);
  writeFileSync(path, ['Recipient-Phone-Number,variable_1,variable_2', ...rows, ...extra].join('\n'));
  return path;
}

test('a campaign goes from the first command to the last outcome', async () => {
  const created = await json(
    'campaigns',
    'create',
    '--name',
    'Primavera',
    '--template',
    'bienvenida',
    '--language',
    'es',
    '--mapping',
    'body.2:=de=todo',
  );
  const id = String(created['id']);
  assert.deepEqual((created['mapping'] as Record<string, unknown>)['body.2'], { value: 'de=todo' });

  const uploaded = await cli('campaigns', 'upload', id, writeList('list.csv', 20, ['+573004001101,Twice,Ruiz', '12,Short,Ruiz']));
  assert.equal(uploaded.code, 0, uploaded.stderr);
  assert.match(uploaded.stdout, /22 rows read[^]*20 valid[^]*1 invalid[^]*1 duplicate[^]*line 23, Recipient-Phone-Number "12"/);

  const preflight = await cli('campaigns', 'preflight', id);
  assert.equal(preflight.code, 0, preflight.stdout);
  assert.match(preflight.stdout, /20 people.*It can be started/);

  const started = await cli('campaigns', 'start', id);
  assert.match(started.stdout, /^Started: 20 people/);

  const watched = await cli('campaigns', 'watch', id, '--settled', '--json');
  assert.equal(watched.code, 0, watched.stderr);
  const states = watched.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { status: string; total_recipients: number; by_status: Record<string, number> });
  for (const state of states)
    assert.equal(
      Object.values(state.by_status).reduce((sum, n) => sum + n, 0),
      20,
    );
  const last = states.at(-1)!;
  assert.equal(last.status, 'completed');
  assert.equal(last.by_status['delivered']! + last.by_status['read']!, 20);

  const again = await cli('campaigns', 'watch', id);
  assert.equal(again.code, 0);
  assert.match(again.stdout, /^Completed: .*100\.0 % of what was sent/);

  const out = join(folder, 'results.csv');
  assert.equal((await cli('campaigns', 'export', id, '--out', out)).code, 0);
  assert.equal(readFileSync(out, 'utf8').trim().split('\n').length, 21);
  assert.ok(!existsSync(`${out}.part`));
  assert.match((await cli('campaigns', 'export', id, '--rejected')).stdout, /^\uFEFFreport\.row,.*[^]*\n23,/);
  assert.match((await cli('campaigns', 'export', id, '--separator', 'semicolon')).stdout, /^\uFEFFphone;status;/);
  assert.equal((await cli('campaigns', 'export', id, '--separator', 'tab')).code, 2);

  const audited = await cli('campaigns', 'audit', id);
  assert.equal(audited.code, 0);
  assert.match(audited.stdout, /^Proved: .*20 people/);
  assert.match((await cli('campaigns', 'list')).stdout, /Primavera +completed +20 +20 +20/);
  assert.match((await cli('campaigns', 'stats', id)).stdout, /Success +100\.0 %/);

  const refused = await cli('campaigns', 'start', id);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^Campaign cannot be started:\n {2}- The campaign is completed/);
  assert.equal(refused.stdout, '');
  assert.match((await cli('campaigns', 'delete', id, '--yes')).stderr, /^Campaign has already sent: /);
});

test('a dry run shows what was understood; rows are mended, the file read again, then published or discarded', async () => {
  const created = await json('campaigns', 'create', '--name', 'Ensayo', '--template', 'bienvenida', '--language', 'es');
  const id = String(created['id']);
  const list = writeList('ensayo.csv', 3, ['12,Short,Ruiz']);
  const shown = await cli('campaigns', 'upload', id, list, '--dry-run');
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /csv, utf-8, comma[^]*heading in line 1[^]*3 people of 4 rows would be on the list; nobody is yet/);
  const upload = /campaigns publish \d+ (\d+)/.exec(shown.stdout)?.[1] ?? '';
  assert.match((await cli('campaigns', 'uploads', id)).stdout, /ensayo\.csv +draft/);
  assert.match((await cli('campaigns', 'rows', id, upload)).stdout, /^line 5, Recipient-Phone-Number "12": /);
  const mended = await cli('campaigns', 'mend', id, upload, '5', 'Recipient-Phone-Number=+573004001999');
  assert.match(mended.stdout, /accepted now\.\n4 people/, mended.stderr);
  const reread = await cli('campaigns', 'reread', id, upload, '--default-country', 'MX');
  assert.match(reread.stdout, /country MX[^]*4 people of 4 rows/, reread.stderr);
  const published = await cli('campaigns', 'publish', id, upload);
  assert.match(published.stdout, /4 valid - now on the list/, published.stderr);
  const other = await json('campaigns', 'upload', id, list, '--dry-run');
  const discarded = await cli('campaigns', 'remove-upload', id, String(other['upload_id']), '--yes');
  assert.equal(discarded.stdout, '0 people taken off; 4 left on the list.\n', discarded.stderr);
});

test('the wrong file is found among the uploads and taken off again', async () => {
  const { id } = await json('campaigns', 'create', '--name', 'Otra', '--template', 'bienvenida', '--language', 'es');
  const uploaded = await json('campaigns', 'upload', String(id), writeList('one.csv', 1));
  const list = await cli('campaigns', 'uploads', String(id));
  assert.match(list.stdout, /^ID +FILE +STATUS.*\n *\d+ +one\.csv +published +1 +0 +0 +0 /);
  const unasked = await cli('campaigns', 'remove-upload', String(id), String(uploaded['upload_id']));
  assert.deepEqual([unasked.code, unasked.stdout], [2, '']);
  assert.match(unasked.stderr, /Take the 1 person of one\.csv off the list\?/);
  const removed = await cli('campaigns', 'remove-upload', String(id), String(uploaded['upload_id']), '--yes');
  assert.equal(removed.stdout, '1 person taken off; 0 left on the list.\n', removed.stderr);
  const again = await cli('campaigns', 'remove-upload', String(id), String(uploaded['upload_id']), '--yes');
  assert.match(again.stderr, /has no upload/);
  assert.match((await cli('campaigns', 'uploads', String(id))).stdout, /^No file yet\./);
});

test('watching ends with a failure when the campaign is paused, and says why', async () => {
  const { id } = await json(
    'campaigns',
    'create',
    '--name',
    'Slow',
    '--template',
    'bienvenida',
    '--language',
    'es',
    '--rate',
    '0.5',
  );
  assert.equal((await cli('campaigns', 'upload', String(id), writeList('slow.csv', 50))).code, 0);
  await json('campaigns', 'start', String(id));
  const watching = startCli(['campaigns', 'watch', String(id), '--json'], {
    WHATSAPP_SENDER_URL: app.url,
    WHATSAPP_SENDER_KEY: KEY,
  });
  await watching.says(/"status":"running"/);
  const paused = await cli('campaigns', 'pause', String(id));
  assert.match(paused.stdout, /^Paused: nothing new leaves\. \d+ messages? still in flight/);
  const ended = await watching.done;
  assert.equal(ended.code, 1);
  assert.match(ended.stdout.trim().split('\n').at(-1)!, /"status":"paused"/);

  const following = startCli(['campaigns', 'watch', String(id), '--through-pauses', '--json'], {
    WHATSAPP_SENDER_URL: app.url,
    WHATSAPP_SENDER_KEY: KEY,
  });
  await following.says(/"status":"paused"/);
  following.child.kill('SIGINT');
  const stopped = await following.done;
  assert.equal(stopped.code, 130);
  assert.match(stopped.stderr, /the campaign is not touched/);

  const unsure = await cli('campaigns', 'cancel', String(id));
  assert.equal(unsure.code, 2);
  assert.match(unsure.stderr, /add --yes/);
  assert.match((await cli('campaigns', 'cancel', String(id), '--yes')).stdout, /^Cancelled\./);
  assert.equal((await cli('campaigns', 'watch', String(id))).code, 1);
});

test('a draft is scheduled, unscheduled, duplicated and deleted', async () => {
  const { id } = await json('campaigns', 'create', '--name', 'Later', '--template', 'hello_world', '--language', 'en_US');
  await cli('campaigns', 'upload', String(id), writeList('later.csv', 2));
  assert.match(
    (await cli('campaigns', 'schedule', String(id), '2090-01-31T09:00-05:00')).stdout,
    /^Scheduled for 2090-01-31 14:00 UTC: 2 people/,
  );
  assert.match((await cli('campaigns', 'unschedule', String(id))).stdout, /a draft again/);
  const vague = await cli('campaigns', 'schedule', String(id), 'tomorrow');
  assert.equal(vague.code, 2);
  assert.match(vague.stderr, /with its zone/);
  const copy = await json('campaigns', 'duplicate', String(id), '--name', 'Later 2');
  assert.equal((await cli('campaigns', 'delete', String(copy['id']), '--yes')).code, 0);
  const gone = await cli('campaigns', 'show', String(copy['id']), '--json');
  assert.equal(gone.code, 1);
  assert.equal((JSON.parse(gone.stderr) as { code: string }).code, 'campaign_not_found');
});

test('a test message is sent, and a wrong one refused in words', async () => {
  const template = ['send', '--template', 'bienvenida', '--language', 'es', '--to', '+573001234567'];
  const sent = await cli(...template, '--param', 'Juan', '--param', 'Pérez');
  assert.equal(sent.code, 0, sent.stderr);
  assert.match(sent.stdout, /^Meta has taken the message to \+573001234567 \(wamid\./);
  const named = await cli(...template, '--named', 'body.1=Juan', '--named', 'body.2=Pérez');
  assert.equal(named.code, 0, named.stderr);
  const wrong = await cli(...template, '--param', 'Juan');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^Invalid template parameters: .*takes 2 parameters/);
  assert.equal((await cli(...template, '--param', 'Juan', '--named', 'body.2=x')).code, 2);
});

test('the fate of a test message can be waited for and looked up', async () => {
  const template = ['send', '--template', 'bienvenida', '--language', 'es', '--to', '+573001234567', '--named', 'body.1=Juan'];
  const sent = await cli(...template, '--named', 'body.2=Pérez', '--wait', '30');
  assert.equal(sent.code, 0, sent.stderr);
  assert.match(sent.stdout, /^The message to \+573001234567 is (delivered|read)/m);
  const record = JSON.parse((await cli(...template, '--named', 'body.2=Pérez', '--wait', '--json')).stdout) as {
    campaign_id: number;
    template_name: string;
    attempt: number;
    history: { kind: string }[];
  };
  assert.deepEqual([record.template_name, record.attempt, record.history[0]?.kind], ['bienvenida', 1, 'accepted']);
  assert.ok(record.history.length > 1, JSON.stringify(record.history));
});

test('who sent a test message stands in the audit trail, also when Meta refuses it', async () => {
  const refused = ['send', '--template', 'bienvenida', '--language', 'es', '--to', '+573000001026'];
  assert.equal((await cli(...refused, '--param', 'Juan', '--param', 'Pérez')).code, 1);
  const { body } = await request(`${app.url}/api/v1/audit?action=template.send&limit=1`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  const [entry] = ((await body.json()) as { data: { campaign_id: number; detail: unknown }[] }).data;
  assert.deepEqual(entry?.detail, { template_name: 'bienvenida', template_language: 'es' });
  const { body: found } = await request(`${app.url}/api/v1/templates/send/${String(entry.campaign_id)}`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  assert.equal(((await found.json()) as { to: string }).to, '+573000001026');
});

test('stored webhooks are applied again: those of a span, or the stuck ones, and never both at once', async () => {
  const span = await json('webhooks', 'replay', '--from', '2020-01-01T00:00Z', '--to', '2099-01-01T00:00Z');
  assert.ok(Number(span['queued']) > 0, 'the campaign above was told about by webhooks');
  assert.match((await cli('webhooks', 'replay', '--stuck')).stdout, /^0 webhooks will be applied again/);
  assert.equal((await cli('webhooks', 'replay')).code, 2);
  assert.equal((await cli('webhooks', 'replay', '--stuck', '--from', '2020-01-01T00:00Z')).code, 2);
  assert.equal((await cli('webhooks', 'replay', '--from', '2020-01-01T00:00Z')).code, 2);
});

test('keys are made, listed and revoked, and a revoked one opens nothing', async () => {
  const made = await json('keys', 'create', '--name', 'shop', '--scope', 'read', 'write');
  const key = String(made['key']);
  const env = { WHATSAPP_SENDER_URL: app.url };
  assert.equal((await runCli(['campaigns', 'list', '--key', key], env)).code, 0);
  assert.match((await runCli(['keys', 'list', '--key', key], env)).stderr, /^Not allowed: /);
  assert.match((await cli('keys', 'list')).stdout, /shop +wsk_.* read,write .* valid/);
  assert.match((await cli('keys', 'revoke', String(made['id']))).stdout, /^Revoked: shop/);
  const refused = await runCli(['campaigns', 'list', '--key', key], env);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^Not authenticated: [^]*The key that was sent is from --key/);
  assert.ok(!refused.stderr.includes(key));
  assert.equal((await cli('keys', 'create', '--name', 'x', '--scope', 'nothing')).code, 2);
});

test('whoever lost the password gets a link that sets a new one, the last administrator too', async () => {
  assert.match((await cli('users', 'link', 'Nobody')).stderr, /Nobody is called "Nobody"/);
  await fetch(new URL('/api/v1/people', app.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Marta Rincón', role: 'admin' }),
  });
  assert.match((await cli('users', 'list')).stdout, /Marta Rincón +admin +invited/);
  assert.match((await cli('users', 'link', 'marta rincón')).stdout, /Link +https?:\/\/\S+\/invitation#[\w-]{43}\n/);
});

test('a second factor is taken off whoever lost it, and one that is not there is said', async () => {
  assert.match((await cli('users', 'reset-second-factor', 'marta rincón')).stdout, /^Marta Rincón has no second factor/);
  assert.match((await cli('users', 'reset-second-factor', 'Nobody')).stderr, /Nobody is called "Nobody"/);
});

test('everything is stopped and let go again', async () => {
  assert.match((await cli('stop-everything')).stdout, /^Stopped since /);
  const doctor = await json('doctor');
  assert.ok(
    (doctor['checks'] as { name: string; level: string }[]).some((check) => check.name === 'stop' && check.level === 'warn'),
  );
  assert.match((await cli('lift-stop')).stdout, /may start again/);
});

test('the doctor asks the running server instead of opening its database', async () => {
  const { code, stdout } = await cli('doctor');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok {4}server: Running at /m);
  assert.match(stdout, /^ok {4}worker: /m);
  assert.match(stdout, /^ok {4}webhooks received: The last one /m);
  assert.match(stdout, /Nothing stands in the way/);
});

test('the templates are listed with their variables', async () => {
  assert.match(
    (await cli('templates', '--search', 'bienvenida')).stdout,
    /bienvenida +es +APPROVED +MARKETING +yes +body\.1 body\.2/,
  );
});

test('a server that is not there, and a file that is not there, are said in one sentence', async () => {
  const nobody = await runCli(['campaigns', 'list', '--url', 'http://127.0.0.1:1', '--key', 'x'], { DATA_DIR: folder });
  assert.equal(nobody.code, 3);
  assert.match(nobody.stderr, /^No server answers at http:\/\/127\.0\.0\.1:1: nothing listens there\. .*\n$/);
  const missing = await cli('campaigns', 'upload', '1', join(folder, 'nope.csv'));
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /^There is no file /);
});

test('a large file is refused for a campaign that does not exist, without a broken connection', async () => {
  const path = join(folder, 'large.csv');
  writeFileSync(path, `phone,a\n${'+573001234567,x\n'.repeat(400_000)}`);
  const refused = await cli('campaigns', 'upload', '999', path);
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /Campaign not found: /);
});
