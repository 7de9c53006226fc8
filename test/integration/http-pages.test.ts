import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { secretPrint } from '../../src/auth/secrets.ts';
import { healthChecks } from '../../src/cli/doctor-server.ts';
import { beat } from '../../src/lib/jobs/processes.sql.ts';
import { openFileDb } from '../support/db.ts';
import { openDoor } from '../support/http.ts';

const db = await openFileDb();
const door = await openDoor(db);

interface Response {
  readonly $ref?: string;
  readonly content?: Record<string, { schema?: unknown }>;
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly responses: Record<string, Response>;
}

/** Refusals are described once and named by `$ref`. */
async function sharedResponses(): Promise<Record<string, Response>> {
  const { json } = await door.call('GET', '/api/openapi.json', { key: null });
  return (json['components'] as { responses: Record<string, Response> }).responses;
}

async function operations(): Promise<[name: string, operation: Operation][]> {
  const { json } = await door.call('GET', '/api/openapi.json', { key: null });
  assert.equal(json['openapi'], '3.1.0');
  return Object.entries(json['paths'] as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
  );
}

/** What answers with something else than JSON. */
const OTHER = /\.csv$|\/stream$|\/metrics$|\/backup$|\/webhooks\/whatsapp$/;

test('every operation of the OpenAPI file has a name of its own, a summary, an answer and its refusals', async () => {
  const all = await operations();
  const shared = await sharedResponses();
  const names = all.map(([, operation]) => operation.operationId);
  assert.equal(new Set(names).size, names.length);
  for (const [name, { summary, responses }] of all) {
    assert.ok(summary !== undefined && summary !== '', name);
    const refusals = Object.entries(responses).filter(([status]) => status === 'default' || status.startsWith('4'));
    assert.ok(refusals.length > 0, name);
    for (const [status, refusal] of refusals)
      assert.ok(
        (shared[refusal.$ref?.split('/').at(-1) ?? ''] ?? refusal).content?.['application/problem+json'],
        `${name} ${status}`,
      );
    const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
    if (!OTHER.test(name))
      assert.ok(
        success !== undefined && (success[0] === '204' || success[1].content?.['application/json']?.schema !== undefined),
        name,
      );
  }
});

test('the OpenAPI file says of an upload what the upload does: an old workbook is refused with advice', async () => {
  const { text } = await door.call('GET', '/api/openapi.json', { key: null });
  assert.match(text, /"description":"CSV, [^"]*\(\.xlsx\)[^"]*\(\.xls\) is refused with advice/);
  const form = new FormData();
  form.append('file', new Blob([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])]), 'gente.xls');
  const path = `/api/v1/campaigns/${String(await door.campaign())}/upload-recipients`;
  const answer = await door.call('POST', path, { body: form });
  assert.deepEqual([answer.status, answer.json['code']], [422, 'file_unusable']);
  assert.match(String(answer.json['detail']), /old Excel workbook.*\(\.xlsx\).*"CSV UTF-8"/);
});

test('every reference of the OpenAPI file leads somewhere, and nothing lies there unused', async () => {
  const { text, json } = await door.call('GET', '/api/openapi.json', { key: null });
  const used = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]));
  const { schemas } = json['components'] as { schemas: Record<string, unknown> };
  assert.deepEqual(Object.keys(schemas).sort(), [...used].sort());
});

test('the addresses that the README names are all there', async () => {
  const names = new Set((await operations()).map(([name]) => name));
  for (const name of [
    'GET /api/v1/campaigns',
    'POST /api/v1/campaigns',
    'GET /api/v1/campaigns/{id}',
    'PUT /api/v1/campaigns/{id}',
    'DELETE /api/v1/campaigns/{id}',
    'POST /api/v1/campaigns/{id}/start',
    'POST /api/v1/campaigns/{id}/pause',
    'POST /api/v1/campaigns/{id}/resume',
    'POST /api/v1/campaigns/{id}/cancel',
    'GET /api/v1/campaigns/{id}/stats',
    'POST /api/v1/campaigns/{id}/upload-recipients',
    'GET /api/v1/templates',
    'GET /api/v1/templates/{name}',
    'POST /api/v1/templates/send',
    'GET /api/v1/events/campaigns/{id}/stream',
    'GET /api/v1/events/campaigns/stream',
    'GET /api/v1/webhooks/whatsapp',
    'POST /api/v1/webhooks/whatsapp',
  ]) {
    assert.ok(names.has(name), name);
  }
});

