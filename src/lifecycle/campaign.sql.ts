import type { Db, Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';
import { likeOf } from '../lib/db/like.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { type CampaignMove, type CampaignStatus, MOVES, type PauseReason, whenChangeable } from './campaign.ts';
import { closedOf } from './counters.sql.ts';

/** A campaign as stored; money in micros, times as Date. Counters are read apart (tallies.ts). */
export interface Campaign {
  readonly id: number;
  readonly kind: 'campaign' | 'test';
  readonly name: string;
  readonly description: string | null;
  readonly status: CampaignStatus;
  readonly mode: RunMode;
  readonly phone_number_id: string;
  /** Null together with the language: a draft that has not chosen yet. */
  readonly template_name: string | null;
  readonly template_language: string | null;
  readonly mapping: Readonly<Record<string, unknown>>;
  /** Meta's own JSON of the template, frozen at the start. */
  readonly template: unknown;
  readonly batch_size: number | null;
  /** Seconds. */
  readonly delay_between_batches: number;
  readonly messages_per_second: number | null;
  /** It pauses before its messages cost more. */
  readonly budget_micros: number | null;
  readonly scheduled_at: Date | null;
  readonly attention: string | null;
  /** Due, and kept from starting by something that passes. */
  readonly waiting_for: string | null;
  readonly pause_reason: PauseReason | null;
  readonly published_through: number;
  /** Raised whenever template or mapping are frozen anew; a claim names it. */
  readonly frozen_version: number;
  /** What a person looked at before the start, or the upload's version (campaigns/version.ts). */
  readonly looked_at: unknown;
  readonly estimated_cost_micros: number | null;
  readonly currency: string;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly cancelled_at: Date | null;
  readonly settled_at: Date | null;
  /** Its people are erased (or being erased); only the counters are left. */
  readonly archived_at: Date | null;
}

const COLUMNS = `id, kind, name, description, status, mode, phone_number_id, template_name, template_language, mapping, template, batch_size,
  delay_between_batches, messages_per_second, budget_micros, scheduled_at, attention, waiting_for, pause_reason, published_through, frozen_version, looked_at, estimated_cost_micros,
  currency, created_by, created_at, updated_at, started_at, completed_at, cancelled_at, settled_at, archived_at`;

export interface NewCampaign {
  readonly kind: 'campaign' | 'test';
  readonly name: string;
  readonly description: string | null;
  readonly mode: RunMode;
  readonly phone_number_id: string;
  readonly template_name: string | null;
  readonly template_language: string | null;
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly batch_size: number | null;
  readonly delay_between_batches: number;
  readonly messages_per_second: number | null;
  readonly budget_micros: number | null;
  readonly currency: string;
  readonly created_by: string | null;
}

export async function insertCampaign(sql: Sql, campaign: NewCampaign): Promise<Campaign> {
  const { rows } = await sql.query<Campaign>(
    `with c as (
       insert into campaigns (kind, name, description, mode, phone_number_id, template_name, template_language, mapping, batch_size,
                              delay_between_batches, messages_per_second, currency, created_by, budget_micros)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       returning ${COLUMNS}
     ), d as (insert into dispatch (campaign_id) select id from c)
     select * from c`,
    [
      campaign.kind,
      campaign.name,
      campaign.description,
      campaign.mode,
      campaign.phone_number_id,
      campaign.template_name,
      campaign.template_language,
      jsonbText(campaign.mapping),
      campaign.batch_size,
      campaign.delay_between_batches,
      campaign.messages_per_second,
      campaign.currency,
      campaign.created_by,
      campaign.budget_micros,
    ],
  );
  return only(rows);
}

export async function findCampaign(sql: Sql, id: number): Promise<Campaign | undefined> {
  const { rows } = await sql.query<Campaign>(`select ${COLUMNS} from campaigns where id = $1 and deleted_at is null`, [id]);
  return rows[0];
}

/** The campaign, locked until the transaction ends: claims wait, so what is decided here holds. */
export async function lockCampaign(sql: Sql, id: number): Promise<Campaign | undefined> {
  const { rows } = await sql.query<Campaign>(
    `select ${COLUMNS} from campaigns where id = $1 and deleted_at is null for no key update`,
    [id],
  );
  return rows[0];
}

export interface CampaignFilter {
  readonly statuses?: readonly CampaignStatus[] | undefined;
  /** Part of the name, case ignored. */
  readonly search?: string | undefined;
  readonly sort: 'created_at' | 'name' | 'status' | 'started_at';
  readonly descending: boolean;
  readonly limit: number;
  readonly offset: number;
}

export async function listCampaigns(sql: Sql, filter: CampaignFilter): Promise<{ campaigns: Campaign[]; total: number }> {
  // One constant text a sort order; the column names come from the type, never from a request.
  const order = `${filter.sort} ${filter.descending ? 'desc' : 'asc'} nulls last, id ${filter.descending ? 'desc' : 'asc'}`;
  const { rows } = await sql.query<Campaign & { total: number }>(
    `select ${COLUMNS.replace('template,', 'null::jsonb as template,')}, count(*) over () as total from campaigns
     where kind = 'campaign' and deleted_at is null
       and ($1::text[] is null or status::text = any($1)) and ($2::text is null or name ilike $2 or template_name ilike $2)
     order by ${order} limit $3 offset $4`,
    [filter.statuses ?? null, likeOf(filter.search), filter.limit, filter.offset],
  );
  const total = rows[0]?.total ?? (filter.offset === 0 ? 0 : await countCampaigns(sql, filter));
  return { campaigns: rows, total };
}

async function countCampaigns(sql: Sql, filter: CampaignFilter): Promise<number> {
  const { total } = await listCampaigns(sql, { ...filter, limit: 1, offset: 0 });
  return total;
}

/** What a move writes besides the status. */
export interface MoveFacts {
  readonly template?: unknown;
  readonly mapping?: Readonly<Record<string, unknown>>;
  /** What the person who starts or resumes it has looked at. */
  readonly lookedAt?: unknown;
  readonly pauseReason?: PauseReason;
  readonly scheduledAt?: Date;
  readonly attention?: string;
  readonly estimatedCostMicros?: number | null;
  /** Of the prices it starts with. */
  readonly currency?: string;
}

/**
 * Moves a campaign by one guarded statement; the row count is the answer.
 *
 * @returns the campaign after the move, or undefined when it was not in a state that allows it.
 */
export async function moveCampaign(
  sql: Sql,
  id: number,
  move: CampaignMove,
  facts: MoveFacts = {},
): Promise<Campaign | undefined> {
  const { from, to } = MOVES[move];
  const { rows } = await sql.query<Campaign>(
    `update campaigns set
       status = $3::campaign_status,
       updated_at = clock_timestamp(),
       template = coalesce($4, template),
       mapping = coalesce($5, mapping),
       frozen_version = frozen_version + case when $4 is not null or $5 is not null then 1 else 0 end,
       looked_at = coalesce($10, looked_at),
       pause_reason = case when $3 in ('paused', 'failed') then $6::jsonb end,
       scheduled_at = case when $3 = 'draft' then null else coalesce($7, scheduled_at) end,
       attention = $8,
       waiting_for = null,
       estimated_cost_micros = coalesce($9, estimated_cost_micros),
       currency = coalesce($11, currency),
       started_at = case when $3 = 'running' then coalesce(started_at, clock_timestamp()) else started_at end,
       completed_at = case when $3 = 'completed' then clock_timestamp() end,
       cancelled_at = case when $3 = 'cancelled' then clock_timestamp() end,
       settled_at = null
     where id = $1 and status::text = any($2) and deleted_at is null and archived_at is null
     returning ${COLUMNS}`,
    [
      id,
      from,
      to,
      facts.template === undefined ? null : jsonbText(facts.template),
      facts.mapping === undefined ? null : jsonbText(facts.mapping),
      facts.pauseReason === undefined ? null : jsonbText(facts.pauseReason),
      facts.scheduledAt ?? null,
      facts.attention ?? null,
      facts.estimatedCostMicros ?? null,
      facts.lookedAt === undefined ? null : jsonbText(facts.lookedAt),
      facts.currency ?? null,
    ],
  );
  return rows[0];
}

/** Messages of a campaign whose answer is out. */
export async function countSending(sql: Sql, id: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select count(*) as n from messages where campaign_id = $1 and status = 'sending'`,
    [id],
  );
  return rows[0]?.n ?? 0;
}

/** Does it lie in the future, by the clock that will fire it? */
export async function liesAhead(sql: Sql, at: Date): Promise<boolean> {
  return (await sql.query('select where $1::timestamptz > clock_timestamp()', [at])).rowCount > 0;
}

export type CampaignChanges = Partial<
  Pick<
    Campaign,
    | 'name'
    | 'description'
    | 'template_name'
    | 'template_language'
    | 'mapping'
    | 'batch_size'
    | 'delay_between_batches'
    | 'messages_per_second'
    | 'budget_micros'
    | 'scheduled_at'
    | 'attention'
    | 'looked_at'
  >
>;

/** Changes the named fields while nothing can have left; undefined when the campaign is past that. */
export async function changeCampaign(sql: Sql, id: number, changes: CampaignChanges): Promise<Campaign | undefined> {
  const { rows } = await sql.query<Campaign>(
    `update campaigns c set
       name = n.name, description = n.description, template_name = n.template_name, template_language = n.template_language,
       mapping = n.mapping, batch_size = n.batch_size, delay_between_batches = n.delay_between_batches,
       messages_per_second = n.messages_per_second, budget_micros = n.budget_micros, scheduled_at = n.scheduled_at, attention = n.attention, looked_at = n.looked_at, updated_at = clock_timestamp()
     from (select (jsonb_populate_record(x, $2)).* from campaigns x where x.id = $1) n
     where c.id = $1 and c.status::text = any($3) and c.deleted_at is null
     returning ${COLUMNS.split(',')
       .map((column) => `c.${column.trim()}`)
       .join(', ')}`,
    [id, jsonbText(changes), whenChangeable(Object.keys(changes))],
  );
  return rows[0];
}

/** Hides a campaign that has sent nothing; its rows go in chunks (`purgeDeleted`). */
export async function deleteCampaign(sql: Sql, id: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update campaigns set deleted_at = clock_timestamp()
     where id = $1 and deleted_at is null
       and (status in ('draft', 'scheduled')
            or status in ('cancelled', 'failed') and not exists (select from messages where campaign_id = $1 and attempt > 0))`,
    [id],
  );
  return rowCount === 1;
}

