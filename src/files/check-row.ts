import { type Phone, parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { normaliseCell } from './cell.ts';
import type { Table } from './heading.ts';
import { type Notice, type NoticeCode, notice, ROW_FAULTS, type RowFaultCode } from './messages.ts';
import type { SourceRow } from './rows.ts';

/** A row of the file by column name, as the template will be filled from it. */
export type RowData = Readonly<Record<string, string>>;

/** What the campaign's template asks of a file, known once its columns are. */
export interface Requirements {
  readonly required: readonly string[];
  /** Rules of the template for one row; the first fault refuses it. */
  readonly check?: (row: RowData) => readonly RowFault[];
}

export interface RowFault {
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

export type CheckedRow =
  | { readonly ok: true; readonly row: number; readonly phone: Phone; readonly data: RowData; readonly cells: readonly string[] }
  | { readonly ok: false; readonly rejection: Rejection };

export interface Rejection {
  readonly row: number;
  readonly kind: 'invalid' | 'duplicate' | 'suppressed';
  readonly column: string | null;
  readonly value: string | null;
  readonly code: string;
  readonly error: string;
  /** As they were in the file: what a person corrects. */
  readonly cells: readonly string[];
}

const SHOWN_VALUE = 200;

export interface RowChecker {
  check(row: SourceRow): CheckedRow;
  /** What was changed or noticed so far, counted. */
  notices(): Notice[];
}

/** @throws Problem file_unusable when a column the template needs is not there at all. */
export function rowChecker(table: Table, requirements: Requirements, defaultCountry: string | undefined): RowChecker {
  const { columns, phone } = table;
  const missing = requirements.required.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new Problem(
      'file_unusable',
      `The template needs the column ${missing.join(', ')}, which is not in the file. The columns found are: ${columns.join(', ')}. Rename the column, or map the variable to another one.`,
      { missing, columns },
    );
  }
  const phoneColumn = columns[phone] ?? '';
  const counts = new Map<string, { code: NoticeCode; column: string; count: number; firstRow: number }>();
  const count = (code: NoticeCode, column: string, row: number): void => {
    const key = `${code} ${column}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { code, column, count: 1, firstRow: row });
    else entry.count++;
  };

  const dataOf = (row: SourceRow): Record<string, string> => {
    const data: Record<string, string> = {};
    for (const [index, column] of columns.entries()) {
      const { value, changed } = normaliseCell(row.cells[index] ?? '');
      // A phone is tidied as a phone: nothing of it ever stands in a message as it was typed.
      if (changed && index !== phone) count('values_normalised', column, row.row);
      if (value.includes('\ufffd')) count('damaged_characters', column, row.row);
      data[column] = value;
    }
    return data;
  };

  return {
    check(row) {
      if (row.fault !== undefined) return invalid(row, { column: null, value: row.cells.join(' '), code: row.fault });
      const extra = row.cells.slice(columns.length).find((cell) => cell.trim() !== '');
      if (extra !== undefined) return invalid(row, { column: null, value: extra, code: 'row_too_many_cells' });
      const phoneText = row.cells[phone] ?? '';
      const parsed = parsePhone(phoneText, defaultCountry);
      if (!parsed.ok) return invalid(row, { column: phoneColumn, value: phoneText, code: parsed.code, error: parsed.message });
      const data = dataOf(row);
      const empty = requirements.required.find((column) => data[column] === '');
      if (empty !== undefined) return invalid(row, { column: empty, value: '', code: 'value_missing' });
      const fault = requirements.check?.(data)[0];
      if (fault !== undefined) {
        return invalid(row, { column: fault.column, value: data[fault.column] ?? '', code: fault.code, error: fault.message });
      }
      return { ok: true, row: row.row, phone: parsed, data, cells: row.cells };
    },
    notices: () => [...table.notices, ...[...counts.values()].map((entry) => notice(entry.code, entry))],
  };
}

function invalid(
  row: SourceRow,
  fault: { column: string | null; value: string } & ({ code: RowFaultCode } | { code: string; error: string }),
): CheckedRow {
  const error = 'error' in fault ? fault.error : ROW_FAULTS[fault.code].en;
  return {
    ok: false,
    rejection: rejection(row, { kind: 'invalid', column: fault.column, value: fault.value, code: fault.code, error }),
  };
}

export function rejection(
  row: { readonly row: number; readonly cells: readonly string[] },
  fault: { kind: Rejection['kind']; column: string | null; value: string; code: string; error: string },
): Rejection {
  return {
    row: row.row,
    kind: fault.kind,
    column: fault.column,
    value: Array.from(storable(fault.value).slice(0, 2 * SHOWN_VALUE))
      .slice(0, SHOWN_VALUE)
      .join(''),
    code: fault.code,
    error: fault.error,
    cells: row.cells.map((cell) => storable(cell)),
  };
}

/** PostgreSQL keeps no NUL in text. */
function storable(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
}
