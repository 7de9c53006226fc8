import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { openFileDb } from '../support/db.ts';
import { inbound, openDelivery, text } from '../support/delivery.ts';
import { makeCampaign, newPerson } from '../support/factories.ts';
import { openDoor } from '../support/http.ts';

const db = await openFileDb();
const door = await openDoor(db);
const house = openDelivery(db);
const now = (): number => Math.floor(Date.now() / 1000) - 5;

type Row = Record<string, unknown>;
const list = (json: Record<string, unknown>): Row[] => json['data'] as Row[];
const plus = (person: number): string => encodeURIComponent(`+${String(person)}`);

async function replyOf(person: number): Promise<Row> {
  const [reply] = list((await door.call('GET', `/api/v1/replies?phone=${plus(person)}`)).json);
  assert.ok(reply);
  return reply;
}

async function wouldGet(person: number, marketing: boolean): Promise<boolean> {
  const campaignId = await makeCampaign(db, { people: [{ person }] });
  return (
    (
      await claim(db, {
        campaignId,
        mode: 'sandbox',
        limit: 1,
        category: marketing ? 'MARKETING' : 'UTILITY',
        leaseSeconds: 60,
        slot: 0,
      })
    ).messages.length === 1
  );
}

test('a doubtful reply waits for a person, and its sender gets no marketing meanwhile', async () => {
  const person = newPerson();
  await house.post(inbound(person, text('no me interesa'), now()));
  const reply = await replyOf(person);
  assert.deepEqual(
    [reply['doubtful'] !== null, reply['opted_out'], reply['asked_to_stop'], reply['name']],
    [true, null, false, 'Eva'],
  );
  assert.deepEqual([await wouldGet(person, true), await wouldGet(person, false)], [false, true]);
  const listed = await door.call('GET', '/api/v1/replies?doubtful=true');
  assert.ok(list(listed.json).some((row) => row['id'] === reply['id']));
  assert.equal((listed.json['counts'] as Row)['doubtful'], listed.json['total']);
  // Not an opt-out before somebody said so.
  assert.deepEqual(list((await door.call('GET', `/api/v1/opt-outs?phone=${plus(person)}`)).json), []);
});

test('decided as an opt-out it holds, with who decided; decided as none the person may be written to again', async () => {
  const people = [newPerson(), newPerson()] as const;
  for (const [n, person] of people.entries()) {
    await house.post(inbound(person, text('no me interesa'), now()));
    const id = encodeURIComponent(String((await replyOf(person))['id']));
    const answer = await door.call('POST', `/api/v1/replies/${id}/decide`, { body: { opt_out: n === 0, reason: 'called her' } });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([answer.json['doubtful'], (answer.json['decision'] as Row)['opt_out']], [null, n === 0]);
    assert.notEqual(answer.json['read_at'], null);
    assert.deepEqual([await wouldGet(person, true), await wouldGet(person, false)], n === 0 ? [false, false] : [true, true]);
  }
  const trail = list((await door.call('GET', `/api/v1/opt-outs/${plus(people[0])}/trail`)).json);
  assert.deepEqual(
    trail.map(({ kind, source, said, reason, actor }) => [kind, source, said, reason, actor !== null]),
    [
      ['doubt', 'keyword', 'no me interesa', null, false],
      ['opt_out', 'decided', 'no me interesa', 'called her', true],
      ['lift', 'decided', 'no me interesa', 'called her', true],
    ],
  );
});

test('a decision against an opt-out lifts no opt-out that was asked for in another message', async () => {
  const person = newPerson();
  await house.post(inbound(person, text('no me interesa'), now()), inbound(person, text('BAJA'), now()));
  const replies = list((await door.call('GET', `/api/v1/replies?phone=${plus(person)}&doubtful=true`)).json);
  await door.call('POST', `/api/v1/replies/${encodeURIComponent(String(replies[0]?.['id']))}/decide`, {
    body: { opt_out: false },
  });
  assert.equal(await wouldGet(person, false), false);
});

test('a STOP of somebody unknown is decided by giving the number; without it the answer says what is missing', async () => {
  const person = 573_001_112_299;
  const payload = inbound(person, text('BAJA'), now()) as {
    entry: { changes: { value: { contacts?: unknown; messages: Row[] } }[] }[];
  };
  const value = payload.entry[0]?.changes[0]?.value;
  assert.ok(value);
  delete value.contacts;
  delete value.messages[0]?.['from'];
  Object.assign(value.messages[0] ?? {}, { from_user_id: 'CO.77' });
  await house.post(payload);
  const [reply] = list((await door.call('GET', '/api/v1/replies?doubtful=true')).json).filter(
    (row) => row['user_id'] === 'CO.77',
  );
  assert.deepEqual([reply?.['phone'], (reply?.['doubtful'] as Row)['code']], [null, 'sender_unknown']);
  const path = `/api/v1/replies/${encodeURIComponent(String(reply?.['id']))}/decide`;
  const refused = await door.call('POST', path, { body: { opt_out: true } });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /phone of this sender is hidden/);
  assert.equal((await door.call('POST', path, { body: { opt_out: true, phone: `+${String(person)}` } })).status, 200);
  assert.equal(await wouldGet(person, false), false);
});