/**
 * Removes some rows of deleted campaigns; @returns how many were found, 0 when all is clean. Found, not removed: several processes
 * may be at the same rows, and the campaign itself goes only when none is left.
 */
export async function purgeDeleted(db: Db, chunk = 5_000): Promise<number> {
  const { rows } = await db.query<{ id: number }>('select id from campaigns where deleted_at is not null order by id limit 1');
  const id = rows[0]?.id;
  if (id === undefined) return 0;
  const people = await db.query<{ found: number }>(
    `with picked as materialized (
       select id from recipients where campaign_id = $1 order by id limit $2
     ), people as (
       delete from recipients where campaign_id = $1 and id = any (array(select id from picked)) returning id
     ), gone as (
       delete from messages where campaign_id = $1 and id = any (array(select id from people))
     )
     select count(*)::int as found from picked`,
    [id, chunk],
  );
  const found = people.rows[0]?.found ?? 0;
  return found > 0 ? found : (await db.query('delete from campaigns where id = $1', [id])).rowCount;
}

/** Running campaigns, which is to say the work there is: what the queue forgot is found again here. */
export async function runningCampaigns(sql: Sql, mode: RunMode): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `select id from campaigns where status = 'running' and mode = $1 and deleted_at is null order by id`,
    [mode],
  );
  return rows.map((row) => row.id);
}

