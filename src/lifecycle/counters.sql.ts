import type { Sql } from '../lib/db/db.ts';
import { committed, spendKey } from '../pricing/spending.sql.ts';
import { type ByStatus, MESSAGE_STATUSES, type MessageStatus, zeroByStatus } from './message.ts';

/**
 * Counters. They move in the statement that moves the rows they count, so a reader never sees one without the other.
 *
 * One counter is spread over SLOTS rows; each process adds to a slot of its own and readers sum, so that workers and webhook
 * receivers do not queue behind one row. Rows are touched in key order and last, after the messages: no circle of waiters.
 */
export const SLOTS = 16;

/** Another slot than `slot`, for what the same process does at the same time. */
export function slotBeside(slot: number, distance: number): number {
  return (slot + distance) % SLOTS;
}

/** A box moves from `old` to `new` for each row of the common table expression `source` (columns campaign_id, old, new), or for as many as `count` says. */
export function boxMoves(source: string, count = 'count(*)'): string {
  return `
    select campaign_id, 'box' as what, old::text as key, -${count} as n from ${source} where old is distinct from new and old is not null group by 1, 3
    union all
    select campaign_id, 'box', new::text, ${count} from ${source} where old is distinct from new group by 1, 3`;
}

/** Adds the rows of `source` (campaign_id, what, key, n) to the counters of slot $`slotParameter`. */
export function bump(source: string, slotParameter: number): string {
  return `
    insert into tallies (campaign_id, what, key, slot, n)
    select campaign_id, what, key, $${String(slotParameter)}::smallint, sum(n) from ${source}
    group by 1, 2, 3 having sum(n) <> 0 order by 1, 2, 3
    on conflict (campaign_id, what, key, slot) do update set n = tallies.n + excluded.n`;
}

export interface Tallies {
  readonly byStatus: ByStatus;
  /** Messages Meta ever accepted; never falls. */
  readonly everAccepted: number;
  readonly costMicros: number;
  /** Reserved or paid, by day ('2026-12-01', or with ' abroad' behind it). */
  readonly spend: ReadonlyMap<string, number>;
  /** Delivered messages by Meta's pricing type; 'unknown' where no price was told that we know. */
  readonly priced: ReadonlyMap<string, number>;
  /** Failed messages by Meta's code. */
  readonly errors: ReadonlyMap<number, number>;
  /** Recipients by market of the rate card. */
  readonly markets: ReadonlyMap<string, number>;
  /** Possible second messages to one person, each with its account in message_events. */
  readonly incidents: number;
  /** Of the box `unknown`: those a person has closed. They stay where they are and are not open any more. */
  readonly closed: number;
  /** Accepted in the last sixty seconds, about: this minute and the part of the last one that is still within. */
  readonly acceptedLastMinute: number;
}

/**
 * The counters of some campaigns, in one snapshot; a campaign without any is missing.
 *
 * How many of the unknown are closed is counted from the rows, and only where somebody has ever closed one (the counter `closed` says
 * so): a report that moves such a row need not know what a person once said of it.
 */
export async function readTallies(sql: Sql, campaignIds: readonly number[]): Promise<Map<number, Tallies>> {
  const { rows } = await sql.query<TallyRow>(
    `select campaign_id, what, key, sum(n)::bigint as n from tallies
     where campaign_id = any($1) and what in ('box', 'ever', 'cost', 'error', 'market', 'incident', 'spend', 'priced')
     group by 1, 2, 3
     union all
     select campaign_id, 'rate', '',
            round(sum(n * case when key = to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') then 1
                               else 1 - extract(second from clock_timestamp()) / 60 end))::bigint
     from tallies
     where campaign_id = any($1) and what = 'minute.accepted'
       and key >= to_char((clock_timestamp() - interval '1 minute') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')
     group by 1
     union all
     select campaign_id, 'closed', '', ${closedOf('t')} from tallies t
     where campaign_id = any($1) and what = 'closed' group by 1`,
    [campaignIds],
  );
  return gather(rows);
}

/** How many of the unknown of a campaign are closed; `source` has its campaign_id. */
export function closedOf(source: string): string {
  return `(select count(*) from messages m where m.campaign_id = ${source}.campaign_id and m.status = 'unknown' and m.reason = 'closed')`;
}

/** What the counters must be, counted from the rows themselves; compare within one repeatable-read transaction. */
export async function recount(sql: Sql, campaignId: number): Promise<Tallies> {
  const { rows } = await sql.query<TallyRow>(
    `with m as not materialized (
       select m.* from messages m join campaigns c on c.id = m.campaign_id where m.campaign_id = $1 and m.id <= c.published_through)
     select $1::int as campaign_id, 'box' as what, status::text as key, count(*) as n from m group by 3
     union all select $1, 'ever', 'accepted', count(*) from m where accepted_at is not null
     union all select $1, 'cost', 'micros', coalesce(sum(price_micros), 0)::bigint from m where status in ('delivered', 'read')
     union all select $1, 'spend', ${spendKey('reserved_on', 'abroad')}, sum(${committed('status', 'price_micros', 'reserved_micros')})::bigint
               from m where reserved_on is not null group by 3
     union all select $1, 'priced', case when price_micros is null then 'unknown' else coalesce(pricing_type, 'regular') end, count(*)
               from m where status in ('delivered', 'read') group by 3
     union all select $1, 'error', error_code::text, count(*) from m where status = 'failed' group by 3
     union all select $1, 'incident', 'duplicate', count(*) from message_events where campaign_id = $1 and kind = 'duplicate'
     union all select $1, 'closed', '', count(*) from m where status = 'unknown' and reason = 'closed'`,
    [campaignId],
  );
  return gather(rows).get(campaignId) ?? NOTHING;
}

