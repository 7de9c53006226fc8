import type { Sql } from '../lib/db/db.ts';
import type { AttemptKey } from '../lifecycle/message.ts';

export interface CampaignMark {
  readonly phone_number_id: string;
  readonly restored_through: number;
}

/** What a status must fit of the campaign it names. */
export async function campaignMarks(sql: Sql, ids: readonly number[]): Promise<Map<number, CampaignMark>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql.query<CampaignMark & { id: number }>(
    'select id, phone_number_id, restored_through from campaigns where id = any($1)',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Which attempt of today a status of a former life is about, in the order asked: the one that a restore put in doubt, since the forgotten
 * time may have counted on from it, or one from before all doubt. Undefined: of none.
 */
export async function attemptsOfFormerLife(sql: Sql, keys: readonly AttemptKey[]): Promise<(number | undefined)[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql.query<{ n: number; attempt: number | null }>(
    `select t.n, coalesce(
         (select max(e.attempt) from message_events e where e.campaign_id = t.campaign_id and e.message_id = t.id and e.kind = 'unknown'
            and e.attempt <= t.attempt and e.data ->> 'reason' = 'restored'),
         case when t.attempt <= m.attempt then t.attempt end) as attempt
     from unnest($1::int[], $2::int[], $3::int[]) with ordinality as t (campaign_id, id, attempt, n)
     cross join lateral (select attempt from messages where campaign_id = t.campaign_id and id = t.id offset 0) m`,
    [keys.map((key) => key.campaignId), keys.map((key) => key.messageId), keys.map((key) => key.attempt)],
  );
  const byPlace = new Map(rows.map((row) => [row.n, row.attempt ?? undefined]));
  return keys.map((_, place) => byPlace.get(place + 1));
}
