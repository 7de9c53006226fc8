/** Files of a campaign as the API shows them. */
import { z } from 'zod';
import { Time, Words } from '../lib/http/schemas.ts';

export const COUNTS = {
  total_rows: z.int(),
  valid_rows: z.int(),
  invalid_rows: z.int(),
  duplicate_rows: z.int(),
  suppressed_rows: z.int(),
};
export const NoticeSchema = z.looseObject({ code: z.string(), message: Words });

export const ACCOUNT = {
  rows_in_file: z.int().describe('total_rows + heading_rows + rows_before_heading + blank_rows'),
  heading_rows: z.int(),
  rows_before_heading: z.int(),
  blank_rows: z.int(),
  left_out: z
    .array(
      z.object({
        kind: z.enum(['before_heading', 'blank']),
        row: z.int(),
        last_row: z.int(),
        text: z.string().nullable(),
      }),
    )
    .describe('The first rows that are neither heading nor data'),
};

export const RowErrorSchema = z.object({
  row: z.int().describe('Line of the file, the header counted'),
  excel_row: z.int().describe('The row as a spreadsheet counts it: another one where cells have line breaks'),
  column: z.string().nullable(),
  value: z.string().nullable(),
  error: Words,
  code: z.string(),
  kind: z.enum(['invalid', 'duplicate', 'suppressed']),
});

export const ReportSchema = z
  .object({
    upload_id: z.int(),
    filename: z.string().nullable(),
    ...COUNTS,
    ...ACCOUNT,
    errors: z.array(RowErrorSchema).describe('The first hundred; all of them: GET …/uploads/{upload_id}/rejected.csv'),
    notices: z.array(NoticeSchema),
    columns: z.array(z.string()),
    phone_column: z.string(),
  })
  .meta({ id: 'UploadReport' });

export const UploadSchema = z
  .object({
    upload_id: z.int(),
    status: z.enum(['draft', 'open', 'published', 'discarded', 'removing']),
    filename: z.string().nullable(),
    columns: z.array(z.string()),
    phone_column: z.string().nullable(),
    ...COUNTS,
    notices: z.array(NoticeSchema),
    reading: z
      .object({ ...ACCOUNT, countries: z.record(z.string(), z.int()).describe('People to be written to, by country') })
      .nullable()
      .describe('The account of all rows of the file; null for old uploads'),
    created_by: z.string().nullable(),
    created_at: Time,
    published_at: Time.nullable(),
  })
  .meta({ id: 'Upload' });
