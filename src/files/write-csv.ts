/** A spreadsheet takes a cell that begins so for a formula and runs it: a quote in front makes it text (OWASP, CSV injection). */
const FORMULA = /^[\s\u0000]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]/;

/** Written first, so that Excel reads the file as UTF-8. */
export const CSV_BOM = '\ufeff';

/** Between the cells: Excel splits at the one that the region of its machine uses for lists, and at no other. */
export const CSV_SEPARATORS = { comma: ',', semicolon: ';' } as const;

export type CsvSeparator = keyof typeof CSV_SEPARATORS;

/** One line of a CSV file that is safe to open in a spreadsheet. */
export function csvLine(cells: readonly (string | number | null | undefined)[], separator: CsvSeparator = 'comma'): string {
  return `${cells.map(csvCell).join(CSV_SEPARATORS[separator])}\r\n`;
}

function csvCell(cell: string | number | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",;\t|\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
