/** Opens a workbook, finds the sheet with the list and gives its rows as they are read. */

import { createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../lib/problem.ts';
import { openTempFile } from '../lib/temp-file.ts';
import { say } from '../lib/words/sentence.ts';
import { findTable, type TableOptions } from './heading.ts';
import { type Notice, notice } from './messages.ts';
import { openOds } from './read-ods.ts';
import { openXlsx } from './read-xlsx.ts';
import type { RowSource, Sheet, SheetReader, SourceRow, Workbook } from './rows.ts';
import { unusable, Zip } from './zip.ts';

export interface WorkbookOptions extends TableOptions {
  /** As a person has chosen it, by name; otherwise the sheet that looks most like a list is taken. */
  readonly sheet?: string | undefined;
}

const SAMPLE_ROWS = 200;
/** A list is on one of the first sheets. */
const LOOKED_AT = 10;

/** A zip can only be read from its end: the file is put on disk first, without a name, and is gone when its rows have been read. */
export async function openWorkbook(bytes: AsyncIterable<Uint8Array | string>, options: WorkbookOptions): Promise<RowSource> {
  const file = await openTempFile();
  try {
    await pipeline(Readable.from(bytes), createWriteStream('', { fd: file.fd, autoClose: false, start: 0 }));
    return await read(file, options);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function read(file: FileHandle, options: WorkbookOptions): Promise<RowSource> {
  const book = await bookIn(await Zip.open(file.fd));
  const { sheet, reader, sample, batches } = await chooseSheet(book, options);
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    yield* batches;
    yield* reader.rows;
  }
  const several = options.sheet === undefined && book.sheets.filter((one) => !one.hidden).length > 1;
  const notices: readonly Notice[] = several ? [notice('sheet_chosen', { column: sheet.name })] : [];
  return {
    sample,
    rows: rows(),
    blanks: reader.blanks,
    preamble: [],
    close: async () => {
      await reader.rows.return(undefined);
      await file.close();
    },
    notices,
    format: () => ({
      kind: book.kind,
      encoding: null,
      delimiter: null,
      sheets: book.sheets.map(({ name, hidden }) => ({ name, hidden })),
      sheet: sheet.name,
    }),
  };
}

async function bookIn(zip: Zip): Promise<Workbook> {
  if (zip.has('[Content_Types].xml') && zip.names().some((name) => name.startsWith('xl/'))) return openXlsx(zip);
  if (zip.has('content.xml') && (await zip.small('mimetype', 1024))?.includes('spreadsheet') === true) return openOds(zip);
  if (zip.names().some((name) => name.startsWith('word/'))) throw unusable(say('server.files.text-document-word'));
  throw unusable(say('server.files.zip-archive-unpack'));
}

interface OpenSheet {
  readonly sheet: Sheet;
  readonly reader: SheetReader;
  readonly sample: readonly SourceRow[];
  /** Read for the sample, and rows all the same. */
  readonly batches: readonly SourceRow[][];
}

async function chooseSheet(book: Workbook, options: WorkbookOptions): Promise<OpenSheet> {
  if (options.sheet !== undefined) {
    const chosen = book.sheets.find((sheet) => sheet.name === options.sheet);
    if (chosen !== undefined) return openSheet(book, chosen);
    const names = book.sheets.map((sheet) => sheet.name);
    throw new Problem(
      'file_unusable',
      say('server.files.sheet-sheets', { sheet: options.sheet, names: names.slice(0, 50).join(', ') }),
      { sheets: names },
    );
  }
  let best: { readonly open: OpenSheet; readonly score: number } | undefined;
  for (const sheet of book.sheets.filter((one) => !one.hidden).slice(0, LOOKED_AT)) {
    const open = await openSheet(book, sheet);
    const score = scoreOf(open.sample, options);
    const [kept, left] = best === undefined || score > best.score ? [{ open, score }, best?.open] : [best, open];
    best = kept;
    await left?.reader.rows.return(undefined);
  }
  if (best !== undefined) return best.open;
  throw unusable(say('server.files.workbook-sheet-hidden'));
}

async function openSheet(book: Workbook, sheet: Sheet): Promise<OpenSheet> {
  const reader = await book.open(sheet);
  const batches: SourceRow[][] = [];
  let size = 0;
  while (size < SAMPLE_ROWS) {
    const next = await reader.rows.next();
    if (next.done === true) break;
    batches.push(next.value);
    size += next.value.length;
  }
  return { sheet, reader, batches, sample: batches.flat().slice(0, SAMPLE_ROWS) };
}

/** How much it looks like a list; a sheet without rows least of all. */
function scoreOf(sample: readonly SourceRow[], options: TableOptions): number {
  if (sample.length === 0) return -1;
  try {
    return findTable(sample, options).score;
  } catch (error) {
    if (error instanceof Problem) return 0;
    throw error;
  }
}
