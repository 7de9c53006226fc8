import { blockedByErasure } from '../consent/erased-people.sql.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import { STANDS } from '../numbers/account-notices.sql.ts';
import type { BreakerState } from '../numbers/circuit-breaker.ts';
import type { SpendingCap } from '../pricing/money.ts';
import { lockSpending, SPENDING_CAPS, SPENDING_ROOM, spendKey, weighed } from '../pricing/spending.sql.ts';
import { boxMoves, bump } from './counters.sql.ts';

/** One message about to leave: claimed, marked `sending` and committed; its bytes have not been written yet. */
export interface Claimed {
  readonly id: number;
  readonly attempt: number;
  readonly retries: number;
  readonly phone: number;
  readonly data: Readonly<Record<string, string>>;
  /** Milliseconds from the claim to its moment, where the campaign has a pace of its own; else 0. */
  readonly inMs: number;
}

/** What may leave within this time is claimed now: a kill leaves no more than that in doubt. */
export const SLICE_SECONDS = 0.05;
/** The moments of a campaign with a pace of its own are reserved so far ahead. */
const AHEAD_SECONDS = 0.1;

/**
 * Claims and marks in one statement: the slice is no more than leaves in the next moment, so the mark is committed before the
 * bytes go, and a kill leaves at most a slice of unknowns.
 *
 * - The campaign row is locked `for share` and must be running: a pause takes it for update, so after the pause's commit
 *   nothing new is claimed.
 * - Batch size and delay live in `dispatch` and are counted down here, so they hold over workers and restarts. So does the moment of
 *   the next message of a campaign with a pace of its own: each claim reserves moments 1/pace apart, at most a tenth of a second
 *   ahead. A moment that passes unused is not caught up.
 * - While the circuit breaker of the number is not closed, nothing is claimed, or no more than its allowance, counted down here.
 * - While Meta holds back everything on the number, or templates of this category, nothing is claimed; that ends by itself.
 * - Retries that are due go before those who never had a try: after an outage the oldest promises first.
 * - Whoever opted out or was erased since the upload is skipped here, at the last instant.
 * - Each takes the price of the message along (`reserved_micros`). Where money is limited, the claims that may spend it come one after the
 *   other, so that each sees what the one before took (pricing/spending.sql.ts).
 *
 * Written so that the plan does not hang on statistics, which are wrong in a campaign that has just been uploaded: the campaign is
 * a constant and the time is fixed, so `messages_by_status` gives the order without a sort; each recipient is looked up by itself
 * (`offset 0`); the rows to change are named as an array, so that they are found by their key, and nothing is joined to them: what
 * is handed out is what was locked (two lists joined row by row cost 0.5 s for a slice of 500 on the embedded database).
 */
