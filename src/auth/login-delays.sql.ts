import type { Sql } from '../lib/db/db.ts';

/** Enough for a person who mistypes. */
const FREE_TRIES = 5;
const FIRST_SECONDS = 30;
const LONGEST_SECONDS = 900;
const DELAY = `case when d.failures < ${String(FREE_TRIES)} then 0
  else least(${String(LONGEST_SECONDS)}, ${String(FIRST_SECONDS)} * 2 ^ least(20, d.failures - ${String(FREE_TRIES)})) end * interval '1 second'`;

/**
 * Counts one try as failed until it is known to be right, so that tries at the same moment count each. After five in a row the next
 * waits half a minute, each further one twice as long, up to a quarter of an hour; a day without any forgets them.
 *
 * @returns the seconds still to wait; 0 = it may be tried, and was counted.
 */
export async function beginTry(sql: Sql, key: Buffer): Promise<number> {
  const { rowCount } = await sql.query(
    `insert into login_delays as d (key, failures, last_at) values ($1, 1, clock_timestamp())
     on conflict (key) do update set
       failures = case when d.last_at < clock_timestamp() - interval '1 day' then 1 else d.failures + 1 end,
       last_at = clock_timestamp()
     where d.last_at + ${DELAY} <= clock_timestamp()`,
    [key],
  );
  if (rowCount === 1) return 0;
  const { rows } = await sql.query<{ seconds: number }>(
    `select greatest(1, ceil(extract(epoch from d.last_at + ${DELAY} - clock_timestamp())))::int as seconds
     from login_delays d where key = $1`,
    [key],
  );
  return rows[0]?.seconds ?? 1;
}

/** It was right: the next one is the first again. */
export async function forgetTries(sql: Sql, key: Buffer): Promise<void> {
  await sql.query('delete from login_delays where key = $1', [key]);
}
