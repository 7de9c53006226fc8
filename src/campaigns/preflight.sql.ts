import type { Sql } from '../lib/db/db.ts';

/** What a preflight needs to know of a campaign's people. */
export interface PeopleFacts {
  readonly openUploads: number;
  /** Being taken off the list. */
  readonly removals: number;
  /** Columns that every published file has. */
  readonly columns: readonly string[];
  /** The published files with people, the oldest first. */
  readonly files: readonly PublishedFile[];
}

export interface PublishedFile {
  readonly upload_id: number;
  readonly filename: string | null;
  readonly columns: readonly string[];
}

export async function peopleFacts(sql: Sql, campaignId: number): Promise<PeopleFacts> {
  const { rows } = await sql.query<PublishedFile & { status: string }>(
    `select id as upload_id, status, filename, columns from uploads
     where campaign_id = $1
       and (status = 'open' or (status = 'published' and valid_rows > 0) or (status = 'discarded' and published_at is not null))
     order by id`,
    [campaignId],
  );
  const files = rows.filter((row) => row.status === 'published');
  return {
    openUploads: rows.filter((row) => row.status === 'open').length,
    removals: rows.filter((row) => row.status === 'discarded').length,
    columns: (files[0]?.columns ?? []).filter((column) => files.every(({ columns }) => columns.includes(column))),
    files,
  };
}

export interface UnfilledColumn {
  readonly column: string;
  readonly upload_id: number;
  readonly filename: string | null;
  readonly rows: number;
  /** Line of the file where the first of them stands. */
  readonly first_row: number;
}

/** People who have not left and lack a value in one of these columns, by the file they came with. */
export async function unfilledColumns(sql: Sql, campaignId: number, columns: readonly string[]): Promise<UnfilledColumn[]> {
  if (columns.length === 0) return [];
  const { rows } = await sql.query<UnfilledColumn>(
    `select k.col as column, r.upload_id, max(u.filename) as filename, count(*) as rows, min(r.row) as first_row
     from campaigns c
     join recipients r on r.campaign_id = c.id and r.id <= c.published_through
     join messages m on m.campaign_id = r.campaign_id and m.id = r.id and m.status = 'pending'
     join unnest($2::text[]) as k(col) on coalesce(r.data ->> k.col, '') = ''
     left join uploads u on u.id = r.upload_id
     where c.id = $1 group by 1, 2 order by 1, 2`,
    [campaignId, columns],
  );
  return rows;
}

/** Is a process that sends alive? */
export async function workersAlive(sql: Sql, withinSeconds: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select count(*) as n from processes where role in ('worker', 'all') and seen_at > clock_timestamp() - $1 * interval '1 second'`,
    [withinSeconds],
  );
  return rows[0]?.n ?? 0;
}
