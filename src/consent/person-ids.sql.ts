/**
 * Who is behind WhatsApp's user ids. Somebody with a username may hide the phone: then webhooks name only an id of this business
 * (`CO.1349…`). The pair is kept whenever both are seen, so that a STOP under the id finds the person on the list.
 */
import type { Sql } from '../lib/db/db.ts';

export interface PersonId {
  readonly userId: string;
  readonly person: number;
  readonly phone: number;
  readonly seenAt: Date;
}

/** Meta's ids are shorter; what is longer was made up. */
export const MAX_USER_ID = 150;

/** @returns the ids that were not known, or of somebody else. */
export async function storePersonIds(sql: Sql, ids: readonly PersonId[]): Promise<string[]> {
  const sane = ids.filter(({ userId }) => userId.length <= MAX_USER_ID);
  if (sane.length === 0) return [];
  const { rows } = await sql.query<{ user_id: string }>(
    `insert into person_ids (user_id, person, phone, seen_at)
     select distinct on (user_id) t.* from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[]) as t (user_id, person, phone, seen_at)
     where not exists (select from person_ids p where p.user_id = t.user_id and p.phone = t.phone)
     order by user_id, seen_at desc
     on conflict (user_id) do update set person = excluded.person, phone = excluded.phone, seen_at = excluded.seen_at
       where person_ids.seen_at <= excluded.seen_at
     returning user_id`,
    [sane.map((id) => id.userId), sane.map((id) => id.person), sane.map((id) => id.phone), sane.map((id) => id.seenAt)],
  );
  return rows.map((row) => row.user_id);
}

/** Ids that came with a message of ours: the person is the one it was sent to. @returns those that were not known. */
export async function storeIdsOfMessages(
  sql: Sql,
  seen: readonly { readonly userId: string; readonly campaignId: number; readonly messageId: number; readonly seenAt: Date }[],
): Promise<string[]> {
  const sane = seen.filter(({ userId }) => userId.length <= MAX_USER_ID);
  if (sane.length === 0) return [];
  const { rows } = await sql.query<{ user_id: string }>(
    `insert into person_ids (user_id, person, phone, seen_at)
     select distinct on (t.user_id) t.user_id, r.person, r.phone, t.seen_at
     from unnest($1::text[], $2::int[], $3::int[], $4::timestamptz[]) as t (user_id, campaign_id, message_id, seen_at)
     cross join lateral (select person, phone from recipients where campaign_id = t.campaign_id and id = t.message_id and person > 0 offset 0) r
     where not exists (select from person_ids p where p.user_id = t.user_id and p.person = r.person)
     order by t.user_id, t.seen_at desc
     on conflict (user_id) do update set person = excluded.person, phone = excluded.phone, seen_at = excluded.seen_at
       where person_ids.seen_at <= excluded.seen_at
     returning user_id`,
    [sane.map((s) => s.userId), sane.map((s) => s.campaignId), sane.map((s) => s.messageId), sane.map((s) => s.seenAt)],
  );
  return rows.map((row) => row.user_id);
}

export async function findPeopleByIds(
  sql: Sql,
  userIds: readonly string[],
): Promise<Map<string, { readonly person: number; readonly phone: number }>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await sql.query<{ user_id: string; person: number; phone: number }>(
    'select user_id, person, phone from person_ids where user_id = any($1)',
    [userIds],
  );
  return new Map(rows.map(({ user_id, person, phone }) => [user_id, { person, phone }]));
}

/** To whom messages were sent, by `campaign.message`. */
export async function findRecipients(
  sql: Sql,
  keys: readonly { readonly campaignId: number; readonly messageId: number }[],
): Promise<Map<string, { readonly person: number; readonly phone: number }>> {
  const { rows } = await sql.query<{ campaign_id: number; id: number; person: number; phone: number }>(
    `select r.campaign_id, r.id, r.person, r.phone from unnest($1::int[], $2::int[]) as t (campaign_id, id)
     join recipients r on r.campaign_id = t.campaign_id and r.id = t.id and r.person > 0`,
    [keys.map((key) => key.campaignId), keys.map((key) => key.messageId)],
  );
  return new Map(rows.map(({ campaign_id, id, person, phone }) => [`${String(campaign_id)}.${String(id)}`, { person, phone }]));
}
