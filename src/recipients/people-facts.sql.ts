/** What a preview and a preflight need to know of a campaign's list, without reading its people. */
import type { Sql } from '../lib/db/db.ts';

export interface PeopleFacts {
  readonly openUploads: number;
  /** Being taken off the list. */
  readonly removals: number;
  /** Columns that every published file has. */
  readonly columns: readonly string[];
  /** The published files with people, the oldest first. */
  readonly files: readonly PublishedFile[];
  /** People on the list by the country of their number, as far as it was noted at the upload. */
  readonly countries: Readonly<Record<string, number>>;
}

export interface PublishedFile {
  readonly upload_id: number;
  readonly filename: string | null;
  readonly columns: readonly string[];
  readonly countries: Readonly<Record<string, number>> | null;
}

export async function peopleFacts(sql: Sql, campaignId: number): Promise<PeopleFacts> {
  const { rows } = await sql.query<PublishedFile & { status: string }>(
    `select id as upload_id, status, filename, columns, reading -> 'countries' as countries from uploads
     where campaign_id = $1
       and (status = 'open' or (status = 'published' and valid_rows > 0) or (status = 'discarded' and published_at is not null))
     order by id`,
    [campaignId],
  );
  const files = rows.filter((row) => row.status === 'published');
  const countries: Record<string, number> = {};
  for (const [country, n] of files.flatMap((file) => Object.entries(file.countries ?? {})))
    countries[country] = (countries[country] ?? 0) + n;
  return {
    openUploads: rows.filter((row) => row.status === 'open').length,
    removals: rows.filter((row) => row.status === 'discarded').length,
    columns: (files[0]?.columns ?? []).filter((column) => files.every(({ columns }) => columns.includes(column))),
    files,
    countries,
  };
}
