import { reportColumns } from '../files/own-files.ts';
import { CSV_BOM, type CsvSeparator, csvLine } from '../files/write-csv.ts';
import type { Sql } from '../lib/db/db.ts';
import { translate } from '../lib/words/sentence.ts';
import type { Language } from '../lib/words/words.ts';
import { findUpload, listUploads, rejectedRows, type Upload } from './uploads.sql.ts';

const PAGE = 1_000;

export interface CsvWriting {
  readonly separator: CsvSeparator;
  /** Of the reasons; the columns are called the same in every language, so that the file can come back. */
  readonly language: Language;
}

/**
 * The rows that made nobody a recipient, with their number in a spreadsheet and the reason, then the cells as they were: corrected, the
 * file can be uploaded as it is. For a campaign those of all its uploads, the columns of all of them side by side. One page in memory at a time.
 */
export async function* rejectedRowsCsv(
  sql: Sql,
  of: { readonly uploadId: number } | { readonly campaignId: number },
  { separator, language }: CsvWriting = { separator: 'comma', language: 'en' },
): AsyncGenerator<string> {
  const uploads = await uploadsOf(sql, of);
  const columns = [...new Set(uploads.flatMap((upload) => upload.columns))];
  yield CSV_BOM + csvLine([...reportColumns(columns), ...columns], separator);
  for (const upload of uploads) yield* rowsOf(sql, upload, { columns, separator, language });
}

async function uploadsOf(sql: Sql, of: { readonly uploadId: number } | { readonly campaignId: number }): Promise<Upload[]> {
  if ('campaignId' in of)
    return (await listUploads(sql, of.campaignId)).filter((upload) => upload.status === 'published').reverse();
  const upload = await findUpload(sql, of.uploadId);
  return upload?.status === 'published' ? [upload] : [];
}

async function* rowsOf(
  sql: Sql,
  upload: Upload,
  { columns, separator, language }: CsvWriting & { readonly columns: readonly string[] },
): AsyncGenerator<string> {
  const places = upload.columns.map((column) => columns.indexOf(column));
  let after = 0;
  for (;;) {
    const rows = await rejectedRows(sql, { uploadId: upload.upload_id, after, limit: PAGE });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows
      .map(({ row, record, column, value, error, cells }) => {
        const placed: (string | undefined)[] = columns.map(() => '');
        // What is beyond the header stands after the last column, as it did in the file.
        for (const [index, cell] of cells.entries()) placed[places[index] ?? columns.length + index - places.length] = cell;
        return csvLine([record ?? row, column, value, translate(error, language), ...placed], separator);
      })
      .join('');
    after = last.row;
  }
}
