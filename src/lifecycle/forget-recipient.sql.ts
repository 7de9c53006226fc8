import type { Sql } from '../lib/db/db.ts';
import { lockCampaign } from './campaign.sql.ts';
import { boxMoves, bump } from './counters.sql.ts';
import type { AttemptKey, MessageStatus } from './message.ts';

/**
 * Takes a person out of the row that counts them. The row and its message stay, so that every figure of the campaign is what it was; what
 * had not left does not leave any more.
 *
 * WhatsApp's id of a message has the number of the person inside, so it goes too: `erasedWamid` names the attempt instead, and what Meta
 * tells later is given the same name before it is applied (webhooks/redact-webhook.ts).
 */
export function erasedWamid({ campaignId, messageId, attempt }: AttemptKey): string {
  return `erased.${String(campaignId)}.${String(messageId)}.${String(attempt)}`;
}

const ERASED_WAMID = `'erased.' || m.campaign_id || '.' || m.id || '.' || m.attempt`;

export interface ForgottenRecipient {
  readonly id: number;
  readonly upload_id: number;
  readonly phone: number;
  readonly data: Readonly<Record<string, string>>;
  readonly wamid: string | null;
  readonly old: MessageStatus;
  readonly new: MessageStatus;
}

/** Within a transaction of its own. @returns the rows as they were; none when the person is not in the campaign. */
export async function forgetRecipient(
  sql: Sql,
  { campaignId, person, slot }: { readonly campaignId: number; readonly person: number; readonly slot: number },
): Promise<ForgottenRecipient[]> {
  // The campaign first, the counters last, as everywhere.
  const campaign = await lockCampaign(sql, campaignId);
  if (campaign === undefined) return [];
  // What an open upload has written is counted when it is published: until then its rows keep their box.
  const { rows } = await sql.query<ForgottenRecipient>(
    `select r.id, r.upload_id, r.phone, r.data, m.wamid, m.status as old,
            case when m.status = 'pending' and m.id <= $3 then 'skipped' else m.status end::message_status as new
     from recipients r join messages m on m.campaign_id = r.campaign_id and m.id = r.id
     where r.campaign_id = $1 and r.person = $2 order by r.id for update of m`,
    [campaignId, person, campaign.published_through],
  );
  if (rows.length === 0) return rows;
  await sql.query(
    `with theirs as materialized (
       select $1::int as campaign_id, t.id, t.old::message_status as old, t.new::message_status as new
       from unnest($2::int[], $3::text[], $4::text[]) as t (id, old, new)
     ), moved as (
       update messages m
       set status = t.new, reason = case when t.new <> t.old then 'erased' else m.reason end,
           due = case when t.new <> t.old then '-infinity' else m.due end,
           wamid = case when m.wamid is not null then ${ERASED_WAMID} end
       from theirs t where m.campaign_id = t.campaign_id and m.id = t.id
     ), forgotten as (
       update recipients r set person = -r.id, phone = 0, data = '{}' from theirs t where r.campaign_id = t.campaign_id and r.id = t.id
     ), told as (
       -- Codes, reasons and moves stay; Meta's own texts and ids may name the person.
       update message_events e
       set data = coalesce((select jsonb_object_agg(key, value) from jsonb_each(e.data)
                            where key in ('code', 'reason', 'from', 'to', 'current_attempt', 'reported', 'choice', 'retry')), '{}')
       from theirs t where e.campaign_id = t.campaign_id and e.message_id = t.id
     ), change as (${boxMoves('theirs')}
     ), counted as (${bump('change', 5)})
     select 1`,
    [campaignId, rows.map((row) => row.id), rows.map((row) => row.old), rows.map((row) => row.new), slot],
  );
  // A test send is a campaign of its own whose values are this person's.
  await sql.query(`update campaigns set mapping = '{}', looked_at = null where id = $1 and kind = 'test'`, [campaignId]);
  return rows;
}

/** Campaigns that have this person, in the order in which they are locked. */
export async function campaignsOf(sql: Sql, person: number): Promise<number[]> {
  const { rows } = await sql.query<{ campaign_id: number }>(
    'select distinct campaign_id from recipients where person = $1 order by campaign_id',
    [person],
  );
  return rows.map((row) => row.campaign_id);
}

/** Whether these messages were of somebody who has been erased; one that is gone is missing. By `campaign.message`. */
export async function erasedMessages(sql: Sql, keys: readonly AttemptKey[]): Promise<Map<string, boolean>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql.query<{ campaign_id: number; id: number; erased: boolean }>(
    `select r.* from unnest($1::int[], $2::int[]) as t (campaign_id, id)
     cross join lateral (select campaign_id, id, person < 0 as erased from recipients where campaign_id = t.campaign_id and id = t.id offset 0) r`,
    [keys.map((key) => key.campaignId), keys.map((key) => key.messageId)],
  );
  return new Map(rows.map((row) => [`${String(row.campaign_id)}.${String(row.id)}`, row.erased]));
}

/** Answers that were out while their person was erased have brought the id of the message: it goes like the others. */
export async function forgetLateAnswers(sql: Sql): Promise<void> {
  await sql.query(
    `update messages m set wamid = ${ERASED_WAMID}
     from recipients r
     where r.person < 0 and m.campaign_id = r.campaign_id and m.id = r.id and m.status <> 'sending' and m.wamid is not null and m.wamid not like 'erased.%'`,
  );
}
