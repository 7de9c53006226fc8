import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFileDb } from '../support/db.ts';
import { storeTemplate } from '../support/factories.ts';
import { openDoor } from '../support/http.ts';

const db = await openFileDb();
const door = await openDoor(db);

test('an unknown address is a 404 problem, whoever asks', async () => {
  for (const key of [null, undefined]) {
    const answer = await door.call('GET', '/api/v1/nowhere', key === null ? { key } : {});
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.json['code'], 'not_found');
    assert.equal(answer.json['instance'], '/api/v1/nowhere');
  }
});

test('a known address with a wrong method names the right ones', async () => {
  const answer = await door.call('PATCH', '/api/v1/campaigns/1');
  assert.equal(answer.status, 405);
  assert.equal(answer.json['code'], 'method_not_allowed');
  assert.deepEqual(answer.headers.get('allow')?.split(', ').sort(), ['DELETE', 'GET', 'HEAD', 'PUT']);
});

test('a refused field is named, with what to do', async () => {
  const answer = await door.call('POST', '/api/v1/campaigns', {
    body: { name: '', template_name: 'bienvenida', batch_size: 0, nmae: 1 },
  });
  assert.equal(answer.status, 400);
  assert.equal(answer.json['code'], 'invalid_request');
  assert.deepEqual(answer.json['errors'], [
    { field: 'name', message: 'Must not be empty.' },
    { field: 'batch_size', message: 'Must be at least 1.' },
    { field: 'nmae', message: 'Is not a field of this request. Check its spelling, or leave it out.' },
    { field: 'template_language', message: 'Is required with template_name.' },
  ]);
});

test('a refusal is said in the language that is asked for, its code and title stay', async () => {
  const ask = (language: string) =>
    door.call('POST', '/api/v1/campaigns', { body: { name: '', nmae: 1 }, headers: { 'accept-language': language } });
  const [spanish, english, other] = [await ask('es-CO,es;q=0.9,en;q=0.5'), await ask('en-US'), await ask('fr')];
  assert.equal(spanish.json['detail'], '"name": no puede estar vacío. (y 1 más; vea "errors")');
  assert.deepEqual(spanish.json['errors'], [
    { field: 'name', message: 'No puede estar vacío.' },
    { field: 'nmae', message: 'No es un campo de esta petición. Revise cómo está escrito o quítelo.' },
  ]);
  assert.equal(english.json['detail'], '"name": must not be empty. (and 1 more, see "errors")');
  assert.equal(other.json['detail'], english.json['detail'], 'English for who asks for another one, where nothing is set');
  for (const answer of [spanish, english]) {
    assert.deepEqual([answer.json['code'], answer.json['title']], ['invalid_request', 'Invalid request']);
    assert.match(String(answer.headers.get('vary')), /accept-language/i);
  }
  assert.deepEqual([spanish.headers.get('content-language'), english.headers.get('content-language')], ['es', 'en']);
});

test('a wrong id in the address is told as such', async () => {
  const answer = await door.call('GET', '/api/v1/campaigns/abc');
  assert.equal(answer.status, 400);
  assert.match(String(answer.json['detail']), /In the address, "id": must be a number/);
});

test('an order that is none is told with those that are', async () => {
  const answer = await door.call('GET', '/api/v1/campaigns?sort=bad');
  assert.equal(answer.status, 400);
  assert.equal(
    answer.json['detail'],
    'In the query, "sort": must be one of created_at, -created_at, name, -name, status, -status, started_at, -started_at.',
  );
});