test('a reply is read once; the unread ones are counted', async () => {
  const person = newPerson();
  await house.post(inbound(person, text('hola'), now()));
  const before = (await door.call('GET', '/api/v1/replies?unread=true')).json;
  const { id } = await replyOf(person);
  const first = await door.call('POST', `/api/v1/replies/${encodeURIComponent(String(id))}/read`);
  const second = await door.call('POST', `/api/v1/replies/${encodeURIComponent(String(id))}/read`);
  assert.equal(first.json['read_at'], second.json['read_at']);
  const after = (await door.call('GET', '/api/v1/replies?unread=true')).json;
  assert.equal(Number((before['counts'] as Row)['unread']) - 1, (after['counts'] as Row)['unread']);
  assert.equal(Number(before['total']) - 1, after['total']);
  assert.equal((await door.call('POST', '/api/v1/replies/none/read')).status, 404);
});

test('phrases of one’s own opt out, and take words of the program out, from then on', async () => {
  const [one, two] = [newPerson(), newPerson()];
  const added = await door.call('POST', '/api/v1/opt-out-phrases', { body: { phrase: '¡Adiós, muy buenas!', part: 'anywhere' } });
  assert.deepEqual([added.status, added.json['phrase']], [201, 'adios muy buenas']);
  await door.call('POST', '/api/v1/opt-out-phrases', { body: { phrase: 'Cancelar', meaning: 'not_opt_out' } });
  await house.post(inbound(one, text('pues adios muy buenas'), now()), inbound(two, text('cancelar'), now()));
  assert.deepEqual([await wouldGet(one, false), await wouldGet(two, true)], [false, true]);
  assert.equal((await door.call('DELETE', `/api/v1/opt-out-phrases/${String(added.json['id'])}`)).status, 204);
  assert.equal(list((await door.call('GET', '/api/v1/opt-out-phrases')).json).length, 1);
  assert.equal((await door.call('POST', '/api/v1/opt-out-phrases', { body: { phrase: '…' } })).status, 400);
});

test('a lift needs the right to send; earlier proofs stay, with who lifted and why', async () => {
  const person = newPerson();
  await house.post(inbound(person, text('STOP'), now()));
  const path = `/api/v1/opt-outs/${plus(person)}`;
  assert.equal((await door.call('DELETE', path, { key: await door.key('write') })).status, 403);
  assert.equal((await door.call('DELETE', `${path}?reason=asked%20by%20phone`)).status, 200);
  await door.call('POST', '/api/v1/opt-outs', { body: { phone: `+${String(person)}`, note: 'asked again' } });
  const trail = list((await door.call('GET', `${path}/trail`)).json);
  assert.deepEqual(
    trail.map(({ kind, source, said, reason }) => [kind, source, said, reason]),
    [
      ['opt_out', 'keyword', 'STOP', null],
      ['lift', 'operator', null, 'asked by phone'],
      ['opt_out', 'operator', null, 'asked again'],
    ],
  );
  const [shown] = list((await door.call('GET', `/api/v1/opt-outs?phone=${plus(person)}`)).json);
  assert.notEqual(shown?.['actor'], null);
});

test('the list goes out as CSV with its proof, safe to open in a spreadsheet', async () => {
  const person = newPerson();
  await house.post(inbound(person, text('=STOP'), now()));
  const { text: csv, headers } = await door.call('GET', '/api/v1/opt-outs/export.csv');
  assert.match(headers.get('content-type') ?? '', /^text\/csv/);
  const line = csv.split('\r\n').find((row) => row.startsWith(String(person)));
  assert.match(line ?? '', /^\d+,all,20\d\d-.*,keyword,"'=STOP",,,$/);
});