/**
 * Holds everybody who wants to move counters until the transaction ends; whoever waits has not committed its messages. The whole
 * table, since a counter that does not exist yet has no row to lock: for the rare moment of a rebuild.
 */
export async function lockTallies(sql: Sql): Promise<void> {
  await sql.query('lock table tallies in exclusive mode');
}

/** Puts the recounted numbers in place of the counters (all but the markets, which only an upload knows). Within the recount's transaction. */
export async function replaceTallies(sql: Sql, campaignId: number, tallies: Tallies): Promise<void> {
  await sql.query(
    `delete from tallies where campaign_id = $1 and what in ('box', 'ever', 'cost', 'error', 'incident', 'spend', 'priced')`,
    [campaignId],
  );
  const rows: [what: string, key: string, n: number][] = [
    ...Object.entries(tallies.byStatus).map(([key, n]): [string, string, number] => ['box', key, n]),
    ['ever', 'accepted', tallies.everAccepted],
    ['cost', 'micros', tallies.costMicros],
    ['incident', 'duplicate', tallies.incidents],
    ...[...tallies.errors].map(([code, n]): [string, string, number] => ['error', String(code), n]),
    ...[...tallies.spend].map(([day, n]): [string, string, number] => ['spend', day, n]),
    ...[...tallies.priced].map(([type, n]): [string, string, number] => ['priced', type, n]),
  ];
  await sql.query(
    `insert into tallies (campaign_id, what, key, slot, n)
     select $1, what, key, 0, n from unnest($2::text[], $3::text[], $4::bigint[]) as t (what, key, n) where n <> 0`,
    [campaignId, rows.map((row) => row[0]), rows.map((row) => row[1]), rows.map((row) => row[2])],
  );
}

export interface ChartMinute {
  readonly minute: string;
  readonly accepted: number;
  readonly delivered: number;
  readonly read: number;
  readonly failed: number;
}

/** The campaign's minutes in order, for the chart; empty minutes are missing. */
export async function readChart(sql: Sql, campaignId: number): Promise<ChartMinute[]> {
  const { rows } = await sql.query<{ minute: string; accepted: number; delivered: number; read: number; failed: number }>(
    `select key as minute,
            coalesce(sum(n) filter (where what = 'minute.accepted'), 0)::bigint as accepted,
            coalesce(sum(n) filter (where what = 'minute.delivered'), 0)::bigint as delivered,
            coalesce(sum(n) filter (where what = 'minute.read'), 0)::bigint as read,
            coalesce(sum(n) filter (where what = 'minute.failed'), 0)::bigint as failed
     from tallies where campaign_id = $1 and what in ('minute.accepted', 'minute.delivered', 'minute.read', 'minute.failed')
     group by 1 order by 1`,
    [campaignId],
  );
  return rows;
}

interface TallyRow {
  campaign_id: number;
  what: string;
  key: string;
  n: number;
}

const NOTHING: Tallies = {
  byStatus: zeroByStatus(),
  everAccepted: 0,
  costMicros: 0,
  spend: new Map(),
  priced: new Map(),
  errors: new Map(),
  markets: new Map(),
  incidents: 0,
  closed: 0,
  acceptedLastMinute: 0,
};

export function noTallies(): Tallies {
  return NOTHING;
}

function gather(rows: readonly TallyRow[]): Map<number, Tallies> {
  const byCampaign = new Map<number, TallyRow[]>();
  for (const row of rows) {
    const list = byCampaign.get(row.campaign_id);
    if (list === undefined) byCampaign.set(row.campaign_id, [row]);
    else list.push(row);
  }
  return new Map([...byCampaign].map(([id, list]) => [id, toTallies(list)]));
}

function toTallies(rows: readonly TallyRow[]): Tallies {
  const byStatus = zeroByStatus();
  const errors = new Map<number, number>();
  const markets = new Map<string, number>();
  const spend = new Map<string, number>();
  const priced = new Map<string, number>();
  let everAccepted = 0;
  let costMicros = 0;
  let incidents = 0;
  let closed = 0;
  let acceptedLastMinute = 0;
  for (const { what, key, n } of rows) {
    if (n === 0) continue;
    if (what === 'box') byStatus[key as MessageStatus] = n;
    else if (what === 'error') errors.set(Number(key), n);
    else if (what === 'market') markets.set(key, n);
    else if (what === 'spend') spend.set(key, n);
    else if (what === 'priced') priced.set(key, n);
    else if (what === 'ever') everAccepted += n;
    else if (what === 'cost') costMicros += n;
    else if (what === 'rate') acceptedLastMinute += n;
    else if (what === 'closed') closed += n;
    else incidents += n;
  }
  return { byStatus, everAccepted, costMicros, spend, priced, errors, markets, incidents, closed, acceptedLastMinute };
}

/** Reserved or paid so far, in millionths. */
export function spentOf({ spend }: Pick<Tallies, 'spend'>): number {
  return [...spend.values()].reduce((sum, n) => sum + n, 0);
}

/** Every message is in exactly one status, so their sum is the number of recipients. */
export function totalOf({ byStatus }: Pick<Tallies, 'byStatus'>): number {
  return MESSAGE_STATUSES.reduce((sum, status) => sum + byStatus[status], 0);
}