test('broken JSON, a wrong content type and a body too large each have their own answer', async () => {
  const json = { 'content-type': 'application/json' };
  const broken = await door.call('POST', '/api/v1/campaigns', { body: '{"name":', headers: json });
  assert.deepEqual([broken.status, broken.json['code']], [400, 'unreadable_body']);
  const empty = await door.call('POST', '/api/v1/campaigns', { body: '', headers: json });
  assert.deepEqual([empty.status, empty.json['code']], [400, 'invalid_request']);
  assert.equal(empty.json['detail'], 'The body: is missing; this address needs one, as JSON.');
  const xml = await door.call('POST', '/api/v1/campaigns', { body: '<a/>', headers: { 'content-type': 'application/xml' } });
  assert.deepEqual([xml.status, xml.json['code']], [415, 'unsupported_media_type']);
  const large = await door.call('POST', '/api/v1/campaigns', {
    body: JSON.stringify({ name: 'x'.repeat(2_000_000) }),
    headers: json,
  });
  assert.deepEqual([large.status, large.json['code']], [413, 'body_too_large']);
  const noForm = await door.call('POST', `/api/v1/campaigns/${String(await door.campaign())}/upload-recipients`, {
    body: { file: 'x' },
  });
  assert.deepEqual([noForm.status, noForm.json['code']], [415, 'unsupported_media_type']);
});

test('nothing sent as JSON is no body: what needs none is done', async () => {
  const json = { 'content-type': 'application/json' };
  const path = `/api/v1/campaigns/${String(await door.campaign())}`;
  const copy = await door.call('POST', `${path}/duplicate`, { headers: json });
  assert.equal(copy.status, 201, copy.text);
  const started = await door.call('POST', `${path}/start`, { body: '', headers: json });
  assert.deepEqual([started.status, started.json['code']], [409, 'campaign_cannot_be_started']);
  assert.equal((await door.call('DELETE', path, { body: '', headers: json })).status, 204);
  assert.equal((await door.call('DELETE', `/api/v1/campaigns/${String(copy.json['id'])}`, { headers: json })).status, 204);
  const poisoned = await door.call('POST', '/api/v1/campaigns', { body: '{"__proto__":{"a":1}}', headers: json });
  assert.deepEqual([poisoned.status, poisoned.json['code']], [400, 'unreadable_body']);
});

test('a surprise says nothing of the inside and carries the number it was logged under', async () => {
  const lines: string[] = [];
  const { createLogger } = await import('../../src/lib/log.ts');
  const log = createLogger({ level: 'error', format: 'json', destination: { write: (line: string) => void lines.push(line) } });
  const other = await openDoor(db, { log, processState: () => Promise.reject(new Error('secret inside /etc/passwd')) });
  const answer = await other.call('GET', '/api/v1/status');
  assert.equal(answer.status, 500);
  assert.equal(answer.json['code'], 'internal_error');
  assert.ok(!answer.text.includes('passwd'));
  const id = String(answer.json['request_id']);
  assert.ok(lines.some((line) => line.includes(id) && line.includes('secret inside')));
});

test('a database that is away is a 503 that says when to come back', async () => {
  const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED', syscall: 'connect' });
  const gone = { ...db, query: () => Promise.reject(away), tx: () => Promise.reject(away) };
  const other = await openDoor(db, { db: gone });
  const answer = await other.call('GET', '/api/v1/campaigns');
  assert.deepEqual([answer.status, answer.json['code'], answer.headers.get('retry-after')], [503, 'not_ready', '5']);
  const ready = await other.call('GET', '/health/ready', { key: null });
  assert.equal(ready.status, 503);
  assert.deepEqual(ready.json, {
    status: 'not_ready',
    mode: 'sandbox',
    checks: { database: 'away', worker: 'unknown', redis: 'none', secret: 'unknown' },
  });
  assert.equal((await other.call('GET', '/health/live', { key: null })).status, 200);
});

test('a filter that a list does not know is refused, so that a misspelt one does not give everything', async () => {
  for (const path of ['/api/v1/campaigns?serch=x', '/api/v1/audit?campain_id=1']) {
    const answer = await door.call('GET', path);
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.text, /serch|campain_id/);
  }
});

test('a name with a character the database cannot hold is refused, not stored as another', async () => {
  await storeTemplate(db);
  for (const name of ['x\0y', 'lone \ud800']) {
    const made = await door.call('POST', '/api/v1/campaigns', {
      body: { name, template_name: 'bienvenida', template_language: 'es' },
    });
    assert.deepEqual([made.status, made.json['code']], [400, 'unreadable_body'], made.text);
  }
});
