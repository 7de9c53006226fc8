import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../src/lib/problem.ts';
import { openFileDb } from '../support/db.ts';
import { openDoor } from '../support/http.ts';

const db = await openFileDb();
let sends = 0;
let hold: Promise<unknown> = Promise.resolve();
let fault: Error | undefined;
const door = await openDoor(db, {
  sendTest: async (request) => {
    sends++;
    await hold;
    if (fault !== undefined) throw fault;
    return { message_id: 1, campaign_id: sends, status: 'accepted', wamid: `wamid.${String(sends)}`, to: request.to };
  },
});
const NEW = { name: 'x', template_name: 'bienvenida', template_language: 'es' };
const SEND = { template_name: 'bienvenida', template_language: 'es', to: '+573001234567', parameters: ['a', 'b'] };

function post(path: string, key: string, body?: unknown) {
  return door.call('POST', path, { ...(body === undefined ? {} : { body }), headers: { 'idempotency-key': key } });
}

test('the same key makes one campaign and gives the first answer again', async () => {
  const first = await post('/api/v1/campaigns', 'make-1', NEW);
  const again = await post('/api/v1/campaigns', 'make-1', { template_language: 'es', template_name: 'bienvenida', name: 'x' });
  assert.deepEqual([first.status, again.status, again.json['id']], [201, 201, first.json['id']]);
  assert.deepEqual([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')], [null, 'true']);
  assert.equal(again.text, first.text);
  const other = await post('/api/v1/campaigns', 'make-1', { ...NEW, name: 'y' });
  assert.deepEqual([other.status, other.json['code']], [422, 'idempotency_key_reused']);
});

test('the key of another caller, or on another address, is another key', async () => {
  const key = await door.key('admin');
  const first = await post('/api/v1/campaigns', 'shared', NEW);
  const foreign = await door.call('POST', '/api/v1/campaigns', { key, body: NEW, headers: { 'idempotency-key': 'shared' } });
  assert.notEqual(first.json['id'], foreign.json['id']);
  assert.equal((await post('/api/v1/templates/send', 'shared', SEND)).status, 200);
});

test('a start with the same key replays its answer instead of saying that it is running', async () => {
  const id = await door.campaign();
  await door.upload(id, 'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n');
  const path = `/api/v1/campaigns/${String(id)}/start`;
  const first = await post(path, 'start-1');
  const again = await post(path, 'start-1');
  assert.deepEqual([first.status, again.status, again.text], [200, 200, first.text]);
  assert.equal((await post(path, 'start-2')).json['code'], 'campaign_already_running');
  const elsewhere = await post(`/api/v1/campaigns/${String(await door.campaign())}/start`, 'start-1');
  assert.equal(elsewhere.json['code'], 'idempotency_key_reused');
});

test('ten starts at once start once', async () => {
  const id = await door.campaign();
  await door.upload(id, 'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n');
  const path = `/api/v1/campaigns/${String(id)}/start`;
  const answers = await Promise.all(Array.from({ length: 10 }, () => door.call('POST', path)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array<number>(9).fill(409)]);
});

test('a second request while the first is running is told to wait, and sends nothing', async () => {
  const before = sends;
  let letGo: (value?: unknown) => void = () => undefined;
  hold = new Promise((resolve) => (letGo = resolve));
  const first = post('/api/v1/templates/send', 'slow', SEND);
  while (sends === before) await new Promise((resolve) => setImmediate(resolve));
  const second = await post('/api/v1/templates/send', 'slow', SEND);
  assert.deepEqual(
    [second.status, second.json['code'], second.headers.get('retry-after')],
    [409, 'idempotency_in_progress', '1'],
  );
  letGo();
  const answer = await first;
  assert.equal((await post('/api/v1/templates/send', 'slow', SEND)).text, answer.text);
  assert.equal(sends, before + 1);
});

test('a refusal frees the key: after the cause is mended the same key does it', async () => {
  fault = new Problem('invalid_phone_number', 'no such number');
  assert.equal((await post('/api/v1/templates/send', 'mend', SEND)).status, 422);
  fault = undefined;
  assert.equal((await post('/api/v1/templates/send', 'mend', { ...SEND, to: '+573001234568' })).status, 200);
});

test('a send that vanished in a surprise is answered as unknown and never repeated', async () => {
  fault = new Error('the process fell over');
  assert.equal((await post('/api/v1/templates/send', 'lost', SEND)).status, 500);
  fault = undefined;
  const before = sends;
  const again = await post('/api/v1/templates/send', 'lost', SEND);
  assert.deepEqual([again.status, again.json['status'], again.json['wamid']], [200, 'unknown', null]);
  assert.equal(sends, before);
  assert.equal(
    (await post('/api/v1/templates/send', 'lost', { ...SEND, to: '+573001234599' })).json['code'],
    'idempotency_key_reused',
  );
});

test('what a killed process left is a 409 until its lease ends; then a start is done again and a creation asks', async () => {
  const id = await door.campaign();
  await door.upload(id, 'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n');
  const path = `/api/v1/campaigns/${String(id)}/start`;
  await post('/api/v1/campaigns', 'killed', NEW);
  await post(path, 'killed');
  await db.query(`update idempotency set status = null, body = null where key = 'killed'`);
  await db.query(`update campaigns set status = 'draft', started_at = null where id = $1`, [id]);
  assert.equal((await post(path, 'killed')).json['code'], 'idempotency_in_progress');
  await db.query(`update idempotency set lease_until = '-infinity' where key = 'killed'`);
  assert.equal((await post(path, 'killed')).json['status'], 'running');
  assert.equal((await post('/api/v1/campaigns', 'killed', NEW)).json['code'], 'conflict');
});

test('an upload with the same key and file gives the same report; with another file it is refused', async () => {
  const id = await door.campaign();
  const csv = 'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n';
  const first = await door.upload(id, csv, { 'idempotency-key': 'file-1' });
  const again = await door.upload(id, csv, { 'idempotency-key': 'file-1' });
  assert.deepEqual([first.status, again.status, again.text], [200, 200, first.text]);
  assert.equal((await door.call('GET', `/api/v1/campaigns/${String(id)}/uploads`)).json['total'], 1);
  const other = await door.upload(id, `${csv}+573001234568,María,García\n`, { 'idempotency-key': 'file-1' });
  assert.deepEqual([other.status, other.json['code']], [422, 'idempotency_key_reused']);
});

test('the same file with the same key in another campaign, or by another column, is another request', async () => {
  const csv = 'phone,celular,variable_1,variable_2\n+573001234567,+573001234568,Juan,Pérez\n';
  const send = (id: number, column?: string) => {
    const form = new FormData();
    if (column !== undefined) form.append('phone_column', column);
    form.append('file', new Blob([csv], { type: 'text/csv' }), 'x.csv');
    return door.call('POST', `/api/v1/campaigns/${String(id)}/upload-recipients`, {
      body: form,
      headers: { 'idempotency-key': 'file-2' },
    });
  };
  const [one, two] = [await door.campaign(), await door.campaign()];
  const first = await send(one, 'phone');
  assert.equal(first.status, 200, first.text);
  assert.equal((await send(one, 'phone')).text, first.text);
  assert.equal((await send(two, 'phone')).json['code'], 'idempotency_key_reused');
  assert.equal((await send(one, 'celular')).json['code'], 'idempotency_key_reused');
  assert.equal((await send(one)).json['code'], 'idempotency_key_reused');
});

test('a repeated key makes no second API key and no second link, and no secret is kept to be shown again', async () => {
  const made = await post('/api/v1/keys', 'secret-1', { name: 'una vez', scopes: ['read'] });
  const again = await post('/api/v1/keys', 'secret-1', { name: 'una vez', scopes: ['read'] });
  assert.deepEqual([made.status, again.status, again.json['code']], [201, 409, 'conflict']);
  assert.match(String(again.json['detail']), /shown only once/);
  const keys = (await door.call('GET', '/api/v1/keys')).json['data'] as { name: string }[];
  assert.equal(keys.filter(({ name }) => name === 'una vez').length, 1);

  const person = await post('/api/v1/people', 'secret-2', { name: 'Ana', role: 'viewer' });
  const twice = await post('/api/v1/people', 'secret-2', { name: 'Ana', role: 'viewer' });
  assert.deepEqual([person.status, twice.status], [201, 409]);
  assert.match(String(twice.json['detail']), /shown only once/);
  const path = `/api/v1/people/${String(person.json['id'])}/invitation`;
  const link = await post(path, 'secret-3');
  assert.deepEqual([link.status, (await post(path, 'secret-3')).status], [201, 409]);

  const kept = JSON.stringify((await db.query('select status, body from idempotency')).rows);
  for (const secret of [made.json['key'], person.json['invitation_url'], link.json['invitation_url']]) {
    assert.ok(!kept.includes(String(secret).split('#').at(-1) ?? ''));
  }
});

test('an opt-out with the same key is written down once', async () => {
  const first = await post('/api/v1/opt-outs', 'out-1', { phone: '+573001230000' });
  const again = await post('/api/v1/opt-outs', 'out-1', { phone: '+573001230000' });
  assert.deepEqual([first.status, again.status, again.text], [201, 201, first.text]);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.equal((await post('/api/v1/opt-outs', 'out-1', { phone: '+573001230001' })).json['code'], 'idempotency_key_reused');
});

test('a key that is no key is refused before anything is done', async () => {
  for (const key of ['with space', 'x'.repeat(256)]) {
    const answer = await post('/api/v1/campaigns', key, NEW);
    assert.deepEqual([answer.status, answer.json['code']], [400, 'invalid_request']);
  }
});