const CLAIM = `
with c as materialized (
  select id, phone_number_id, published_through, frozen_version, batch_size, delay_between_batches, messages_per_second, 1 / messages_per_second * interval '1 second' as apart,
         currency, budget_micros
  from campaigns
  where id = $1 and status = 'running' and mode = $2 and deleted_at is null
  for share
), gate as materialized (
  select d.campaign_id, d.next_batch_at, coalesce(nullif(d.batch_left, 0), c.batch_size) as open, d.next_message_at
  from dispatch d join c on c.id = d.campaign_id
  where c.batch_size is not null or c.messages_per_second is not null
  for update of d
), pace as materialized (
  -- Read once, after the lock on the row: whoever waited for it must not reserve moments that have passed meanwhile.
  select t.now, greatest(gate.next_message_at, t.now) as slot, c.apart from gate, c, (select clock_timestamp() as now) t
), breaker as materialized (
  -- A number that is well has its row unlocked: only while it is watched do claims wait for each other.
  select b.mode, b.phone_number_id, b.state, b.allowance, b.probe_at
  from circuit_breakers b join c on c.phone_number_id = b.phone_number_id
  where b.mode = $2 and b.state <> 'closed'
  for update of b
), held as materialized (
  select exists (select from account_notices n join c on c.phone_number_id = n.phone_number_id
                 where n.mode = $2 and n.holds in ('all', $8) and ${STANDS}) as yes
), alive as materialized (
  -- A process that the others have given up must not claim: what it marks would be nobody's.
  select $7::int is null or exists (select from processes where number = $7 and gone_at is null) as yes
), caps as materialized (${SPENDING_CAPS}
), room as materialized (${SPENDING_ROOM}
), allowed as materialized (
  select least($3::int,
               -- Two who look at the same money at once would both spend it: who has not locked it takes nothing.
               case when (select capped from caps) and not $10 then 0 else $3::int end,
               case when (select yes from alive) then $3::int else 0 end,
               case when (select yes from held) then 0 else $3::int end,
               coalesce((select case state when 'half_open' then greatest(0, allowance) else 0 end from breaker), $3::int),
               case when c.batch_size is null then $3::int when gate.next_batch_at <= clock_timestamp() then gate.open else 0 end,
               case when c.messages_per_second is null then $3::int
                    else greatest(0, floor((${String(AHEAD_SECONDS)} - extract(epoch from pace.slot - pace.now)) * c.messages_per_second) + 1)
               end)::int as n
  from c left join gate on true left join pace on true
), again as materialized (
  select m.id, m.attempt, m.retries, m.due
  from messages m
  where m.campaign_id = $1 and m.status = 'pending' and m.due > '-infinity' and m.due <= statement_timestamp()
    and m.id <= (select published_through from c)
  order by m.due, m.id
  limit (select n from allowed)
  for update of m skip locked
), fresh as materialized (
  select m.id, m.attempt, m.retries, 'infinity'::timestamptz as due
  from messages m
  where m.campaign_id = $1 and m.status = 'pending' and m.due = '-infinity' and m.id <= (select published_through from c)
  order by m.id
  limit (select n from allowed) - (select count(*) from again)
  for update of m skip locked
), picked as materialized (
  select *, row_number() over (order by due, id) as turn from (select * from again union all select * from fresh) p
), seen as materialized (
  select $1::int as campaign_id, p.id, p.attempt, p.retries, p.turn, r.phone, r.data, 'pending'::message_status as old,
         case when r.person < 0 or ${blockedByErasure('r.person', '$4')} then 'skipped'
              when exists (select from suppressions s where s.person = r.person and s.lifted_at is null and (s.scope = 'all' or $4))
              then 'skipped' else 'sending' end::message_status as new,
         r.person < 0 as erased
  from picked p
  cross join lateral (select person, phone, data from recipients where campaign_id = $1 and id = p.id offset 0) r
), weighed as materialized (${weighed('seen')}
), judged as materialized (
  -- In order, and none behind the first that there is no money for.
  select * from weighed where fits
), leaving as (
  -- The row stands on the new attempt from now on: an older one's wamid must not match it (reports.ts).
  update messages
  set status = 'sending', attempt = attempt + 1, due = '-infinity', lease_until = clock_timestamp() + $5 * interval '1 second',
      claimed_by = $7, reason = null, wamid = null,
      reserved_micros = ((select jsonb_object_agg(id, price) from judged) ->> id::text)::bigint, reserved_on = (select today from caps),
      abroad = id = any (array(select id from judged where abroad))
  where campaign_id = $1 and id = any (array(select id from judged where new = 'sending'))
), skipped as (
  update messages set status = 'skipped', due = '-infinity',
                      reason = case when id = any (array(select id from judged where erased)) then 'erased' else 'opted_out' end
  where campaign_id = $1 and id = any (array(select id from judged where new = 'skipped'))
), batch as (
  update dispatch d
  set batch_left = case when c.batch_size is null then d.batch_left else g.open - (select count(*) from judged) end,
      next_batch_at = case when g.open <= (select count(*) from judged)
                           then clock_timestamp() + c.delay_between_batches * interval '1 second' else d.next_batch_at end,
      next_message_at = case when c.messages_per_second is null then d.next_message_at
                             else pace.slot + (select count(*) from judged where new = 'sending') * pace.apart end
  from gate g, pace, c
  where d.campaign_id = g.campaign_id and exists (select from judged)
), spent as (
  update circuit_breakers b
  set allowance = h.allowance - (select count(*) from judged where new = 'sending'), changed_at = clock_timestamp()
  from breaker h
  where b.mode = h.mode and b.phone_number_id = h.phone_number_id and h.state = 'half_open' and exists (select from judged)
), change as (${boxMoves('judged')}
  union all select campaign_id, 'spend', ${spendKey('(select today from caps)', 'abroad')}, sum(price) from judged where new = 'sending' group by 1, 3
), counted as (${bump('change', 6)})
-- One row at least: who got nothing is told why.
select id, attempt + 1 as attempt, retries, phone, data, new = 'skipped' as skipped, (select frozen_version from c) as "frozenVersion",
       coalesce(extract(epoch from slot - now + (row_number() over (partition by new order by id) - 1) * apart) * 1000, 0)::float8
         as "inMs",
       coalesce((select state from breaker), 'closed') as breaker, (select yes from alive) as alive,
       (select yes from held) as held,
       coalesce((select capped from caps), false) as capped,
       (select short from weighed where not fits order by turn limit 1) as short
from (select) one left join judged on true left join pace on true order by id`;

