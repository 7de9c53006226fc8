import type { Sql } from '../lib/db/db.ts';

/** What a preflight needs to know of a campaign's people. */
export interface RecentFact {
  readonly people: number;
  readonly first_at: Date | null;
  readonly campaign_id: number | null;
}

/**
 * How many of those who wait have got the same template from another campaign within a week. Only campaigns that were sending in
 * that time are looked at, which is mostly none.
 */
export async function recentWithTemplate(sql: Sql, campaignId: number): Promise<RecentFact> {
  const { rows } = await sql.query<RecentFact>(
    `with other as materialized (
       select o.id from campaigns c
       join campaigns o on o.template_name = c.template_name and o.mode = c.mode and o.id <> c.id and o.kind = 'campaign'
       where c.id = $1 and o.started_at is not null and o.deleted_at is null
         and (o.settled_at is null or o.updated_at > clock_timestamp() - interval '7 days')
     )
     select count(distinct r.person) as people, min(m.accepted_at) as first_at, min(m.campaign_id) as campaign_id
     from other
     join messages m on m.campaign_id = other.id and m.accepted_at > clock_timestamp() - interval '7 days'
     join recipients r on r.campaign_id = m.campaign_id and r.id = m.id
     join recipients mine on mine.campaign_id = $1 and mine.person = r.person and mine.person > 0
     join messages waiting on waiting.campaign_id = $1 and waiting.id = mine.id and waiting.status = 'pending'`,
    [campaignId],
  );
  return rows[0] ?? { people: 0, first_at: null, campaign_id: null };
}

/** Messages that Meta has accepted from a number in the last 24 hours: by the counters, which read no message. */
export async function acceptedInADay(
  sql: Sql,
  { mode, phoneNumberId }: { readonly mode: string; readonly phoneNumberId: string },
): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select coalesce(sum(t.n), 0)::bigint as n
     from campaigns c join tallies t on t.campaign_id = c.id and t.what = 'minute.accepted'
     where c.mode = $1::run_mode and c.phone_number_id = $2 and c.started_at is not null
       and (c.settled_at is null or c.settled_at > clock_timestamp() - interval '1 day')
       and t.key > to_char((clock_timestamp() - interval '1 day') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')`,
    [mode, phoneNumberId],
  );
  return rows[0]?.n ?? 0;
}

/** Those who still wait, by the first digits of their number: what a rate card prices. Of a list that has begun, since its counters by market name everybody. */
export async function waitingByDigits(sql: Sql, campaignId: number): Promise<{ digits: string; n: number }[]> {
  const { rows } = await sql.query<{ digits: string; n: number }>(
    `select left(r.phone::text, 4) as digits, count(*) as n
     from messages m join recipients r on r.campaign_id = m.campaign_id and r.id = m.id
     where m.campaign_id = $1 and m.status = 'pending' group by 1`,
    [campaignId],
  );
  return rows;
}

export interface RunningTemplate {
  readonly id: number;
  readonly frozen: unknown;
  readonly current: unknown;
}

/** Running campaigns with the template they were started with and the one Meta lists now, where the two are not the same JSON. */
export async function runningTemplates(
  sql: Sql,
  account: { readonly mode: string; readonly wabaId: string },
): Promise<RunningTemplate[]> {
  const { rows } = await sql.query<RunningTemplate>(
    `select c.id, c.template as frozen, t.raw as current
     from campaigns c
     join templates t on t.mode = c.mode and t.waba_id = $2 and t.name = c.template_name and t.language = c.template_language
     where c.status = 'running' and c.kind = 'campaign' and c.mode = $1::run_mode and c.deleted_at is null and t.gone_at is null
       and (c.template -> 'components' is distinct from t.raw -> 'components' or c.template -> 'category' is distinct from t.raw -> 'category')
     order by c.id`,
    [account.mode, account.wabaId],
  );
  return rows;
}
