/**
 * Promises: whoever a suppression list names is not written to any more, and earlier proofs stay as they are.
 * Order: the file is read as a list of recipients is, in chunks, each in a transaction of its own: what was read holds, also when the rest
 * never comes. A crash leaves part of the list; the same file again adds the rest and nothing twice.
 */

import type { Readable } from 'node:stream';
import { recordAudit } from '../audit/record-audit.ts';
import { type KnownOptOut, knownOptOuts, type Suppression, suppress } from '../consent/opt-outs.sql.ts';
import type { FileAccount } from '../files/account.ts';
import { type CheckedRow, rejection } from '../files/check-row.ts';
import { consentColumnsOf } from '../files/consent-column.ts';
import { type Notice, rowFault } from '../files/messages.ts';
import type { Db } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { type Answers, type Cause, CauseCounter } from './draft.ts';
import type { RowError } from './list-writer.ts';
import { type OptOutRow, proofOf } from './opt-out-row.ts';
import { openList, type RowSink, readRows } from './read-rows.ts';
import type { UploadCounts } from './uploads.sql.ts';

export interface OptOutImportDeps {
  readonly db: Db;
  readonly defaultCountry: string | undefined;
}

export interface OptOutImport {
  readonly filename: string | null;
  readonly scope: 'all' | 'marketing';
  readonly note: string | undefined;
}

export interface OptOutReport extends UploadCounts {
  readonly filename: string | null;
  readonly errors: readonly RowError[];
  readonly causes: readonly Cause[];
  readonly notices: readonly Notice[];
  readonly phone_column: string | null;
}

const CHUNK = 2_000;
/** Refused rows that are named; all are counted by their cause. */
const SHOWN_ERRORS = 1_000;

export async function importOptOuts(
  deps: OptOutImportDeps,
  input: OptOutImport & { readonly stream: Readable; readonly answers: Answers },
  actor: Actor,
): Promise<OptOutReport & FileAccount> {
  const { stream, answers } = input;
  stream.on('error', () => undefined);
  const open = await openList(stream, {
    answers,
    defaultCountry: deps.defaultCountry,
    requirements: () => ({ required: [] }),
  });
  const { table } = open;
  const writer = new OptOutWriter(deps.db, { ...input, actor, columns: table.columns, asksConsent: asksConsent(table, answers) });
  const account = await readRows(open, { writer });
  if (writer.counts.total_rows === 0) throw new Problem('file_unusable', say('server.recipients.file-header-rows'));
  await audit(deps.db, actor, writer.counts);
  return {
    filename: input.filename,
    ...writer.counts,
    ...account,
    errors: writer.errors,
    causes: writer.causes.list(),
    notices: open.checker.notices(),
    phone_column: table.columns[table.phone] ?? null,
  };
}

/** Rows that came as JSON: the same without a file. */
export async function addOptOuts(
  deps: OptOutImportDeps,
  input: OptOutImport & { readonly rows: Iterable<CheckedRow> },
  actor: Actor,
): Promise<OptOutReport> {
  const writer = new OptOutWriter(deps.db, { ...input, actor, columns: [], asksConsent: false });
  for (const row of input.rows) {
    writer.add(row);
    if (writer.isFull) await writer.flush();
  }
  await writer.finish();
  await audit(deps.db, actor, writer.counts);
  const { counts, errors, causes } = writer;
  return { filename: null, ...counts, errors, causes: causes.list(), notices: [], phone_column: null };
}

async function audit(db: Db, actor: Actor, counts: UploadCounts): Promise<void> {
  await recordAudit(db, actor, { action: 'optout.import', detail: { ...counts } });
}

/** A file of everybody, with a column that says who does not want messages, is no list of opt-outs as a whole. */
function asksConsent(table: { readonly columns: readonly string[] }, answers: Answers): boolean {
  return answers.consent_columns !== 'ignore' && consentColumnsOf(table.columns).length > 0;
}

interface WriterOptions extends OptOutImport {
  readonly actor: Actor;
  readonly columns: readonly string[];
  readonly asksConsent: boolean;
}

