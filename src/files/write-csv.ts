import { guardFormulas } from './formula-guard.ts';

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
  const safe = guardFormulas(cell);
  return /[",;\t|\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
