/** Reads the rows of a file into a list or a dry run, each exactly once: both do it by the same steps, so that both come to the same result. */
import { accountOf, type FileAccount } from '../files/account.ts';
import { type CheckedRow, type RowChecker, rowChecker } from '../files/check-row.ts';
import { findTable, type Table } from '../files/heading.ts';
import { openFile } from '../files/open.ts';
import type { RowSource, SourceRow } from '../files/rows.ts';
import { type Answers, delimiterOf } from './draft.ts';
import type { Mend } from './draft-rows.sql.ts';
import type { ListRequirements } from './requirements.ts';

export interface ReadingOptions {
  readonly answers?: Answers | undefined;
  readonly defaultCountry?: string | undefined;
  /** Asked once, with the columns of the file. */
  readonly requirements: (columns: readonly string[]) => ListRequirements;
}

export interface OpenList {
  readonly source: RowSource;
  readonly table: Table;
  readonly requirements: ListRequirements;
  readonly checker: RowChecker;
  /** Of the file itself, packed as it may be. */
  readonly bytesRead: () => number;
}

/** @throws Problem file_unusable when it is no list, or one the template cannot be filled from. */
export async function openList(bytes: AsyncIterable<Uint8Array | string>, options: ReadingOptions): Promise<OpenList> {
  const { answers = {} } = options;
  const defaultCountry = answers.default_country ?? options.defaultCountry;
  const chosen = {
    defaultCountry,
    phoneColumn: answers.phone_column,
    headingRow: answers.heading_row,
    countryColumn: answers.country_column,
    encoding: answers.encoding,
    delimiter: delimiterOf(answers.delimiter),
    sheet: answers.sheet,
  };
  let bytesRead = 0;
  async function* counted(): AsyncGenerator<Uint8Array | string> {
    for await (const piece of bytes) {
      bytesRead += piece.length;
      yield piece;
    }
  }
  const source = await openFile(counted(), chosen);
  try {
    const found = findTable(source.sample, chosen);
    const table = { ...found, notices: [...source.notices, ...found.notices] };
    const ignoreConsent = answers.consent_columns === 'ignore';
    const requirements = { ...options.requirements(table.columns), ignoreConsent };
    return { source, table, requirements, checker: rowChecker(table, requirements, defaultCountry), bytesRead: () => bytesRead };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Takes the rows of a file in its order. */
export interface RowSink {
  readonly counts: { readonly total_rows: number };
  readonly isFull: boolean;
  readonly isDue: boolean;
  add(row: CheckedRow): void;
  flush(): Promise<void>;
  finish(): Promise<void>;
  /** Nothing is being written any more. */
  settled(): Promise<void>;
}

export interface RowsInto {
  readonly writer: RowSink;
  /** Rows that a person has mended are read after all others, as they are now. */
  readonly mends?: readonly Mend[];
  /** Sees every row below the heading as it is in the file. */
  readonly onRow?: (row: SourceRow) => void;
}

/** @returns the account of all rows of the file. */
export async function readRows(
  { source, table, checker }: OpenList,
  { writer, mends = [], onRow }: RowsInto,
): Promise<FileAccount> {
  const before: SourceRow[] = [];
  const mended = new Set(mends.map((mend) => mend.row));
  try {
    for await (const batch of source.rows) {
      for (const row of batch) {
        if (row.row < table.firstRow) {
          if (row.row !== table.heading) before.push(row);
          continue;
        }
        onRow?.(row);
        if (mended.has(row.row)) continue;
        writer.add(checker.check(row));
        if (writer.isFull) await writer.flush();
      }
      if (writer.isDue) await writer.flush();
    }
    for (const { row, record, cells, included } of mends) {
      writer.add(checker.check({ row, record, cells }, included));
      if (writer.isFull) await writer.flush();
    }
    await writer.finish();
  } catch (error) {
    // What is being written must have ended before the upload is taken apart.
    await writer.settled();
    throw error;
  } finally {
    await source.close();
  }
  return accountOf({
    data: writer.counts.total_rows,
    heading: table.heading,
    before: [...source.preamble, ...before],
    blanks: source.blanks(),
  });
}
