import type { Db, Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';
import { committed, spendKey } from '../pricing/spending.sql.ts';
import { CAUSE_UNKNOWN_CODE } from '../whatsapp/errors.ts';
import { boxMoves, bump } from './counters.sql.ts';
import type { AttemptKey, MessageStatus } from './message.ts';

/**
 * Everything that tells what became of an attempt, in one statement: our own response and Meta's status webhooks alike.
 *
 * Step by step: `r` are the reports, at most one a message. `held_campaigns` keeps the campaigns still into which somebody would go back
 * to waiting: cancelled in the same moment, nobody waits there for ever. `locked` takes the messages in key order and remembers what they
 * were (`old_…`), of reports that are about them: told by Meta, the id must be the one we know, or while we know none the person the one
 * we wrote to (a restored database names other people by the same numbers); `idle` is one that waits or is out, `older` a report of an attempt before the row's own. `known` asks the history,
 * where that matters, whether that attempt is known to have failed. `judged` decides: `new` is the box, `stale` a report that changes
 * nothing, `twice` evidence that somebody was written to twice. `final` works out the times and what was paid, for the rows that may
 * change; `moved` writes them, `told` the history. `alike` puts together what makes the same difference to the counters, thousands of rows
 * mostly in a few kinds, and `change` adds it to them, last.
 *
 * The rules (docs/state-machines.md, A message), all in the `judged` step:
 * - within the current attempt only a higher rank moves the row; a response comes with what it may move (`from sending, unknown`);
 * - a person who waits (`idle`: pending, cancelled, skipped) is taken out of the queue by evidence that an attempt went out after
 *   all. What is known to have failed is no such evidence, unless it was delivered: a doubled webhook of a failed attempt must not
 *   undo the decision to try again;
 * - the row then stands on that attempt, which its wamid tells: what else is said of it moves the row as before;
 * - evidence of an older attempt after a newer one has left (`stale`) changes nothing and is written down as a `duplicate` incident;
 * - failed after delivered keeps delivered and notes the error; delivered after failed is delivered;
 * - of several times for the same thing the earliest holds, so that the order of arrival makes no difference.
 */
const APPLY = `
with r as materialized (
  select * from unnest(
    $2::int[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::float8[], $8::float8[], $9::float8[], $10::float8[],
    $11::int[], $12::text[], $13::text[], $14::bigint[], $15::float8[], $16::boolean[], $17::text[], $18::jsonb[], $19::bigint[]
  ) as r(campaign_id, id, attempt, status, wamid, sent_at, delivered_at, read_at, failed_at,
         error_code, pricing_type, pricing_category, price_micros, after_ms, counts, reason, event, person)
), held_campaigns as materialized (
  select c.id, c.status from campaigns c where c.id in (select campaign_id from r where status = 'pending') order by c.id for share
), locked as materialized (
  select m.campaign_id, m.id, m.attempt as current_attempt, m.status as old, m.wamid as old_wamid, m.reason as old_reason,
         m.lease_until as old_lease, m.accepted_at as old_accepted_at, m.price_micros as old_price,
         m.pricing_type as old_pricing_type, m.reserved_micros, m.reserved_on, m.abroad,
         m.error_code as old_error, m.delivered_at as old_delivered_at, m.read_at as old_read_at, m.failed_at as old_failed_at,
         m.status in ('pending', 'cancelled', 'skipped') as idle, r.attempt < m.attempt and not coalesce(r.wamid = m.wamid, false) as older,
         r.attempt, r.status::message_status as reported, r.wamid, r.sent_at, r.delivered_at, r.read_at, r.failed_at, r.error_code,
         r.pricing_type, r.pricing_category, r.price_micros, r.after_ms, r.counts, r.reason, r.event
  from r join messages m on m.campaign_id = r.campaign_id and m.id = r.id
  where r.attempt <= m.attempt
    and (r.person is null or r.wamid = m.wamid
         or (r.attempt < m.attempt or m.wamid is null)
            and (r.person = 0 or (select true from recipients p where p.campaign_id = m.campaign_id and p.id = m.id and p.person = r.person limit 1)))
  order by m.campaign_id, m.id
  for update of m
), known as (
  select l.*, case when (l.idle or l.older) and l.reported < 'delivered'
                   then coalesce((select true from message_events e where e.campaign_id = l.campaign_id and e.message_id = l.id
                                  and e.attempt = l.attempt and e.kind = 'failed' limit 1), false)
                   else false end as failed_before
  from locked l
), judged as materialized (
  select l.*,
    l.older and not l.idle as stale,
    l.reported = 'failed' or l.failed_at is not null as tells_failure,
    l.older and not l.idle and not l.failed_before
      and (l.reported in ('held', 'accepted', 'sent', 'delivered', 'read') or l.sent_at is not null) as twice,
    case
      when l.older and not l.idle then l.old
      when l.reported = 'pending' then
        case when l.old not in ('sending', 'unknown') then l.old
             when c.status in ('running', 'paused') then 'pending'::message_status
             when c.status = 'cancelled' then 'cancelled'::message_status
             else 'failed'::message_status end
      when l.idle and (l.reported = 'unknown' or l.failed_before) then l.old
      when l.reported > l.old then l.reported
      else l.old
    end as new,
    case when l.reported in ('held', 'accepted', 'sent', 'delivered', 'read') or l.wamid is not null then coalesce(l.old_accepted_at, clock_timestamp()) else l.old_accepted_at end as new_accepted_at
  from known l left join held_campaigns c on c.id = l.campaign_id
), final as materialized (
  select j.*,
    case when j.new in ('delivered', 'read')
         then coalesce(least(j.old_delivered_at, to_timestamp(j.delivered_at), to_timestamp(j.read_at)), clock_timestamp())
         else j.old_delivered_at end as new_delivered_at,
    case when j.new = 'read' then coalesce(least(j.old_read_at, to_timestamp(j.read_at)), clock_timestamp()) else j.old_read_at end as new_read_at,
    case when j.new = 'failed' or (j.tells_failure and j.new in ('delivered', 'read'))
         then coalesce(least(j.old_failed_at, to_timestamp(j.failed_at)), clock_timestamp()) else j.old_failed_at end as new_failed_at,
    case when (j.new = 'failed' and j.old <> 'failed') or (j.tells_failure and j.new in ('failed', 'delivered', 'read'))
         then coalesce(least(nullif(j.error_code, ${String(CAUSE_UNKNOWN_CODE)}), nullif(j.old_error, ${String(CAUSE_UNKNOWN_CODE)})), ${String(CAUSE_UNKNOWN_CODE)}) else j.old_error end as new_error,
    coalesce(j.price_micros, j.old_price) as new_price, coalesce(j.pricing_type, j.old_pricing_type) as new_pricing_type
  from judged j
  where not j.stale and not (j.idle and j.new = j.old)
), moved as (
  -- What a CHECK looks at comes from the locked row, never from m: a row that changed while this statement waited for it is first checked as
  -- it was when the statement began, and only then looked at anew.
  update messages m
  set status = f.new,
      lease_until = case when f.new = 'sending' then f.old_lease end,
      due = case when f.new = 'pending' and f.after_ms > 0 then clock_timestamp() + f.after_ms * interval '1 millisecond' else '-infinity' end,
      retries = m.retries + case when f.new = 'pending' and f.counts then 1 else 0 end,
      wamid = coalesce(f.wamid, f.old_wamid),
      accepted_at = f.new_accepted_at,
      sent_at = coalesce(least(m.sent_at, to_timestamp(f.sent_at)), case when f.new = 'sent' then clock_timestamp() end),
      delivered_at = f.new_delivered_at,
      read_at = f.new_read_at,
      failed_at = f.new_failed_at,
      error_code = f.new_error,
      reason = case when f.new = f.old then f.old_reason when f.new = 'unknown' then coalesce(f.reason, 'no_answer') end,
      pricing_type = f.new_pricing_type,
      pricing_category = coalesce(f.pricing_category, m.pricing_category),
      price_micros = f.new_price
  from final f
  where m.campaign_id = f.campaign_id and m.id = f.id
), told as (
  insert into message_events (campaign_id, message_id, attempt, kind, data)
  select campaign_id, id, attempt, event ->> 'kind', (event -> 'data') || jsonb_build_object('from', old, 'to', new) from final
  where event is not null and (old <> new or old_error is distinct from new_error)
  union all
  select campaign_id, id, attempt, 'duplicate', jsonb_build_object('reported', reported, 'wamid', wamid, 'current_attempt', current_attempt)
  from judged where twice
  on conflict do nothing
  returning campaign_id, kind
), alike as materialized (
  select campaign_id, old, new, case when old = 'failed' then old_error end as old_error, case when new = 'failed' then new_error end as new_error,
         case when old_accepted_at is null then date_trunc('minute', new_accepted_at) end as accepted_to,
         ${minutesOf('delivered')}, ${minutesOf('read')}, ${minutesOf('failed')},
         ${pricedAs('old')} as priced_from, ${pricedAs('new')} as priced_to,
         case when reserved_on is not null then ${spendKey('reserved_on', 'abroad')} end as spend_key,
         sum(case when new in ('delivered', 'read') then coalesce(new_price, 0) else 0 end
             - case when old in ('delivered', 'read') then coalesce(old_price, 0) else 0 end)::bigint as micros,
         sum(${committed('new', 'new_price', 'reserved_micros')} - ${committed('old', 'old_price', 'reserved_micros')})::bigint as spent, count(*) as n
  from final
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
), change as (${boxMoves('alike', 'sum(n)')}
  union all select campaign_id, 'ever', 'accepted', sum(n) from alike where accepted_to is not null group by 1
  union all ${countMinutes('accepted', 'accepted_to', 'sum(n)')}
  union all ${minuteMoves('delivered')}
  union all ${minuteMoves('read')}
  union all ${minuteMoves('failed')}
  union all select campaign_id, 'error', old_error::text, -sum(n) from alike where old_error is not null group by 1, 3
  union all select campaign_id, 'error', new_error::text, sum(n) from alike where new_error is not null group by 1, 3
  union all select campaign_id, 'cost', 'micros', sum(micros) from alike group by 1
  union all select campaign_id, 'spend', spend_key, sum(spent) from alike where spend_key is not null group by 1, 3
  union all select campaign_id, 'priced', priced_from, -sum(n) from alike where priced_from is not null group by 1, 3
  union all select campaign_id, 'priced', priced_to, sum(n) from alike where priced_to is not null group by 1, 3
  union all select campaign_id, 'incident', 'duplicate', count(*) from told where kind = 'duplicate' group by 1
), counted as (${bump('change', 1)})
select campaign_id, id, attempt, old, new, twice from judged`;

/** Under which of Meta's pricing types a delivered message is counted: one whose price is not known stands apart, and is never free. */
function pricedAs(when: 'old' | 'new'): string {
  return `case when ${when} in ('delivered', 'read')
              then case when ${when}_price is null then 'unknown' else coalesce(${when}_pricing_type, 'regular') end end`;
}

/** A time first known, or known better: the minute it is counted in moves with it. */
function minutesOf(what: 'delivered' | 'read' | 'failed'): string {
  const [before, now] = [`old_${what}_at`, `new_${what}_at`];
  return `case when ${before} <> ${now} then date_trunc('minute', ${before}) end as ${what}_from,
         case when ${now} is distinct from ${before} then date_trunc('minute', ${now}) end as ${what}_to`;
}

function minuteMoves(what: 'delivered' | 'read' | 'failed'): string {
  return `${countMinutes(what, `${what}_to`, 'sum(n)')}
    union all ${countMinutes(what, `${what}_from`, '-sum(n)')}`;
}

function countMinutes(what: string, minute: string, count: string): string {
  return `
    select campaign_id, 'minute.${what}', to_char(${minute} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), ${count}
    from alike where ${minute} is not null group by 1, ${minute}`;
}

/** What is reported of one attempt. At most one report a message in one call; times in seconds since 1970. */
export interface Report extends AttemptKey {
  readonly status: Extract<MessageStatus, 'pending' | 'unknown' | 'held' | 'accepted' | 'sent' | 'failed' | 'delivered' | 'read'>;
  /** Whom Meta names, 0 where it names nobody by a number; undefined in our own answer, which needs no proof. */
  readonly person?: number | undefined;
  readonly wamid?: string | undefined;
  readonly sentAt?: number | undefined;
  readonly deliveredAt?: number | undefined;
  readonly readAt?: number | undefined;
  readonly failedAt?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly pricingType?: string | undefined;
  readonly pricingCategory?: string | undefined;
  /** What it costs if it is delivered. */
  readonly priceMicros?: number | undefined;
  /** With `pending`: it surely did not go out and may leave again after this long. */
  readonly afterMs?: number | undefined;
  /** With `pending`: uses up one of MAX_RETRY_ATTEMPTS. */
  readonly countsAsRetry?: boolean | undefined;
  /** With `unknown`: why nobody knows. */
  readonly reason?: string | undefined;
  /** For the message's history; ordinary progress needs none. */
  readonly event?: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> } | undefined;
}

