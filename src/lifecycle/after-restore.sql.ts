import type { Db, Sql } from '../lib/db/db.ts';
import type { PauseReason } from './campaign.ts';
import { boxMoves, bump } from './counters.sql.ts';

/** The life of this database that begins now: what was sent before it is told of under another name. */
export async function beginEpoch(sql: Sql, epoch: string): Promise<void> {
  await sql.query('update installation set epoch = $1', [epoch]);
  await sql.query('update campaigns set restored_through = published_through where restored_through < published_through');
}

export interface Held {
  readonly id: number;
  readonly messages_per_second: number | null;
}

/** Started campaigns that may go on: nothing of them leaves any more without a person's word. @returns the campaigns. */
export async function holdStarted(sql: Sql, reason: PauseReason): Promise<Held[]> {
  const { rows } = await sql.query<Held>(
    `update campaigns set status = 'paused', pause_reason = $1, attention = null, updated_at = clock_timestamp()
     where status in ('running', 'paused') and deleted_at is null returning id, messages_per_second`,
    [JSON.stringify(reason)],
  );
  return rows.sort((a, b) => a.id - b.id);
}

/** Campaigns that had not started when the backup was made, and may have since: they ask, and no schedule fires by itself. */
export async function askAboutUnstarted(sql: Sql, attention: string): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `update campaigns set attention = $1, updated_at = clock_timestamp()
     where status in ('draft', 'scheduled') and kind = 'campaign' and deleted_at is null
       and (status = 'scheduled' or published_through > 0)
     returning id`,
    [attention],
  );
  return rows.map((row) => row.id).sort((a, b) => a - b);
}

/**
 * Whoever had not left, or whose answer was out, may have been written to since the backup: `unknown`, some at a time.
 * In the order of the index `messages_by_status`, so that the last chunk costs what the first did. A pending one gets the number of the attempt that would have been its next, so that a webhook of that attempt settles it.
 *
 * @returns how many, at most `limit`: call again until 0.
 */
export async function doubtWaiting(
  db: Db,
  campaignId: number,
  { status, limit, slot }: { readonly status: 'pending' | 'sending'; readonly limit: number; readonly slot: number },
): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `with chunk as materialized (
       select m.campaign_id, m.id, m.attempt + case when m.status = 'pending' then 1 else 0 end as attempt, m.status as old,
              'unknown'::message_status as new
       from messages m join campaigns c on c.id = m.campaign_id
       where m.campaign_id = $1 and c.status = 'paused' and c.pause_reason ->> 'code' = 'restored'
         and m.status = $4::message_status and m.id <= c.published_through
       order by m.due, m.id limit $3
       for update of m
     ), moved as (
       update messages m set status = 'unknown', attempt = k.attempt, due = '-infinity', lease_until = null, reason = 'restored',
         -- What an earlier attempt once reserved is not what this one may have cost: nobody knows.
         reserved_micros = case when k.old = 'sending' then m.reserved_micros end, reserved_on = case when k.old = 'sending' then m.reserved_on end
       from chunk k where m.campaign_id = k.campaign_id and m.id = k.id
     ), told as (
       insert into message_events (campaign_id, message_id, attempt, kind, data)
       select campaign_id, id, attempt, 'unknown', jsonb_build_object('reason', 'restored', 'from', old) from chunk
     ), change as (${boxMoves('chunk')}
     ), counted as (${bump('change', 2)})
     select count(*) as n from chunk`,
    [campaignId, slot, limit, status],
  );
  return rows[0]?.n ?? 0;
}
