import { type CheckedRow, type Rejection, rejection } from '../files/check-row.ts';
import { type Notice, type RowFaultCode, rowFault } from '../files/messages.ts';
import { Problem } from '../lib/problem.ts';
import { say, type Text } from '../lib/words/sentence.ts';
import { RefusalBudget } from './refusal-budget.ts';
import type { KnownPeople, ListedPerson, NewPerson, UploadCounts } from './uploads.sql.ts';

export interface RowError {
  readonly row: number;
  readonly excel_row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly error: Text;
  readonly code: string;
  readonly kind: Rejection['kind'];
}

/** Where the rows go: onto a campaign's list, or into a dry run. */
export interface ListStore {
  /** Which of these people are there already, and who does not want to be written to. */
  readonly known: (people: readonly number[]) => Promise<KnownPeople>;
  /** @returns false when the upload was given up in the meantime. */
  readonly write: (chunk: ListChunk) => Promise<boolean>;
}

export interface ListChunk {
  readonly people: readonly NewPerson[];
  readonly rejected: readonly Rejection[];
  /** Of these, the ones to be kept whole. */
  readonly kept: readonly Rejection[];
  /** Of all rows so far. */
  readonly counts: UploadCounts;
}

export interface WriterOptions {
  readonly maxRecipients: number;
  readonly marketOf: (digits: number) => string;
  /** How many people the campaign has, and where their ids end. */
  readonly list: { readonly publishedThrough: number; readonly total: number };
  readonly bytesRead: () => number;
}

type Listed = NewPerson & { readonly country: string | undefined };
type AcceptedRow = Extract<CheckedRow, { ok: true }>;

const CHUNK_ROWS = 2_000;
/** Long texts fill a chunk sooner, so that its size is bounded in bytes too. */
const CHUNK_CHARS = 4 * 1024 * 1024;
/** A slow line still shows that it lives (`progress_at`), long before the sweep takes it for dead. */
const CHUNK_MS = 20_000;
const SHOWN_ERRORS = 100;

/**
 * Writes checked rows in chunks. One chunk is being written while the next one fills, never more: memory stays flat, and the
 * file is read no faster than it is stored.
 */
export class ListWriter {
  readonly errors: RowError[] = [];
  readonly markets = new Map<string, number>();
  readonly countries = new Map<string, number>();
  counts: UploadCounts = { total_rows: 0, valid_rows: 0, invalid_rows: 0, duplicate_rows: 0, suppressed_rows: 0 };
  lastId: number;

  readonly #store: ListStore;
  readonly #options: WriterOptions;
  readonly #budget: RefusalBudget;
  #room: number;
  #rows: CheckedRow[] = [];
  #chars = 0;
  #since = performance.now();
  #writing: Promise<void> = Promise.resolve();

  constructor(store: ListStore, options: WriterOptions) {
    this.#store = store;
    this.#options = options;
    this.#budget = new RefusalBudget(options.bytesRead);
    this.#room = options.maxRecipients - options.list.total;
    this.lastId = options.list.publishedThrough;
  }

  add(row: CheckedRow): void {
    this.#rows.push(row);
    if (!row.ok) {
      for (const cell of row.rejection.cells) this.#chars += cell.length;
      return;
    }
    // Stored by name: short cells under long names are large rows.
    for (const [column, value] of Object.entries(row.data)) this.#chars += column.length + value.length;
  }

  notices(): Notice[] {
    return this.#budget.notices();
  }

  get isFull(): boolean {
    return this.#rows.length >= CHUNK_ROWS || this.#chars >= CHUNK_CHARS;
  }

  get isDue(): boolean {
    return performance.now() - this.#since >= CHUNK_MS;
  }