export interface Applied {
  readonly campaign_id: number;
  readonly id: number;
  readonly attempt: number;
  readonly old: MessageStatus;
  readonly new: MessageStatus;
  /** Evidence that this person was written to twice; written down as an incident. */
  readonly twice: boolean;
}

/**
 * Applies reports in any order and number; doubles and disorder change nothing. Zero moved rows is normal.
 *
 * @returns the rows that exist, each with its box before and after; a report without one met no message of ours.
 */
export async function applyReports(sql: Db | Sql, reports: readonly Report[], slot: number): Promise<Applied[]> {
  if (reports.length === 0) return [];
  // In key order, so that two appliers lock the same messages in the same order.
  const sorted = [...reports].sort((a, b) => a.campaignId - b.campaignId || a.messageId - b.messageId);
  // One that no report fills is left empty: unnest makes nulls of it, and most are.
  const column = <T>(pick: (report: Report) => T | undefined): (T | null)[] => {
    const values = sorted.map((report) => pick(report) ?? null);
    return values.some((value) => value !== null) ? values : [];
  };
  const { rows } = await sql.query<Applied>(APPLY, [
    slot,
    column((r) => r.campaignId),
    column((r) => r.messageId),
    column((r) => r.attempt),
    column((r) => r.status),
    column((r) => r.wamid),
    column((r) => r.sentAt),
    column((r) => r.deliveredAt),
    column((r) => r.readAt),
    column((r) => r.failedAt),
    column((r) => (r.errorCode === undefined ? undefined : storableCode(r.errorCode))),
    column((r) => r.pricingType),
    column((r) => r.pricingCategory),
    column((r) => r.priceMicros),
    column((r) => r.afterMs),
    column((r) => r.countsAsRetry),
    column((r) => r.reason),
    column((r) => (r.event === undefined ? undefined : jsonbText(r.event))),
    column((r) => r.person),
  ]);
  return rows;
}

/** Whatever Meta's code is, it must not make the outcomes stored with it unstorable. */
function storableCode(code: number): number {
  return Number.isInteger(code) && Math.abs(code) <= 2_147_483_647 ? code : 0;
}
