import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { Hold, Notice, NoticeChange } from './account-notices.ts';

export interface NumberKey {
  readonly mode: RunMode;
  readonly phoneNumberId: string;
}

/** Of `account_notices n`: it is neither lifted nor over. */
export const STANDS = '(n.lifted_at is null and (n.until is null or n.until > clock_timestamp()))';

/**
 * Writes what Meta told at a time. Webhooks come in any order: what was told earlier changes nothing that is known. Told anew, it keeps
 * the time since when it stands.
 */
export async function tellNotices(
  sql: Sql,
  { mode, phoneNumberId }: NumberKey,
  at: Date,
  changes: readonly NoticeChange[],
): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'lifted') await lift(sql, { mode, phoneNumberId }, at, change);
    else
      await sql.query(
        `insert into account_notices as n (mode, phone_number_id, code, subject, holds, since, until, told_at, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $6, $8)
         on conflict (mode, phone_number_id, code, subject) do update set
           since = case when ${STANDS} then n.since else excluded.since end,
           holds = excluded.holds, until = excluded.until, told_at = excluded.told_at, detail = excluded.detail, lifted_at = null
         where n.told_at <= excluded.told_at`,
        [
          mode,
          phoneNumberId,
          change.code,
          change.subject ?? '',
          change.holds ?? null,
          at,
          change.until ?? null,
          jsonbText(change.detail ?? {}),
        ],
      );
  }
}

/** A row of its own where there is none: the word that it began may come after the word that it is over. */
async function lift(
  sql: Sql,
  { mode, phoneNumberId }: NumberKey,
  at: Date,
  { code, subject }: Extract<NoticeChange, { kind: 'lifted' }>,
): Promise<void> {
  await sql.query(
    `with lifted as (
       update account_notices set lifted_at = $5, told_at = $5
       where mode = $1 and phone_number_id = $2 and code = $3 and ($4::text is null or subject = $4) and told_at <= $5
     )
     insert into account_notices (mode, phone_number_id, code, subject, since, told_at, lifted_at)
     values ($1, $2, $3, coalesce($4, ''), $5, $5, $5) on conflict do nothing`,
    [mode, phoneNumberId, code, subject ?? null, at],
  );
}

/** Templates of a category were refused just now: they wait at least so long. What Meta has told of it with a later end stays. */
export async function holdCategory(
  sql: Sql,
  { mode, phoneNumberId }: NumberKey,
  { category, seconds }: { readonly category: Exclude<Hold, 'all'>; readonly seconds: number },
): Promise<void> {
  await sql.query(
    `insert into account_notices as n (mode, phone_number_id, code, holds, since, until, told_at, detail)
     values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp() + $5 * interval '1 second', clock_timestamp(), '{"refused":"131064"}')
     on conflict (mode, phone_number_id, code, subject) do update set
       since = case when ${STANDS} then n.since else excluded.since end,
       until = case when ${STANDS} and n.until is null then null when ${STANDS} then greatest(n.until, excluded.until) else excluded.until end,
       holds = excluded.holds, lifted_at = null`,
    [mode, phoneNumberId, `${category}_capped`, category, seconds],
  );
}

/**
 * Is everything held until an end that Meta has told? A refusal that comes just after that end means that clocks differ a little: it is
 * held some seconds longer, for two minutes at most.
 */
export async function heldUntilItsEnd(sql: Sql, { mode, phoneNumberId }: NumberKey): Promise<boolean> {
  const { rows } = await sql.query<{ held: boolean }>(
    `with longer as (
       update account_notices n
       set until = clock_timestamp() + interval '10 seconds',
           detail = n.detail || jsonb_build_object('told_end', coalesce(n.detail ->> 'told_end', n.until::text))
       where n.mode = $1 and n.phone_number_id = $2 and n.holds = 'all' and n.lifted_at is null and n.until <= clock_timestamp()
         and coalesce((n.detail ->> 'told_end')::timestamptz, n.until) > clock_timestamp() - interval '2 minutes'
       returning 1
     )
     select exists (select from longer)
         or exists (select from account_notices n
                    where n.mode = $1 and n.phone_number_id = $2 and n.holds = 'all' and n.until is not null and ${STANDS}) as held`,
    [mode, phoneNumberId],
  );
  return rows[0]?.held ?? false;
}

/** What stands now, what holds sending back first. */
export async function standingNotices(sql: Sql, { mode, phoneNumberId }: NumberKey): Promise<Notice[]> {
  const { rows } = await sql.query<Notice>(
    `select code, subject, holds, since, until, detail from account_notices n
     where mode = $1 and phone_number_id = $2 and ${STANDS}
     order by holds is null, holds <> 'all', since, code, subject`,
    [mode, phoneNumberId],
  );
  return rows;
}
