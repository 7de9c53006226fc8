import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createMetaClient, type MetaClient } from '../../src/whatsapp/client.ts';
import type { SendOutcome } from '../../src/whatsapp/send-outcome.ts';

const ACCEPTED = JSON.stringify({
  messaging_product: 'whatsapp',
  contacts: [{ input: '+16505551234', wa_id: '16505551234' }],
  messages: [{ id: 'wamid.A', message_status: 'accepted' }],
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

type Answer = (response: ServerResponse, seen: Seen) => void;

describe('the client against a server that misbehaves', { timeout: 60_000 }, () => {
  let server: Server;
  let baseUrl: string;
  let answer: Answer;
  let onHeaders: ((request: IncomingMessage) => boolean) | undefined;
  let seen: Seen[];
  const sockets = new Set<Socket>();
  const clients: MetaClient[] = [];
  const others: { close(): unknown }[] = [];

  before(async () => {
    server = createServer((request, response) => {
      if (onHeaders?.(request) === true) return;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const one = { method, url, headers, body: Buffer.concat(chunks) };
        seen.push(one);
        answer(response, one);
      });
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    baseUrl = await listen(server);
  });

  beforeEach(() => {
    seen = [];
    onHeaders = undefined;
    answer = (response) => response.end(ACCEPTED);
  });

  after(async () => {
    for (const socket of sockets) socket.destroy();
    for (const other of others) other.close();
    await Promise.all(clients.map((client) => client.close()));
    server.close();
  });

  function client(options: Partial<Parameters<typeof createMetaClient>[0]> = {}): MetaClient {
    const made = createMetaClient({
      baseUrl,
      version: 'v25.0',
      accessToken: 'secret-token',
      timeouts: { connectMs: 1000, headersMs: 300, bodyMs: 300 },
      ...options,
    });
    clients.push(made);
    return made;
  }

  function send(from = client(), signal?: AbortSignal): Promise<SendOutcome> {
    return from.sendTemplate({ phoneNumberId: '123', body: '{"to":"+16505551234"}', signal });
  }

  test('posts the body as it is, with the token, under the version, and gives the wamid', async () => {
    assert.deepEqual(await send(), { kind: 'accepted', wamid: 'wamid.A', held: false, waId: '16505551234' });
    const [posted] = seen;
    assert.ok(posted);
    assert.equal(posted.method, 'POST');
    assert.equal(posted.url, '/v25.0/123/messages');
    assert.equal(posted.headers.authorization, 'Bearer secret-token');
    assert.equal(posted.headers['content-type'], 'application/json');
    assert.equal(posted.body.toString(), '{"to":"+16505551234"}');
  });

  test('takes the marketing route, a Buffer, and a base address with a path', async () => {
    const outcome = await client({ baseUrl: `${baseUrl}/proxy/` }).sendTemplate({
      phoneNumberId: '123',
      body: Buffer.from('{"á":1}'),
      route: 'marketing_messages',
    });
    assert.equal(outcome.kind, 'accepted');
    assert.deepEqual([seen[0]?.url, seen[0]?.body.toString()], ['/proxy/v25.0/123/marketing_messages', '{"á":1}']);
  });

  test('a refused connection is not sent', async () => {
    const free = createTcpServer();
    const address = await listen(free);
    free.close();
    await once(free, 'close');
    assert.deepEqual(await send(client({ baseUrl: address })), { kind: 'not_sent', reason: 'connection_refused' });
  });

  test('a name that does not resolve is not sent', async () => {
    const outcome = await send(client({ baseUrl: 'http://graph.invalid' }));
    assert.equal(outcome.kind, 'not_sent');
  });

  test('a failed TLS handshake is not sent', async () => {
    const plain = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('this is not TLS\r\n');
    });
    others.push(plain);
    const address = await listen(plain);
    const outcome = await send(client({ baseUrl: address.replace('http:', 'https:') }));
    assert.equal(outcome.kind, 'not_sent');
  });

  test('a TLS handshake that never ends is not sent', async () => {
    const mute = createTcpServer((socket) => socket.on('error', () => undefined));
    others.push(mute);
    const address = await listen(mute);
    const slow = client({ baseUrl: address.replace('http:', 'https:'), timeouts: { connectMs: 200 } });
    assert.deepEqual(await send(slow), { kind: 'not_sent', reason: 'connect_timeout' });
  });

  test('a server that never answers leaves the outcome unknown', async () => {
    answer = () => undefined;
    assert.deepEqual(await send(), { kind: 'unknown', reason: 'timeout_headers' });
    assert.equal(seen.length, 1);
  });

  test('a reset before the body was read leaves the outcome unknown', async () => {
    onHeaders = (request) => {
      request.socket.resetAndDestroy();
      return true;
    };
    assert.equal((await send()).kind, 'unknown');
  });

  test('a reset after the request was read leaves the outcome unknown, and it is posted only once', async () => {
    answer = (response) => response.socket?.resetAndDestroy();
    assert.equal((await send()).kind, 'unknown');
    assert.equal(seen.length, 1);
  });

  test('a connection closed without an answer leaves the outcome unknown, also when it was kept alive', async () => {
    const kept = client({ connections: 1 });
    assert.equal((await send(kept)).kind, 'accepted');
    answer = (response) => response.socket?.destroy();
    assert.deepEqual(await send(kept), { kind: 'unknown', reason: 'connection_closed' });
    assert.equal(seen.length, 2);
    answer = (response) => response.end(ACCEPTED);
    assert.equal((await send(kept)).kind, 'accepted');
  });

  test('a kept connection that the server closed while idle costs nobody an outcome', async () => {
    const kept = client({ connections: 1 });
    assert.equal((await send(kept)).kind, 'accepted');
    const [socket] = sockets;
    assert.ok(socket);
    socket.end();
    await once(socket, 'close');
    assert.equal((await send(kept)).kind, 'accepted');
  });

  test('HTML with status 503 leaves the outcome unknown, and so does an empty 200', async () => {
    answer = (response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<html>Service Unavailable</html>');
    assert.deepEqual(await send(), { kind: 'unknown', reason: 'http_503_unreadable' });
    answer = (response) => response.writeHead(200).end();
    assert.deepEqual(await send(), { kind: 'unknown', reason: 'http_200_unreadable' });
  });

  test('a readable error is a refusal, also with status 500', async () => {
    answer = (response) =>
      response
        .writeHead(500)
        .end(JSON.stringify({ error: { message: '(#131000) Oops', code: 131000, error_data: 'text only', fbtrace_id: 'T' } }));
    assert.deepEqual(await send(), {
      kind: 'rejected',
      error: { code: 131000, message: '(#131000) Oops', details: 'text only', fbtraceId: 'T', httpStatus: 500 },
    });
  });

  test('a bare 429 is a refusal that says how long to wait', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down');
    assert.deepEqual(await send(), {
      kind: 'rejected',
      error: { code: 429, message: 'Too many requests', httpStatus: 429, retryAfterSeconds: 7 },
    });
  });

  test('a body that stops halfway leaves the outcome unknown', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': String(ACCEPTED.length) });
      response.write(ACCEPTED.slice(0, 20));
    };
    assert.deepEqual(await send(), { kind: 'unknown', reason: 'timeout_body' });
  });

  test('a body that drips without end is given up', async () => {
    let drip: NodeJS.Timeout | undefined;
    answer = (response) => {
      response.writeHead(200);
      drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    };
    assert.deepEqual(await send(), { kind: 'unknown', reason: 'timeout_body' });
  });

  test('a body beyond all measure is given up', async () => {
    answer = (response) => {
      response.on('error', () => undefined);
      response.end('x'.repeat(2_000_000));
    };
    assert.deepEqual(await send(), { kind: 'unknown', reason: 'body_too_large' });
  });

  test('aborted before it left is not sent; aborted afterwards is unknown', async () => {
    const one = client({ connections: 1, timeouts: { headersMs: 60_000 } });
    const reached = withResolvers();
    let release: ServerResponse | undefined;
    answer = (response) => {
      release = response;
      reached.resolve();
    };
    const stop = new AbortController();
    const waiting = new AbortController();
    const first = send(one, stop.signal);
    const second = send(one, waiting.signal);
    await reached.promise;
    waiting.abort();
    assert.deepEqual(await second, { kind: 'not_sent', reason: 'aborted' });
    stop.abort();
    assert.deepEqual(await first, { kind: 'unknown', reason: 'aborted' });
    release?.destroy();
    assert.deepEqual(await send(one, stop.signal), { kind: 'not_sent', reason: 'aborted' });
    answer = (response) => response.end(ACCEPTED);
    assert.equal((await send(one)).kind, 'accepted');
    // The one that was given up while waiting never reached the server.
    assert.equal(seen.length, 2);
  });

  test('hundreds of sends with one signal put one listener on it', async () => {
    const many = client({ connections: 20 });
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    const outcomes = await Promise.all(Array.from({ length: 300 }, () => send(many, signal)));
    assert.ok(outcomes.every(({ kind }) => kind === 'accepted'));
    assert.equal(listeners, 1);
  });

  test('refuses a token that cannot be a header, and never shows the token', async () => {
    assert.throws(
      () => client({ accessToken: 'two\nlines' }),
      (error: Error) => !error.message.includes('two'),
    );
    answer = (response) => response.socket?.destroy();
    assert.ok(!JSON.stringify([await send(), await client().debugToken()]).includes('secret-token'));
  });

  test('follows every page of templates and asks only this server', async () => {
    answer = (response, { url }) => {
      const query = new URL(url, baseUrl).searchParams;
      assert.equal(query.get('limit'), '100');
      const page = Number(query.get('after') ?? 0);
      const next = `http://elsewhere.invalid/v25.0/9/message_templates?access_token=leak&after=${String(page + 1)}`;
      response.end(
        JSON.stringify({ data: [{ id: String(page) }, 7], paging: { cursors: { after: 'x' }, ...(page < 2 ? { next } : {}) } }),
      );
    };
    const pages = await collect(client().templates('9'));
    assert.deepEqual(
      pages,
      [0, 1, 2].map((page) => ({ ok: true, value: [{ id: String(page) }] })),
    );
  });

  test('starts the list again when its cursor expired, and gives up when it keeps expiring', async () => {
    let expired = 1;
    answer = (response, { url }) => {
      const after = new URL(url, baseUrl).searchParams.get('after');
      if (after !== null && expired > 0) {
        expired -= 1;
        response.writeHead(400).end(JSON.stringify({ error: { code: 131059, message: 'cursor' } }));
        return;
      }
      response.end(
        JSON.stringify({ data: [{ id: after ?? 'first' }], paging: after === null ? { next: 'http://x/?after=b' } : {} }),
      );
    };
    const ids = (await collect(client().templates('9'))).map((page) => (page.ok ? page.value[0]?.['id'] : 'error'));
    assert.deepEqual(ids, ['first', 'first', 'b']);
    expired = Infinity;
    const last = (await collect(client().templates('9'))).at(-1);
    assert.ok(last !== undefined && !last.ok && 'code' in last.error && last.error.code === 131059);
  });

  test('ends a list of templates with the error that broke it', async () => {
    answer = (response) => response.writeHead(502).end('<html>');
    assert.deepEqual(await collect(client().templates('9')), [{ ok: false, error: { unreachable: 'http_502_unreadable' } }]);
  });

  test('reads numbers, account, health, subscriptions and the token', async () => {
    const answers: Record<string, unknown> = {
      '/v25.0/123': {
        id: '123',
        display_phone_number: '+1 650',
        throughput: { level: 'STANDARD' },
        quality_rating: 'GREEN',
        whatsapp_business_manager_messaging_limit: 'TIER_2K',
      },
      '/v25.0/9/phone_numbers': { data: [{ id: '123', status: 'CONNECTED' }, { nothing: true }] },
      '/v25.0/9': { id: '9', currency: 'USD', timezone_id: 42 },
      '/v25.0/5': {
        health_status: {
          can_send_message: 'BLOCKED',
          entities: [
            {
              entity_type: 'WABA',
              id: '9',
              can_send_message: 'BLOCKED',
              errors: [{ error_code: 141002, error_description: 'why', possible_solution: 'how' }],
            },
          ],
        },
        id: '5',
      },
      '/v25.0/9/subscribed_apps': { data: [{ whatsapp_business_api_data: { id: '1', name: 'App' } }] },
      '/v25.0/debug_token': { data: { is_valid: true, expires_at: 0, scopes: ['whatsapp_business_messaging'] } },
    };
    answer = (response, { url, method }) => {
      if (method === 'POST') response.end('{"success":true}');
      else response.end(JSON.stringify(answers[new URL(url, baseUrl).pathname] ?? {}));
    };
    const meta = client();
    assert.deepEqual(await meta.phoneNumber('123'), {
      ok: true,
      value: {
        id: '123',
        displayPhoneNumber: '+1 650',
        throughputLevel: 'STANDARD',
        qualityRating: 'GREEN',
        messagingLimit: 'TIER_2K',
      },
    });
    assert.deepEqual(await meta.phoneNumbers('9'), { ok: true, value: [{ id: '123', status: 'CONNECTED' }] });
    assert.deepEqual(await meta.account('9'), { ok: true, value: { id: '9', currency: 'USD', timezoneId: '42' } });
    const health = await meta.health('5');
    assert.ok(health.ok);
    assert.deepEqual(health.value.entities[0]?.errors, [{ code: 141002, description: 'why', solution: 'how' }]);
    assert.deepEqual(await meta.subscribedApps('9'), { ok: true, value: [{ id: '1', name: 'App' }] });
    assert.deepEqual(await meta.subscribe('9', { callbackUrl: 'https://a.example/hook', verifyToken: 'v' }), {
      ok: true,
      value: true,
    });
    assert.equal(seen.at(-1)?.body.toString(), '{"override_callback_uri":"https://a.example/hook","verify_token":"v"}');
    assert.deepEqual(await meta.debugToken(), { ok: true, value: { isValid: true, scopes: ['whatsapp_business_messaging'] } });
    const wrong = await meta.phoneNumber('404');
    assert.deepEqual(wrong, { ok: false, error: { unreachable: 'http_200_unreadable' } });
  });

  test('uploads media as a form with its type', async () => {
    answer = (response) => response.end('{"id":1037543291543636}');
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
    assert.deepEqual(await client().uploadMedia('123', { bytes, filename: 'añadido.png', contentType: 'image/png' }), {
      ok: true,
      value: '1037543291543636',
    });
    const form = seen[0];
    assert.match(form?.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
    assert.ok(form?.body.includes(bytes));
    assert.ok(form?.body.includes('Content-Type: image/png'));
    assert.ok(form?.body.includes('name="messaging_product"\r\n\r\nwhatsapp'));
  });

  test('after close nothing is sent', async () => {
    const closed = client();
    clients.splice(clients.indexOf(closed), 1);
    await closed.close();
    assert.deepEqual(await send(closed), { kind: 'not_sent', reason: 'client_closed' });
  });
});

async function listen(
  server: { listen(port: number, host: string): unknown; address(): unknown } & NodeJS.EventEmitter,
): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null && 'port' in address);
  return `http://127.0.0.1:${String(address.port)}`;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