export interface ClaimRequest {
  readonly campaignId: number;
  readonly mode: 'sandbox' | 'live';
  readonly limit: number;
  /** Of the template. Where it is marketing, people who stopped marketing are skipped too. */
  readonly category: string;
  readonly leaseSeconds: number;
  readonly slot: number;
  /** The number of the process (lib/jobs/processes.sql.ts); undefined where there is only this one. */
  readonly claimant?: number | undefined;
  /** Millionths by the first digits of a number, the longest that fits; '' for all others (pricing/rate-card.ts). */
  readonly prices?: Readonly<Record<string, number>> | undefined;
  /** What an earlier claim said: saves the look that would only find it out again. */
  readonly isCapped?: boolean | undefined;
}

export interface Slice {
  /** To be sent now, in id order. */
  readonly messages: readonly Claimed[];
  /** Those skipped as opted out, too. */
  readonly took: number;
  /** Of the template and mapping they are to be filled with. */
  readonly frozenVersion: number | undefined;
  /** Of the campaign's number. */
  readonly breaker: BreakerState;
  /** Meta holds back everything on the number, or templates of this category. */
  readonly isHeld: boolean;
  /** False: the others have given this process up, and it must take another number. */
  readonly isAlive: boolean;
  /** Money is limited here. */
  readonly isCapped: boolean;
  /** The limit that the next one would pass: it is not claimed, nor anybody after it. */
  readonly short: SpendingCap | undefined;
}

interface ClaimRow extends Claimed {
  /** Null in the one row of a claim that got nothing. */
  readonly skipped: boolean | null;
  readonly frozenVersion: number;
  readonly breaker: BreakerState;
  readonly alive: boolean;
  readonly held: boolean;
  readonly capped: boolean;
  readonly short: SpendingCap | null;
}

export async function claim(db: Db, request: ClaimRequest): Promise<Slice> {
  if (request.isCapped !== true) {
    const slice = await claimSlice(db, request, false);
    if (!slice.isCapped) return slice;
  }
  // A lock first and the look in a statement of its own: one that waited for the lock would still see the money as it was before.
  return db.tx(async (sql) => {
    await lockSpending(sql, request);
    return claimSlice(sql, request, true);
  });
}

async function claimSlice(sql: Sql, request: ClaimRequest, isLocked: boolean): Promise<Slice> {
  const { rows } = await sql.query<ClaimRow>(CLAIM, [
    request.campaignId,
    request.mode,
    request.limit,
    request.category.toLowerCase() === 'marketing',
    request.leaseSeconds,
    request.slot,
    request.claimant ?? null,
    request.category.toLowerCase(),
    JSON.stringify(request.prices ?? {}),
    isLocked,
  ]);
  const [first] = rows;
  const took = first?.skipped === null ? [] : rows;
  return {
    messages: took.filter((row) => row.skipped === false),
    took: took.length,
    frozenVersion: took[0]?.frozenVersion,
    breaker: first?.breaker ?? 'closed',
    isHeld: first?.held ?? false,
    isAlive: first?.alive ?? true,
    isCapped: first?.capped ?? false,
    short: first?.short ?? undefined,
  };
}

export interface NextDue {
  readonly running: boolean;
  /** Milliseconds until something may be claimed: 0 = now, undefined = nothing is pending. Says what `claim` would. */
  readonly inMs: number | undefined;
  readonly sending: number;
}

