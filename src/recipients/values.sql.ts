import type { Sql } from '../lib/db/db.ts';
import type { Text } from '../lib/words/sentence.ts';

/** Something in the values of an upload that would keep rows from being sent, told once for all rows it concerns. */
export interface ValueFault {
  readonly key: string;
  readonly column: string | null;
  readonly code: string;
  readonly message: Text;
  readonly rows: number;
  /** Lines of the file, the first ones. */
  readonly lines: readonly number[];
}

export interface CheckedUpload {
  readonly upload_id: number;
  readonly filename: string | null;
  readonly checked: string | null;
  readonly value_faults: readonly ValueFault[] | null;
}

/** Published files with people, and with what their values were checked last. */
export async function checkedUploads(sql: Sql, campaignId: number): Promise<CheckedUpload[]> {
  const { rows } = await sql.query<CheckedUpload>(
    `select id as upload_id, filename, checked, value_faults from uploads
     where campaign_id = $1 and status = 'published' and valid_rows > 0 order by id`,
    [campaignId],
  );
  return rows;
}

export interface ValueRow {
  readonly id: number;
  readonly upload_id: number;
  readonly row: number;
  readonly data: Readonly<Record<string, string>>;
}

/** Rows of these uploads that may still be sent, in pages. */
export async function valueRows(
  sql: Sql,
  campaignId: number,
  page: { readonly uploads: readonly number[]; readonly after: number; readonly limit: number },
): Promise<ValueRow[]> {
  const { rows } = await sql.query<ValueRow>(
    `select r.id, r.upload_id, r.row, r.data
     from campaigns c
     join recipients r on r.campaign_id = c.id and r.id <= c.published_through and r.person > 0
     join messages m on m.campaign_id = r.campaign_id and m.id = r.id and m.status in ('pending', 'failed')
     where c.id = $1 and r.id > $2 and r.upload_id = any($3)
     order by r.id limit $4`,
    [campaignId, page.after, page.uploads, page.limit],
  );
  return rows;
}

export async function rememberCheck(
  sql: Sql,
  uploadId: number,
  check: { readonly fingerprint: string; readonly faults: readonly ValueFault[] },
): Promise<void> {
  await sql.query(`update uploads set checked = $2, value_faults = $3 where id = $1 and status = 'published'`, [
    uploadId,
    check.fingerprint,
    JSON.stringify(check.faults),
  ]);
}
