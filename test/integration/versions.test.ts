import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseWhereTemplateChanged } from '../../src/campaigns/watch-template.ts';
import { replaceTemplates } from '../../src/templates/templates.sql.ts';
import { openFileDb } from '../support/db.ts';
import { openDoor, textOf } from '../support/http.ts';
import { BIENVENIDA } from '../support/templates.ts';

const db = await openFileDb();
const door = await openDoor(db);
const CSV = 'celular,variable_1,variable_2,ciudad\n3001234567,Ana,C7,Cali\n3001234568,Bea,C8,Cali\n';

interface Told {
  readonly code: string;
  readonly level: string;
  readonly message: string;
}

/** Meta's list again, with this body and category. */
async function changeTemplate(body: string | undefined, category: string = BIENVENIDA.category): Promise<void> {
  const { raw, metaId, name, language, status, quality } = BIENVENIDA;
  const components = (raw['components'] as { type: string }[]).map((part) =>
    part.type === 'BODY' && body !== undefined ? { ...part, text: body } : part,
  );
  const changed = { ...raw, category, components };
  await replaceTemplates(db, { mode: 'sandbox', wabaId: door.deps.wabaId }, [
    { raw: changed, meta_id: metaId, name, language, status, category, quality },
  ]);
}

async function campaign(csv = CSV): Promise<string> {
  await changeTemplate(undefined);
  const id = await door.campaign();
  const up = await door.upload(id, csv);
  assert.equal(up.status, 200, up.text);
  return `/api/v1/campaigns/${String(id)}`;
}

async function preflight(path: string): Promise<{ checks: Told[]; version: string; changed: unknown; ready: unknown }> {
  const { json } = await door.call('GET', `${path}/preflight`);
  return { checks: json['checks'] as Told[], version: textOf(json['version']), changed: json['changed'], ready: json['ready'] };
}

const OTHER = 'El código de {{2}} es {{1}}.';

test('a text that changed after it was looked at stops the start, shows both, and starts when it is confirmed', async () => {
  const path = await campaign();
  assert.equal((await door.call('GET', `${path}/preview`)).status, 200);
  await changeTemplate(OTHER);
  assert.equal((await door.call('GET', `${path}/preview`)).status, 200);
  const start = await door.call('POST', `${path}/start`);
  assert.deepEqual([start.status, (start.json['reasons'] as Told[]).map(({ code }) => code)], [409, ['version_changed']]);
  const { changed, version } = await preflight(path);
  assert.match(JSON.stringify(changed), /"differences":\["text"\].*"seen".*"now".*El código de/);
  assert.equal((await door.call('POST', `${path}/confirm`, { body: { version: 'another' } })).status, 409);
  assert.equal((await door.call('POST', `${path}/confirm`, { body: { version } })).status, 200);
  assert.equal((await door.call('POST', `${path}/start`)).status, 200);
});

test('a category that moved after the upload stops start and schedule too', async () => {
  const path = await campaign();
  await changeTemplate(undefined, 'MARKETING');
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const scheduled = await door.call('POST', `${path}/schedule`, { body: { scheduled_at: at } });
  assert.equal(scheduled.status, 409, scheduled.text);
  assert.equal((await door.call('POST', `${path}/start`)).status, 409);
});

test('who looked at nothing starts without a question', async () => {
  const path = await campaign();
  assert.equal((await door.call('POST', `${path}/start`)).status, 200);
});

test('a mapping given after the upload is held against every row, and the rows are named', async () => {
  const path = await campaign(`celular,variable_1,variable_2,nota\n3001234567,Ana,C7,x\n3001234568,Bea,C8,${'y'.repeat(1100)}\n`);
  const mapping = { 'body.1': { column: 'variable_1' }, 'body.2': { column: 'nota' } };
  const put = await door.call('PUT', path, { body: { mapping } });
  assert.deepEqual(
    (put.json['warnings'] as Told[]).map(({ code }) => code),
    ['values_refused'],
    put.text,
  );
  const { checks, ready } = await preflight(path);
  const told = checks.find(({ code }) => code === 'values_refused');
  assert.deepEqual([ready, told?.level], [false, 'red']);
  assert.match(told?.message ?? '', /1 person of upload .*line 3: "nota" does not fit/);
  assert.equal((await door.call('POST', `${path}/start`)).status, 409);
  // Put right, nothing of the old check is left.
  await door.call('PUT', path, { body: { mapping: { ...mapping, 'body.2': { column: 'variable_2' } } } });
  assert.equal((await preflight(path)).ready, true);
});

test('a running campaign pauses when its template changes, and its mapping is mended for those who wait', async () => {
  const path = await campaign();
  assert.equal((await door.call('POST', `${path}/start`)).status, 200);
  const id = Number(path.split('/').at(-1));
  assert.equal((await pauseWhereTemplateChanged(door.deps)).includes(id), false);
  await changeTemplate(`${OTHER} Vence en {{3}}.`);
  const paused = await pauseWhereTemplateChanged(door.deps);
  assert.ok(paused.includes(id));
  const refused = await door.call('POST', `${path}/resume`);
  assert.equal(refused.status, 409, refused.text);
  const put = await door.call('PUT', path, { body: { mapping: { 'body.3': { column: 'ciudad' } } } });
  assert.equal(put.status, 200, put.text);
  const { version } = await preflight(path);
  assert.equal((await door.call('POST', `${path}/confirm`, { body: { version } })).status, 200);
  assert.equal((await door.call('POST', `${path}/resume`)).status, 200);
  const { rows } = await db.query<{ text: string; frozen_version: number }>(
    'select template::text as text, frozen_version from campaigns where id = $1',
    [id],
  );
  assert.match(rows[0]?.text ?? '', /Vence en/);
  assert.equal(rows[0]?.frozen_version, 2);
});

test('another template on a draft takes over nothing of the old mapping', async () => {
  const path = await campaign();
  await door.call('PUT', path, { body: { mapping: { 'body.1': { column: 'ciudad' } } } });
  const { raw, metaId, name, language, status, category, quality } = BIENVENIDA;
  const owner = { mode: 'sandbox', wabaId: door.deps.wabaId } as const;
  const row = { raw, meta_id: metaId, name, language, status, category, quality };
  await replaceTemplates(db, owner, [row, { ...row, name: 'otra', meta_id: '99', raw: { ...raw, name: 'otra', id: '99' } }]);
  const put = await door.call('PUT', path, { body: { template_name: 'otra' } });
  assert.deepEqual([put.status, put.json['mapping']], [200, {}], put.text);
  assert.ok((await preflight(path)).checks.some(({ code }) => code === 'version_changed'));
});

test('people who can get nothing are told and not in the price', async () => {
  await changeTemplate(undefined, 'MARKETING');
  const id = await door.campaign();
  await door.upload(id, 'celular,variable_1,variable_2\n+14155552671,Ana,x\n+5352345678,Bea,x\n3001234567,Cid,x\n');
  const { checks } = await preflight(`/api/v1/campaigns/${String(id)}`);
  const codes = checks.map(({ code }) => code);
  assert.ok(codes.includes('us_marketing') && codes.includes('country_not_served'), codes.join());
});
