import { countryOf } from '../lib/phone/countries.ts';
import { type Phone, parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say, type Text, together } from '../lib/words/sentence.ts';
import { doubtOf, normaliseCell } from './cell.ts';
import { saysNoPhone } from './column-names.ts';
import { type ConsentColumn, consentColumnsOf, refuses } from './consent-column.ts';
import type { Table } from './heading.ts';
import { type Notice, type NoticeCode, notice, type RowFaultCode, rowFault } from './messages.ts';
import type { SourceRow } from './rows.ts';

/** A row of the file by column name, as the template will be filled from it. */
export type RowData = Readonly<Record<string, string>>;

/** What the campaign's template asks of a file, known once its columns are. */
export interface Requirements {
  readonly required: readonly string[];
  /** A person has decided that consent columns of the file count for nothing. */
  readonly ignoreConsent?: boolean;
  /** Rules of the template for one row; any fault refuses it. */
  readonly check?: (row: RowData) => readonly RowFault[];
  /** What refuses nobody and is told all the same. */
  readonly doubts?: (row: RowData) => readonly { readonly column: string; readonly code: NoticeCode }[];
}

export interface RowFault {
  readonly column: string;
  readonly code: string;
  readonly message: Text;
}

export type CheckedRow =
  | {
      readonly ok: true;
      readonly row: number;
      readonly record: number | undefined;
      readonly phone: Phone;
      readonly data: RowData;
      readonly cells: readonly string[];
      /** The column in which the file itself says that this person does not want to be written to. */
      readonly refusedIn?: string;
    }
  | { readonly ok: false; readonly rejection: Rejection };

export interface Rejection {
  /** Physical line of the file where the record begins. */
  readonly row: number;
  /** The row as a spreadsheet counts it. */
  readonly record: number;
  readonly kind: 'invalid' | 'duplicate' | 'suppressed';
  readonly column: string | null;
  readonly value: string | null;
  readonly code: string;
  readonly error: Text;
  /** As they were in the file: what a person corrects. */
  readonly cells: readonly string[];
}

const SHOWN_VALUE = 200;
/** What Excel takes in one cell. Looked at before any pattern is tried on a cell. */
const MAX_CELL = 32_767;

/** Reasons that a person may pass over, knowing the row better than we do. */
export const MAY_INCLUDE: ReadonlySet<string> = new Set<RowFaultCode>(['row_too_many_cells', 'country_unknown']);

export interface RowChecker {
  /** @param included a person wants the row although something that may be passed over speaks against it (`MAY_INCLUDE`). */
  check(row: SourceRow, included?: boolean): CheckedRow;
  /** What was changed or noticed so far, counted. */
  notices(): Notice[];
}

/** @throws Problem file_unusable when a column the template needs is not there at all. */
export function rowChecker(table: Table, requirements: Requirements, defaultCountry: string | undefined): RowChecker {
  const missing = requirements.required.filter((name) => !table.columns.includes(name));
  if (missing.length > 0) {
    const { columns } = table;
    throw new Problem(
      'file_unusable',
      say('server.files.template-needs-column', { missing: missing.join(', '), columns: columns.join(', ') }),
      { missing, columns },
    );
  }
  return new TableChecker(table, requirements, defaultCountry);
}

interface PhoneCell {
  readonly column: number;
  readonly text: string;
  readonly read: Phone | { readonly ok: false; readonly code: string; readonly message: Text };
}

class TableChecker implements RowChecker {
  readonly #table: Table;
  readonly #requirements: Requirements;
  readonly #defaultCountry: string | undefined;
  readonly #counts = new Map<string, { code: NoticeCode; column: string; count: number; firstRow: number }>();
  /** Country cells repeat: each spelling is read once. */
  readonly #countries = new Map<string, string | undefined>();
  readonly #consent: readonly ConsentColumn[];

