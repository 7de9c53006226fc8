import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';

export interface AuditEntry {
  readonly id: number;
  readonly at: Date;
  readonly actor_kind: 'person' | 'key' | 'local' | 'system';
  readonly actor_id: number | null;
  readonly actor_name: string;
  readonly action: string;
  readonly campaign_id: number | null;
  readonly campaign_name: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export async function insertAudit(sql: Sql, entry: Omit<AuditEntry, 'id' | 'at' | 'campaign_name'>): Promise<void> {
  await sql.query(
    'insert into audit (actor_kind, actor_id, actor_name, action, campaign_id, detail) values ($1, $2, $3, $4, $5, $6)',
    [entry.actor_kind, entry.actor_id, entry.actor_name, entry.action, entry.campaign_id, jsonbText(entry.detail)],
  );
}

export interface AuditFilter {
  readonly campaignId?: number | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  /** Only entries with a smaller id: the cursor. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Newest first; `total` counts all that match, not only this page. */
export async function listAudit(sql: Sql, filter: AuditFilter): Promise<{ entries: AuditEntry[]; total: number }> {
  const { rows } = await sql.query<AuditEntry & { total: number }>(
    `with matching as (
       select * from audit
       where ($1::int is null or campaign_id = $1) and ($2::text is null or action = $2) and ($3::text is null or position(lower($3) in lower(actor_name)) > 0)
         and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5))
     select t.total, m.*, (select c.name from campaigns c where c.id = m.campaign_id) as campaign_name
     from (select count(*) as total from matching) t
     left join lateral (select * from matching where ($6::bigint is null or id < $6) order by id desc limit $7) m on true
     order by m.id desc`,
    [
      filter.campaignId ?? null,
      filter.action ?? null,
      filter.actor ?? null,
      filter.since ?? null,
      filter.until ?? null,
      filter.before ?? null,
      filter.limit,
    ],
  );
  // A page without entries is one row that carries only the total.
  const entries = rows.filter((row): row is AuditEntry & { total: number } => (row.id as number | null) !== null);
  return { entries, total: rows[0]?.total ?? 0 };
}
