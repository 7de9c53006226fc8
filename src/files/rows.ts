/**
 * What every kind of file is turned into before anyone asks what its cells mean. A source of another format (a workbook, say)
 * only has to yield these.
 */
export interface SourceRow {
  /** The physical line (of a workbook: the row) where the record begins; the first is 1. */
  readonly row: number;
  readonly cells: readonly string[];
  /** The row could not be read as it stands; its cells are then a help for the eye. */
  readonly fault?: 'row_quotes' | 'row_too_long';
}

export interface RowSource {
  /** The first rows, enough to find the header. They come again as the beginning of `rows`. */
  readonly sample: readonly SourceRow[];
  /** In batches, as they arrive: one await for hundreds of rows. Rows without any content are left out. */
  readonly rows: AsyncIterable<readonly SourceRow[]>;
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}
