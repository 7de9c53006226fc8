import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { request } from 'undici';
import { ADMIN_KEY, openHouse, until } from '../support/house.ts';

const house = await openHouse();
after(async () => {
  await house.stop();
  house.remove();
});

const base = house.app.url;
const secret = createHmac('sha256', readFileSync(join(house.dataDir, 'secret-key'), 'utf8').trim())
  .update('sandbox app secret')
  .digest('hex');
const runs = { numRuns: 150 };

async function postWebhook(
  body: Buffer,
  signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
): Promise<number> {
  const response = await request(`${base}/api/v1/webhooks/whatsapp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
    body,
  });
  await response.body.dump();
  return response.statusCode;
}

const odd = fc.oneof(fc.constantFrom(null, true, '', '\0', '\ud800', 0, -1, 1e308, [], {}), fc.string(), fc.jsonValue());
/** A webhook that looks like Meta's, with anything in its places. */
const webhookLike = fc.record(
  {
    object: odd,
    entry: fc.oneof(
      odd,
      fc.array(
        fc.record(
          {
            id: odd,
            time: odd,
            changes: fc.oneof(
              odd,
              fc.array(
                fc.record(
                  {
                    field: fc.oneof(
                      fc.constantFrom(
                        'messages',
                        'user_preferences',
                        'message_template_status_update',
                        'account_update',
                        'phone_number_quality_update',
                      ),
                      odd,
                    ),
                    value: fc.oneof(
                      odd,
                      fc.record(
                        {
                          metadata: odd,
                          contacts: odd,
                          errors: odd,
                          event: odd,
                          message_template_id: odd,
                          message_template_name: odd,
                          statuses: fc.oneof(
                            odd,
                            fc.array(
                              fc.record(
                                {
                                  id: odd,
                                  status: fc.oneof(fc.constantFrom('sent', 'delivered', 'read', 'failed'), odd),
                                  timestamp: odd,
                                  recipient_id: odd,
                                  biz_opaque_callback_data: odd,
                                  pricing: odd,
                                  errors: odd,
                                },
                                { requiredKeys: [] },
                              ),
                            ),
                          ),
                          messages: fc.oneof(
                            odd,
                            fc.array(
                              fc.record(
                                { id: odd, from: odd, type: odd, timestamp: odd, text: odd, button: odd, context: odd },
                                { requiredKeys: [] },
                              ),
                            ),
                          ),
                          user_preferences: fc.oneof(
                            odd,
                            fc.array(fc.record({ wa_id: odd, value: odd, category: odd, timestamp: odd }, { requiredKeys: [] })),
                          ),
                        },
                        { requiredKeys: [] },
                      ),
                    ),
                  },
                  { requiredKeys: [] },
                ),
              ),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    ),
  },
  { requiredKeys: [] },
);

test('whatever is signed is stored and answered with 200, be it JSON or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        webhookLike.map((value) => Buffer.from(JSON.stringify(value))),
      ),
      async (body) => {
        assert.equal(await postWebhook(body), 200);
      },
    ),
    runs,
  );
});

test('no signed webhook gets stuck: each is applied or counted as unknown', async () => {
  await until('an empty queue of webhooks', async () => {
    const { json } = await house.call('GET', '/api/v1/status');
    const webhooks = json['webhooks'] as { pending: number; stuck: number };
    assert.equal(webhooks.stuck, 0);
    return webhooks.pending === 0 ? true : undefined;
  });
});

test('without the right signature nothing is stored, whatever the header says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme-ascii', maxLength: 90 }).map((text) => text.replace(/[^ -~]/g, 'x')),
      async (signature) => {
        assert.equal(await postWebhook(Buffer.from('{"entry":[]}'), signature.trim()), 401);
      },
    ),
    { numRuns: 40 },
  );
});

interface Operation {
  readonly method: string;
  readonly path: string;
}

async function operations(): Promise<Operation[]> {
  const { json } = await house.call('GET', '/api/openapi.json');
  const paths = json['paths'] as Record<string, Record<string, unknown>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

test('no route answers 500 to anything in its path, query or body', async () => {
  // Left out: endless by nature (live streams), the two that would end the test's own access, and the backup, which has a test below.
  const all = (await operations()).filter(
    ({ path }) =>
      !path.includes('/stream') &&
      !path.includes('/webhooks/') &&
      !path.includes('/keys') &&
      !path.includes('/people') &&
      path !== '/api/v1/backup',
  );
  assert.ok(all.length > 30, `only ${String(all.length)} operations found`);
  const piece = fc.oneof(
    fc.constantFrom('1', '0', '-1', '99999999999', 'abc', '%00', '..', "1'--", '1e9', 'ñ'),
    fc.string({ minLength: 1, maxLength: 12 }),
  );
  const body = fc.oneof(
    odd,
    fc.record(
      {
        name: odd,
        template_name: odd,
        template_language: odd,
        mapping: odd,
        scheduled_at: odd,
        batch_size: odd,
        delay_between_batches: odd,
        to: odd,
        parameters: odd,
        ids: odd,
        decision: odd,
        phone: odd,
        scope: odd,
        codes: odd,
        row: odd,
      },
      { requiredKeys: [] },
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...all),
      fc.array(piece, { minLength: 3, maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('limit', 'offset', 'cursor', 'status', 'search', 'sort', 'error_code', 'phone', 'lang'),
        piece,
      ),
      body,
      async (operation, pieces, query, payload) => {
        let next = 0;
        const path = operation.path.replace(/\{[^}]+\}/g, () => encodeURIComponent(pieces[next++] ?? 'x'));
        const search = new URLSearchParams(query).toString();
        const hasBody = operation.method !== 'GET' && operation.method !== 'HEAD';
        const response = await request(`${base}${path}?${search}`, {
          method: operation.method as 'GET',
          headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
          ...(hasBody ? { body: JSON.stringify(payload) } : {}),
        });
        const text = await response.body.text();
        assert.ok(
          response.statusCode < 500 || response.statusCode === 502,
          `${operation.method} ${path}?${search} ${JSON.stringify(payload)} -> ${String(response.statusCode)} ${text.slice(0, 300)}`,
        );
      },
    ),
    { numRuns: 400 },
  );
});

test('a backup is a whole archive, whatever the query says', async () => {
  // It copies the database, which takes seconds, and reads nothing of what is sent: once says as much as many times.
  const response = await request(`${base}/api/v1/backup?limit=%00&cursor=..&x=${encodeURIComponent("1'--")}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  assert.equal(response.statusCode, 200);
  const archive = Buffer.from(await response.body.arrayBuffer());
  assert.match(gunzipSync(archive).subarray(0, 512).toString('latin1'), /^about\.json/);
});

