/**
 * Promises: a row that was mended counts at once as its publication will count it.
 * Order: in one transaction the draft is locked, the row leaves the counts as it was and enters them as it is.
 * A crash leaves all of it or nothing.
 */

import { type CheckedRow, MAY_INCLUDE, rowChecker } from '../files/check-row.ts';
import { Problem } from '../lib/problem.ts';
import { keptText, say, type Text } from '../lib/words/sentence.ts';
import { CauseCounter, type DraftReading } from './draft.ts';
import { deleteDraftPerson, deleteDraftRow, findDraftRow, findMend, lockDraft, putMend } from './draft-rows.sql.ts';
import { finishReading } from './drafts.sql.ts';
import { ListWriter } from './list-writer.ts';
import { type DraftDeps, draftStore, mustFindDraft, overtaken } from './read-draft.ts';
import { fileRequirements } from './requirements.ts';
import type { OpenUpload, UploadCounts } from './uploads.sql.ts';

export interface RowChange {
  readonly row: number;
  /** New values by column; the others stay. */
  readonly values?: Readonly<Record<string, string>> | undefined;
  /** Put on the list in spite of what is said against it. */
  readonly included?: boolean | undefined;
}

/** More than these are no mending by hand: the file itself should be corrected. */
const MAX_MENDS = 10_000;

/** @returns whether the row now puts somebody on the list. */
export async function mendRow(deps: DraftDeps, upload: OpenUpload, change: RowChange): Promise<boolean> {
  const draft = await mustFindDraft(deps.db, upload);
  if (draft.state !== 'ready' || draft.summary?.ok !== true) throw notReady();
  const { table } = draft.summary;
  const { forColumns, marketing } = await fileRequirements(deps, upload.campaignId);
  const country = draft.answers.default_country ?? deps.defaultCountry;
  const ignoreConsent = draft.answers.consent_columns === 'ignore';
  const checker = rowChecker(table, { ...forColumns(table.columns), ignoreConsent }, country);
  return deps.db.tx(async (sql) => {
    const locked = await lockDraft(sql, upload.id);
    if (locked?.reading !== draft.reading || !locked.summary.ok) throw overtaken();
    const mended = await findMend(sql, upload.id, change.row);
    const refused = await findDraftRow(sql, upload.id, change.row);
    const was = mended ?? refused;
    if (was === undefined) {
      throw new Problem('not_found', say('server.recipients.line-file-nothing', { row: change.row }));
    }
    if (mended === undefined && locked.mends >= MAX_MENDS) {
      throw new Problem('conflict', say('server.recipients.ten-thousand-rows'));
    }
    const included = (change.included ?? false) || (mended?.included ?? false);
    if (change.included === true && refused !== undefined && !MAY_INCLUDE.has(refused.code)) {
      throw new Problem('conflict', say('server.recipients.row-cannot-included', { error: keptText(refused.error) }), {
        reason: refused.code,
      });
    }
    const before = checker.check(was, mended?.included ?? false);
    const leaving = {
      ...upload,
      row: was.row,
      before,
      refused,
      person: before.ok ? before.phone.person : undefined,
    };
    await deleteDraftRow(sql, upload.id, was.row);
    if (leaving.person !== undefined && refused?.kind !== 'duplicate')
      await deleteDraftPerson(sql, upload.id, { person: leaving.person, row: was.row });
    const summary = withoutRow(locked.summary, leaving, deps.marketOf);
    const now = {
      row: was.row,
      record: was.record,
      cells: changedCells(was.cells, table.columns, change.values ?? {}),
      included,
    };
    await putMend(sql, upload.id, now);
    const causes = new CauseCounter(summary.causes);
    const onRejected = causes.add.bind(causes);
    const writer = new ListWriter(
      draftStore(sql, upload, {
        number: draft.reading,
        marketing,
        onRejected: (row) => {
          onRejected(row);
        },
      }),
      {
        marketOf: deps.marketOf,
        maxRecipients: 1,
        list: { publishedThrough: 0, total: 0 },
        bytesRead: () => 0,
      },
    );
    writer.add(checker.check(now, included));
    await writer.finish();
    const written: DraftReading = {
      ...summary,
      counts: sum(summary.counts, writer.counts, 1),
      causes: causes.list(),
      markets: added(summary.markets, writer.markets, 1),
      countries: added(summary.countries, writer.countries, 1),
    };
    await finishReading(sql, { uploadId: upload.id, number: draft.reading }, written);
    return writer.counts.valid_rows === 1;
  });
}

interface LeavingRow {
  readonly before: CheckedRow;
  /** As it stood among the refused rows; undefined when it was accepted. */
  readonly refused:
    | { kind: 'invalid' | 'duplicate' | 'suppressed'; row: number; code: string; column: string | null; error: Text }
    | undefined;
}

function withoutRow(summary: DraftReading, { before, refused }: LeavingRow, marketOf: DraftDeps['marketOf']): DraftReading {
  const one: UploadCounts = {
    total_rows: 1,
    valid_rows: refused === undefined ? 1 : 0,
    invalid_rows: refused?.kind === 'invalid' ? 1 : 0,
    duplicate_rows: refused?.kind === 'duplicate' ? 1 : 0,
    suppressed_rows: refused?.kind === 'suppressed' ? 1 : 0,
  };
  const causes = new CauseCounter(summary.causes);
  if (refused !== undefined) causes.add(refused, -1);
  const counted = refused === undefined && before.ok ? before.phone : undefined;
  const markets: [string, number][] = counted === undefined ? [] : [[marketOf(counted.digits), 1]];
  const countries: [string, number][] = counted?.country === undefined ? [] : [[counted.country, 1]];
  return {
    ...summary,
    counts: sum(summary.counts, one, -1),
    causes: causes.list(),
    markets: added(summary.markets, markets, -1),
    countries: added(summary.countries, countries, -1),
  };
}

function sum(counts: UploadCounts, more: UploadCounts, sign: 1 | -1): UploadCounts {
  return {
    total_rows: counts.total_rows + sign * more.total_rows,
    valid_rows: counts.valid_rows + sign * more.valid_rows,
    invalid_rows: counts.invalid_rows + sign * more.invalid_rows,
    duplicate_rows: counts.duplicate_rows + sign * more.duplicate_rows,
    suppressed_rows: counts.suppressed_rows + sign * more.suppressed_rows,
  };
}

function added(
  counts: Readonly<Record<string, number>>,
  more: Iterable<readonly [string, number]>,
  sign: 1 | -1,
): Record<string, number> {
  const all = new Map(Object.entries(counts));
  for (const [key, n] of more) all.set(key, (all.get(key) ?? 0) + sign * n);
  return Object.fromEntries([...all].filter(([, n]) => n > 0));
}

function changedCells(cells: readonly string[], columns: readonly string[], values: Readonly<Record<string, string>>): string[] {
  const changed = [...cells];
  for (const [column, value] of Object.entries(values)) {
    const at = columns.indexOf(column);
    if (at === -1) {
      throw new Problem('invalid_request', say('server.recipients.column-columns', { column, columns: columns.join(', ') }), {
        errors: [{ field: `values.${column}`, message: say('server.recipients.column-file') }],
      });
    }
    while (changed.length <= at) changed.push('');
    changed[at] = value;
  }
  return changed;
}

export function notReady(): Problem {
  return new Problem('conflict', say('server.recipients.file-been-read'));
}
