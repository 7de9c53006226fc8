import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { listAudit } from '../../src/audit/audit.sql.ts';
import { fireDue } from '../../src/campaigns/schedule.ts';
import { suppress } from '../../src/consent/opt-outs.sql.ts';
import { Problem } from '../../src/lib/problem.ts';
import { english, keptText, translateAll } from '../../src/lib/words/sentence.ts';
import { dueCampaigns, findCampaign, insertCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { readTallies, recount } from '../../src/lifecycle/counters.sql.ts';
import {
  type ImportDeps,
  type ImportReport,
  type ImportRequest,
  importRecipients,
} from '../../src/recipients/import-recipients.ts';
import { rejectedRowsCsv } from '../../src/recipients/rejected-rows.ts';
import { beginRemoval } from '../../src/recipients/remove-upload.sql.ts';
import { finishRemovals, removeUpload } from '../../src/recipients/remove-upload.ts';
import {
  discardAbandonedUploads,
  discardUpload,
  insertPeople,
  insertRejected,
  listUploads,
  openUpload,
  type RejectedRow,
  rejectedRows,
} from '../../src/recipients/uploads.sql.ts';
import { ANA } from '../support/actor.ts';
import { openFileDb } from '../support/db.ts';
import { campaignDeps } from '../support/factories.ts';

const db = await openFileDb();
const deps: ImportDeps = { db, marketOf: (digits) => (String(digits).startsWith('57') ? 'CO' : 'other') };

async function newCampaign(): Promise<number> {
  const campaign = await insertCampaign(db, {
    kind: 'campaign',
    name: 'Bienvenida',
    description: null,
    mode: 'sandbox',
    phone_number_id: '1',
    template_name: 'bienvenida',
    template_language: 'es',
    mapping: {},
    batch_size: null,
    delay_between_batches: 0,
    messages_per_second: null,
    budget_micros: null,
    currency: 'USD',
    created_by: null,
  });
  return campaign.id;
}

function request(campaignId: number, content: string | Readable, rest: Partial<ImportRequest> = {}): ImportRequest {
  return {
    campaignId,
    stream: typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content,
    filename: 'lista.csv',
    maxRecipients: 1_000_000,
    defaultCountry: 'CO',
    requirements: () => ({ required: [] }),
    marketing: false,
    ...rest,
  };
}

async function upload(campaignId: number, content: string | Readable, rest: Partial<ImportRequest> = {}): Promise<ImportReport> {
  return importRecipients(deps, request(campaignId, content, rest), ANA);
}

/** What of a campaign anybody can see, and what lies beyond it. */
async function listOf(campaignId: number): Promise<{ published: string[]; hidden: number }> {
  const { rows } = await db.query<{ id: number; phone: number; status: string; published: boolean }>(
    `select r.id, r.phone, m.status, r.id <= c.published_through as published
     from campaigns c join recipients r on r.campaign_id = c.id full join messages m on m.campaign_id = r.campaign_id and m.id = r.id
     where c.id = $1 order by r.id`,
    [campaignId],
  );
  return {
    published: rows.filter((row) => row.published).map((row) => `${String(row.id)} ${String(row.phone)} ${row.status}`),
    hidden: rows.filter((row) => !row.published).length,
  };
}

function people(count: number, from = 0): string {
  let text = 'celular,nombre\n';
  for (let i = 0; i < count; i++) text += `3${String(100_000_000 + from + i)},Persona ${String(i)}\n`;
  return text;
}

function problem(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Problem && error.code === code;
}

async function assertNothingLeft(campaignId: number): Promise<void> {
  assert.deepEqual(await listOf(campaignId), { published: [], hidden: 0 });
  assert.deepEqual((await readTallies(db, [campaignId])).get(campaignId), undefined);
  const { rows } = await db.query<{ n: number }>('select count(*) as n from messages where campaign_id = $1', [campaignId]);
  assert.equal(rows[0]?.n, 0);
  assert.ok((await listUploads(db, campaignId)).every((entry) => entry.status === 'discarded'));
}

test('puts the people of a file on the list, in its order, and reports every row', async () => {
  const id = await newCampaign();
  const report = await upload(
    id,
    'Celular;Nombre\n3001234567;Ana\n300 123 4568;Luis\n12;Corto\n\n+57 300 123 4567;Ana otra vez\n+34612345678;"Mar\nía"\n5.73E+11;Excel\n',
  );
  assert.deepEqual(translateAll(report, 'en'), {
    upload_id: report.upload_id,
    filename: 'lista.csv',
    total_rows: 6,
    valid_rows: 3,
    invalid_rows: 2,
    duplicate_rows: 1,
    suppressed_rows: 0,
    rows_in_file: 8,
    heading_rows: 1,
    rows_before_heading: 0,
    blank_rows: 1,
    left_out: [{ kind: 'blank', row: 5, last_row: 5, text: null }],
    errors: [
      {
        row: 4,
        excel_row: 4,
        column: 'Celular',
        value: '12',
        code: 'phone_too_short',
        kind: 'invalid',
        error: english(report.errors[0]?.error ?? ''),
      },
      {
        row: 6,
        excel_row: 6,
        column: null,
        value: '+573001234567',
        code: 'duplicate_in_file',
        kind: 'duplicate',
        error: 'The same person is already in line 2 of this file.',
      },
      {
        row: 9,
        excel_row: 8,
        column: 'Celular',
        value: '5.73E+11',
        code: 'phone_rounded_by_excel',
        kind: 'invalid',
        error: english(report.errors[2]?.error ?? ''),
      },
    ],
    notices: report.notices.map((entry) => ({ ...entry, message: english(entry.message) })),
    columns: ['Celular', 'Nombre'],
    phone_column: 'Celular',
  });
  assert.deepEqual(
    report.notices.map((entry) => [entry.code, entry.column, entry.count, entry.first_row]),
    [['values_normalised', 'Nombre', 1, 7]],
  );
  assert.deepEqual(await listOf(id), {
    published: ['1 573001234567 pending', '2 573001234568 pending', '3 34612345678 pending'],
    hidden: 0,
  });
  const { rows } = await db.query<{ row: number; data: unknown }>(
    'select row, data from recipients where campaign_id = $1 and id = 3',
    [id],
  );
  assert.deepEqual(rows, [{ row: 7, data: { Celular: '+34612345678', Nombre: 'Mar ía' } }]);
});

test('counters equal a recount, and know the markets', async () => {
  const id = await newCampaign();
  await upload(id, 'celular\n3001234567\n3001234568\n+34612345678\n');
  const tallies = (await readTallies(db, [id])).get(id);
  assert.deepEqual(tallies?.byStatus, (await recount(db, id)).byStatus);
  assert.deepEqual(tallies.byStatus.pending, 3);
  assert.deepEqual(Object.fromEntries(tallies.markets), { CO: 2, other: 1 });
});

test('the same file a second time adds nobody; a longer one adds the new ones, with the next ids', async () => {
  const id = await newCampaign();
  await upload(id, people(2_500));
  const again = await upload(id, people(2_500));
  assert.deepEqual([again.valid_rows, again.duplicate_rows], [0, 2_500]);
  assert.equal(again.errors.length, 100);
  assert.ok(
    again.errors.every(({ code }) => code === 'duplicate_in_campaign'),
    'each is told to be on the list from before',
  );
  const longer = await upload(id, people(2_502));
  assert.deepEqual([longer.valid_rows, longer.duplicate_rows], [2, 2_500]);
  const { published } = await listOf(id);
  assert.deepEqual([published.length, published.at(-1)], [2_502, '2502 573100002501 pending']);
  assert.equal((await readTallies(db, [id])).get(id)?.byStatus.pending, 2_502);
});

test('one person in two spellings is a duplicate, within a chunk and across chunks', async () => {
  const id = await newCampaign();
  const report = await upload(
    id,
    `${people(3_000)}+5491112345678,a\n+541112345678,b\n+525512345678,c\n+5215512345678,d\n3100000000,e\n`,
  );
  assert.deepEqual([report.valid_rows, report.duplicate_rows], [3_002, 3]);
  assert.deepEqual(
    report.errors.map((error) => [error.row, error.code]),
    [3_003, 3_005, 3_006].map((row) => [row, 'duplicate_in_file']),
  );
});

test('whoever opted out is on the list as skipped, with the reason; marketing only for marketing', async () => {
  const since = new Date();
  await suppress(db, [
    { person: 573501234561, phone: 573501234561, scope: 'all', source: 'keyword', detail: {}, since },
    { person: 573501234562, phone: 573501234562, scope: 'marketing', source: 'keyword', detail: {}, since },
  ]);
  const content = 'celular\n3501234561\n3501234562\n3501234563\n';
  const utility = await newCampaign();
  const report = await upload(utility, content);
  assert.deepEqual([report.total_rows, report.valid_rows, report.suppressed_rows], [3, 2, 1]);
  assert.deepEqual(
    report.errors.map((error) => [error.row, error.kind, error.code]),
    [[2, 'suppressed', 'opted_out']],
  );
  assert.deepEqual((await listOf(utility)).published, [
    '1 573501234561 skipped',
    '2 573501234562 pending',
    '3 573501234563 pending',
  ]);
  const marketing = await newCampaign();
  assert.equal((await upload(marketing, content, { marketing: true })).suppressed_rows, 2);
  assert.deepEqual((await readTallies(db, [marketing])).get(marketing)?.byStatus, (await recount(db, marketing)).byStatus);
  assert.deepEqual(Object.fromEntries((await readTallies(db, [marketing])).get(marketing)?.markets ?? []), { CO: 1 });
});

test('nobody sees a person of the file before all are there', async () => {
  const id = await newCampaign();
  const seen: number[] = [];
  async function* slowly(): AsyncGenerator<Buffer> {
    const content = people(6_000);
    for (let at = 0; at < content.length; at += 20_000) {
      yield Buffer.from(content.slice(at, at + 20_000));
      seen.push((await listOf(id)).published.length);
    }
  }
  await upload(id, Readable.from(slowly()));
  assert.ok(seen.length > 5 && seen.every((count) => count === 0));
  assert.equal((await listOf(id)).published.length, 6_000);
});

test('a connection cut in the middle leaves the campaign as it was', async () => {
  const id = await newCampaign();
  async function* cut(): AsyncGenerator<Buffer> {
    yield Buffer.from(people(5_000));
    await Promise.resolve();
    throw new Error('socket hang up');
  }
  await assert.rejects(upload(id, Readable.from(cut())), /socket hang up/);
  await assertNothingLeft(id);
  assert.equal((await upload(id, people(10))).valid_rows, 10);
  assert.equal((await listOf(id)).published[0], '1 573100000000 pending');
});

test('an aborted upload leaves the campaign as it was', async () => {
  const id = await newCampaign();
  const abort = new AbortController();
  const endless = new PassThrough({ highWaterMark: 1_000_000 });
  endless.write(people(5_000));
  const requirements: ImportRequest['requirements'] = () => {
    abort.abort();
    return { required: [] };
  };
  await assert.rejects(upload(id, endless, { signal: abort.signal, requirements }), { name: 'AbortError' });
  await assertNothingLeft(id);
});

test('an upload that was aborted, or whose line broke, before it began is refused and harms nobody else', async () => {
  const id = await newCampaign();
  await assert.rejects(upload(id, people(10), { signal: AbortSignal.abort() }), { name: 'AbortError' });
  await assertNothingLeft(id);
  const broken = new PassThrough();
  const refused = assert.rejects(upload(id, broken), /socket hang up/);
  broken.destroy(new Error('socket hang up'));
  await refused;
  await assertNothingLeft(id);
  assert.equal((await upload(id, people(10))).valid_rows, 10);
});

test('more people than allowed: the file is refused whole, those already there counted', async () => {
  const id = await newCampaign();
  await assert.rejects(upload(id, people(5_000), { maxRecipients: 4_999 }), problem('too_many_recipients'));
  await assertNothingLeft(id);
  await upload(id, people(3_000), { maxRecipients: 5_000 });
  await assert.rejects(upload(id, people(2_001, 3_000), { maxRecipients: 5_000 }), problem('too_many_recipients'));
  assert.equal((await upload(id, people(5_000), { maxRecipients: 5_000 })).valid_rows, 2_000);
});

test('a second upload to the same campaign is refused while the first is open, to another one not', async () => {
  const id = await newCampaign();
  const open = await openUpload(db, { campaignId: id, filename: null, createdBy: null });
  assert.ok(open !== undefined);
  await assert.rejects(upload(id, people(1)), problem('upload_in_progress'));
  assert.equal((await upload(await newCampaign(), people(1))).valid_rows, 1);
  await discardUpload(db, open);
  assert.equal((await upload(id, people(1))).valid_rows, 1);
});

test('what a killed process left is swept away, and its rows with it; a living upload is left alone', async () => {
  const id = await newCampaign();
  const open = await openUpload(db, { campaignId: id, filename: null, createdBy: null });
  assert.ok(open !== undefined);
  const counts = { total_rows: 1, valid_rows: 1, invalid_rows: 0, duplicate_rows: 0, suppressed_rows: 0 };
  const person = { id: 1, person: 573001234567, phone: 573001234567, row: 2, data: '{}', optedOut: false };
  assert.equal(await insertPeople(db, open, [person], counts), true);
  assert.equal(await discardAbandonedUploads(db, { idleSeconds: 300 }), 0);
  assert.equal((await listOf(id)).hidden, 1);
  assert.equal(await discardAbandonedUploads(db, { idleSeconds: 0 }), 1);
  await assertNothingLeft(id);
});

test('an importer whose upload was discarded can write nothing more, and says so', async () => {
  const id = await newCampaign();
  async function* stalled(): AsyncGenerator<Buffer> {
    yield Buffer.from(people(5_000));
    await discardAbandonedUploads(db, { idleSeconds: 0 });
    yield Buffer.from('3200000000,x\n');
  }
  await assert.rejects(upload(id, Readable.from(stalled())), problem('conflict'));
  await assertNothingLeft(id);
});

test('rows left by an interrupted sweep are in nobody’s way', async () => {
  const id = await newCampaign();
  const open = await openUpload(db, { campaignId: id, filename: null, createdBy: null });
  assert.ok(open !== undefined);
  const counts = { total_rows: 1, valid_rows: 1, invalid_rows: 0, duplicate_rows: 0, suppressed_rows: 0 };
  await insertPeople(
    db,
    open,
    [{ id: 1, person: 573100000000, phone: 573100000000, row: 2, data: '{}', optedOut: false }],
    counts,
  );
  await db.query(`update uploads set status = 'discarded' where id = $1`, [open.id]);
  assert.equal((await upload(id, people(3))).valid_rows, 3);
  assert.deepEqual((await listOf(id)).hidden, 0);
  await db.query(`update campaigns set published_through = 2 where id = $1`, [id]);
  await db.query(`update uploads set status = 'discarded' where campaign_id = $1`, [id]);
  await discardAbandonedUploads(db, { idleSeconds: 300 });
  assert.deepEqual([(await listOf(id)).published.length, (await listOf(id)).hidden], [2, 0]);
});

test('no refused row is written for a discarded upload, and those an interrupted sweep left go at the next', async () => {
  const id = await newCampaign();
  const open = await openUpload(db, { campaignId: id, filename: null, createdBy: null });
  assert.ok(open !== undefined);
  const refused = (row: number): RejectedRow => {
    return { row, record: null, kind: 'invalid', column: null, value: null, code: 'phone_empty', error: 'x', cells: [] };
  };
  const left = async (): Promise<number> => (await rejectedRows(db, { uploadId: open.id, after: 0, limit: 10 })).length;
  await insertRejected(db, open, [refused(2), refused(3)]);
  await db.query(`update uploads set status = 'discarded' where id = $1`, [open.id]);
  await insertRejected(db, open, [refused(4)]);
  assert.equal(await left(), 2);
  await discardAbandonedUploads(db, { idleSeconds: 300 });
  assert.equal(await left(), 0);
});

test('nobody is added to a campaign that is cancelled, before the upload or during it', async () => {
  const cancelled = `update campaigns set status = 'cancelled', cancelled_at = now() where id = $1`;
  const before = await newCampaign();
  await db.query(cancelled, [before]);
  await assert.rejects(upload(before, people(1)), problem('campaign_wrong_state'));
  const during = await newCampaign();
  async function* meanwhile(): AsyncGenerator<Buffer> {
    yield Buffer.from(people(3_000));
    await db.query(cancelled, [during]);
    yield Buffer.from('3200000000,x\n');
  }
  await assert.rejects(upload(during, Readable.from(meanwhile())), problem('campaign_wrong_state'));
  await assertNothingLeft(during);
  await assert.rejects(upload(2_000_000_000, people(1)), problem('campaign_not_found'));
});

test('opening a completed campaign again belongs to the publishing transaction', async () => {
  const id = await newCampaign();
  await upload(id, people(1));
  await db.query(
    `update campaigns set status = 'completed', template = '{}', started_at = now(), completed_at = now() where id = $1`,
    [id],
  );
  const told: unknown[] = [];
  const failing: ImportDeps = {
    ...deps,
    onPublished: (_sql, published) => {
      told.push(published);
      return Promise.reject(new Problem('conflict', 'Not now.'));
    },
  };
  await assert.rejects(importRecipients(failing, request(id, people(2)), ANA), problem('conflict'));
  assert.deepEqual(told, [{ campaignId: id, before: 'completed', pending: 1, skipped: 0 }]);
  assert.equal((await listOf(id)).published.length, 1);
  assert.equal((await readTallies(db, [id])).get(id)?.byStatus.pending, 1);
  const hook: ImportDeps = {
    ...deps,
    onPublished: async (sql) => {
      await sql.query(`update campaigns set status = 'running', completed_at = null where id = $1`, [id]);
    },
  };
  await importRecipients(hook, request(id, people(2)), ANA);
  assert.equal((await listOf(id)).published.length, 2);
});

test('asks once what the template needs and refuses the file that lacks a column', async () => {
  const id = await newCampaign();
  const asked: (readonly string[])[] = [];
  const requirements: ImportRequest['requirements'] = (columns) => {
    asked.push(columns);
    return { required: ['saldo'] };
  };
  await assert.rejects(upload(id, people(1), { requirements }), problem('file_unusable'));
  assert.deepEqual(asked, [['celular', 'nombre']]);
  await assertNothingLeft(id);
  await assert.rejects(upload(id, 'celular,nombre\n'), problem('file_unusable'));
});

test('a refused body is read to its end, so that the browser gets the answer', async () => {
  const id = await newCampaign();
  const stream = Readable.from([Buffer.from('Nombre,Ciudad\nAna,Cali\n'.repeat(10_000)), Buffer.from('x'.repeat(500_000))]);
  await assert.rejects(upload(id, stream), problem('file_unusable'));
  if (!stream.readableEnded) await new Promise((resolve) => stream.once('end', resolve));
});

test('the refused rows come as a file that is safe to open and can be corrected and uploaded', async () => {
  const id = await newCampaign();
  const content = 'nombre,celular,nota\n"=HYPERLINK(""x"")",12,a\nAna,3001234567,\nLuis,3001234567,"b,c"\nEva,3001234568,x,y\n';
  const report = await upload(id, content);
  let text = '';
  for await (const piece of rejectedRowsCsv(db, { uploadId: report.upload_id })) text += piece;
  const lines = text.split('\r\n');
  assert.equal(lines[0], '\ufeffreport.row,report.column,report.value,report.reason,nombre,celular,nota');
  assert.match(lines[1] ?? '', /^2,celular,12,.+,"'=HYPERLINK\(""x""\)",12,a$/);
  assert.match(lines[2] ?? '', /^4,,"'\+573001234567",.+,Luis,3001234567,"b,c"$/);
  assert.match(lines[3] ?? '', /^5,,y,.+,Eva,3001234568,x,y$/);
  assert.equal(lines.length, 5);
  const again = await upload(id, `${lines.slice(0, 2).join('\r\n').replaceAll(',12,', ',3001234569,')}\r\n`);
  assert.deepEqual([again.valid_rows, again.phone_column], [1, 'celular']);
});

test('with semicolons the refused rows are as safe, and come back as well', async () => {
  const id = await newCampaign();
  const report = await upload(id, 'nombre,celular\n"=1+1; x",12\n');
  let text = '';
  for await (const piece of rejectedRowsCsv(db, { uploadId: report.upload_id }, { separator: 'semicolon', language: 'en' }))
    text += piece;
  const lines = text.split('\r\n');
  assert.equal(lines[0], '\ufeffreport.row;report.column;report.value;report.reason;nombre;celular');
  assert.match(lines[1] ?? '', /^2;celular;12;.+;"'=1\+1; x";12$/);
  const again = await upload(id, text.replaceAll(';12', ';3001234569'));
  assert.deepEqual([again.valid_rows, again.phone_column], [1, 'celular']);
});

test('the refused rows of a campaign are those of all its uploads', async () => {
  const id = await newCampaign();
  await upload(id, 'celular,a\n12,x\n3001234567,y\n');
  await upload(id, 'b,celular\nz,13\n');
  let text = '';
  for await (const piece of rejectedRowsCsv(db, { campaignId: id })) text += piece;
  assert.deepEqual(
    text
      .split('\r\n')
      .slice(0, 3)
      .map((line) => line.replace(/"[^"]*"|The [^,]*/g, '…')),
    ['\ufeffreport.row,report.column,report.value,report.reason,celular,a,b', '2,celular,12,…,12,x,', '2,celular,13,…,13,,z'],
  );
  const uploads = await listUploads(db, id);
  assert.deepEqual(
    uploads.map((entry) => [entry.status, entry.total_rows, entry.columns]),
    [
      ['published', 1, ['b', 'celular']],
      ['published', 2, ['celular', 'a']],
    ],
  );
});

test('anything a cell can hold is stored', async () => {
  const id = await newCampaign();
  const report = await upload(id, 'celular,nombre\n3001234567,"a\u0000b😀\\""{}"\n3001234567,\u0000{"x"\n\u0000,\u{1F600}\n');
  assert.deepEqual([report.valid_rows, report.duplicate_rows, report.invalid_rows], [1, 1, 1]);
});

test('a file taken off the list leaves nobody and nothing of it, and the other files as they are', async () => {
  const id = await newCampaign();
  const since = new Date();
  await suppress(db, [{ person: 573591234561, phone: 573591234561, scope: 'all', source: 'keyword', detail: {}, since }]);
  const before = await upload(id, 'celular\n3101234561\n');
  const wrong = await upload(id, 'celular\n3101234561\n3101234562\n3591234561\n+34612345678\n12\n');
  const later = await upload(id, 'celular\n3101234563\n');
  assert.deepEqual(await removeUpload(deps, { campaignId: id, uploadId: wrong.upload_id }, ANA), {
    upload_id: wrong.upload_id,
    filename: 'lista.csv',
    removed_recipients: 3,
  });
  assert.deepEqual(await listOf(id), { published: ['1 573101234561 pending', '5 573101234563 pending'], hidden: 0 });
  const tallies = (await readTallies(db, [id])).get(id);
  assert.deepEqual(tallies?.byStatus, (await recount(db, id)).byStatus);
  assert.deepEqual(Object.fromEntries(tallies.markets), { CO: 2 });
  assert.deepEqual(
    (await listUploads(db, id)).map((entry) => [entry.upload_id, entry.status]),
    [
      [later.upload_id, 'published'],
      [before.upload_id, 'published'],
    ],
  );
  assert.deepEqual(await rejectedRows(db, { uploadId: wrong.upload_id, after: 0, limit: 10 }), []);
  assert.equal((await upload(id, 'celular\n3101234562\n')).valid_rows, 1);
  assert.equal((await listOf(id)).published.at(-1), '6 573101234562 pending');
});

test('a removal cut off in the middle keeps counters and rows equal, lets nobody in or out, and is finished by the round', async () => {
  const id = await newCampaign();
  const { upload_id: uploadId } = await upload(id, people(5_010));
  let told = 0;
  const dying = { db, marketOf: (digits: number) => (++told > 5_000 ? assert.fail('a kill') : deps.marketOf(digits)) };
  await assert.rejects(removeUpload(dying, { campaignId: id, uploadId }, ANA), /a kill/);
  await assert.rejects(removeUpload(dying, { campaignId: id, uploadId }, ANA), /a kill/);
  const { entries } = await listAudit(db, { campaignId: id, action: 'campaign.remove_upload', limit: 10 });
  assert.deepEqual(
    entries.map((entry) => entry.detail),
    [{ upload_id: uploadId, filename: 'lista.csv', people: 5_010 }],
  );
  const tallies = (await readTallies(db, [id])).get(id);
  assert.equal(tallies?.byStatus.pending, 10);
  assert.deepEqual(tallies.byStatus, (await recount(db, id)).byStatus);
  assert.equal((await listUploads(db, id))[0]?.status, 'removing');
  await assert.rejects(upload(id, people(1)), problem('upload_in_progress'));
  await db.query(`update campaigns set status = 'scheduled', scheduled_at = now() - interval '1 second' where id = $1`, [id]);
  await fireDue(campaignDeps(db), 60);
  const waiting = await findCampaign(db, id);
  assert.equal(waiting?.status, 'scheduled', 'a campaign is not fired while its list is changing');
  assert.match(english(keptText(waiting.waiting_for ?? '')), /taken off the list/);
  await finishRemovals(deps);
  assert.deepEqual(await listOf(id), { published: [], hidden: 0 });
  assert.deepEqual(await listUploads(db, id), []);
  assert.equal((await readTallies(db, [id])).get(id)?.byStatus.pending, 0);
  assert.ok((await dueCampaigns(db)).includes(id), 'its time has come');
  assert.equal((await upload(id, people(1))).valid_rows, 1);
});

test('two who remove the same file at once take each person off once', async () => {
  const id = await newCampaign();
  const { upload_id: uploadId } = await upload(id, people(6_000));
  const removals = [1, 2].map(() => removeUpload(deps, { campaignId: id, uploadId }, ANA));
  const ended = await Promise.allSettled(removals);
  assert.ok(
    ended.some(({ status }) => status === 'fulfilled'),
    'one of them is told that it is done',
  );
  assert.deepEqual(await listOf(id), { published: [], hidden: 0 });
  assert.deepEqual((await readTallies(db, [id])).get(id)?.byStatus, (await recount(db, id)).byStatus);
});

test('nothing is removed from a campaign that has begun, while a file is coming in, or from a stranger', async () => {
  const id = await newCampaign();
  const { upload_id: uploadId } = await upload(id, people(1));
  const other = await newCampaign();
  await assert.rejects(removeUpload(deps, { campaignId: other, uploadId }, ANA), problem('not_found'));
  await assert.rejects(removeUpload(deps, { campaignId: 2_000_000_000, uploadId }, ANA), problem('campaign_not_found'));
  const open = await openUpload(db, { campaignId: id, filename: null, createdBy: null });
  assert.ok(open !== undefined, 'another upload is open');
  await assert.rejects(removeUpload(deps, { campaignId: id, uploadId }, ANA), problem('upload_in_progress'));
  await assert.rejects(removeUpload(deps, { campaignId: id, uploadId: open.id }, ANA), problem('upload_in_progress'));
  await discardUpload(db, open);
  await assert.rejects(removeUpload(deps, { campaignId: id, uploadId: open.id }, ANA), problem('not_found'));
  await db.query(`update campaigns set status = 'running', template = '{}', started_at = now() where id = $1`, [id]);
  await assert.rejects(removeUpload(deps, { campaignId: id, uploadId }, ANA), problem('campaign_wrong_state'));
  assert.equal((await listOf(id)).published.length, 1);
});

test('a campaign whose list is being changed under a start is looked at again', async () => {
  const id = await newCampaign();
  const { upload_id: uploadId } = await upload(id, people(1));
  const seen = await db.query<{ updated_at: Date }>('select updated_at from campaigns where id = $1', [id]);
  await beginRemoval(db, { campaignId: id, uploadId }, ['draft']);
  const now = await db.query<{ updated_at: Date }>('select updated_at from campaigns where id = $1', [id]);
  assert.notEqual(now.rows[0]?.updated_at.getTime(), seen.rows[0]?.updated_at.getTime());
  await finishRemovals(deps);
});
