/** `campaigns upload --dry-run` and what follows it: look at how a file was read, read it again, mend rows, publish. */

import { z } from 'zod';
import type { InWords } from '../lib/words/sentence.ts';
import { pathOf } from './campaigns.ts';
import { connect } from './client.ts';
import type { RemoteOptions } from './target.ts';
import { type ReadingOptions, ReportShape, readingFields, sendFile, tellReport } from './upload.ts';
import { count, many, print, printJson, table } from './words.ts';

export const DraftShape = z.object({
  upload_id: z.int(),
  status: z.string(),
  filename: z.string().nullable(),
  problem: z.object({ detail: z.string() }).nullable(),
  format: z.string().nullable(),
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  sheet: z.string().nullable(),
  heading_row: z.int().nullable(),
  phone_column: z.string().nullable(),
  default_country: z.string().nullable(),
  columns: z.array(
    z.object({
      letter: z.string(),
      name: z.string(),
      samples: z.array(z.string()),
      empty: z.int(),
      used_for: z.array(z.string()),
    }),
  ),
  total_rows: z.int(),
  valid_rows: z.int(),
  counts_by_cause: z.array(
    z.object({
      kind: z.string(),
      code: z.string(),
      column: z.string().nullable(),
      rows: z.int(),
      first_row: z.int(),
      text: z.string(),
    }),
  ),
  notices: z.array(z.looseObject({ message: z.string() })),
  recent_same_template: z.object({ people: z.int(), campaign_id: z.int() }).nullable(),
  mended_rows: z.int(),
});

type Draft = InWords<z.output<typeof DraftShape>>;

const RowsShape = z.object({
  data: z.array(
    z.object({
      row: z.int(),
      excel_row: z.int(),
      column: z.string().nullable(),
      value: z.string().nullable(),
      text: z.string(),
      suggestion: z.string().nullable(),
      may_include: z.boolean(),
    }),
  ),
  total: z.int().nullable(),
  next_cursor: z.string().nullable(),
});

const MendedShape = z.object({
  accepted: z.boolean(),
  row: z.looseObject({ text: z.string() }).nullable(),
  upload: DraftShape,
});

const SHOWN_ROWS = 50;

export async function dryRun(id: number, path: string, options: ReadingOptions): Promise<undefined> {
  const { data, raw } = await sendFile({ to: `${pathOf(id)}/uploads`, path }, options, DraftShape);
  if (options.json === true) printJson(raw);
  else tell(id, data);
}

export async function showDraft(id: number, uploadId: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: pathOfDraft(id, uploadId) }, DraftShape);
  if (options.json === true) printJson(raw);
  else tell(id, data);
}

export async function rereadDraft(id: number, uploadId: number, options: ReadingOptions): Promise<undefined> {
  const client = await connect(options);
  const fields = readingFields(options);
  const { heading_row: heading, ...rest } = fields;
  const body = heading === undefined ? rest : { ...rest, heading_row: Number(heading) };
  const { data, raw } = await client.ask({ method: 'PATCH', path: pathOfDraft(id, uploadId), body }, DraftShape);
  if (options.json === true) printJson(raw);
  else tell(id, data);
}

export interface RowsOptions extends RemoteOptions {
  readonly cause?: string;
}

export async function draftRows(id: number, uploadId: number, options: RowsOptions): Promise<undefined> {
  const client = await connect(options);
  const query = { limit: SHOWN_ROWS, cause: options.cause };
  const { data, raw } = await client.ask({ path: `${pathOfDraft(id, uploadId)}/rows`, query }, RowsShape);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  if (data.data.length === 0) print('Every row is accepted.');
  for (const { row, column, value, text, suggestion, may_include: mayInclude } of data.data) {
    const where = column === null ? '' : `, ${column}`;
    print(`line ${count(row)}${where}${value === null || value === '' ? '' : ` "${value}"`}: ${text}`);
    if (suggestion !== null) print(`  would be accepted: ${suggestion}`);
    if (mayInclude) print('  may be included as it is');
  }
  const left = (data.total ?? 0) - data.data.length;
  if (left > 0) print(`… and ${many(left, 'row')} more`);
}

export async function mendRow(
  id: number,
  place: { readonly uploadId: number; readonly row: number },
  values: Readonly<Record<string, string>>,
  options: RemoteOptions,
): Promise<undefined> {
  const path = `${pathOfDraft(id, place.uploadId)}/rows/${String(place.row)}`;
  const include = Object.keys(values).length === 0;
  const client = await connect(options);
  const { data, raw } = await client.ask(
    include ? { method: 'POST', path: `${path}/include` } : { method: 'PUT', path, body: { values } },
    MendedShape,
  );
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(data.accepted ? 'The row is accepted now.' : `The row is still not accepted: ${data.row?.text ?? ''}`);
  print(`${many(data.upload.valid_rows, 'person', 'people')} would be on the list.`);
}

export async function publishDraft(id: number, uploadId: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ method: 'POST', path: `${pathOfDraft(id, uploadId)}/publish` }, ReportShape);
  if (options.json === true) printJson(raw);
  else tellReport(id, data);
}

function pathOfDraft(id: number, uploadId: number): string {
  return `${pathOf(id)}/uploads/${String(uploadId)}`;
}

function tell(id: number, draft: Draft): void {
  const ids = `${String(id)} ${String(draft.upload_id)}`;
  if (draft.status !== 'ready') {
    print(draft.problem?.detail ?? `The file is ${draft.status}.`);
    print(`Say how it is to be read: whatsapp-sender campaigns reread ${ids} --phone-column …`);
    return;
  }
  const form = [draft.format, draft.encoding, draft.delimiter, draft.sheet === null ? null : `sheet "${draft.sheet}"`];
  print(`${draft.filename ?? 'The file'} was read as ${form.filter((part) => part !== null).join(', ')};`);
  const heading = draft.heading_row === 0 ? 'without a heading' : `heading in line ${String(draft.heading_row)}`;
  print(
    `  ${heading}, phones in "${draft.phone_column ?? ''}"${draft.default_country === null ? '' : `, country ${draft.default_country}`}`,
  );
  print('');
  const columns = draft.columns.map(({ letter, name, used_for, empty, samples }) => [
    letter,
    name,
    used_for.join(', '),
    count(empty),
    samples[0] ?? '',
  ]);
  print(table(['', 'COLUMN', 'USED FOR', 'EMPTY', 'EXAMPLE'], columns));
  print('');
  print(`${many(draft.valid_rows, 'person', 'people')} of ${many(draft.total_rows, 'row')} would be on the list; nobody is yet.`);
  for (const { rows, text, first_row: first } of draft.counts_by_cause)
    print(`  ${count(rows)}: ${text} (first: line ${count(first)})`);
  for (const notice of draft.notices) print(`Note: ${notice.message}`);
  const { recent_same_template: recent } = draft;
  if (recent !== null)
    print(
      `Note: ${many(recent.people, 'person', 'people')} of them got this template within a week (campaign ${String(recent.campaign_id)}).`,
    );
  print('');
  print(`Rows that are not accepted: whatsapp-sender campaigns rows ${ids}`);
  print(`Read it otherwise:          whatsapp-sender campaigns reread ${ids} --encoding … --heading-row …`);
  print(`Put them on the list:       whatsapp-sender campaigns publish ${ids}`);
}