  constructor(table: Table, requirements: Requirements, defaultCountry: string | undefined) {
    this.#table = table;
    this.#requirements = requirements;
    this.#defaultCountry = defaultCountry;
    this.#consent = consentColumnsOf(table.columns);
  }

  check(row: SourceRow, included = false): CheckedRow {
    const { columns } = this.#table;
    if (row.fault !== undefined) return invalid(row, [faultOf(row.fault, null, row.cells.join(' '))]);
    const extra = included ? undefined : row.cells.slice(columns.length).find((cell) => cell.trim() !== '');
    if (extra !== undefined) return invalid(row, [faultOf('row_too_many_cells', null, extra)]);
    const long = row.cells.findIndex((cell) => cell.length > MAX_CELL);
    if (long !== -1) return invalid(row, [faultOf('cell_too_long', columns[long] ?? null, row.cells[long] ?? '')]);
    const phone = this.#phoneOf(row, included);
    const data = this.#dataOf(row);
    const faults: Fault[] = [];
    if (!phone.read.ok) {
      faults.push({
        column: columns[phone.column] ?? '',
        value: phone.text,
        code: phone.read.code,
        error: phone.read.message,
      });
    }
    for (const column of this.#requirements.required) {
      if ((data[column] ?? '') === '') faults.push(faultOf('value_missing', column, ''));
    }
    for (const { column, code, message } of this.#requirements.check?.(data) ?? []) {
      if (!faults.some((known) => known.column === column))
        faults.push({ column, value: data[column] ?? '', code, error: message });
    }
    if (faults.length > 0 || !phone.read.ok) return invalid(row, faults);
    this.#noticePhone(row, phone.column, phone.read);
    for (const { column, code } of this.#requirements.doubts?.(data) ?? []) this.#count(code, columns.indexOf(column), row.row);
    const refusedIn = this.#refusedIn(row);
    return {
      ok: true,
      row: row.row,
      record: row.record,
      phone: phone.read,
      data,
      cells: row.cells,
      ...(refusedIn === undefined ? {} : { refusedIn }),
    };
  }

  #refusedIn(row: SourceRow): string | undefined {
    const column = this.#consent.find((one) => refuses(one, row.cells[one.index]));
    if (column === undefined) return undefined;
    const ignored = this.#requirements.ignoreConsent === true;
    this.#count(ignored ? 'consent_column_ignored' : 'consent_column_obeyed', column.index, row.row);
    return ignored ? undefined : column.name;
  }

  notices(): Notice[] {
    const counted = [...this.#counts.values()].map((entry) => notice(entry.code, entry));
    return [...this.#table.notices, ...this.#consentSeen(), ...counted];
  }

  /** A consent column in which nobody says no is told too: somebody should know that it was read. */
  #consentSeen(): Notice[] {
    const silent = this.#consent.filter(
      ({ name }) => ![...this.#counts.values()].some(({ code, column }) => column === name && CONSENT_TOLD.has(code)),
    );
    return silent.map(({ name }) => notice('consent_column_found', { column: name }));
  }

  #count(code: NoticeCode, column: number, row: number): void {
    const key = `${code} ${String(column)}`;
    const entry = this.#counts.get(key);
    if (entry !== undefined) entry.count++;
    else this.#counts.set(key, { code, column: this.#table.columns[column] ?? '', count: 1, firstRow: row });
  }