test('an upload of any bytes is a report or a refusal with advice, and the campaign stays usable', async () => {
  const made = await house.call('POST', '/api/v1/campaigns', {
    name: 'Fuzz',
    template_name: 'bienvenida',
    template_language: 'es',
  });
  const path = `/api/v1/campaigns/${String(made.json['id'])}/upload-recipients`;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const head = Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\n');
      const response = await request(base + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
        body: Buffer.concat([head, bytes, Buffer.from('\r\n--b--\r\n')]),
      });
      const text = await response.body.text();
      assert.ok(response.statusCode < 500, `${String(response.statusCode)} ${text.slice(0, 300)}`);
    }),
    { numRuns: 80 },
  );
  const good = await house.upload(Number(made.json['id']), 'phone,variable_1,variable_2\n+573001234567,A,B\n');
  assert.equal(good.status, 200, good.text);
});

test('a body that is too large is refused with 413 and never held in memory', async () => {
  const response = await request(`${base}/api/v1/campaigns`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: Buffer.alloc(3 * 1024 * 1024, 0x20),
  });
  await response.body.dump();
  assert.equal(response.statusCode, 413);
});

test('an upload that stops in the middle leaves the campaign as it was', async () => {
  const made = await house.call('POST', '/api/v1/campaigns', {
    name: 'Cut',
    template_name: 'bienvenida',
    template_language: 'es',
  });
  const id = Number(made.json['id']);
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(
    `POST /api/v1/campaigns/${String(id)}/upload-recipients HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN_KEY}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 1000000\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\nphone,variable_1,variable_2\n`,
  );
  for (let i = 0; i < 500; i++) socket.write(`+57301${String(2_000_000 + i)},A,B\n`);
  await new Promise((resolve) => socket.write('+573013000000,A,B\n', resolve));
  const before = await house.call('GET', `/api/v1/campaigns/${String(id)}/uploads`);
  assert.equal(before.json['total'], 0, 'nothing is locked before the whole form is there');
  socket.destroy();
  const again = await house.upload(id, 'phone,variable_1,variable_2\n+573012000001,A,B\n');
  assert.equal(again.status, 200);
  const { json } = await house.call('GET', `/api/v1/campaigns/${String(id)}`);
  assert.equal(json['total_recipients'], 1);
});
