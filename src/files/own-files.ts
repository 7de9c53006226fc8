/**
 * The files this program writes come back: refused rows corrected, results as a new list. What it has put into them, columns and quotes
 * against formulas, is taken out again, so that a customer's columns and values are what they were.
 */
import { withoutGuards } from './formula-guard.ts';
import type { RowSource, SourceRow } from './rows.ts';

/** In front of the customer's columns in a file of refused rows. */
const REPORT = ['row', 'column', 'value', 'reason'] as const;

/** In front of the customer's columns in a file of results. */
export const RESULT_COLUMNS = [
  'phone',
  'status',
  'accepted_at',
  'sent_at',
  'delivered_at',
  'read_at',
  'failed_at',
  'error_code',
  'error',
  'reason',
  'attempt',
  'wamid',
] as const;

/** Names of our columns that none of the customer's has. */
export function reportColumns(columns: readonly string[]): string[] {
  for (let number = 1; ; number++) {
    const prefix = number === 1 ? 'report.' : `report${String(number)}.`;
    if (!columns.some((column) => column.startsWith(prefix))) return REPORT.map((name) => prefix + name);
  }
}

/** A customer's column that is called as one of ours gets another name in the results: each name stands there once. */
export function resultColumns(columns: readonly string[]): string[] {
  const taken = new Set<string>([...RESULT_COLUMNS, ...columns]);
  return columns.map((column) => {
    if (!(RESULT_COLUMNS as readonly string[]).includes(column)) return column;
    let name = `file.${column}`;
    for (let number = 2; taken.has(name); number++) name = `file${String(number)}.${column}`;
    taken.add(name);
    return name;
  });
}

/** How many columns of a report stand in front; undefined for a file that is not ours. */
function ownColumnsOf(heading: readonly string[]): number | undefined {
  const prefix = /^report\d{0,4}\.(?=row$)/.exec(heading[0] ?? '')?.[0];
  if (prefix !== undefined && REPORT.every((name, at) => heading[at] === prefix + name)) return REPORT.length;
  return RESULT_COLUMNS.every((name, at) => heading[at] === name) ? 0 : undefined;
}

export function asTheyWere(source: RowSource): RowSource {
  const skip = ownColumnsOf(source.sample[0]?.cells ?? []);
  if (skip === undefined) return source;
  const plain = (row: SourceRow): SourceRow => ({ ...row, cells: row.cells.slice(skip).map(withoutGuards) });
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    for await (const batch of source.rows) yield batch.map(plain);
  }
  return { ...source, sample: source.sample.map(plain), rows: rows() };
}
