/** What a dry run of a file understood and counted, and how a person may correct it. Kept as JSON with the upload until it is published. */

import type { FileAccount } from '../files/account.ts';
import type { Rejection } from '../files/check-row.ts';
import type { Encoding } from '../files/encoding.ts';
import type { Table } from '../files/heading.ts';
import type { Notice } from '../files/messages.ts';
import { DELIMITERS } from '../files/open-csv.ts';
import type { FileFormat } from '../files/rows.ts';
import { type Sentence, say, type Text } from '../lib/words/sentence.ts';
import type { UploadCounts } from './uploads.sql.ts';

export const DELIMITER_NAMES = ['comma', 'semicolon', 'tab', 'pipe'] as const;
export type DelimiterName = (typeof DELIMITER_NAMES)[number];

/** How a person wants a file read; what is left out is found. */
export interface Answers {
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: DelimiterName | undefined;
  /** Of a workbook, by its name. */
  readonly sheet?: string | undefined;
  /** The line of the heading; 0 = the file has none. */
  readonly heading_row?: number | undefined;
  readonly phone_column?: string | undefined;
  /** '' = no column says the country. */
  readonly country_column?: string | undefined;
  /** What a column counts for in which the file says who does not want messages; obeyed where nothing is said. */
  readonly consent_columns?: 'obey' | 'ignore' | undefined;
  /** Of numbers that do not say theirs, instead of the setting. */
  readonly default_country?: string | undefined;
}

/** With any of these changed, the rows and columns of the file are other ones: what was mended in them no longer fits. */
const DECIDES_ROWS = ['encoding', 'delimiter', 'sheet', 'heading_row'] as const;

export function readsOtherRows(before: Answers, after: Answers): boolean {
  return DECIDES_ROWS.some((name) => before[name] !== after[name]);
}

export interface DraftColumn {
  /** As a spreadsheet names it. */
  readonly letter: string;
  readonly name: string;
  /** The first different values. */
  readonly samples: readonly string[];
  /** Rows without a value here. */
  readonly empty: number;
  /** `phone`, `other_phone`, `country`, or the key of a variable of the template. */
  readonly used_for: readonly string[];
}

/** Rows that are not accepted for the same reason. */
export interface Cause {
  readonly kind: Rejection['kind'];
  readonly code: string;
  readonly column: string | null;
  readonly rows: number;
  /** Line of the first one. */
  readonly first_row: number;
  readonly text: Text;
}

export interface RecentSend {
  readonly people: number;
  readonly campaign_id: number;
  readonly at: string;
}

/** The result of a reading that came to its end. */
export interface DraftReading {
  readonly ok: true;
  readonly format: FileFormat;
  readonly table: Table;
  readonly columns: readonly DraftColumn[];
  readonly counts: UploadCounts;
  readonly account: FileAccount;
  readonly causes: readonly Cause[];
  readonly markets: Readonly<Record<string, number>>;
  readonly countries: Readonly<Record<string, number>>;
  readonly notices: readonly Notice[];
  readonly recent: RecentSend | null;
  /** The check its rows have passed (check-values.ts): with another template or mapping it has to be read again. */
  readonly fingerprint: string | null;
}

/** The file, read so, is no list: a person has to say more. */
export interface DraftRefusal {
  readonly ok: false;
  readonly code: string;
  readonly detail: Text;
  /** The columns found, as far as there are any to choose from. */
  readonly columns: readonly string[];
}

export type DraftSummary = DraftReading | DraftRefusal;

export const NO_ROWS: UploadCounts = { total_rows: 0, valid_rows: 0, invalid_rows: 0, duplicate_rows: 0, suppressed_rows: 0 };

export function delimiterOf(name: DelimiterName | undefined): string | undefined {
  return name === undefined ? undefined : DELIMITERS[DELIMITER_NAMES.indexOf(name)];
}

/** Null for one that only a file itself can name ("sep=#"). */
export function delimiterName(delimiter: string | null): DelimiterName | null {
  return DELIMITER_NAMES[(DELIMITERS as readonly (string | null)[]).indexOf(delimiter)] ?? null;
}

export function letterOf(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest === 0 ? '' : letterOf(rest - 1)) + String.fromCharCode(65 + (column % 26));
}

/** Texts that name another row are about their own row only. */
const OF_ALL_ROWS: Readonly<Record<string, Sentence>> = {
  duplicate_in_file: say('server.recipients.all-duplicate-in-file'),
  duplicate_in_campaign: say('server.recipients.all-duplicate-in-campaign'),
};

/** Counts refused rows by their cause. */
export class CauseCounter {
  readonly #causes = new Map<string, { -readonly [K in keyof Cause]: Cause[K] }>();

  constructor(causes: readonly Cause[] = []) {
    for (const cause of causes) this.#causes.set(keyOf(cause), { ...cause });
  }

  add(row: Pick<Rejection, 'kind' | 'code' | 'column' | 'row' | 'error'>, by: 1 | -1 = 1): void {
    const key = keyOf(row);
    const cause = this.#causes.get(key);
    if (cause === undefined) {
      const { kind, code, column, row: line, error } = row;
      this.#causes.set(key, { kind, code, column, rows: by, first_row: line, text: OF_ALL_ROWS[code] ?? error });
      return;
    }
    cause.rows += by;
    if (cause.rows === 0) this.#causes.delete(key);
  }

  /** The most frequent first. */
  list(): Cause[] {
    return [...this.#causes.values()].sort((a, b) => b.rows - a.rows || a.first_row - b.first_row);
  }
}

function keyOf({ kind, code, column }: Pick<Cause, 'kind' | 'code' | 'column'>): string {
  return JSON.stringify([kind, code, column]);
}

const SAMPLES = 5;
const SAMPLE_CHARS = 100;

/** What the columns hold, gathered on the way. */
export class ColumnStats {
  readonly #filled: number[];
  readonly #samples: Set<string>[];
  #rows = 0;

  constructor(width: number) {
    this.#filled = Array.from({ length: width }, () => 0);
    this.#samples = Array.from({ length: width }, () => new Set<string>());
  }

  add(cells: readonly string[]): void {
    this.#rows++;
    const width = Math.min(cells.length, this.#filled.length);
    for (let column = 0; column < width; column++) {
      const cell = cells[column] ?? '';
      if (cell === '' || cell.trim() === '') continue;
      this.#filled[column] = (this.#filled[column] ?? 0) + 1;
      const samples = this.#samples[column];
      if (samples !== undefined && samples.size < SAMPLES) samples.add(shortened(cell));
    }
  }

  list(table: Table, variables: Readonly<Record<string, readonly string[]>>): DraftColumn[] {
    return table.columns.map((name, column) => ({
      letter: letterOf(column),
      name,
      samples: [...(this.#samples[column] ?? [])],
      empty: this.#rows - (this.#filled[column] ?? 0),
      used_for: [
        ...(column === table.phone ? ['phone'] : []),
        ...(table.otherPhones.includes(column) ? ['other_phone'] : []),
        ...(column === table.country ? ['country'] : []),
        ...(variables[name] ?? []),
      ],
    }));
  }
}

function shortened(cell: string): string {
  const text = cell
    .slice(0, 4 * SAMPLE_CHARS)
    .replaceAll('\u0000', '')
    .trim();
  return Array.from(text.replace(/[\ud800-\udbff]$/, ''))
    .slice(0, SAMPLE_CHARS)
    .join('');
}
