import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { openFileDb } from '../support/db.ts';
import { ADMIN, type Door, openDoor } from '../support/http.ts';
import { untilTrue, within } from '../support/wait.ts';

const db = await openFileDb();
const LOGIN =
  'POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60\r\n\r\n{"name":';
const CSV = 'phone,variable_1,variable_2\n+573001234567,Juan,Pérez\n';
const FILE = `--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\n${CSV}`;
const END = '\r\n--b--\r\n';

function uploadHead(id: number): string {
  const length = Buffer.byteLength(FILE + END);
  return `POST /api/v1/campaigns/${String(id)}/upload-recipients HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${ADMIN}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${String(length)}\r\n\r\n`;
}

/** Says this, and gives back what it heard when the door has hung up. */
function speak(door: Door, text: string): { socket: Socket; heard: Promise<string> } {
  const { hostname, port } = new URL(door.url);
  const socket = connect(Number(port), hostname);
  let all = '';
  socket.on('data', (chunk) => (all += String(chunk)));
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      resolve(all);
    });
  });
  socket.write(text);
  const heard = within(`the door to hang up on ${JSON.stringify(text.slice(0, 60))}`, closed).finally(() => socket.destroy());
  // Met where it is awaited; meanwhile it is not an unhandled one.
  heard.catch(() => undefined);
  return { socket, heard };
}

test('half a body, half a head and a connection that says nothing are cut off', async () => {
  const door = await openDoor(db, { limits: { bodyMs: 50, headersMs: 50 } });
  assert.match(await speak(door, LOGIN).heard, /^HTTP\/1\.1 408 /);
  assert.match(await speak(door, 'GET /health/live HTTP/1.1\r\nhost:').heard, /^HTTP\/1\.1 408 /);
  await speak(door, '').heard;
  // On a busy machine an honest head may be later than these 50 ms; the next one is not.
  await untilTrue('an honest request to be answered', async () => (await door.call('GET', '/health/live')).status === 200);
});

test('whoever is refused before the body cannot hold the connection with the rest of it', async () => {
  const door = await openDoor(db, { limits: { bodyMs: 50 } });
  const heard = await speak(door, 'POST /api/v1/campaigns HTTP/1.1\r\nhost: x\r\ncontent-length: 60\r\n\r\n{').heard;
  assert.match(heard, /^HTTP\/1\.1 401 /);
  assert.doesNotMatch(heard, / 408 /);
});

test('half a webhook is cut off too', async () => {
  const door = await openDoor(db, { limits: { bodyMs: 50 } });
  const heard = await speak(
    door,
    'POST /api/v1/webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{',
  ).heard;
  assert.match(heard, /^HTTP\/1\.1 408 /);
});

test('an upload may take longer than another body', async () => {
  const door = await openDoor(db, { limits: { bodyMs: 50 } });
  const id = await door.campaign();
  const upload = speak(door, uploadHead(id) + FILE);
  // Longer than any other body is given.
  await speak(door, LOGIN).heard;
  await speak(door, LOGIN).heard;
  upload.socket.write(END);
  assert.match(await upload.heard, /^HTTP\/1\.1 200 /);
});

test('an upload from which nothing comes any more is cut off, and the campaign is as it was', async () => {
  const door = await openDoor(db, { limits: { uploadIdleMs: 50 } });
  const id = await door.campaign();
  assert.match(await speak(door, uploadHead(id) + FILE).heard, /^HTTP\/1\.1 408 /);
  assert.equal((await door.call('GET', `/api/v1/campaigns/${String(id)}`)).json['total_recipients'], 0);
});

test('an upload that is refused and goes on all the same is hung up on', async () => {
  const door = await openDoor(db);
  const { hostname, port } = new URL(door.url);
  const socket = connect(Number(port), hostname);
  let [heard, sent] = ['', 0];
  socket.on('data', (chunk) => (heard += String(chunk)));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  socket.write(
    uploadHead(1)
      .replace(ADMIN, 'unknown')
      .replace(/content-length: \d+/, 'content-length: 2000000000'),
  );
  const block = Buffer.alloc(64 * 1024);
  const pour = (): void => {
    while (!socket.destroyed) {
      sent += block.length;
      if (!socket.write(block)) break;
    }
  };
  socket.on('drain', pour);
  pour();
  await within('the door to hang up', closed);
  assert.match(heard, /^HTTP\/1\.1 401 /);
  assert.ok(sent < 1_500_000_000, `${String(sent)} bytes were taken`);
});
