import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';
import type { DraftSummary } from './draft.ts';

/** A row of a draft that puts nobody on the list, as it stands now. */
export interface DraftRow {
  readonly row: number;
  readonly record: number;
  readonly kind: 'invalid' | 'duplicate' | 'suppressed';
  readonly column: string | null;
  readonly value: string | null;
  readonly code: string;
  readonly error: string;
  readonly cells: readonly string[];
}

/** What a person made of a row. */
export interface Mend {
  readonly row: number;
  readonly record: number;
  readonly cells: readonly string[];
  /** Put on the list although there is something to be said against it. */
  readonly included: boolean;
}

export interface DraftRowFilter {
  readonly kind?: DraftRow['kind'] | undefined;
  readonly code?: string | undefined;
  readonly column?: string | undefined;
  readonly after: number;
  readonly limit: number;
}

const SHOWN = 'row, record, kind, "column", value, code, error, data as cells';

export async function listDraftRows(sql: Sql, uploadId: number, filter: DraftRowFilter): Promise<DraftRow[]> {
  const { rows } = await sql.query<DraftRow>(
    `select ${SHOWN} from draft_rows
     where upload_id = $1 and row > $2 and ($3::text is null or kind = $3) and ($4::text is null or code = $4)
       and ($5::text is null or "column" = $5)
     order by row limit $6`,
    [uploadId, filter.after, filter.kind ?? null, filter.code ?? null, filter.column ?? null, filter.limit],
  );
  return rows;
}

export async function findDraftRow(sql: Sql, uploadId: number, row: number): Promise<DraftRow | undefined> {
  const { rows } = await sql.query<DraftRow>(`select ${SHOWN} from draft_rows where upload_id = $1 and row = $2`, [
    uploadId,
    row,
  ]);
  return rows[0];
}

export async function deleteDraftRow(sql: Sql, uploadId: number, row: number): Promise<void> {
  await sql.query('delete from draft_rows where upload_id = $1 and row = $2', [uploadId, row]);
}

export async function deleteDraftPerson(sql: Sql, uploadId: number, listed: { person: number; row: number }): Promise<boolean> {
  const { rowCount } = await sql.query('delete from draft_people where upload_id = $1 and person = $2 and row = $3', [
    uploadId,
    listed.person,
    listed.row,
  ]);
  return rowCount === 1;
}

/** In the order in which they were made. */
export async function listMends(sql: Sql, uploadId: number): Promise<Mend[]> {
  const { rows } = await sql.query<Mend>(
    'select row, record, cells, included from draft_mends where upload_id = $1 order by turn',
    [uploadId],
  );
  return rows;
}

export async function findMend(sql: Sql, uploadId: number, row: number): Promise<Mend | undefined> {
  const { rows } = await sql.query<Mend>(
    'select row, record, cells, included from draft_mends where upload_id = $1 and row = $2',
    [uploadId, row],
  );
  return rows[0];
}

/** The latest mend of a row takes its turn after all others. */
export async function putMend(sql: Sql, uploadId: number, mend: Mend): Promise<void> {
  await sql.query('delete from draft_mends where upload_id = $1 and row = $2', [uploadId, mend.row]);
  await sql.query('insert into draft_mends (upload_id, row, record, cells, included) values ($1, $2, $3, $4::jsonb, $5)', [
    uploadId,
    mend.row,
    mend.record,
    jsonbText(mend.cells),
    mend.included,
  ]);
}

export async function forgetMends(sql: Sql, uploadId: number): Promise<void> {
  await sql.query('delete from draft_mends where upload_id = $1', [uploadId]);
}

export interface LockedDraft {
  readonly reading: number;
  readonly summary: DraftSummary;
  readonly mends: number;
}

/** For one change of a row at a time; undefined when the draft cannot be changed now. */
export async function lockDraft(sql: Sql, uploadId: number): Promise<LockedDraft | undefined> {
  const { rows } = await sql.query<LockedDraft>(
    `select d.reading, d.summary, (select count(*) from draft_mends m where m.upload_id = $1) as mends
     from upload_drafts d join uploads u on u.id = d.upload_id
     where d.upload_id = $1 and u.status = 'draft' and d.state = 'ready' and d.kept_until > clock_timestamp()
     for update of d`,
    [uploadId],
  );
  return rows[0];
}