test('Swagger UI and ReDoc come from here and fetch nothing from elsewhere', async () => {
  for (const [page, assets] of [
    [
      '/api/docs',
      ['/api/docs/static/swagger-ui-bundle.js', '/api/docs/static/swagger-ui.css', '/api/docs/static/swagger-initializer.js'],
    ],
    ['/api/redoc', ['/api/redoc/redoc.standalone.js']],
  ] as const) {
    const answer = await door.call('GET', page, { key: null });
    assert.equal(answer.status, 200);
    assert.ok(!/(src|href)="(https?:)?\/\//.test(answer.text), answer.text);
    for (const asset of assets) {
      assert.ok(answer.text.includes(asset), `${page} ${asset}`);
      assert.equal((await door.call('GET', asset, { key: null })).status, 200, asset);
    }
    assert.match(answer.headers.get('content-security-policy') ?? '', /script-src 'self'/);
  }
});

test('while Redis is away the state of the parts says so, and everybody is still served', async () => {
  const lonely = await openDoor(db, { redisFault: () => 'no connection' });
  const ready = await lonely.call('GET', '/health/ready', { key: null });
  assert.deepEqual([ready.status, (ready.json['checks'] as { redis: string }).redis], [200, 'away']);
});

test('readiness is that of this process: it wants the database, and says the mode and what is missing elsewhere', async () => {
  const ready = await door.call('GET', '/health/ready', { key: null });
  assert.deepEqual(
    [ready.status, ready.json],
    [200, { status: 'ready', mode: 'sandbox', checks: { database: 'ok', worker: 'ok', redis: 'none', secret: 'ok' } }],
  );
  await db.query(`update processes set seen_at = clock_timestamp() - interval '1 hour'`);
  const alone = await door.call('GET', '/health/ready', { key: null });
  assert.deepEqual(
    [alone.status, alone.json['checks']],
    [200, { database: 'ok', worker: 'missing', redis: 'none', secret: 'ok' }],
  );
  await db.query('update processes set seen_at = clock_timestamp()');
});

test('another process that signs with another secret is told by health and by the doctor, one with the same is not', async () => {
  const beatOf = (id: string, secretKey: string) =>
    beat(db, { id, role: 'api', host: id, pid: 1, secretPrint: secretPrint(secretKey) });
  const look = async (): Promise<{ secret: string; fails: string[] }> => {
    const { json, status } = await door.call('GET', '/health/ready', { key: null });
    assert.equal(status, 200, 'whoever logged in here is still served here');
    const checks = json['checks'] as { database: string; worker: string; secret: string };
    const fails = healthChecks({ checks }).filter(({ level }) => level === 'fail');
    return { secret: checks.secret, fails: fails.map(({ message }) => message) };
  };
  await beatOf('twin', door.deps.secretKey);
  assert.deepEqual(await look(), { secret: 'ok', fails: [] });
  await beatOf('stranger', 'quite another secret');
  const { secret, fails } = await look();
  assert.equal(secret, 'differs');
  assert.match(fails.join(' '), /another SECRET_KEY/);
  await db.query(`delete from processes where id in ('twin', 'stranger')`);
  assert.equal((await look()).secret, 'ok');
});

test('metrics are for Prometheus with a key', async () => {
  const answer = await door.call('GET', '/metrics', { key: await door.key('read') });
  assert.match(answer.text, /^whatsapp_sender_live_streams 0$/m);
  assert.match(answer.text, /process_cpu_user_seconds_total/);
});

test('other pages may call with a key when they are named, and get no say otherwise', async () => {
  const preflight = (origin: string) =>
    door.call('OPTIONS', '/api/v1/campaigns', {
      key: null,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const named = await preflight('http://localhost:5173');
  assert.deepEqual(
    [named.status, named.headers.get('access-control-allow-origin'), named.headers.get('access-control-allow-credentials')],
    [204, 'http://localhost:5173', null],
  );
  assert.notEqual((await preflight('https://evil.example')).headers.get('access-control-allow-origin'), 'https://evil.example');
});

test('with an https address cookies are Secure and browsers stay on https', async () => {
  const other = await openDoor(db, { publicUrl: 'https://wa.example.com' });
  const answer = await other.call('POST', '/api/v1/auth/logout', { key: null });
  assert.match(answer.headers.getSetCookie()[0] ?? '', /Secure/);
  assert.match(answer.headers.get('strict-transport-security') ?? '', /max-age/);
  const invitation = await other.call('POST', '/api/v1/people', { body: { name: 'Q', role: 'viewer' } });
  assert.match(String(invitation.json['invitation_url']), /^https:\/\/wa\.example\.com\/invitation#[\w-]{43}$/);
});

test('a large answer is compressed for who takes gzip, a small one, a POST and a refusal of gzip are not', async () => {
  const document = new URL('/api/openapi.json', door.url);
  const headers = { 'accept-encoding': 'br;q=0.5, gzip' };
  const packed = await raw(document, headers);
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.match(String(packed.headers.vary), /accept-encoding/i);
  const plain = await raw(document, { 'accept-encoding': 'gzip;q=0' });
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.match(String(plain.headers.vary), /accept-encoding/i);
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  assert.ok(packed.body.length * 4 < plain.body.length);
  assert.equal((await raw(new URL('/health/live', door.url), headers)).headers['content-encoding'], undefined);
});

/** The bytes as they come: `fetch` would unpack them. */
async function raw(url: URL, headers: Record<string, string>): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const answer = await request(url, { headers });
  return { headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
}
