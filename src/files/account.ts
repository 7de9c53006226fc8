import type { BlankRows, SourceRow } from './rows.ts';

/** Every row of a file, those that are nobody's included: rows_in_file = total + heading + before the heading + blank. */
export interface FileAccount {
  readonly rows_in_file: number;
  readonly heading_rows: number;
  readonly rows_before_heading: number;
  readonly blank_rows: number;
  /** Which rows were neither heading nor data: the first of them. */
  readonly left_out: readonly LeftOut[];
}

export interface LeftOut {
  readonly kind: 'before_heading' | 'blank';
  readonly row: number;
  readonly last_row: number;
  /** What stands there, shortened; null in a blank row. */
  readonly text: string | null;
}

const SHOWN_TEXT = 200;

export interface FileRows {
  readonly data: number;
  readonly heading: number | undefined;
  readonly before: readonly SourceRow[];
  readonly blanks: BlankRows;
}

export function accountOf({ data, heading, before, blanks }: FileRows): FileAccount {
  const headingRows = heading === undefined ? 0 : 1;
  return {
    rows_in_file: data + headingRows + before.length + blanks.count,
    heading_rows: headingRows,
    rows_before_heading: before.length,
    blank_rows: blanks.count,
    left_out: [
      ...before.map(
        ({ row, cells }): LeftOut => ({
          kind: 'before_heading',
          row,
          last_row: row,
          text: cells
            .filter((cell) => cell.trim() !== '')
            .join(' ')
            .slice(0, SHOWN_TEXT)
            .replaceAll('\u0000', '')
            .replace(/[\ud800-\udbff]$/, ''),
        }),
      ),
      ...blanks.runs.map(({ from, to }): LeftOut => ({ kind: 'blank', row: from, last_row: to, text: null })),
    ].sort((a, b) => a.row - b.row),
  };
}
