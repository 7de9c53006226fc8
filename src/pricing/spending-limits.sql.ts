import type { Sql } from '../lib/db/db.ts';

export interface SpendingLimits {
  readonly currency: string;
  readonly monthly_micros: number | null;
  readonly abroad_daily_micros: number | null;
  readonly home_countries: readonly string[];
  readonly home_codes: readonly string[];
  readonly time_zone: string;
  readonly changed_by: string | null;
  readonly changed_at: Date;
}

export async function findLimits(sql: Sql, mode: 'sandbox' | 'live'): Promise<SpendingLimits | undefined> {
  const { rows } = await sql.query<SpendingLimits>(
    `select currency, monthly_micros, abroad_daily_micros, home_countries, home_codes, time_zone, changed_by, changed_at
     from spending_limits where mode = $1`,
    [mode],
  );
  return rows[0];
}

/** Holds for every claim that begins after the commit. */
export async function putLimits(sql: Sql, mode: 'sandbox' | 'live', limits: Omit<SpendingLimits, 'changed_at'>): Promise<void> {
  await sql.query(
    `insert into spending_limits (mode, currency, monthly_micros, abroad_daily_micros, home_countries, home_codes, time_zone, changed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (mode) do update set currency = excluded.currency, monthly_micros = excluded.monthly_micros,
       abroad_daily_micros = excluded.abroad_daily_micros, home_countries = excluded.home_countries, home_codes = excluded.home_codes,
       time_zone = excluded.time_zone, changed_by = excluded.changed_by, changed_at = clock_timestamp()`,
    [
      mode,
      limits.currency,
      limits.monthly_micros,
      limits.abroad_daily_micros,
      limits.home_countries,
      limits.home_codes,
      limits.time_zone,
      limits.changed_by,
    ],
  );
}

export interface Spent {
  /** YYYY-MM-DD where the operator is. */
  readonly today: string;
  readonly month_micros: number;
  readonly today_micros: number;
  readonly abroad_today_micros: number;
}

/** Reserved or paid by all campaigns of one currency, in the month and on the day it is where the operator is. */
export async function readSpent(
  sql: Sql,
  { mode, currency, timeZone }: { readonly mode: 'sandbox' | 'live'; readonly currency: string; readonly timeZone: string },
): Promise<Spent> {
  const { rows } = await sql.query<Spent>(
    `with d as (select to_char(clock_timestamp() at time zone $3, 'YYYY-MM-DD') as today)
     select d.today, coalesce(sum(t.n), 0)::bigint as month_micros,
            coalesce(sum(t.n) filter (where t.key like d.today || '%'), 0)::bigint as today_micros,
            coalesce(sum(t.n) filter (where t.key = d.today || ' abroad'), 0)::bigint as abroad_today_micros
     from d left join (tallies t join campaigns o on o.id = t.campaign_id and o.mode = $1 and o.currency = $2)
       on t.what = 'spend' and t.key collate "C" >= left(d.today, 7) and t.key collate "C" <= left(d.today, 7) || '-99'
     group by 1`,
    [mode, currency, timeZone],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the clock gave no row');
  return row;
}

/** Whether the database can tell the days of this zone apart. */
export async function isTimeZone(sql: Sql, zone: string): Promise<boolean> {
  return (await sql.query('select from pg_timezone_names where name = $1', [zone])).rowCount > 0;
}