  /** The number from the phone column, or from the next one that has any; with the country its own row gives it. */
  #phoneOf(row: SourceRow, included: boolean): PhoneCell {
    const { phone, otherPhones, country, shape } = this.#table;
    let column = phone;
    if (isWithoutPhone(row.cells[phone])) column = otherPhones.find((other) => !isWithoutPhone(row.cells[other])) ?? phone;
    const text = row.cells[column] ?? '';
    if (country === undefined) return { column, text, read: parsePhone(text, this.#defaultCountry, shape) };
    const cell = row.cells[country]?.trim() ?? '';
    const own = cell === '' ? undefined : this.#countryOf(cell);
    const read = parsePhone(text, own ?? this.#defaultCountry, shape);
    if (own !== undefined || !read.ok || included || isInternational(text)) return { column, text, read };
    if (cell === '') {
      this.#count('country_missing', country, row.row);
      return { column, text, read };
    }
    // The file says another country than the one that would be assumed, only nobody knows which: not a guess.
    return { column: country, text: cell, read: { ok: false, code: 'country_unknown', message: rowFault('country_unknown') } };
  }

  #countryOf(cell: string): string | undefined {
    if (this.#countries.has(cell)) return this.#countries.get(cell);
    const country = countryOf(cell);
    if (this.#countries.size < 1_000) this.#countries.set(cell, country);
    return country;
  }

  #noticePhone(row: SourceRow, column: number, { kind, isOld }: Phone): void {
    if (column !== this.#table.phone) this.#count('phone_from_other_column', column, row.row);
    if (kind !== undefined) this.#count(PHONE_KINDS[kind], column, row.row);
    if (isOld === true) this.#count('phone_old_numbering', column, row.row);
  }

  /** Empty cells are left out: a wide list of short rows would be mostly names of columns. */
  #dataOf(row: SourceRow): Record<string, string> {
    const { columns, phone, otherPhones } = this.#table;
    const data: Record<string, string> = {};
    for (const [index, column] of columns.entries()) {
      const cell = row.cells[index];
      if (cell === undefined || cell === '') continue;
      const { value, changed, unseen } = normaliseCell(cell);
      // A phone is tidied as a phone: nothing of it ever stands in a message as it was typed.
      const isPhone = index === phone || otherPhones.includes(index);
      if (changed && !isPhone) this.#count('values_normalised', index, row.row);
      if (unseen && !isPhone) this.#count('invisible_removed', index, row.row);
      if (value.includes('\ufffd')) this.#count('damaged_characters', index, row.row);
      if (value === '') continue;
      const doubt = isPhone ? undefined : doubtOf(value);
      if (doubt !== undefined) this.#count(doubt, index, row.row);
      data[column] = value;
    }
    return data;
  }
}

const CONSENT_TOLD: ReadonlySet<NoticeCode> = new Set(['consent_column_obeyed', 'consent_column_ignored']);

const PHONE_KINDS = { landline: 'phone_landline', toll_free: 'phone_toll_free', premium: 'phone_premium' } as const;

function isWithoutPhone(cell: string | undefined): boolean {
  return cell === undefined || cell.trim() === '' || saysNoPhone(cell);
}

function isInternational(text: string): boolean {
  return /^\D{0,20}(?:\+|00)/.test(text);
}

interface Fault {
  readonly column: string | null;
  readonly value: string;
  readonly code: string;
  readonly error: Text;
}

function faultOf(code: RowFaultCode, column: string | null, value: string): Fault {
  return { column, value, code, error: rowFault(code) };
}

/** All that is wrong with a row, the first fault in front: who corrects it does so once. */
function invalid(row: SourceRow, faults: readonly Fault[]): CheckedRow {
  const [first] = faults;
  const others = faults
    .slice(1, MAX_FAULTS)
    .map(({ column, error }) => (column === null ? error : say('server.rows.in-column', { column, error })));
  const { column, value, code, error } = first ?? faultOf('row_quotes', null, '');
  return {
    ok: false,
    rejection: rejection(row, {
      kind: 'invalid',
      column,
      value,
      code,
      error: others.length === 0 ? error : together(error, ...others),
    }),
  };
}

const MAX_FAULTS = 8;

export function rejection(
  row: { readonly row: number; readonly record?: number | undefined; readonly cells: readonly string[] },
  fault: { kind: Rejection['kind']; column: string | null; value: string; code: string; error: Text },
): Rejection {
  return {
    row: row.row,
    record: row.record ?? row.row,
    kind: fault.kind,
    column: fault.column,
    value: Array.from(storable(fault.value.slice(0, 2 * SHOWN_VALUE)))
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
