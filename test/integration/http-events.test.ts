import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveEvent } from '../../src/lib/http/sse.ts';
import { openFileDb } from '../support/db.ts';
import { ADMIN, type Door, openDoor } from '../support/http.ts';

const db = await openFileDb();

/** Events by hand: what is pushed is pulled by whoever follows. */
class Source {
  readonly events: LiveEvent[] = [];
  pulled = 0;
  asked: { campaignId: number | undefined; lastEventId: string | undefined }[] = [];
  open = 0;
  #wake: (() => void)[] = [];

  push(event: LiveEvent): void {
    this.events.push(event);
    for (const wake of this.#wake.splice(0)) wake();
  }

  async *subscribe({
    campaignId,
    lastEventId,
    signal,
  }: {
    campaignId: number | undefined;
    lastEventId: string | undefined;
    signal: AbortSignal;
  }): AsyncGenerator<LiveEvent> {
    this.asked.push({ campaignId, lastEventId });
    this.open++;
    try {
      for (let next = 0; !signal.aborted; ) {
        const event = this.events[next];
        if (event !== undefined) {
          next++;
          this.pulled++;
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake.push(resolve);
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
      }
    } finally {
      this.open--;
    }
  }
}

async function openStream(door: Door, path: string, headers: Record<string, string> = { authorization: `Bearer ${ADMIN}` }) {
  const controller = new AbortController();
  const response = await fetch(door.url + path, { headers, signal: controller.signal });
  const reader = response.body?.getReader();
  let text = '';
  return {
    response,
    close: () => {
      controller.abort();
    },
    async until(part: string): Promise<string> {
      while (!text.includes(part)) {
        const chunk = await reader?.read();
        if (chunk?.value === undefined) throw new Error(`ended before ${part}: ${text}`);
        text += Buffer.from(chunk.value).toString();
      }
      return text;
    },
    async ended(): Promise<void> {
      while ((await reader?.read())?.done === false);
    },
  };
}

test('a stream speaks the default event, with ids and JSON, and passes Last-Event-ID on', async () => {
  const source = new Source();
  const door = await openDoor(db, { hub: source });
  const id = await door.campaign();
  const stream = await openStream(door, `/api/v1/events/campaigns/${String(id)}/stream`, {
    authorization: `Bearer ${ADMIN}`,
    'last-event-id': 'a.7',
  });
  assert.equal(stream.response.status, 200);
  assert.match(stream.response.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.match(stream.response.headers.get('cache-control') ?? '', /no-transform/);
  assert.equal(stream.response.headers.get('x-accel-buffering'), 'no');
  source.push({ id: 'a.8', data: { type: 'snapshot', text: 'línea\nnueva' } });
  assert.match(await stream.until('snapshot'), /id: a\.8\ndata: \{"type":"snapshot","text":"línea\\nnueva"\}\n\n/);
  assert.deepEqual(source.asked, [{ campaignId: id, lastEventId: 'a.7' }]);
  stream.close();
  while (source.open > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('a stream of an unknown campaign is a 404 and no stream', async () => {
  const door = await openDoor(db);
  const answer = await door.call('GET', '/api/v1/events/campaigns/999999/stream');
  assert.deepEqual([answer.status, answer.json['code']], [404, 'campaign_not_found']);
});

test('a ticket opens one stream, once, and nothing else', async () => {
  const source = new Source();
  const door = await openDoor(db, { hub: source });
  source.push({ data: { hello: true } });
  const { ticket } = (await door.call('POST', '/api/v1/events/ticket', { key: await door.key('read') })).json;
  const path = `/api/v1/events/campaigns/stream?ticket=${String(ticket)}`;
  assert.equal((await door.call('GET', `/api/v1/campaigns?ticket=${String(ticket)}`, { key: null })).status, 401);
  const stream = await openStream(door, path, {});
  await stream.until('hello');
  const again = await door.call('GET', path, { key: null });
  assert.deepEqual([again.status, again.json['code']], [401, 'not_authenticated']);
  assert.ok(!again.text.includes(String(ticket)));
  stream.close();
});

test('one key holds fifty streams open at most, and the next is told so; another key is not held up', async () => {
  const door = await openDoor(db, { hub: new Source() });
  const path = '/api/v1/events/campaigns/stream';
  const streams = await Promise.all(Array.from({ length: 50 }, () => openStream(door, path)));
  assert.ok(streams.every(({ response }) => response.status === 200));
  const refused = await door.call('GET', path);
  assert.deepEqual([refused.status, refused.json['code']], [429, 'too_many_requests']);
  const other = await openStream(door, path, { authorization: `Bearer ${await door.key('read')}` });
  assert.equal(other.response.status, 200);
  for (const stream of [...streams, other]) stream.close();
  await door.server.close();
});

test('an old ticket opens nothing', async () => {
  const door = await openDoor(db);
  const { ticket } = (await door.call('POST', '/api/v1/events/ticket')).json;
  await db.query(`update tickets set expires_at = clock_timestamp() - interval '1 second'`);
  assert.equal((await door.call('GET', `/api/v1/events/campaigns/stream?ticket=${String(ticket)}`, { key: null })).status, 401);
});

test('a stream ends with the login, the role or the key that opened it, and no other does', async () => {
  const source = new Source();
  const door = await openDoor(db, { hub: source, limits: { heartbeatMs: 20 } });
  source.push({ data: { hello: true } });
  const STREAM = '/api/v1/events/campaigns/stream';
  const password = 'cuatro palabras al azar';
  const invited = await door.call('POST', '/api/v1/people', { body: { name: 'Inés', role: 'operator' } });
  const id = String(invited.json['id']);
  const token = String(invited.json['invitation_url']).split('#')[1];
  const session = async (path: string, body: object): Promise<{ cookie: string }> => {
    const answer = await door.call('POST', path, { key: null, body });
    assert.equal(answer.status, 200, answer.text);
    return { cookie: answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '' };
  };
  const one = await session('/api/v1/auth/invitation', { token, password });
  const login = () => session('/api/v1/auth/login', { name: 'Inés', password });
  const [two, three] = [await login(), await login()];
  const follow = async (path: string, headers: Record<string, string>) => {
    const stream = await openStream(door, path, headers);
    await stream.until('hello');
    return stream;
  };
  const ticket = String((await door.call('POST', '/api/v1/events/ticket', { key: null, headers: two })).json['ticket']);
  const [first, second, byTicket, third] = [
    await follow(STREAM, one),
    await follow(STREAM, two),
    await follow(`${STREAM}?ticket=${ticket}`, {}),
    await follow(STREAM, three),
  ];

  await door.call('POST', '/api/v1/auth/logout', { key: null, headers: two });
  await Promise.all([second.ended(), byTicket.ended()]);
  assert.equal(source.open, 2);

  const body = { current_password: password, password: 'otra frase bien larga' };
  assert.equal((await door.call('POST', '/api/v1/auth/password', { key: null, headers: one, body })).status, 204);
  await third.ended();
  assert.equal(source.open, 1);

  await door.call('PUT', `/api/v1/people/${id}`, { body: { role: 'viewer' } });
  await first.ended();
  const viewer = await follow(STREAM, one);
  await door.call('PUT', `/api/v1/people/${id}`, { body: { disabled: true } });
  await viewer.ended();

  const key = await door.call('POST', '/api/v1/keys', { body: { name: 'k', scopes: ['read'] } });
  const machine = await follow(STREAM, { authorization: `Bearer ${String(key.json['key'])}` });
  await door.call('DELETE', `/api/v1/keys/${String(key.json['id'])}`);
  await machine.ended();
});

test('a browser that takes nothing is not pulled for', async () => {
  const source = new Source();
  const door = await openDoor(db, { hub: source });
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(door.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(`GET /api/v1/events/campaigns/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN}\r\n\r\n`);
  const filler = 'x'.repeat(64 * 1024);
  for (let i = 0; i < 1000; i++) source.push({ data: { i, filler } });
  let before = -1;
  while (source.pulled !== before || source.pulled === 0) {
    before = source.pulled;
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(source.pulled < 500, `pulled ${String(source.pulled)} of 1000`);
  socket.destroy();
  while (source.open > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('closing the server ends its streams and finishes what is under way', async () => {
  const source = new Source();
  let letGo: (value?: unknown) => void = () => undefined;
  const hold = new Promise((resolve) => (letGo = resolve));
  let asked = 0;
  const door = await openDoor(db, {
    hub: source,
    processState: async () => {
      asked++;
      await hold;
      return { pace: null, queue: {}, refused: { count: 0, lastAt: undefined }, diskFree: undefined, backups: undefined };
    },
  });
  const stream = await openStream(door, '/api/v1/events/campaigns/stream');
  source.push({ data: { hello: true } });
  await stream.until('hello');
  const slow = door.call('GET', '/api/v1/status');
  while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
  const closing = door.server.close();
  await stream.ended();
  letGo();
  assert.equal((await slow).status, 200);
  await closing;
  assert.equal(source.open, 0);
});

test('a connection opened in advance, as browsers do, does not hold up a stop', async () => {
  const door = await openDoor(db);
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(door.url);
  const socket = connect(Number(port), hostname);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  assert.equal((await door.call('GET', '/health/live')).status, 200);
  await door.server.close();
  await closed;
});
