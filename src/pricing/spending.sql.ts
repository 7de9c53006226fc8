/**
 * Money in the claim. Every message that leaves reserves its price; what a campaign, a month or a day has spent is the sum of what its
 * messages reserved or cost, less those that surely cost nothing (the counter `spend`, which moves with the rows).
 *
 * Where something is limited, the claims that may spend it come one after the other: each takes the lock in one statement and looks in the
 * next, so that it sees what the one before has committed. A look in the same statement would see the money as it was before the wait.
 * Whoever fails or goes back gives the money free without the lock; a claim may see that a moment late, never too early.
 */
import type { Sql } from '../lib/db/db.ts';

/** Reserved or paid, in the state `status`; `price` is what Meta said. */
export function committed(status: string, price: string, reserved: string): string {
  return `case when ${status} in ('sending', 'unknown', 'held', 'accepted', 'sent', 'delivered', 'read') then coalesce(${price}, ${reserved}, 0) else 0 end`;
}

/** The key of the counter `spend`. */
export function spendKey(day: string, abroad: string): string {
  return `to_char(${day}, 'YYYY-MM-DD') || case when ${abroad} then ' abroad' else '' end`;
}

/** What limits the campaign of the claim (`c`, mode $2), and which day it is. */
export const SPENDING_CAPS = `
  select c.budget_micros, l.monthly_micros, l.abroad_daily_micros, coalesce(l.home_codes, '{}') as home_codes,
         (clock_timestamp() at time zone coalesce(l.time_zone, 'UTC'))::date as today,
         coalesce(l.currency <> c.currency and coalesce(l.monthly_micros, l.abroad_daily_micros) is not null, false) as other_currency,
         coalesce(c.budget_micros, l.monthly_micros, l.abroad_daily_micros) is not null as capped
  from c left join spending_limits l on l.mode = $2`;

/** What is left of each limit; null where there is none. In another currency nothing can be compared, so nothing is left. */
export const SPENDING_ROOM = `
  select k.budget_micros - (select coalesce(sum(n), 0) from tallies where campaign_id = $1 and what = 'spend') as of_campaign,
         case when k.other_currency then 0
              when k.monthly_micros is not null
              then k.monthly_micros - ${spentFrom("to_char(k.today, 'YYYY-MM')", "to_char(k.today, 'YYYY-MM') || '-99'")} end as of_month,
         case when k.abroad_daily_micros is not null
              then k.abroad_daily_micros - ${spentFrom(spendKey('k.today', 'true'), spendKey('k.today', 'true'))} end as of_abroad
  from caps k
  where k.capped`;

/** Of all campaigns of mode $2 and the currency of `c`, between two keys. */
function spentFrom(first: string, last: string): string {
  return `(select coalesce(sum(t.n), 0) from tallies t join campaigns o on o.id = t.campaign_id
             where t.what = 'spend' and t.key collate "C" >= ${first} and t.key collate "C" <= ${last}
               and o.mode = $2 and o.currency = (select currency from c))`;
}

/**
 * Each row of `source` (turn, phone, new) with its price ($9), whether it goes abroad, whether there is money for it and for all before it,
 * and if not, which limit is in the way.
 */
export function weighed(source: string): string {
  const digits = [4, 3, 2, 1].map((n) => `$9::jsonb ->> left(s.phone::text, ${String(n)})`).join(', ');
  return `
  select w.*, bool_and(w.short is null) over (order by w.turn) as fits
  from (
    select p.*, case when p.new = 'skipped' then null
                     when k.other_currency then 'currency'
                     when sum(p.price) over (order by p.turn) > r.of_campaign then 'campaign'
                     when sum(p.price) over (order by p.turn) > r.of_month then 'month'
                     when p.abroad and sum(p.price) filter (where p.abroad) over (order by p.turn) > r.of_abroad then 'abroad' end as short
    from (
      select s.*, case when s.new = 'sending' then coalesce(${digits}, $9::jsonb ->> '', '0')::bigint else 0 end as price,
             cardinality(k.home_codes) > 0 and not exists (select from unnest(k.home_codes) h where starts_with(s.phone::text, h)) as abroad
      from ${source} s, caps k
    ) p cross join caps k left join room r on true
  ) w`;
}

/** Within the transaction of the claim, before it: the campaign's own money, then everybody's. */
export async function lockSpending(
  sql: Sql,
  { campaignId, mode }: { readonly campaignId: number; readonly mode: 'sandbox' | 'live' },
): Promise<void> {
  await sql.query(
    `with c as materialized (
       select id from campaigns where id = $1 for share
     ), d as materialized (
       select campaign_id from dispatch where campaign_id = (select id from c) for update
     )
     select from spending_limits where mode = $2 and (select count(*) from d) >= 0 for update`,
    [campaignId, mode],
  );
}
