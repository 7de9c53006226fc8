import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';

export interface UnmatchedStatus {
  readonly wamid: string;
  readonly person: number | undefined;
  /** The status as Meta sent it. */
  readonly payload: unknown;
}

export interface StoredUnmatched {
  readonly id: number;
  readonly wamid: string;
  readonly person: number | null;
  readonly payload: unknown;
  readonly received_at: Date;
}

/** One look-up a status: what is there already, doubled by Meta or applied again from the journal, is not stored twice. */
export async function storeUnmatched(sql: Sql, statuses: readonly UnmatchedStatus[]): Promise<void> {
  if (statuses.length === 0) return;
  await sql.query(
    `insert into orphan_statuses (wamid, person, payload)
     select distinct t.wamid, t.person, t.payload from unnest($1::text[], $2::bigint[], $3::jsonb[]) as t (wamid, person, payload)
     where (select true from orphan_statuses o where o.wamid = t.wamid and o.payload = t.payload limit 1) is null`,
    [statuses.map((o) => o.wamid), statuses.map((o) => o.person ?? null), statuses.map((o) => jsonbText(o.payload))],
  );
}

/** A person's messages, one look-up each: a join of the big tables as a whole costs a second for one webhook, or a minute. */
const MESSAGES_OF = `
  from recipients r cross join lateral (select * from messages where campaign_id = r.campaign_id and id = r.id offset 0) m`;

/**
 * Looks for the messages of statuses whose turn it is. Takes those whose message has turned up by now; gone when the transaction
 * commits. The others are looked for again when they are twice as old, at the latest after six hours. (Compared with the time of the
 * statement, which is fixed: an index finds them.)
 *
 * @returns how many were looked for, at most `limit`, and those that were found.
 */
export async function takeMatched(sql: Sql, limit: number): Promise<{ looked: number; found: StoredUnmatched[] }> {
  const { rows } = await sql.query<{ looked: number } & (StoredUnmatched | { id: null })>(
    `with due as materialized (
       select id, wamid, person from orphan_statuses where look_at <= statement_timestamp()
       order by look_at limit $1 for update skip locked
     ), found as materialized (
       select d.id from due d where (select true ${MESSAGES_OF} where r.person = d.person and m.wamid = d.wamid limit 1)
     ), later as (
       update orphan_statuses
       set look_at = clock_timestamp() + least(greatest(clock_timestamp() - received_at, interval '5 seconds'), interval '6 hours')
       where id = any (array(select id from due except select id from found))
     ), taken as (
       delete from orphan_statuses where id = any (array(select id from found))
       returning id, wamid, person, payload, received_at
     )
     select looked, taken.* from (select count(*)::int as looked from due) as n left join taken on true order by taken.id`,
    [limit],
  );
  return { looked: rows[0]?.looked ?? 0, found: rows.filter((row) => row.id !== null) };
}

/** Forgets some of the old ones, which are the first; @returns how many went. */
export async function pruneUnmatched(sql: Sql, days: number, chunk: number): Promise<number> {
  const { rowCount } = await sql.query(
    `delete from orphan_statuses where id = any (array(
       select id from (select id, received_at from orphan_statuses order by id limit $2) as first
       where received_at < clock_timestamp() - $1 * interval '1 day'))`,
    [days, chunk],
  );
  return rowCount;
}

/** Attempts by the id Meta gave them; needs the person, by whom messages are indexed. */
export async function findByWamid(
  sql: Sql,
  wanted: readonly { readonly wamid: string; readonly person: number }[],
): Promise<Map<string, { campaignId: number; messageId: number; attempt: number }>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await sql.query<{ wamid: string; campaign_id: number; id: number; attempt: number }>(
    `select found.* from unnest($1::text[], $2::bigint[]) as w (wamid, person)
     cross join lateral (select m.wamid, m.campaign_id, m.id, m.attempt ${MESSAGES_OF} where r.person = w.person and m.wamid = w.wamid offset 0) found`,
    [wanted.map((w) => w.wamid), wanted.map((w) => w.person)],
  );
  return new Map(rows.map((row) => [row.wamid, { campaignId: row.campaign_id, messageId: row.id, attempt: row.attempt }]));
}
