import type { Sql } from '../lib/db/db.ts';
import { committed, spendKey } from '../pricing/spending.sql.ts';
import { boxMoves, bump } from './counters.sql.ts';
import type { MessageStatus } from './message.ts';

/** Which messages are to be tried again, chosen by a person. */
export interface ResendChoice {
  readonly from: Extract<MessageStatus, 'failed' | 'unknown'>;
  /** Only failures with these codes, each after its own waiting time; for `unknown` left empty. */
  readonly codes: readonly { readonly code: number; readonly afterMs: number }[];
  /** Only these messages; undefined = all. */
  readonly ids: readonly number[] | undefined;
  /** `unknown` only: no younger than this. */
  readonly olderThanMinutes: number;
  readonly by: string;
}

/**
 * The grace time of a message of unknown outcome begins when its outcome was lost; until it is over its webhook may still come, and
 * nobody decides (docs/guarantees.md, Unknown). Of the row `m`; $`minutes` is the number of the parameter.
 */
function isWithinGrace(minutes: number): string {
  return `exists (select from message_events e where e.campaign_id = m.campaign_id and e.message_id = m.id and e.kind = 'unknown'
                  and e.attempt = m.attempt and e.at > clock_timestamp() - $${String(minutes)} * interval '1 minute')`;
}

/**
 * Puts messages back to pending: the next claim makes attempt n+1. Their times of the old attempt are cleared, their history and
 * the fact that they were once accepted stay. Within the transaction that reopens the campaign.
 *
 * @returns how many, at most `limit`: call again until 0.
 */
export async function putBack(sql: Sql, campaignId: number, choice: ResendChoice, limit: number, slot: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `with chunk as materialized (
       select m.campaign_id, m.id, m.attempt, m.status as old, 'pending'::message_status as new, m.error_code, m.failed_at, m.sent_at,
              m.price_micros, m.reserved_micros, m.reserved_on, m.abroad
       from messages m
       where m.campaign_id = $1 and m.status = $2::message_status and ($3::int[] is null or m.id = any($3))
         and (m.status = 'unknown'
              -- Closed by a person: only who names it opens it again.
              and (m.reason <> 'closed' or $3::int[] is not null)
              and not ${isWithinGrace(6)}
              or m.status = 'failed' and exists (
                select from unnest($4::int[], $5::bigint[]) as k (code, after_ms)
                where k.code = m.error_code and m.failed_at + k.after_ms * interval '1 millisecond' <= clock_timestamp()))
       order by m.id limit $7
       for update of m
     ), moved as (
       update messages m set status = 'pending', due = '-infinity', retries = 0, error_code = null, failed_at = null, sent_at = null,
                             reason = null, pricing_type = null, pricing_category = null, price_micros = null
       from chunk k where m.campaign_id = k.campaign_id and m.id = k.id
     ), told as (
       insert into message_events (campaign_id, message_id, attempt, kind, data)
       select campaign_id, id, attempt, 'resend', jsonb_build_object('by', $8::text, 'from', old, 'error_code', error_code) from chunk
     ), change as (${boxMoves('chunk')}
       union all select campaign_id, 'error', error_code::text, -count(*) from chunk where old = 'failed' group by 1, 3
       union all select campaign_id, 'spend', ${spendKey('reserved_on', 'abroad')}, -sum(${committed('old', 'price_micros', 'reserved_micros')})
                 from chunk where reserved_on is not null group by 1, 3
       union all select campaign_id, 'minute.failed', to_char(date_trunc('minute', failed_at at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI"Z"'), -count(*)
                 from chunk where failed_at is not null group by 1, 3
     ), counted as (${bump('change', 9)})
     select count(*) as n from chunk`,
    [
      campaignId,
      choice.from,
      choice.ids ?? null,
      choice.codes.map((c) => c.code),
      choice.codes.map((c) => c.afterMs),
      choice.olderThanMinutes,
      limit,
      choice.by,
      slot,
    ],
  );
  return rows[0]?.n ?? 0;
}

/**
 * A person has looked and leaves them as they are: they stay in their box, with a note of who closed them, and are no longer open.
 * That something was closed here is counted, so that whoever reads the counters knows to look for it (tallies.ts).
 *
 * @returns how many, at most `limit`: call again until 0.
 */
export async function closeUnknown(
  sql: Sql,
  campaignId: number,
  choice: Omit<ResendChoice, 'from' | 'codes'>,
  limit: number,
  slot: number,
): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `with chunk as materialized (
       select m.campaign_id, m.id, m.attempt from messages m
       where m.campaign_id = $1 and m.status = 'unknown' and m.reason <> 'closed' and ($2::int[] is null or m.id = any($2))
         and not ${isWithinGrace(5)}
       order by m.id limit $4
       for update of m
     ), closed as (
       update messages m set reason = 'closed' from chunk k where m.campaign_id = k.campaign_id and m.id = k.id
     ), told as (
       insert into message_events (campaign_id, message_id, attempt, kind, data)
       select campaign_id, id, attempt, 'closed', jsonb_build_object('by', $3::text) from chunk
     ), change as (select campaign_id, 'closed' as what, 'unknown' as key, count(*) as n from chunk group by 1
     ), counted as (${bump('change', 6)})
     select count(*) as n from chunk`,
    [campaignId, choice.ids ?? null, choice.by, limit, choice.olderThanMinutes, slot],
  );
  return rows[0]?.n ?? 0;
}

/** Messages of unknown outcome nobody may decide on yet. */
export interface WithinGrace {
  readonly messages: number;
  /** When the first of them may be decided on, and when the last; null when there are none. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

export async function withinGrace(
  sql: Sql,
  campaignId: number,
  ids: readonly number[] | undefined,
  graceMinutes: number,
): Promise<WithinGrace> {
  const { rows } = await sql.query<{ messages: number; first_at: Date | null; last_at: Date | null }>(
    `select count(*) as messages, min(e.at) + $3 * interval '1 minute' as first_at, max(e.at) + $3 * interval '1 minute' as last_at
     from messages m
     cross join lateral (select max(e.at) as at from message_events e where e.campaign_id = m.campaign_id and e.message_id = m.id
                         and e.kind = 'unknown' and e.attempt = m.attempt) e
     where m.campaign_id = $1 and m.status = 'unknown' and m.reason <> 'closed' and ($2::int[] is null or m.id = any($2))
       and e.at > clock_timestamp() - $3 * interval '1 minute'`,
    [campaignId, ids ?? null, graceMinutes],
  );
  const row = rows[0];
  return { messages: row?.messages ?? 0, firstAt: row?.first_at ?? null, lastAt: row?.last_at ?? null };
}