class OptOutWriter implements RowSink {
  counts: UploadCounts = { total_rows: 0, valid_rows: 0, invalid_rows: 0, duplicate_rows: 0, suppressed_rows: 0 };
  readonly errors: RowError[] = [];
  readonly causes = new CauseCounter();
  readonly isDue = false;
  readonly #db: Db;
  readonly #options: WriterOptions;
  #rows: CheckedRow[] = [];

  constructor(db: Db, options: WriterOptions) {
    this.#db = db;
    this.#options = options;
  }

  add(row: CheckedRow): void {
    this.#rows.push(row);
  }

  get isFull(): boolean {
    return this.#rows.length >= CHUNK;
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return;
    const accepted = rows.filter((row) => row.ok);
    const { entries, refused } = await this.#db.tx(async (sql) => {
      const known = await knownOptOuts(
        sql,
        accepted.map((row) => row.phone.person),
      );
      const sorted = this.#sort(rows, known);
      await suppress(sql, sorted.entries);
      return sorted;
    });
    this.#count(rows.length, entries.length, refused);
  }

  finish(): Promise<void> {
    return this.flush();
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  #sort(rows: readonly CheckedRow[], known: Map<number, KnownOptOut[]>): { entries: Suppression[]; refused: Refused[] } {
    const now = new Date();
    const { actor, columns, asksConsent, filename, note } = this.#options;
    const entries: Suppression[] = [];
    const refused: Refused[] = [];
    for (const row of rows) {
      if (!row.ok) {
        refused.push(row.rejection);
        continue;
      }
      if (asksConsent && row.refusedIn === undefined) {
        refused.push(notTaken(row, 'not_refused'));
        continue;
      }
      const proof = proofOf(row, { now, scope: this.#options.scope, columns });
      const { person, digits } = row.phone;
      const holds = known.get(person) ?? [];
      if (holds.some((one) => one.lifted_at === null && (one.scope === 'all' || one.scope === proof.scope))) {
        refused.push(notTaken(row, 'opted_out_already'));
        continue;
      }
      if (holds.some((one) => one.scope === proof.scope && one.lifted_at !== null && one.lifted_at >= proof.since)) {
        refused.push(notTaken(row, 'opt_out_lifted_since'));
        continue;
      }
      known.set(person, [...holds, { person, scope: proof.scope, lifted_at: null }]);
      const detail = {
        by: actor.name,
        ...(filename === null ? {} : { file: filename, line: row.row }),
        ...(note === undefined ? {} : { note }),
        ...proof.detail,
      };
      entries.push({
        person,
        phone: digits,
        scope: proof.scope,
        source: 'import',
        actor: actor.name,
        detail,
        since: proof.since,
      });
    }
    return { entries, refused };
  }

  #count(total: number, added: number, refused: readonly Refused[]): void {
    const of = (kind: Refused['kind']): number => refused.filter((row) => row.kind === kind).length;
    this.counts = {
      total_rows: this.counts.total_rows + total,
      valid_rows: this.counts.valid_rows + added,
      invalid_rows: this.counts.invalid_rows + of('invalid'),
      duplicate_rows: this.counts.duplicate_rows + of('duplicate'),
      suppressed_rows: this.counts.suppressed_rows + of('suppressed'),
    };
    for (const row of refused) {
      this.causes.add(row);
      if (this.errors.length >= SHOWN_ERRORS) continue;
      const { column, value, error, code, kind } = row;
      this.errors.push({ row: row.row, excel_row: row.record, column, value, error, code, kind });
    }
  }
}

type Refused = ReturnType<typeof rejection>;

const KINDS = { opted_out_already: 'duplicate', opt_out_lifted_since: 'suppressed', not_refused: 'suppressed' } as const;

function notTaken(row: OptOutRow, code: keyof typeof KINDS): Refused {
  return rejection(row, { kind: KINDS[code], column: null, value: row.phone.phone, code, error: rowFault(code) });
}
