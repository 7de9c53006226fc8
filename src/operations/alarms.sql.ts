import type { Sql } from '../lib/db/db.ts';
import { type Text, translate } from '../lib/words/sentence.ts';

export interface PastAlarm {
  readonly id: number;
  readonly code: string;
  readonly message: string;
  readonly message_es: string;
  readonly began_at: Date;
  readonly ended_at: Date | null;
}

/** Forgotten some time after they ended. */
const KEEP_DAYS = 90;

/** Writes down what has begun and what is over; the same look again, or by another process, changes nothing. */
export async function noteAlarms(sql: Sql, now: readonly { readonly code: string; readonly message: Text }[]): Promise<void> {
  const codes = now.map(({ code }) => code);
  await sql.query(
    `insert into alarms (code, message, message_es) select * from unnest($1::text[], $2::text[], $3::text[])
     on conflict (code) where ended_at is null do nothing`,
    [codes, now.map(({ message }) => translate(message, 'en')), now.map(({ message }) => translate(message, 'es'))],
  );
  await sql.query('update alarms set ended_at = clock_timestamp() where ended_at is null and code <> all($1)', [codes]);
  await sql.query(`delete from alarms where ended_at < clock_timestamp() - $1 * interval '1 day'`, [KEEP_DAYS]);
}

/** The newest first; those that go on before all others. */
export async function pastAlarms(sql: Sql, limit: number): Promise<PastAlarm[]> {
  const { rows } = await sql.query<PastAlarm>(
    `select id, code, message, message_es, began_at, ended_at from alarms
     order by ended_at is null desc, began_at desc, id desc limit $1`,
    [limit],
  );
  return rows;
}
