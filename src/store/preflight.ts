import type { Sql } from './db.ts';

/** What a preflight needs to know of a campaign's people. */
export interface PeopleFacts {
  readonly openUploads: number;
  /** Columns that every published file has. */
  readonly columns: readonly string[];
}

export async function peopleFacts(sql: Sql, campaignId: number): Promise<PeopleFacts> {
  const { rows } = await sql.query<{ status: string; columns: string[] }>(
    `select status, columns from uploads where campaign_id = $1 and (status = 'open' or (status = 'published' and valid_rows > 0))`,
    [campaignId],
  );
  const files = rows.filter((row) => row.status === 'published').map((row) => row.columns);
  return {
    openUploads: rows.length - files.length,
    columns: (files[0] ?? []).filter((column) => files.every((columns) => columns.includes(column))),
  };
}

export interface UnfilledColumn {
  readonly column: string;
  readonly rows: number;
  /** Line of the file where the first of them stands. */
  readonly first_row: number;
}

/** People who have not left and lack a value in one of these columns. */
export async function unfilledColumns(sql: Sql, campaignId: number, columns: readonly string[]): Promise<UnfilledColumn[]> {
  if (columns.length === 0) return [];
  const { rows } = await sql.query<UnfilledColumn>(
    `select k.col as column, count(*) as rows, min(r.row) as first_row
     from campaigns c
     join recipients r on r.campaign_id = c.id and r.id <= c.published_through
     join messages m on m.campaign_id = r.campaign_id and m.id = r.id and m.status = 'pending'
     join unnest($2::text[]) as k(col) on coalesce(r.data ->> k.col, '') = ''
     where c.id = $1 group by 1 order by 1`,
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
