import type { Db, Sql } from '../lib/db/db.ts';

/**
 * Forgetting people. A campaign is archived by one guarded statement and its rows go in chunks of their own transactions, so that
 * nobody waits for a long lock and a crash leaves the rest to the next round.
 */

/** Campaigns whose end lies so many days back. A refused schedule ended when it was refused. */
export async function campaignsToArchive(sql: Sql, days: number): Promise<{ id: number; kind: 'campaign' | 'test' }[]> {
  const { rows } = await sql.query<{ id: number; kind: 'campaign' | 'test' }>(
    `select id, kind from campaigns where deleted_at is null and archived_at is null and ${ENDED} order by id limit 100`,
    [days],
  );
  return rows;
}

const ENDED = `coalesce(settled_at, case when status = 'failed' then updated_at end) < clock_timestamp() - $1 * interval '1 day'
  and status in ('completed', 'cancelled', 'failed')`;

/** @returns false when somebody has opened it again in the meantime. */
export async function archiveCampaign(sql: Sql, id: number, days: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update campaigns set archived_at = clock_timestamp(), updated_at = clock_timestamp()
     where id = $2 and deleted_at is null and archived_at is null and ${ENDED}`,
    [days, id],
  );
  return rowCount === 1;
}

export async function campaignsToErase(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `select id from campaigns where archived_at is not null and erased_at is null order by id`,
  );
  return rows.map((row) => row.id);
}

/**
 * What a person can be known by, in the order in which it goes. The rows of `uploads` stay: they are counts. Each row is looked up by
 * its key (`= any (array(…))`): joined, each chunk would read the whole campaign.
 */
const OF_CAMPAIGN = [
  `delete from message_events where id = any (array(select id from message_events where campaign_id = $1 order by message_id, id limit $2))`,
  `delete from messages where campaign_id = $1 and id = any (array(select id from messages where campaign_id = $1 order by id limit $2))`,
  `delete from recipients where campaign_id = $1
     and id = any (array(select id from recipients where campaign_id = $1 order by id limit $2))`,
  `delete from rejected_rows r using (
     select x.upload_id, x.row from rejected_rows x join uploads u on u.id = x.upload_id where u.campaign_id = $1 limit $2) old
   where r.upload_id = old.upload_id and r.row = old.row`,
  `delete from upload_parts p using (
     select x.upload_id, x.part from upload_parts x join uploads u on u.id = x.upload_id where u.campaign_id = $1 limit $2) old
   where p.upload_id = old.upload_id and p.part = old.part`,
  `delete from draft_people p using (
     select x.upload_id, x.person from draft_people x join uploads u on u.id = x.upload_id where u.campaign_id = $1 limit $2) old
   where p.upload_id = old.upload_id and p.person = old.person`,
  `delete from draft_rows r using (
     select x.upload_id, x.row from draft_rows x join uploads u on u.id = x.upload_id where u.campaign_id = $1 limit $2) old
   where r.upload_id = old.upload_id and r.row = old.row`,
  `delete from draft_mends m using (
     select x.upload_id, x.row from draft_mends x join uploads u on u.id = x.upload_id where u.campaign_id = $1 limit $2) old
   where m.upload_id = old.upload_id and m.row = old.row`,
  `delete from uploads where id = any (array(select id from uploads where campaign_id = $1 and status = 'draft' limit $2))`,
] as const;

/** Erases some rows of an archived campaign; @returns how many went, 0 when nothing is left. */
export async function eraseSome(db: Db, campaignId: number, chunk: number): Promise<number> {
  for (const statement of OF_CAMPAIGN) {
    const { rowCount } = await db.query(statement, [campaignId, chunk]);
    if (rowCount > 0) return rowCount;
  }
  return 0;
}

/**
 * The last row is gone. A test send was nothing but its one person: it goes as a whole.
 *
 * @returns false when rows are left after all: somebody else was at those that this process found gone.
 */
export async function markErased(sql: Sql, id: number): Promise<boolean> {
  await sql.query(`delete from campaigns where id = $1 and kind = 'test' and archived_at is not null`, [id]);
  await sql.query(
    `update campaigns set erased_at = clock_timestamp() where id = $1 and archived_at is not null and erased_at is null
       and not exists (select from message_events where campaign_id = $1)
       and not exists (select from messages where campaign_id = $1)
       and not exists (select from recipients where campaign_id = $1)
       and not exists (select from rejected_rows r join uploads u on u.id = r.upload_id where u.campaign_id = $1)`,
    [id],
  );
  const { rows } = await sql.query('select from campaigns where id = $1 and erased_at is null', [id]);
  return rows.length === 0;
}

/**
 * Replies of people, whatever they answered, some at a time. Only a time that stands still during the statement is looked up in an index:
 * with `clock_timestamp()` each round would read the whole table.
 *
 * @returns how many went.
 */
export async function pruneInbound(sql: Sql, days: number, chunk: number): Promise<number> {
  const { rowCount } = await sql.query(
    `delete from inbound_messages where id = any (array(
       select id from inbound_messages where received_at < statement_timestamp() - $1 * interval '1 day' order by received_at limit $2))`,
    [days, chunk],
  );
  return rowCount;
}

/** Meta's ids of people of whom nothing else is left. */
export async function prunePersonIds(sql: Sql, days: number, chunk: number): Promise<number> {
  const { rowCount } = await sql.query(
    `delete from person_ids where user_id in (
       select user_id from person_ids p where seen_at < statement_timestamp() - $1 * interval '1 day'
         and not exists (select from recipients r where r.person = p.person)
         and not exists (select from suppressions s where s.person = p.person)
         and not exists (select from inbound_messages i where i.person = p.person)
       order by user_id limit $2)`,
    [days, chunk],
  );
  return rowCount;
}

/** Events of templates, numbers and the account: kept as long as the journal they came with. */
export async function pruneAccountEvents(sql: Sql, days: number, chunk: number): Promise<number> {
  const { rowCount } = await sql.query(
    `delete from account_events where id in (
       select id from account_events where at < statement_timestamp() - $1 * interval '1 day' order by id limit $2)`,
    [days, chunk],
  );
  return rowCount;
}