/** Schedules whose time has come. A list to begin with: whoever acts on one of them looks again under its lock (`lockDue`). */
export async function dueCampaigns(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(`select id from campaigns where ${DUE} order by scheduled_at, id`);
  return rows.map((row) => row.id);
}

const DUE = `status = 'scheduled' and scheduled_at <= clock_timestamp() and attention is null and deleted_at is null`;

export interface DueCampaign {
  readonly campaign: Campaign;
  readonly lateSeconds: number;
}

/** The campaign if it is, under the lock, still scheduled and due: taken back or moved meanwhile, it is nobody's to start. */
export async function lockDue(sql: Sql, id: number): Promise<DueCampaign | undefined> {
  const { rows } = await sql.query<Campaign & { late_seconds: number }>(
    `select ${COLUMNS}, extract(epoch from clock_timestamp() - scheduled_at)::float8 as late_seconds
     from campaigns where id = $1 and ${DUE} for no key update`,
    [id],
  );
  return rows[0] === undefined ? undefined : { campaign: rows[0], lateSeconds: rows[0].late_seconds };
}

/** A missed schedule stays scheduled and asks. Within the transaction that locked it as due. */
export async function askForAttention(sql: Sql, id: number, attention: string): Promise<void> {
  await sql.query('update campaigns set attention = $2, waiting_for = null, updated_at = clock_timestamp() where id = $1', [
    id,
    attention,
  ]);
}

