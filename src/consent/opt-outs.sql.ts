import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';

/** Someone who must not be written to: at all, or with marketing. Looked at in the very claim of a message (claims.ts). */
export interface Suppression {
  readonly person: number;
  readonly phone: number;
  readonly scope: 'all' | 'marketing';
  /** keyword, button, preferences, error_131050, operator, import … */
  readonly source: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly since: Date;
}

export type StoredSuppression = Suppression & { readonly lifted_at: Date | null };

/** The newest word wins: an older stop does not undo a later resume, and the other way round. */
export async function suppress(sql: Sql, entries: readonly Suppression[]): Promise<void> {
  if (entries.length === 0) return;
  await sql.query(
    `insert into suppressions (person, phone, scope, source, detail, since)
     select distinct on (person, scope) person, phone, scope, source, detail, since
     from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[]) as t (person, phone, scope, source, detail, since)
     order by person, scope, since desc
     on conflict (person, scope) do update
       set phone = excluded.phone, source = excluded.source, detail = excluded.detail, since = excluded.since, lifted_at = null
       where excluded.since > coalesce(suppressions.lifted_at, suppressions.since)`,
    [
      entries.map((entry) => entry.person),
      entries.map((entry) => entry.phone),
      entries.map((entry) => entry.scope),
      entries.map((entry) => entry.source),
      entries.map((entry) => jsonbText(entry.detail)),
      entries.map((entry) => entry.since),
    ],
  );
}

/** Lifts a suppression that began before `at`; the row stays as the proof. */
export async function liftSuppression(sql: Sql, person: number, scope: 'all' | 'marketing', at: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update suppressions set lifted_at = $3 where person = $1 and scope = $2 and lifted_at is null and since <= $3',
    [person, scope, at],
  );
  return rowCount === 1;
}

/**
 * A person's own word that it may go on, as a webhook tells it: in any order with their stops. Kept also when there is nothing to
 * lift, so that an older stop which comes later changes nothing.
 */
export async function resume(sql: Sql, entry: Suppression): Promise<void> {
  await sql.query(
    `insert into suppressions (person, phone, scope, source, detail, since, lifted_at) values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (person, scope) do update set lifted_at = excluded.lifted_at
       where excluded.lifted_at >= coalesce(suppressions.lifted_at, suppressions.since)`,
    [entry.person, entry.phone, entry.scope, entry.source, jsonbText(entry.detail), entry.since],
  );
}

export async function isSuppressed(sql: Sql, person: number, marketing: boolean): Promise<boolean> {
  const { rowCount } = await sql.query(
    `select from suppressions where person = $1 and lifted_at is null and (scope = 'all' or $2)`,
    [person, marketing],
  );
  return rowCount > 0;
}

export async function listSuppressions(
  sql: Sql,
  filter: { readonly person?: number | undefined; readonly limit: number; readonly offset: number },
): Promise<{ suppressions: StoredSuppression[]; total: number }> {
  const { rows } = await sql.query<StoredSuppression & { total: number }>(
    `select person, phone, scope, source, detail, since, lifted_at, count(*) over () as total from suppressions
     where ($1::bigint is null or person = $1) and lifted_at is null
     order by since desc, person limit $2 offset $3`,
    [filter.person ?? null, filter.limit, filter.offset],
  );
  return { suppressions: rows, total: rows[0]?.total ?? 0 };
}
