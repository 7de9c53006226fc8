import type { Encoding } from './encoding.ts';
import type { Notice } from './messages.ts';

/**
 * What every kind of file is turned into before anyone asks what its cells mean. A source of another format (a workbook, say)
 * only has to yield these.
 */
export interface SourceRow {
  /** The physical line (of a workbook: the row) where the record begins; the first is 1. */
  readonly row: number;
  readonly cells: readonly string[];
  /** The row as a spreadsheet counts it, where line breaks within cells make that another number. */
  readonly record?: number;
  /** The row could not be read as it stands; its cells are then a help for the eye. */
  readonly fault?: 'row_quotes' | 'row_too_long' | 'row_formula';
}

export interface RowSource {
  /** The first rows, enough to find the header. They come again as the beginning of `rows`. */
  readonly sample: readonly SourceRow[];
  /** In batches, as they arrive: one await for hundreds of rows. Rows without any content are left out. */
  readonly rows: AsyncIterable<readonly SourceRow[]>;
  /** Rows without any content so far; complete when `rows` has ended. */
  readonly blanks: () => BlankRows;
  /** What stands in front of the list and is none of it ("sep=;"). */
  readonly preamble: readonly SourceRow[];
  readonly format: () => FileFormat;
  /** What was decided about the file before its rows were looked at. */
  readonly notices: readonly Notice[];
  /** Lets go of what it holds open, whether its rows were read or not. */
  readonly close: () => Promise<void>;
}

/** What kind of file it was taken for. */
export interface FileFormat {
  readonly kind: 'csv' | 'xlsx' | 'ods';
  /** Of a text file; complete when its rows have been read. */
  readonly encoding: Encoding | null;
  readonly delimiter: string | null;
  /** Of a workbook. */
  readonly sheets: readonly Sheet[];
  /** The one that was read. */
  readonly sheet: string | null;
}

export interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
}

export interface Workbook {
  readonly kind: 'xlsx' | 'ods';
  readonly sheets: readonly Sheet[];
  readonly open: (sheet: Sheet) => Promise<SheetReader>;
}

export interface SheetReader {
  readonly rows: AsyncGenerator<SourceRow[]>;
  readonly blanks: () => BlankRows;
}

export interface BlankRows {
  readonly count: number;
  /** The first of them, as runs of lines. */
  readonly runs: readonly { readonly from: number; readonly to: number }[];
}

const KEPT_RUNS = 100;

/** Counts rows without content and remembers where the first ones are. */
export class BlankCounter implements BlankRows {
  count = 0;
  readonly runs: { from: number; to: number }[] = [];

  add(row: number): void {
    this.count++;
    const last = this.runs.at(-1);
    if (last !== undefined && last.to === row - 1) last.to = row;
    else if (this.runs.length < KEPT_RUNS) this.runs.push({ from: row, to: row });
  }
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}