/** Notes the version looked at, unless somebody noted another one since `before` was read. Changes nothing sent, so `updated_at` stays. */
export async function rememberVersion(
  sql: Sql,
  id: number,
  looked: { readonly before: string | null; readonly now: unknown; readonly isConfirmed?: boolean },
): Promise<void> {
  await sql.query(
    `update campaigns set looked_at = $2, attention = case when $4 then null else attention end
     where id = $1 and deleted_at is null and (looked_at ->> 'at') is not distinct from $3`,
    [id, jsonbText(looked.now), looked.before, looked.isConfirmed ?? false],
  );
}

/** Says what a due schedule waits for. Within the transaction that locked it as due. */
export async function waitFor(sql: Sql, id: number, obstacle: string): Promise<void> {
  await sql.query(
    'update campaigns set waiting_for = $2, updated_at = clock_timestamp() where id = $1 and waiting_for is distinct from $2',
    [id, obstacle],
  );
}

/**
 * Completes a campaign when nothing is left to send, whatever it was stopped by in its last moment: one whose people were all sent to is
 * completed, not paused or cancelled. The row is locked first and the messages are looked at by a second statement: its snapshot is
 * younger than any upload or record that was committed before the lock.
 */
export async function completeIfDone(db: Db, id: number): Promise<Campaign | undefined> {
  return db.tx(async (sql) => {
    const campaign = await lockCampaign(sql, id);
    return campaign === undefined ? undefined : completeLocked(sql, campaign);
  });
}

/** Within the transaction that locked it; undefined when it is not done. */
export async function completeLocked(sql: Sql, campaign: Campaign): Promise<Campaign | undefined> {
  const { rows } = await sql.query(`select from campaigns c where c.id = $1 and ${DONE}`, [campaign.id]);
  return rows.length === 0 ? undefined : moveCampaign(sql, campaign.id, 'complete');
}

/**
 * Of the campaign `c`: nobody waits or is out. A cancelled one that has kept somebody from being written to stays cancelled; a restored
 * one stays paused until a person has decided. Each look ends at the first row (`limit 1`) by the index `messages_by_status`.
 */
const DONE = `(c.status = 'running' or (c.status = 'paused' and c.pause_reason ->> 'code' <> 'restored')
    or (c.status = 'cancelled' and c.started_at is not null and c.archived_at is null
        and (select true from messages m where m.campaign_id = c.id and m.status = 'cancelled' limit 1) is null))
  and (select true from messages m where m.campaign_id = c.id and m.status = 'pending' and m.id <= c.published_through
       order by m.due, m.id limit 1) is null
  and (select true from messages m where m.campaign_id = c.id and m.status = 'sending' limit 1) is null`;

/** Paused or cancelled in their last moment, and done by now. */
export async function stoppedAndDone(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `select c.id from campaigns c
     where c.status in ('paused', 'cancelled') and c.settled_at is null and c.deleted_at is null and ${DONE} order by c.id`,
  );
  return rows.map((row) => row.id);
}

/** Cancelled campaigns that still hold people who have not left: their sweep was interrupted. */
export async function cancelledWithPending(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `select c.id from campaigns c
     where c.status = 'cancelled' and c.settled_at is null and c.deleted_at is null
       and exists (select from messages m where m.campaign_id = c.id and m.status = 'pending' and m.id <= c.published_through)`,
  );
  return rows.map((row) => row.id);
}

/** Sets `settled_at` where no outcome is open any more (an unknown one that a person has closed is not), or after `days` without one. */
export async function settleCampaigns(sql: Sql, days: number): Promise<number> {
  const { rowCount } = await sql.query(
    `update campaigns c set settled_at = clock_timestamp()
     where c.status in ('completed', 'cancelled') and c.settled_at is null and not (c.status = 'cancelled' and ${DONE})
       and (coalesce(c.completed_at, c.cancelled_at) < clock_timestamp() - $1 * interval '1 day'
            or coalesce((select sum(n) from tallies t where t.campaign_id = c.id and t.what = 'box'
                         and t.key in ('pending', 'sending', 'unknown', 'held', 'accepted', 'sent')), 0)
               = coalesce((select ${closedOf('t')} from tallies t where t.campaign_id = c.id and t.what = 'closed' limit 1), 0))`,
    [days],
  );
  return rowCount;
}

function only(rows: readonly Campaign[]): Campaign {
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}
