import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Problem } from '../../src/lib/problem.ts';
import { openFileDb } from '../support/db.ts';
import { openDoor } from '../support/http.ts';
import { until, untilTrue, within } from '../support/wait.ts';

const db = await openFileDb();
const PATH = '/api/v1/webhooks/whatsapp';
const stored: Buffer[] = [];
const door = await openDoor(db, {
  webhooks: {
    verify: (query) =>
      query['hub.mode'] === 'subscribe' && query['hub.verify_token'] === 'word' ? String(query['hub.challenge']) : undefined,
    receive: (body, signature) => {
      if (signature === undefined)
        return Promise.reject(new Problem('webhook_not_configured', 'WHATSAPP_APP_SECRET is not set.'));
      if (signature === 'broken') return Promise.reject(new Error('disk full'));
      if (signature !== 'sha256=good') return Promise.resolve('bad_signature');
      stored.push(body);
      return Promise.resolve('stored');
    },
  },
});

test('the handshake repeats the challenge as plain text, and only for the right word', async () => {
  const right = await door.call('GET', `${PATH}?hub.mode=subscribe&hub.verify_token=word&hub.challenge=%3Cb%3E1158201444`, {
    key: null,
  });
  assert.deepEqual([right.status, right.text], [200, '<b>1158201444']);
  assert.match(right.headers.get('content-type') ?? '', /^text\/plain/);
  const wrong = await door.call('GET', `${PATH}?hub.mode=subscribe&hub.verify_token=other&hub.challenge=1`, { key: null });
  assert.deepEqual([wrong.status, wrong.json['code']], [403, 'not_allowed']);
});

test('the bytes arrive as they were sent, whatever their content type and whether they are JSON', async () => {
  const bodies = ['{"a" : "ñ\\u00f1"}\n', 'not json', ''];
  for (const type of ['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded']) {
    for (const body of bodies) {
      stored.length = 0;
      const answer = await door.call('POST', PATH, {
        key: null,
        body,
        headers: { 'content-type': type, 'x-hub-signature-256': 'sha256=good' },
      });
      assert.equal(answer.status, 200, `${type} ${body} ${answer.text}`);
      assert.equal(stored[0]?.toString('utf8'), body);
    }
  }
});

test('a wrong signature, a missing secret and a failed store are never a 200', async () => {
  const post = (signature?: string) =>
    door.call('POST', PATH, {
      key: null,
      body: '{}',
      headers: { 'content-type': 'application/json', ...(signature === undefined ? {} : { 'x-hub-signature-256': signature }) },
    });
  const bad = await post('sha256=bad');
  assert.deepEqual([bad.status, bad.json['code']], [401, 'not_authenticated']);
  const unset = await post();
  assert.deepEqual([unset.status, unset.json['code']], [503, 'webhook_not_configured']);
  const broken = await post('broken');
  assert.deepEqual([broken.status, broken.json['code']], [500, 'internal_error']);
});

test('three megabytes are taken and five are refused', async () => {
  const post = (size: number) =>
    door.call('POST', PATH, {
      key: null,
      body: 'x'.repeat(size),
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=good' },
    });
  assert.equal((await post(3 * 1024 * 1024)).status, 200);
  assert.equal((await post(5 * 1024 * 1024)).status, 413);
});

test('bodies that come in at once are bounded together: beyond it 503, and those already there are finished', async () => {
  const narrow = await openDoor(db, {
    // The stranger and Meta come from two addresses.
    trustProxy: 1,
    limits: { webhookBytes: 1_000 },
    webhooks: {
      verify: () => undefined,
      receive: (_body, signature) => Promise.resolve(signature === undefined ? 'bad_signature' : 'stored'),
    },
  });
  const post = (size: number) =>
    narrow.call('POST', PATH, {
      key: null,
      body: 'x'.repeat(size),
      headers: { 'x-hub-signature-256': 'good', 'x-forwarded-for': '192.0.2.7' },
    });
  const { hostname, port } = new URL(narrow.url);
  const stranger = connect(Number(port), hostname);
  let heard = '';
  stranger.on('data', (chunk) => (heard += String(chunk)));
  const gone = within('the door to answer the stranger', new Promise((resolve) => stranger.once('close', resolve)));
  gone.catch(() => undefined);
  stranger.write(`POST ${PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1000\r\n\r\n`);
  // What is only announced holds nothing.
  assert.equal((await post(1_000)).status, 200);
  stranger.write('x'.repeat(900));
  const answer = await until('a webhook beyond the bound to be turned away', async () => {
    const next = await post(200);
    return next.status === 200 ? undefined : next;
  });
  assert.deepEqual([answer.status, answer.json['code'], answer.headers.get('retry-after')], [503, 'overloaded', '10']);
  assert.equal((await post(50)).status, 200);
  stranger.write('x'.repeat(100));
  await gone;
  assert.match(heard, /^HTTP\/1\.1 401 /);
  assert.equal((await post(1_000)).status, 200);
  const leaving = connect(Number(port), hostname);
  leaving.write(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n384\r\n${'x'.repeat(900)}`);
  await untilTrue('the bytes that came to count', async () => (await post(200)).status !== 200);
  leaving.destroy();
  await untilTrue('the bytes of whoever left to be forgotten', async () => (await post(1_000)).status === 200);
});

test('one address alone cannot take the room of all others', async () => {
  const narrow = await openDoor(db, {
    limits: { webhookBytes: 36_000 },
    webhooks: {
      verify: () => undefined,
      receive: (_body, signature) => Promise.resolve(signature === undefined ? 'bad_signature' : 'stored'),
    },
  });
  const { hostname, port } = new URL(narrow.url);
  // What each of them has heard: a refusal, or nothing yet.
  const crowd = Array.from({ length: 36 }, () => {
    const socket = connect(Number(port), hostname);
    const one = { socket, heard: '' };
    socket.on('data', (chunk) => (one.heard += String(chunk)));
    socket.on('error', () => undefined);
    socket.write(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 2000\r\n\r\n${'x'.repeat(1_000)}`);
    return one;
  });
  const isRefused = ({ heard }: { heard: string }): boolean => heard.startsWith('HTTP/1.1 503 ');
  await untilTrue('half of the crowd to be turned away', async () => Promise.resolve(crowd.filter(isRefused).length >= 18));
  assert.equal(crowd.filter(isRefused).length, 18, 'and no more than that');
  for (const { socket } of crowd) socket.destroy();
});

test('no cookie, limit or right stands in the way of a webhook, and another method is told the right ones', async () => {
  const answer = await door.call('DELETE', PATH, { key: null });
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD, POST']);
});