/** When the campaign has something to claim next: a retry's time, the next batch's or that of its own pace, whichever is latest. */
export async function nextDue(db: Db, campaignId: number): Promise<NextDue> {
  const { rows } = await db.query<{ running: boolean; in_ms: number | null; sending: number }>(
    `select c.status = 'running' and c.deleted_at is null as running,
            extract(epoch from greatest(p.due, case when c.batch_size is not null then d.next_batch_at end,
                                        case when c.messages_per_second is not null
                                             then d.next_message_at - ${String(AHEAD_SECONDS)} * interval '1 second' end,
                                        t.now) - t.now)
              * case when p.due is not null then 1000 end as in_ms,
            (select count(*) from messages m where m.campaign_id = $1 and m.status = 'sending') as sending
     -- Read once: of two readings the later one is never the smaller.
     from (select clock_timestamp() as now) t, campaigns c
     left join dispatch d on d.campaign_id = c.id
     left join lateral (select m.due from messages m where m.campaign_id = $1 and m.status = 'pending' and m.id <= c.published_through
                        order by m.due, m.id limit 1) p on true
     where c.id = $1`,
    [campaignId],
  );
  const row = rows[0];
  return { running: row?.running ?? false, inMs: row?.in_ms ?? undefined, sending: row?.sending ?? 0 };
}

/**
 * What dead processes left in `sending`: what became of it is not known. Dead is a process that the others have given up (`gone_at`), and
 * whose lease has run out; in one process (`everyone`) all that a former life left. Nothing is sent again; a webhook, the attempt's own
 * late answer or a person settles them.
 *
 * @returns the campaigns concerned; at most CHUNK messages at a time.
 */
export async function expireLeases(
  db: Db,
  options: { everyone: boolean; slot: number },
): Promise<{ readonly expired: number; readonly campaignIds: readonly number[] }> {
  const { rows } = await db.query<{ n: number; ids: number[] | null }>(
    `with dead as materialized (
       select m.campaign_id, m.id, m.attempt, 'sending'::message_status as old, 'unknown'::message_status as new
       from campaigns c join messages m on m.campaign_id = c.id
       where c.started_at is not null and c.settled_at is null and m.status = 'sending'
         and ($1 or m.lease_until < clock_timestamp()
              or m.claimed_by is not null and not exists (select from processes p where p.number = m.claimed_by and p.gone_at is null))
       order by m.campaign_id, m.id
       limit ${String(CHUNK)}
       for update of m skip locked
     ), moved as (
       update messages m set status = 'unknown', lease_until = null, reason = 'process_lost'
       from dead d where m.campaign_id = d.campaign_id and m.id = d.id
     ), told as (
       insert into message_events (campaign_id, message_id, attempt, kind, data)
       select campaign_id, id, attempt, 'unknown', '{"reason":"process_lost"}' from dead
     ), change as (${boxMoves('dead')}
     ), counted as (${bump('change', 2)})
     select count(*) as n, array_agg(distinct campaign_id) as ids from dead`,
    [options.everyone, options.slot],
  );
  return { expired: rows[0]?.n ?? 0, campaignIds: rows[0]?.ids ?? [] };
}

const CHUNK = 5_000;

/** Cancels what has not left yet, a chunk at a time; the campaign is already cancelled, so nothing is claimed meanwhile. */
export async function cancelPending(db: Sql, campaignId: number, slot: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `with chunk as materialized (
       select m.campaign_id, m.id, 'pending'::message_status as old, 'cancelled'::message_status as new
       from messages m join campaigns c on c.id = m.campaign_id
       where m.campaign_id = $1 and c.status = 'cancelled' and m.status = 'pending' and m.id <= c.published_through
       order by m.due, m.id limit 5000
       for update of m skip locked
     ), moved as (
       update messages m set status = 'cancelled', due = '-infinity' from chunk k where m.campaign_id = k.campaign_id and m.id = k.id
     ), change as (${boxMoves('chunk')}
     ), counted as (${bump('change', 2)})
     select count(*) as n from chunk`,
    [campaignId, slot],
  );
  return rows[0]?.n ?? 0;
}
