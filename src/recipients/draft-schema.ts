/** A dry run as the API shows it, and the answers a person may give to how its file is read. */

import { z } from 'zod';
import { MAY_INCLUDE } from '../files/check-row.ts';
import { ENCODINGS } from '../files/encoding.ts';
import { iso, Time, Words } from '../lib/http/schemas.ts';
import { countryOf } from '../lib/phone/countries.ts';
import { Problem } from '../lib/problem.ts';
import { keptText, say } from '../lib/words/sentence.ts';
import { type Answers, DELIMITER_NAMES, type DraftReading, delimiterName, letterOf, NO_ROWS } from './draft.ts';
import type { DraftRow } from './draft-rows.sql.ts';
import type { Draft } from './drafts.sql.ts';
import { suggestionFor } from './suggest-value.ts';
import { ACCOUNT, COUNTS, NoticeSchema } from './upload-schema.ts';

const Country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .refine((code) => countryOf(code) !== undefined, 'server.recipients.no-country');

const ANSWERS = {
  encoding: z.enum(ENCODINGS).describe('How the bytes of a text file are read'),
  delimiter: z.enum(DELIMITER_NAMES).describe('What stands between its cells'),
  sheet: z.string().min(1).max(255).describe('Of a workbook: the sheet with the list'),
  heading_row: z.int().min(0).max(1_000_000).describe('Line of the heading; 0 = the file has none'),
  phone_column: z.string().min(1).max(200).describe('Column with the phone numbers'),
  country_column: z.string().max(200).describe('Column with the country of each number; empty = there is none'),
  consent_columns: z
    .enum(['obey', 'ignore'])
    .describe(
      'Columns that say who does not want messages ("Accepts SMS Marketing": no): obeyed, unless somebody decides otherwise',
    ),
  default_country: Country.describe('Country of numbers that do not say theirs, instead of DEFAULT_COUNTRY'),
};

/** Fields that may come with a file. */
export const ANSWER_FIELDS: readonly string[] = Object.keys(ANSWERS);

const FormAnswers = z.object({ ...ANSWERS, heading_row: z.coerce.number().int().min(0).max(1_000_000) }).partial();

export function answersOf(fields: Readonly<Record<string, string>>): Answers {
  const read = FormAnswers.safeParse(fields);
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  throw new Problem(
    'invalid_request',
    say('server.recipients.text', { field: errors[0]?.field ?? '', message: errors[0]?.message ?? 'is not valid.' }),
    { errors },
  );
}

/** What is not named stays as it was; null leaves it to the program again. */
export const AnswersPatch = z
  .strictObject({
    encoding: ANSWERS.encoding.nullable(),
    delimiter: ANSWERS.delimiter.nullable(),
    sheet: ANSWERS.sheet.nullable(),
    heading_row: ANSWERS.heading_row.nullable(),
    phone_column: ANSWERS.phone_column.nullable(),
    country_column: ANSWERS.country_column.nullable(),
    consent_columns: ANSWERS.consent_columns.nullable(),
    default_country: ANSWERS.default_country.nullable(),
  })
  .partial();

export function changedAnswers(before: Answers, patch: z.output<typeof AnswersPatch>): Answers {
  return Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null && value !== undefined));
}

const Kind = z.enum(['invalid', 'duplicate', 'suppressed']);

export const DraftSchema = z
  .object({
    upload_id: z.int(),
    campaign_id: z.int(),
    status: z
      .enum(['receiving', 'reading', 'ready', 'unreadable', 'interrupted', 'publishing'])
      .describe(
        '`unreadable`: `problem` says what a person has to choose. `interrupted`: whoever read it is gone; read it again with PATCH',
      ),
    filename: z.string().nullable(),
    bytes: z.int(),
    rows_read: z.int().describe('So far, while it is being read'),
    kept_until: Time.describe('Then the file and all of this go'),
    created_by: z.string().nullable(),
    created_at: Time,
    answers: z.object(ANSWERS).partial().describe('What was chosen; the rest was found'),
    problem: z.object({ code: z.string(), detail: Words, columns: z.array(z.string()) }).nullable(),
    format: z.enum(['csv', 'xlsx', 'ods']).nullable(),
    encoding: z.enum(ENCODINGS).nullable(),
    delimiter: z.enum(DELIMITER_NAMES).nullable(),
    sheets: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
    sheet: z.string().nullable(),
    heading_row: z.int().nullable().describe('0 = the file has none; null until it has been read'),
    phone_column: z.string().nullable(),
    country_column: z.string().nullable(),
    default_country: z.string().nullable(),
    columns: z.array(
      z.object({
        letter: z.string().describe('As a spreadsheet names the column'),
        name: z.string(),
        samples: z.array(z.string()).describe('The first different values'),
        empty: z.int().describe('Rows without a value'),
        used_for: z.array(z.string()).describe('`phone`, `other_phone`, `country`, or the key of a variable of the template'),
      }),
    ),
    ...COUNTS,
    ...ACCOUNT,
    counts_by_cause: z.array(
      z.object({
        kind: Kind,
        code: z.string(),
        column: z.string().nullable(),
        letter: z.string().nullable(),
        rows: z.int(),
        first_row: z.int(),
        text: Words,
        may_include: z.boolean(),
      }),
    ),
    notices: z.array(NoticeSchema),
    market_counts: z.record(z.string(), z.int()).describe('People who would be written to, by market of the rate card'),
    country_counts: z.record(z.string(), z.int()),
    recent_same_template: z
      .object({ people: z.int(), campaign_id: z.int(), at: Time.describe('When the first of them got it') })
      .nullable()
      .describe('People of this file who have got the same template from another campaign within a week'),
    mended_rows: z.int(),
  })
  .meta({ id: 'UploadDraft' });

