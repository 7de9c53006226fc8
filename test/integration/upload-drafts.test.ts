import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suppress } from '../../src/consent/opt-outs.sql.ts';
import { tidyDrafts } from '../../src/recipients/read-draft.ts';
import { discardAbandonedUploads } from '../../src/recipients/uploads.sql.ts';
import { openFileDb } from '../support/db.ts';
import { type Answer, openDoor } from '../support/http.ts';
import { textRow, xlsx } from '../support/workbooks.ts';

const db = await openFileDb();
const door = await openDoor(db);

type Json = Record<string, unknown>;

function form(content: string | Uint8Array, fields: Record<string, string> = {}, filename = 'gente.csv'): FormData {
  const made = new FormData();
  made.append('file', new Blob([content]), filename);
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  return made;
}

async function draft(campaign: number, content: string | Uint8Array, fields: Record<string, string> = {}): Promise<Json> {
  const answer = await door.call('POST', `/api/v1/campaigns/${String(campaign)}/uploads`, { body: form(content, fields) });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

function at(draftOf: Json, more = ''): string {
  return `/api/v1/campaigns/${String(draftOf['campaign_id'])}/uploads/${String(draftOf['upload_id'])}${more}`;
}

async function ok(method: string, path: string, body?: unknown): Promise<Json> {
  const answer: Answer = await door.call(method, path, body === undefined ? {} : { body });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

function counts(of: Json): unknown[] {
  return ['total_rows', 'valid_rows', 'invalid_rows', 'duplicate_rows', 'suppressed_rows'].map((name) => of[name]);
}

async function onList(campaign: number): Promise<Json[]> {
  const { data } = await ok('GET', `/api/v1/campaigns/${String(campaign)}/recipients?limit=500`);
  return data as Json[];
}

/** What is left of a draft in any table. */
async function leftOf(uploadId: unknown): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select (select count(*) from upload_drafts where upload_id = $1) + (select count(*) from upload_parts where upload_id = $1)
          + (select count(*) from draft_people where upload_id = $1) + (select count(*) from draft_rows where upload_id = $1)
          + (select count(*) from draft_mends where upload_id = $1) as n`,
    [uploadId],
  );
  return rows[0]?.n ?? 0;
}

const HEAD = 'phone,variable_1,variable_2\n';
const FIVE = `${HEAD}3001112001,Ana,C1\n3001112002,Bea,\n12,Cid,C3\n3001112001,Ana,C4\n3001112005,Eva,C5\n`;

test('a dry run says what was understood and what would become of every row, and puts nobody on the list', async () => {
  const campaign = await door.campaign();
  await suppress(db, [{ person: 573001112005, phone: 573001112005, scope: 'all', source: 'api', detail: {}, since: new Date() }]);
  const made = await draft(campaign, FIVE);
  assert.equal(made['status'], 'ready');
  assert.deepEqual(
    [made['format'], made['encoding'], made['delimiter'], made['heading_row'], made['phone_column'], made['default_country']],
    ['csv', 'utf-8', 'comma', 1, 'phone', 'CO'],
  );
  assert.equal(made['total_rows'], 5);
  assert.equal(made['rows_in_file'], 6);
  const [phone, first, second] = made['columns'] as Json[];
  assert.deepEqual([phone?.['letter'], phone?.['name'], phone?.['used_for'], phone?.['empty']], ['A', 'phone', ['phone'], 0]);
  assert.deepEqual([first?.['letter'], first?.['used_for'], first?.['samples']], ['B', ['body.1'], ['Ana', 'Bea', 'Cid', 'Eva']]);
  assert.deepEqual([second?.['letter'], second?.['empty']], ['C', 1]);
  assert.deepEqual(
    (made['counts_by_cause'] as Json[])
      .map((cause) => [cause['kind'], cause['code'], cause['letter'], cause['rows'], cause['first_row']])
      .sort(),
    [
      ['duplicate', 'duplicate_in_file', null, 1, 5],
      ['invalid', 'phone_too_short', 'A', 1, 4],
      ['invalid', 'value_missing', 'C', 1, 3],
      ['suppressed', 'opted_out', null, 1, 6],
    ],
  );
  assert.deepEqual(counts(made), [5, 1, 2, 1, 1]);
  assert.deepEqual(await onList(campaign), []);
  assert.deepEqual(await ok('GET', at(made)), made);
});

test('published, a draft gives the very counts it promised, under the same number, and leaves nothing behind', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, FIVE);
  const report = await ok('POST', at(made, '/publish'));
  assert.equal(report['upload_id'], made['upload_id']);
  assert.deepEqual(counts(report), counts(made));
  assert.equal((await onList(campaign)).length, Number(made['valid_rows']) + Number(made['suppressed_rows']));
  await tidyDrafts({ db }, { idleSeconds: 60 });
  assert.equal(await leftOf(made['upload_id']), 0);
  assert.equal((await door.call('GET', at(made))).status, 404);
  assert.equal((await door.call('POST', at(made, '/publish'))).status, 404);
});

test('a draft is read again with other answers, from whichever process asks', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, 'a;b,c\n3001112003;Ana,C1\n3001112004;Bea,C2\n', { delimiter: 'comma', heading_row: '0' });
  assert.equal(made['status'], 'unreadable');
  assert.match(String((made['problem'] as Json)['detail']), /No column/);
  const again = await ok('PATCH', at(made), { delimiter: 'semicolon', heading_row: null });
  assert.deepEqual(
    [again['status'], again['delimiter'], again['heading_row'], again['phone_column']],
    ['ready', 'semicolon', 1, 'a'],
  );
  assert.deepEqual(again['answers'], { delimiter: 'semicolon' });
});

test('the encoding of a file and the country of its numbers can be chosen', async () => {
  const campaign = await door.campaign();
  const bytes = Buffer.concat([Buffer.from(`${HEAD}612345678,I`), Buffer.from([0x96]), Buffer.from('igo,C1\n')]);
  const made = await draft(campaign, bytes, { encoding: 'macintosh', default_country: 'ES' });
  assert.deepEqual([made['encoding'], made['default_country'], made['valid_rows']], ['macintosh', 'ES', 1]);
  assert.deepEqual((made['columns'] as Json[])[1]?.['samples'], ['Iñigo']);
  await ok('POST', at(made, '/publish'));
  const [person] = await onList(campaign);
  assert.deepEqual([person?.['phone'], (person?.['data'] as Json)['variable_1']], ['+34612345678', 'Iñigo']);
});

test('rows are listed by kind and cause, page by page, with the line and letter a person looks for', async () => {
  const campaign = await door.campaign();
  const many = Array.from({ length: 7 }, (_, n) => `12${String(n)},X,C\n`).join('');
  const made = await draft(campaign, `${HEAD}${many}3001112001,Ana,\n`);
  const first = await ok('GET', at(made, '/rows?cause=phone_too_short&limit=5'));
  assert.equal(first['total'], 7);
  assert.equal((first['data'] as Json[]).length, 5);
  const rest = await ok('GET', at(made, `/rows?cause=phone_too_short&limit=5&cursor=${String(first['next_cursor'])}`));
  assert.deepEqual(
    (rest['data'] as Json[]).map((row) => [row['row'], row['excel_row'], row['letter'], row['value']]),
    [
      [7, 7, 'A', '125'],
      [8, 8, 'A', '126'],
    ],
  );
  assert.equal(rest['next_cursor'], null);
  const [missing] = (await ok('GET', at(made, '/rows?column=variable_2')))['data'] as Json[];
  assert.deepEqual(
    [missing?.['code'], missing?.['letter'], missing?.['cells']],
    ['value_missing', 'C', { phone: '3001112001', variable_1: 'Ana' }],
  );
});

test('a row is mended in place and counts at once; published, the list holds what was mended', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, FIVE);
  const mended = await ok('PUT', at(made, '/rows/4'), { values: { phone: '300 111 2003' } });
  assert.equal(mended['accepted'], true);
  assert.equal(mended['row'], null);
  const upload = mended['upload'] as Json;
  assert.deepEqual(
    [upload['valid_rows'], upload['invalid_rows'], upload['mended_rows']],
    [Number(made['valid_rows']) + 1, Number(made['invalid_rows']) - 1, 1],
  );
  const still = await ok('PUT', at(made, '/rows/3'), { values: { variable_2: ' ' } });
  assert.deepEqual([still['accepted'], (still['row'] as Json)['code']], [false, 'value_missing']);
  const again = await ok('PATCH', at(made), {});
  assert.deepEqual(counts(again), counts(still['upload'] as Json));
  const report = await ok('POST', at(made, '/publish'));
  assert.deepEqual(counts(report), counts(again));
  assert.ok((await onList(campaign)).some((person) => person['phone'] === '+573001112003' && person['row'] === 4));
});

test('a mended row that is somebody already in the file is a duplicate; mended once more it is free', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, FIVE);
  const twice = await ok('PUT', at(made, '/rows/4'), { values: { phone: '3001112001' } });
  assert.deepEqual([twice['accepted'], (twice['row'] as Json)['code']], [false, 'duplicate_in_file']);
  await ok('PUT', at(made, '/rows/4'), { values: { phone: '3001112077' } });
  const corrected = await ok('PUT', at(made, '/rows/4'), { values: { phone: '3001112078' } });
  assert.equal(corrected['accepted'], true);
  const freed = await ok('PUT', at(made, '/rows/3'), { values: { phone: '3001112077', variable_2: 'C2' } });
  assert.equal(freed['accepted'], true);
  assert.deepEqual(counts(await ok('POST', at(made, '/publish'))), counts(freed['upload'] as Json));
});

test('a row may be included where only its form is against it, and not where a person would be written to wrongly', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, `${HEAD}3001112001,Ana,C1,too much\n12,Bea,C2\n`);
  assert.equal((await ok('POST', at(made, '/rows/2/include')))['accepted'], true);
  const refused = await door.call('POST', at(made, '/rows/3/include'));
  assert.deepEqual([refused.status, refused.json['code']], [409, 'conflict']);
  assert.equal((await ok('POST', at(made, '/publish')))['valid_rows'], 1);
});

test('what was mended stays while the rows are the same ones, and goes when they are others', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, FIVE);
  await ok('PUT', at(made, '/rows/4'), { values: { phone: '3001112003' } });
  assert.equal((await ok('PATCH', at(made), { phone_column: 'phone' }))['mended_rows'], 1);
  assert.equal((await ok('PATCH', at(made), { heading_row: 1 }))['mended_rows'], 0);
});

test('a file whose publication fails is a draft as before, with all that was mended', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, FIVE);
  await ok('PUT', at(made, '/rows/4'), { values: { phone: '3001112003' } });
  // As a process leaves it that was killed while it published.
  await db.query(`update uploads set status = 'open', progress_at = '-infinity' where id = $1`, [made['upload_id']]);
  assert.equal((await ok('GET', at(made)))['status'], 'publishing');
  await discardAbandonedUploads(db, { idleSeconds: 60 });
  await tidyDrafts({ db }, { idleSeconds: 60 });
  const back = await ok('GET', at(made));
  assert.deepEqual([back['status'], back['mended_rows']], ['ready', 1]);
  assert.equal((await ok('POST', at(made, '/publish')))['valid_rows'], back['valid_rows']);
});

test('a reading that was cut off is told, and its file is read again', async () => {
  const campaign = await door.campaign();
  const made = await draft(campaign, FIVE);
  await db.query(`update upload_drafts set state = 'reading', summary = null, progress_at = '-infinity' where upload_id = $1`, [
    made['upload_id'],
  ]);
  assert.equal((await ok('GET', at(made)))['status'], 'interrupted');
  assert.equal((await door.call('POST', at(made, '/publish'))).status, 409);
  assert.deepEqual(counts(await ok('PATCH', at(made), {})), counts(made));
});

test('a draft lives for a day; then it goes with its file, and so does one that is discarded', async () => {
  const campaign = await door.campaign();
  const [old, unwanted] = [await draft(campaign, FIVE), await draft(campaign, FIVE)];
  const gone = await ok('DELETE', at(unwanted));
  assert.deepEqual([gone['removed_recipients'], await leftOf(unwanted['upload_id'])], [0, 0]);
  await db.query(`update upload_drafts set kept_until = clock_timestamp() - interval '1 second' where upload_id = $1`, [
    old['upload_id'],
  ]);
  assert.equal((await door.call('GET', at(old))).status, 404);
  await tidyDrafts({ db }, { idleSeconds: 60 });
  assert.equal(await leftOf(old['upload_id']), 0);
});

test('for a campaign with people the dry run tells the new ones from those already there', async () => {
  const campaign = await door.campaign();
  await door.upload(campaign, `${HEAD}3001112001,Ana,C1\n`);
  const made = await draft(campaign, `${HEAD}3001112001,Ana,C1\n3001112009,Zoe,C9\n`);
  assert.deepEqual(counts(made), [2, 1, 0, 1, 0]);
  assert.deepEqual(
    (made['counts_by_cause'] as Json[]).map((cause) => cause['code']),
    ['duplicate_in_campaign'],
  );
});

test('fields may stand behind the file; one that is unknown is refused', async () => {
  const campaign = await door.campaign();
  const path = `/api/v1/campaigns/${String(campaign)}/uploads`;
  const made = await door.call('POST', path, { body: form('x,y\n3001112001,3001112002\n', { phone_column: 'y' }) });
  assert.equal(made.json['phone_column'], 'y', made.text);
  const misspelt = await door.call('POST', path, { body: form(FIVE, { phone_colum: 'y' }) });
  assert.deepEqual([misspelt.status, misspelt.json['code']], [400, 'invalid_request']);
  assert.match(String(misspelt.json['detail']), /phone_colum/);
  const wrong = await door.call('POST', path, { body: form(FIVE, { encoding: 'klingon' }) });
  assert.equal(wrong.status, 400);
});

test('a workbook is read as a CSV file is: its sheet chosen, published, and uploaded in one call', async () => {
  const campaign = await door.campaign();
  const list = (phone: string): string => textRow(1, ['phone', 'variable_1', 'variable_2']) + textRow(3, [phone, 'Ana', 'C1']);
  const book = await xlsx({
    sheets: [
      { name: 'Norte', rows: list('3001113001') },
      { name: 'Sur', rows: list('3001113002') },
    ],
  });
  const made = await draft(campaign, book);
  assert.deepEqual(
    [made['format'], made['sheet'], made['encoding'], made['valid_rows'], made['blank_rows']],
    ['xlsx', 'Norte', null, 1, 1],
  );
  const south = await ok('PATCH', at(made), { sheet: 'Sur' });
  assert.deepEqual([south['sheet'], (south['sheets'] as Json[]).map((sheet) => sheet['name'])], ['Sur', ['Norte', 'Sur']]);
  await ok('POST', at(made, '/publish'));
  const path = `/api/v1/campaigns/${String(campaign)}/upload-recipients`;
  const whole = await door.call('POST', path, { body: form(book, { sheet: 'Norte' }, 'gente.xlsx') });
  assert.equal(whole.json['valid_rows'], 1, whole.text);
  assert.deepEqual((await onList(campaign)).map((person) => [person['phone'], person['row']]).sort(), [
    ['+573001113001', 3],
    ['+573001113002', 3],
  ]);
});
