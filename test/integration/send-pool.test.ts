import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createMetaClient } from '../../src/whatsapp/client.ts';
import { until } from '../support/wait.ts';

const ACCEPTED = JSON.stringify({ messages: [{ id: 'wamid.A' }] });
const held: ServerResponse[] = [];
let connections = 0;
let isHolding = false;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (isHolding) held.push(response);
    else response.end(ACCEPTED);
  });
});
server.on('connection', () => connections++);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
after(() => {
  server.closeAllConnections();
  server.close();
});

function release(): void {
  for (const response of held.splice(0)) response.end(ACCEPTED);
}

test('sends one after the other share one connection, however many there may be', async () => {
  connections = 0;
  const client = createMetaClient({ baseUrl, version: 'v25.0', accessToken: 't', connections: 50 });
  for (let i = 0; i < 20; i++) assert.equal((await client.sendTemplate({ phoneNumberId: '1', body: '{}' })).kind, 'accepted');
  await client.close();
  assert.equal(connections, 1);
});

test('with every connection busy the next one waits its turn and tells when it leaves', async () => {
  isHolding = true;
  const client = createMetaClient({ baseUrl, version: 'v25.0', accessToken: 't', connections: 2 });
  const left: number[] = [];
  const sends = [0, 1, 2, 3, 4].map((n) => client.sendTemplate({ phoneNumberId: '1', body: '{}', onLeave: () => left.push(n) }));
  await until('two are out', () => Promise.resolve(held.length === 2 ? true : undefined));
  assert.deepEqual(left, [0, 1]);
  isHolding = false;
  release();
  assert.deepEqual(
    (await Promise.all(sends)).map(({ kind }) => kind),
    Array(5).fill('accepted'),
  );
  assert.deepEqual(left, [0, 1, 2, 3, 4]);
  await client.close();
});

test('one that is given up while it waits leaves its place to the next and is never written', async () => {
  isHolding = true;
  const client = createMetaClient({ baseUrl, version: 'v25.0', accessToken: 't', connections: 1 });
  const givesUp = new AbortController();
  const left: string[] = [];
  const first = client.sendTemplate({ phoneNumberId: '1', body: '{}', onLeave: () => left.push('first') });
  await until('the first is out', () => Promise.resolve(held.length === 1 ? true : undefined));
  const second = client.sendTemplate({
    phoneNumberId: '1',
    body: '{}',
    signal: givesUp.signal,
    onLeave: () => left.push('second'),
  });
  const third = client.sendTemplate({ phoneNumberId: '1', body: '{}', onLeave: () => left.push('third') });
  givesUp.abort();
  assert.deepEqual(await second, { kind: 'not_sent', reason: 'aborted' });
  isHolding = false;
  release();
  assert.equal((await first).kind, 'accepted');
  assert.equal((await third).kind, 'accepted');
  assert.deepEqual(left, ['first', 'third']);
  await client.close();
});