const NO_ACCOUNT = { rows_in_file: 0, heading_rows: 0, rows_before_heading: 0, blank_rows: 0, left_out: [] };

export function presentDraft(draft: Draft, defaultCountry: string | undefined): z.output<typeof DraftSchema> {
  const { summary, answers } = draft;
  const reading = summary?.ok === true ? summary : undefined;
  return {
    upload_id: draft.upload_id,
    campaign_id: draft.campaign_id,
    status: statusOf(draft),
    filename: draft.filename,
    bytes: draft.bytes,
    rows_read: draft.rows_read,
    kept_until: iso(draft.kept_until),
    created_by: draft.created_by,
    created_at: iso(draft.created_at),
    answers,
    problem: summary?.ok === false ? { code: summary.code, detail: summary.detail, columns: [...summary.columns] } : null,
    ...formatOf(reading),
    default_country: answers.default_country ?? defaultCountry ?? null,
    columns: (reading?.columns ?? []).map((column) => ({
      ...column,
      samples: [...column.samples],
      used_for: [...column.used_for],
    })),
    ...(reading?.counts ?? NO_ROWS),
    ...(reading === undefined ? NO_ACCOUNT : { ...reading.account, left_out: [...reading.account.left_out] }),
    counts_by_cause: (reading?.causes ?? []).map((cause) => ({
      ...cause,
      letter: letterIn(reading, cause.column),
      may_include: MAY_INCLUDE.has(cause.code),
    })),
    notices: (reading?.notices ?? []).map((notice) => ({ ...notice })),
    market_counts: { ...reading?.markets },
    country_counts: { ...reading?.countries },
    recent_same_template: reading?.recent ?? null,
    mended_rows: draft.mends,
  };
}

function statusOf(draft: Draft): z.output<typeof DraftSchema>['status'] {
  if (draft.status === 'open') return 'publishing';
  return draft.state === 'reading' && draft.stalled ? 'interrupted' : draft.state;
}

function formatOf(reading: DraftReading | undefined) {
  if (reading === undefined) {
    return {
      format: null,
      encoding: null,
      delimiter: null,
      sheets: [],
      sheet: null,
      heading_row: null,
      phone_column: null,
      country_column: null,
    };
  }
  const { format, table } = reading;
  return {
    format: format.kind,
    encoding: format.encoding,
    delimiter: delimiterName(format.delimiter),
    sheets: format.sheets.map((sheet) => ({ ...sheet })),
    sheet: format.sheet,
    heading_row: table.heading ?? 0,
    phone_column: table.columns[table.phone] ?? null,
    country_column: table.country === undefined ? null : (table.columns[table.country] ?? null),
  };
}

function letterIn(reading: DraftReading | undefined, column: string | null): string | null {
  const at = column === null ? -1 : (reading?.table.columns.indexOf(column) ?? -1);
  return at === -1 ? null : letterOf(at);
}

export const DraftRowSchema = z
  .object({
    row: z.int().describe('Line of the file: the name of the row in addresses'),
    excel_row: z.int().describe('The row as a spreadsheet counts it'),
    kind: Kind,
    column: z.string().nullable(),
    letter: z.string().nullable(),
    value: z.string().nullable(),
    code: z.string(),
    text: Words.describe('Why it is not accepted, and what to do'),
    suggestion: z.string().nullable().describe('A value for the column that would be accepted'),
    may_include: z.boolean().describe('POST …/include accepts the row in spite of it'),
    cells: z.record(z.string(), z.string()).describe('The row by column'),
  })
  .meta({ id: 'UploadDraftRow' });

export function presentRow(
  row: DraftRow,
  reading: DraftReading,
  defaultCountry: string | undefined,
): z.output<typeof DraftRowSchema> {
  const { columns } = reading.table;
  return {
    row: row.row,
    excel_row: row.record,
    kind: row.kind,
    column: row.column,
    letter: letterIn(reading, row.column),
    value: row.value,
    code: row.code,
    text: keptText(row.error),
    suggestion: suggestionFor(row, defaultCountry) ?? null,
    may_include: MAY_INCLUDE.has(row.code),
    cells: Object.fromEntries(
      row.cells.slice(0, columns.length).flatMap((cell, at) => (cell === '' ? [] : [[columns[at] ?? '', cell]])),
    ),
  };
}

export const MendedSchema = z
  .object({
    accepted: z.boolean().describe('The row now puts somebody on the list'),
    row: DraftRowSchema.nullable().describe('What is still to be said against it'),
    upload: DraftSchema,
  })
  .meta({ id: 'MendedRow' });