  /** Hands over the chunk; waits only for the one before it. */
  async flush(): Promise<void> {
    await this.#writing;
    const rows = this.#rows;
    this.#rows = [];
    this.#chars = 0;
    this.#since = performance.now();
    this.#writing = this.#write(rows);
    // Its failure is met at the next flush; until then it is not an unhandled one.
    this.#writing.catch(() => undefined);
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.#writing;
  }

  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async #write(rows: readonly CheckedRow[]): Promise<void> {
    const { people, rejected } = await this.#sort(rows);
    this.#room -= people.length;
    if (this.#room < 0) throw this.#tooMany();
    this.#count(rows.length, people, rejected);
    for (const person of people) if (!person.optedOut) this.#countPlace(person.phone, person.country);
    if (!(await this.#store.write({ people, rejected, kept: this.#budget.take(rejected), counts: this.counts })))
      throw discardedMeanwhile();
  }

  /** The first row of a person wins; whoever is on the list, or earlier in the file, is a duplicate. */
  async #sort(rows: readonly CheckedRow[]): Promise<{ people: Listed[]; rejected: Rejection[] }> {
    const accepted = rows.filter((row) => row.ok);
    const { listed, optedOut, erased } = await this.#known(accepted);
    const people: Listed[] = [];
    const rejected: Rejection[] = [];
    for (const row of rows) {
      if (!row.ok) {
        rejected.push(row.rejection);
        continue;
      }
      const { person, digits, country } = row.phone;
      if (erased.has(person)) {
        rejected.push(ofErased(row));
        const id = ++this.lastId;
        people.push({ id, person: -id, phone: 0, country: undefined, row: row.row, data: '{}', optedOut: true });
        continue;
      }
      const first = listed.get(person);
      if (first !== undefined) {
        rejected.push(duplicate(row, first));
        continue;
      }
      listed.set(person, { place: 'file', row: row.row });
      const out = optedOut.has(person) || row.refusedIn !== undefined;
      if (out) rejected.push(suppressed(row, optedOut.has(person)));
      people.push({
        id: ++this.lastId,
        person,
        phone: digits,
        country,
        row: row.row,
        data: JSON.stringify(row.data),
        optedOut: out,
      });
    }
    return { people, rejected };
  }

  async #known(rows: readonly AcceptedRow[]): Promise<KnownPeople> {
    if (rows.length === 0) return { listed: new Map(), optedOut: new Set(), erased: new Set() };
    return this.#store.known(rows.map((row) => row.phone.person));
  }

  #count(rows: number, people: readonly NewPerson[], rejected: readonly Rejection[]): void {
    const of = (kind: Rejection['kind']): number => rejected.filter((row) => row.kind === kind).length;
    const suppressed = of('suppressed');
    this.counts = {
      total_rows: this.counts.total_rows + rows,
      valid_rows: this.counts.valid_rows + people.length - suppressed,
      invalid_rows: this.counts.invalid_rows + of('invalid'),
      duplicate_rows: this.counts.duplicate_rows + of('duplicate'),
      suppressed_rows: this.counts.suppressed_rows + suppressed,
    };
    for (const { row, record, column, value, error, code, kind } of rejected.slice(0, SHOWN_ERRORS - this.errors.length)) {
      this.errors.push({ row, excel_row: record, column, value, error, code, kind });
    }
  }

  #countPlace(phone: number, country: string | undefined): void {
    const market = this.#options.marketOf(phone);
    this.markets.set(market, (this.markets.get(market) ?? 0) + 1);
    if (country !== undefined) this.countries.set(country, (this.countries.get(country) ?? 0) + 1);
  }

  #tooMany(): Problem {
    const { maxRecipients } = this.#options;
    return new Problem('too_many_recipients', say('server.recipients.campaign-may-file', { maxRecipients }), {
      max_recipients: maxRecipients,
    });
  }
}

export function discardedMeanwhile(): Problem {
  return new Problem('conflict', say('server.recipients.upload-stood-still'));
}

/** What the person told us is named before what the file says of them. */
function suppressed(row: AcceptedRow, optedOut: boolean): Rejection {
  if (optedOut || row.refusedIn === undefined) return refused(row, 'suppressed', 'opted_out', rowFault('opted_out'));
  const error = rowFault('refused_in_file', { column: row.refusedIn });
  const value = row.data[row.refusedIn] ?? '';
  return rejection(row, { kind: 'suppressed', column: row.refusedIn, value, code: 'refused_in_file', error });
}

/** Counted, and nothing else of it is kept: somebody asked to be forgotten. */
function ofErased({ row, record }: AcceptedRow): Rejection {
  const bare = { row, record, cells: [] };
  return {
    ...rejection(bare, { kind: 'suppressed', column: null, value: '', code: 'erased', error: rowFault('erased') }),
    value: null,
  };
}

/** Said with the row that came first: that is where to look. */
function duplicate(row: AcceptedRow, first: ListedPerson): Rejection {
  const code = first.place === 'file' ? 'duplicate_in_file' : 'duplicate_in_campaign';
  return refused(row, 'duplicate', code, rowFault(code, { row: String(first.row) }));
}

function refused(row: AcceptedRow, kind: 'duplicate' | 'suppressed', code: RowFaultCode, error: Text): Rejection {
  return rejection(row, { kind, column: null, value: row.phone.phone, code, error });
}