test('a column of the file that says no is found, said and obeyed, unless somebody decides otherwise', async () => {
  const [one, two] = [newPerson(), newPerson()];
  const csv = `First Name,Phone,Accepts SMS Marketing\nAna,+${String(one)},no\nBea,+${String(two)},yes\n`;
  const upload = async (fields: Record<string, string>): Promise<Row> => {
    const id = await door.campaign();
    await door.call('PUT', `/api/v1/campaigns/${String(id)}`, {
      body: { template_name: 'bienvenida', mapping: { '1': { value: 'a' }, '2': { value: 'b' } } },
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([csv]), 'list.csv');
    const answer = await door.call('POST', `/api/v1/campaigns/${String(id)}/upload-recipients`, { body: form });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  const notices = (report: Row): unknown[] =>
    (report['notices'] as Row[]).map(({ code, column, count }) => [code, column, count]);
  const obeyed = await upload({});
  assert.deepEqual([obeyed['valid_rows'], obeyed['suppressed_rows']], [1, 1]);
  assert.deepEqual(notices(obeyed), [['consent_column_obeyed', 'Accepts SMS Marketing', 1]]);
  const [error] = obeyed['errors'] as Row[];
  assert.deepEqual([error?.['code'], error?.['column'], error?.['value']], ['refused_in_file', 'Accepts SMS Marketing', 'no']);
  const ignored = await upload({ consent_columns: 'ignore' });
  assert.deepEqual([ignored['valid_rows'], ignored['suppressed_rows']], [2, 0]);
  assert.deepEqual(notices(ignored), [['consent_column_ignored', 'Accepts SMS Marketing', 1]]);
});

async function importList(file: string | Uint8Array, fields: Record<string, string> = {}, name = 'bajas.csv') {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  form.append('file', new Blob([file]), name);
  return door.call('POST', '/api/v1/opt-outs/import', { body: form });
}

test('a suppression list is read as a list of people is, and leaves earlier proofs as they are', async () => {
  const [fresh, known, lifted] = [newPerson(), newPerson(), newPerson()];
  await house.post(inbound(known, text('STOP'), now()));
  await door.call('POST', '/api/v1/opt-outs', { body: { phone: `+${String(lifted)}` } });
  await door.call('DELETE', `/api/v1/opt-outs/${plus(lifted)}`);
  const csv = `Bajas de la tienda;;\nTeléfono;Fecha;Motivo\n${String(fresh)};2025-03-01;pidió no recibir\n${String(known)};;\n${String(lifted)};2025-01-01;\n${String(fresh)};;\n12;;\n`;
  const report = await importList(csv, { note: 'del CRM' });
  assert.equal(report.status, 200, report.text);
  const { total_rows, valid_rows, invalid_rows, duplicate_rows, suppressed_rows, rows_in_file } = report.json;
  assert.deepEqual([total_rows, valid_rows, invalid_rows, duplicate_rows, suppressed_rows, rows_in_file], [5, 1, 1, 2, 1, 7]);
  assert.deepEqual(
    list({ data: report.json['errors'] }).map((row) => [row['row'], row['code']]),
    [
      [4, 'opted_out_already'],
      [5, 'opt_out_lifted_since'],
      [6, 'opted_out_already'],
      [7, 'phone_too_short'],
    ],
  );
  assert.deepEqual([await wouldGet(fresh, false), await wouldGet(lifted, true)], [false, true]);
  const [entry] = list((await door.call('GET', `/api/v1/opt-outs?phone=${plus(fresh)}`)).json);
  assert.deepEqual([entry?.['source'], String(entry?.['since']).slice(0, 10)], ['import', '2025-03-01']);
  assert.deepEqual((entry?.['detail'] as Row)['reason'], 'pidió no recibir');
  const [kept] = list((await door.call('GET', `/api/v1/opt-outs?phone=${plus(known)}`)).json);
  assert.deepEqual([kept?.['source'], kept?.['said']], ['keyword', 'STOP']);
});

test('what one installation exports another takes, with scope, time and words; twice adds nothing', async () => {
  const person = newPerson();
  await door.call('POST', '/api/v1/opt-outs', {
    body: { phone: `+${String(person)}`, scope: 'marketing', note: 'por teléfono' },
  });
  const exported = (await door.call('GET', '/api/v1/opt-outs/export.csv?separator=semicolon')).text;
  await db.query('delete from suppressions');
  await db.query('delete from consent_events');
  const first = await importList(exported);
  assert.equal(first.status, 200, first.text);
  assert.equal(first.json['valid_rows'], first.json['total_rows'], first.text);
  const [entry] = list((await door.call('GET', `/api/v1/opt-outs?phone=${plus(person)}`)).json);
  assert.deepEqual([entry?.['scope'], (entry?.['detail'] as Row)['told_source']], ['marketing', 'operator']);
  const again = await importList(exported);
  assert.deepEqual([again.json['valid_rows'], again.json['duplicate_rows']], [0, first.json['total_rows']]);
});

test('a file of everybody adds only those who said no, and JSON does without a file', async () => {
  const [yes, no, json] = [newPerson(), newPerson(), newPerson()];
  const all = await importList(`Phone,Accepts SMS Marketing\n${String(yes)},yes\n${String(no)},no\n`);
  assert.deepEqual([all.json['valid_rows'], all.json['suppressed_rows']], [1, 1], all.text);
  assert.deepEqual([await wouldGet(yes, false), await wouldGet(no, false)], [true, false]);
  const body = { opt_outs: [`+${String(json)}`, { phone: `+${String(yes)}`, scope: 'marketing' }, 'nobody'], note: 'shop' };
  const answer = await door.call('POST', '/api/v1/opt-outs/import', { body });
  assert.deepEqual([answer.status, answer.json['valid_rows'], answer.json['invalid_rows']], [200, 2, 1], answer.text);
  assert.deepEqual([await wouldGet(json, false), await wouldGet(yes, false), await wouldGet(yes, true)], [false, true, false]);
  assert.equal((await door.call('POST', '/api/v1/opt-outs/import', { body: { opt_outs: [] } })).status, 400);
  assert.equal((await importList('a,b\n1,2\n')).status, 422);
});
