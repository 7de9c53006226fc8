import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { buildServer } from '../../src/app/server.ts';
import { openFileDb } from '../support/db.ts';
import { openDoor } from '../support/http.ts';

const db = await openFileDb();
const door = await openDoor(db);
const JSON_TYPE = { 'content-type': 'application/json' };

/** What a client library would not let anybody send. */
function wire(bytes: string | Buffer): Promise<{ status: number; type: string; json: Record<string, unknown> }> {
  const { hostname, port } = new URL(door.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      resolve({
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0),
        type: /^content-type: *(.*)$/im.exec(head)?.[1] ?? '',
        json: JSON.parse(body === '' ? '{}' : body) as Record<string, unknown>,
      });
    });
    socket.write(bytes);
  });
}

const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n');

test('a refusal before there is a route is told like every other', async () => {
  const cases: [string, number, string][] = [
    [get('/api/v1/campaigns/%ZZ'), 400, 'invalid_request'],
    [get('/api/v1/campaigns/%C3'), 400, 'invalid_request'],
    [get(`/api/v1/templates/${'x'.repeat(600)}`), 414, 'address_too_long'],
    [get('/health/live', `X-Long: ${'x'.repeat(20_000)}`), 431, 'headers_too_large'],
    ['FROB /health/live HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'invalid_request'],
    ['\x16\x03\x01\x02\r\n\r\n', 400, 'invalid_request'],
    ['GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid_request'],
    [get('/health/live', 'Expect: the-unexpected'), 417, 'expectation_failed'],
    ['PROPFIND /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 405, 'method_not_allowed'],
  ];
  for (const [bytes, status, code] of cases) {
    const { status: given, type, json } = await wire(bytes);
    const about = bytes.slice(0, 60);
    assert.deepEqual([given, type, json['code']], [status, 'application/problem+json', code], about);
    assert.equal(json['status'], status, about);
    assert.ok(String(json['detail']).length > 20 && String(json['request_id']).length > 10, about);
  }
});

test('an id is its decimal digits and nothing else', async () => {
  const id = await door.campaign();
  assert.equal((await door.call('GET', `/api/v1/campaigns/${String(id)}`)).status, 200);
  for (const odd of [
    '0x1',
    '1e0',
    '%201',
    '1%20',
    '+1',
    '01e',
    '1.0',
    'true',
    '',
    '%00',
    '٣',
    '2147483648',
    '99999999999999999999',
  ]) {
    if (odd === '') continue;
    const { status, json } = await door.call('GET', `/api/v1/campaigns/${odd}`);
    assert.deepEqual([status, json['code']], [400, 'invalid_request'], odd);
  }
  const inBody = await door.call('POST', `/api/v1/campaigns/${String(id)}/retry`, { body: { recipient_ids: ['1', true] } });
  assert.equal(inBody.status, 400);
  const number = await door.call('GET', '/api/v1/audit?limit=0x10');
  assert.deepEqual(number.json['errors'], [{ field: 'limit', message: 'Must be a number.' }]);
});

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Described {
  readonly paths: Record<string, Record<string, { readonly parameters?: readonly Parameter[] }>>;
}

test('a filter that is given empty is refused, on every list', async () => {
  const id = await door.campaign();
  const { paths } = (await door.call('GET', '/api/openapi.json')).json as unknown as Described;
  const filters = Object.entries(paths).flatMap(([path, { get: read }]) =>
    (read?.parameters ?? [])
      .filter((parameter) => parameter.in === 'query' && parameter.name !== 'lastEventId' && !parameter.name.startsWith('hub.'))
      .map(({ name }) => `${path.replace(/\{id\}/, String(id)).replaceAll(/\{\w+\}/g, '1')}?${name}=`),
  );
  assert.ok(filters.length > 25, String(filters.length));
  for (const filter of filters) {
    const { status, json } = await door.call('GET', filter);
    assert.deepEqual([status, json['code']], [400, 'invalid_request'], filter);
  }
});

test('a time no answer could hold is refused and nothing of it is stored', async () => {
  const id = await door.campaign();
  const far = '9999-12-31T23:59:59-14:00';
  const bodies: [string, string, Record<string, unknown>][] = [
    ['POST', `/api/v1/campaigns/${String(id)}/schedule`, { scheduled_at: far }],
    ['PUT', `/api/v1/campaigns/${String(id)}`, { scheduled_at: far }],
    ['POST', '/api/v1/campaigns', { name: 'Far', scheduled_at: far }],
    ['POST', '/api/v1/keys', { name: 'Far', scopes: ['read'], expires_at: far }],
    ['POST', '/api/v1/webhooks/replay', { from: '0000-01-01T00:00:00Z', to: far }],
  ];
  for (const [method, path, body] of bodies) {
    const { status, json, text } = await door.call(method, path, { body });
    assert.deepEqual([status, json['code']], [400, 'invalid_request'], `${path} ${text}`);
  }
  for (const name of ['since', 'until'])
    assert.equal((await door.call('GET', `/api/v1/audit?${name}=${encodeURIComponent(far)}`)).status, 400);
  const last = await door.call('POST', '/api/v1/keys', {
    body: { name: 'Until the end', scopes: ['read'], expires_at: '9999-12-31T23:59:59.999Z' },
  });
  assert.equal(last.json['expires_at'], '9999-12-31T23:59:59.999Z', last.text);
});

test('one row with a time out of this world breaks no list', async () => {
  const id = await door.campaign('Odd');
  await db.query(`update campaigns set scheduled_at = '20000-01-01T00:00:00Z', settled_at = 'infinity' where id = $1`, [id]);
  await door.call('POST', '/api/v1/keys', { body: { name: 'Odd', scopes: ['read'] } });
  await db.query(`update api_keys set expires_at = '10000-01-01T00:00:00Z', last_used_at = '-infinity' where name = 'Odd'`);
  const campaigns = await door.call('GET', '/api/v1/campaigns?search=Odd');
  assert.equal(campaigns.status, 200, campaigns.text);
  const [campaign] = campaigns.json['data'] as Record<string, unknown>[];
  assert.deepEqual(
    [campaign?.['scheduled_at'], campaign?.['settled_at']],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  );
  const keys = await door.call('GET', '/api/v1/keys');
  assert.equal(keys.status, 200, keys.text);
});

test('JSON as deep as it is long is refused, with an Idempotency-Key and without', async () => {
  const id = await door.campaign();
  const deep = `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  for (const [method, path] of [
    ['POST', '/api/v1/campaigns'],
    ['POST', `/api/v1/campaigns/${String(id)}/start`],
    ['POST', '/api/v1/templates/sync'],
    ['POST', '/api/v1/templates/bienvenida/preview'],
  ] as const) {
    for (const headers of [JSON_TYPE, { ...JSON_TYPE, 'idempotency-key': randomUUID() }]) {
      const { status, json } = await door.call(method, path, { body: deep, headers });
      assert.deepEqual([status, json['code']], [400, 'unreadable_body'], path);
    }
  }
  const inText = await door.call('POST', '/api/v1/campaigns', { body: { name: 'x', description: '[{"'.repeat(200) } });
  assert.equal(inText.status, 201, 'brackets in a text are no depth');
});

test('numbers and cursors out of range are refused', async () => {
  const path = `/api/v1/campaigns/${String(await door.campaign())}/recipients`;
  const odd = [
    'error_code=99999999999',
    'error_code=-99999999999',
    'error_code=1e3',
    'cursor=1_2026-99-99T00:00:00.000000%2B00',
    'cursor=1_2026-02-30T00:00:00.000000%2B00',
    'cursor=1_0000-01-01T00:00:00%2B00',
    'cursor=1_2026-01-01T00:00:00%2B99',
    'cursor=1_2026-01-01T::::::::%2B00',
    'cursor=999999999999_-infinity',
    'cursor=n1',
    'phone=573&cursor=1_-infinity',
    `phone=573&cursor=n${'9'.repeat(16)}`,
  ];
  for (const query of odd) {
    const { status, json, text } = await door.call('GET', `${path}?${query}`);
    assert.deepEqual([status, json['code']], [400, 'invalid_request'], `${query} ${text}`);
  }
  for (const good of [
    'error_code=131026',
    'cursor=1_-infinity',
    'cursor=1_2026-01-31T00:00:00.123456%2B00',
    'phone=573&cursor=n573',
  ])
    assert.equal((await door.call('GET', `${path}?${good}`)).status, 200, good);
  assert.equal((await door.call('GET', '/api/v1/audit?cursor=99999999999999999999')).status, 400);
});

test('JSON is read in its character set, and what is no text in it is refused', async () => {
  const body = '{"name":"Campaña"}';
  const made = async (bytes: Buffer, type: string) =>
    door.call('POST', '/api/v1/campaigns', { body: bytes, headers: { 'content-type': type } });
  const latin = Buffer.from(body, 'latin1');
  assert.equal((await made(latin, 'application/json; charset=ISO-8859-1')).json['name'], 'Campaña');
  assert.equal((await made(Buffer.from(body, 'utf16le'), 'application/json; charset=utf-16le')).json['name'], 'Campaña');
  assert.equal((await made(Buffer.from(`\ufeff${body}`), 'application/json; charset="UTF-8"')).json['name'], 'Campaña');
  const unnamed = await made(latin, 'application/json');
  assert.deepEqual([unnamed.status, unnamed.json['code']], [400, 'unreadable_body']);
  const unknown = await made(latin, 'application/json; charset=klingon');
  assert.deepEqual([unknown.status, unknown.json['code']], [415, 'unsupported_media_type']);
  for (const escape of ['\\ud800', '\\u0000', '\\uDC00\\ud83d']) {
    const { status, json } = await made(Buffer.from(`{"name":"x${escape}"}`), 'application/json');
    assert.deepEqual([status, json['code']], [400, 'unreadable_body'], escape);
  }
  assert.equal((await made(Buffer.from('{"name":"\\ud83d\\ude00"}'), 'application/json')).json['name'], '😀');
});

test('a stream goes on from the lastEventId of an EventSource that cannot set the header', async () => {
  const asked: (string | undefined)[] = [];
  const other = await openDoor(db, {
    hub: {
      async *subscribe({ lastEventId }) {
        asked.push(lastEventId);
        yield { id: '1', data: {} };
      },
    },
  });
  await other.call('GET', '/api/v1/events/campaigns/stream?lastEventId=abc-7');
  await other.call('GET', '/api/v1/events/campaigns/stream?lastEventId=abc-7', { headers: { 'last-event-id': 'abc-9' } });
  await other.call('GET', '/api/v1/events/campaigns/stream?lastEventId=');
  assert.deepEqual(asked, ['abc-7', 'abc-9', undefined]);
});

const HOOKS = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'onError',
] as const;

test('whatever throws in a hook fails one request and not the process', async () => {
  for (const name of HOOKS) {
    const server = await buildServer(door.deps);
    server.addHook(name as 'onRequest', async () => {
      throw new Error(`thrown in ${name}`);
    });
    try {
      for (const url of ['/health/live', '/api/v1/campaigns/%ZZ', '/nowhere', '/api/v1/campaigns']) {
        const { statusCode, headers } = await server.inject({ method: 'GET', url });
        // Whatever fails while an answer goes out has nothing left to be told in but Fastify's own words.
        if (statusCode >= 400 && name !== 'onSend')
          assert.equal(headers['content-type'], 'application/problem+json', `${name} ${url}`);
      }
    } finally {
      await server.close();
    }
  }
  assert.equal((await door.call('GET', '/health/live')).status, 200);
});
