import { say } from '../lib/words/sentence.ts';
import { MAX_COLUMNS } from './heading.ts';
import { BlankCounter, isBlank, type SourceRow } from './rows.ts';
import { unusable } from './zip.ts';

/** What Excel itself allows. */
const MAX_ROWS = 1_048_576;
/** Of a cell; one more than Excel takes, so that a longer one is seen. */
const MAX_TEXT = 32_768;
/** Formats that may say "the same row again" say so for a few, or for empty ones. */
const MAX_REPEATED_ROWS = 10_000;

/** Gathers the cells of a sheet into rows, with the numbers a spreadsheet shows. Blank rows at the end are no rows. */
export class SheetRows {
  readonly blanks = new BlankCounter();
  #rows: SourceRow[] = [];
  /** The last row with content. */
  #last = 0;
  /** The last row of all. */
  #row = 0;
  #cells: string[] = [];
  #unknown = false;

  /** @param row as the file numbers it; rows without a number follow the one before. */
  begin(row?: number): void {
    this.#row = row !== undefined && row > this.#row ? row : this.#row + 1;
    if (this.#row > MAX_ROWS) throw unusable(say('server.files.sheet-workbook-more'));
    this.#cells = [];
    this.#unknown = false;
  }

  /** What stands far to the right of any list is kept as one cell too many. */
  put(column: number, text: string): void {
    if (text === '') return;
    const at = Math.min(column, MAX_COLUMNS);
    while (this.#cells.length < at) this.#cells.push('');
    this.#cells[at] = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  }

  /** A formula whose result was not saved. */
  putUnknown(column: number, formula: string): void {
    this.#unknown = true;
    this.put(column, `=${formula}`);
  }

  end(repeat = 1): void {
    const cells = this.#cells;
    const first = this.#row;
    if (isBlank(cells)) {
      this.#row = first + repeat - 1;
      return;
    }
    if (repeat > MAX_REPEATED_ROWS) {
      throw unusable(say('server.files.row-workbook-repeated', { first, repeat }));
    }
    for (let blank = this.#last + 1; blank < first; blank++) this.blanks.add(blank);
    for (let row = first; row < first + repeat; row++)
      this.#rows.push(this.#unknown ? { row, cells, fault: 'row_formula' } : { row, cells });
    this.#last = first + repeat - 1;
    this.#row = this.#last;
  }

  take(): SourceRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}
