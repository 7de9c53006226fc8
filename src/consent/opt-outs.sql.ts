import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';
import { blockedByErasure, unblockErased } from './erased-people.sql.ts';

/** `doubtful`: may have asked; nothing promotional until a person has decided. */
export const OPT_OUT_SCOPES = ['all', 'marketing', 'doubtful'] as const;
export type OptOutScope = (typeof OPT_OUT_SCOPES)[number];

/** Someone who must not be written to: at all, or with marketing. Looked at in the very claim of a message (claim.sql.ts). */
export interface Suppression {
  readonly person: number;
  readonly phone: number;
  readonly scope: OptOutScope;
  /** keyword, button, preferences, error_131050, operator, import … */
  readonly source: string;
  /** Who of us wrote it down; absent when it was the person or Meta. */
  readonly actor?: string | undefined;
  /** The proof: the words, the message, the campaign it answers. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly since: Date;
}

export type StoredSuppression = Omit<Suppression, 'actor'> & {
  readonly actor: string | null;
  /** Of the campaign that the proof names. */
  readonly campaign_name: string | null;
  readonly lifted_at: Date | null;
};

export type ConsentKind = 'opt_out' | 'doubt' | 'lift' | 'resume';

/**
 * Writes down opt-outs and what proves them. The newest word wins: an older stop does not undo a later resume, and the other way
 * round; the trail keeps each of them. What a webhook tells again changes neither.
 */
export async function suppress(sql: Sql, entries: readonly Suppression[]): Promise<void> {
  if (entries.length === 0) return;
  await recordConsent(sql, (entry) => (entry.scope === 'doubtful' ? 'doubt' : 'opt_out'), entries);
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

async function recordConsent(
  sql: Sql,
  kindOf: (entry: Suppression) => ConsentKind,
  entries: readonly Suppression[],
): Promise<void> {
  await sql.query(
    `insert into consent_events (person, phone, scope, kind, source, actor, detail, at)
     select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[])
     on conflict (person, scope, kind, source, at) do nothing`,
    [
      entries.map((entry) => entry.person),
      entries.map((entry) => entry.phone),
      entries.map((entry) => entry.scope),
      entries.map(kindOf),
      entries.map((entry) => entry.source),
      entries.map((entry) => entry.actor ?? null),
      entries.map((entry) => jsonbText(entry.detail)),
      entries.map((entry) => entry.since),
    ],
  );
}

/** Lifts what began before `lift.since`; the row and the trail stay as the proof. Of who was erased nothing stands but what blocks. */
export async function liftSuppression(sql: Sql, lift: Omit<Suppression, 'phone'>): Promise<boolean> {
  const wasErased = lift.scope === 'all' && (await unblockErased(sql, lift.person));
  return (await liftRow(sql, lift)) || wasErased;
}

async function liftRow(sql: Sql, lift: Omit<Suppression, 'phone'>): Promise<boolean> {
  const { rows } = await sql.query<{ phone: number }>(
    'update suppressions set lifted_at = $3 where person = $1 and scope = $2 and lifted_at is null and since <= $3 returning phone',
    [lift.person, lift.scope, lift.since],
  );
  const phone = rows[0]?.phone;
  if (phone === undefined) return false;
  await recordConsent(sql, () => 'lift', [{ ...lift, phone }]);
  return true;
}

/**
 * A person's own word that it may go on, as a webhook tells it: in any order with their stops. Kept also when there is nothing to
 * lift, so that an older stop which comes later changes nothing.
 */
export async function resume(sql: Sql, entry: Suppression): Promise<void> {
  await recordConsent(sql, () => 'resume', [entry]);
  await sql.query(
    `insert into suppressions (person, phone, scope, source, detail, since, lifted_at) values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (person, scope) do update set lifted_at = excluded.lifted_at
       where excluded.lifted_at >= coalesce(suppressions.lifted_at, suppressions.since)`,
    [entry.person, entry.phone, entry.scope, entry.source, jsonbText(entry.detail), entry.since],
  );
}

/**
 * Somebody has a new number: what they said with the old one until then holds for it, with the proof of then. Afterwards the old
 * number may be somebody else's.
 */
export async function carryOptOuts(
  sql: Sql,
  from: { readonly person: number; readonly until: Date },
  to: { readonly person: number; readonly phone: number },
): Promise<void> {
  const { rows } = await sql.query<StoredSuppression>(
    `select person, phone, scope, source, detail, since, lifted_at from suppressions
     where person = $1 and lifted_at is null and since <= $2`,
    [from.person, from.until],
  );
  await suppress(
    sql,
    rows.map((row) => ({
      ...to,
      scope: row.scope,
      source: row.source,
      since: row.since,
      detail: { ...row.detail, said_with: `+${String(row.phone)}` },
    })),
  );
}

export async function isSuppressed(sql: Sql, person: number, marketing: boolean): Promise<boolean> {
  const { rowCount } = await sql.query(
    `select from suppressions where person = $1 and lifted_at is null and (scope = 'all' or $2)
     union all
     select where ${blockedByErasure('$1::bigint', '$2')}`,
    [person, marketing],
  );
  return rowCount > 0;
}

export interface OptOutFilter {
  readonly person?: number | undefined;
  readonly scope?: OptOutScope | undefined;
  readonly source?: string | undefined;
}

/** Those of before a page: with `scope` 'doubtful' only when asked for, since they are no opt-outs yet. */
const MATCHING = `
  lifted_at is null and ($1::bigint is null or s.person = $1) and ($2::text is null and s.scope <> 'doubtful' or s.scope = $2)
  and ($3::text is null or s.source = $3)`;

const SHOWN = `
  select s.person, s.phone, s.scope, s.source, s.detail, s.since, s.lifted_at,
         (select c.name from campaigns c
          where c.id = case jsonb_typeof(s.detail -> 'campaign_id') when 'number' then (s.detail ->> 'campaign_id')::int end) as campaign_name,
         (select e.actor from consent_events e where e.person = s.person and e.scope = s.scope and e.at = s.since and e.source = s.source
          order by e.id limit 1) as actor`;

export async function listSuppressions(
  sql: Sql,
  filter: OptOutFilter & { readonly limit: number; readonly offset: number },
): Promise<{ suppressions: StoredSuppression[]; total: number }> {
  const { rows } = await sql.query<StoredSuppression & { total: number }>(
    `${SHOWN}, count(*) over () as total from suppressions s where ${MATCHING}
     order by s.since desc, s.person limit $4 offset $5`,
    [filter.person ?? null, filter.scope ?? null, filter.source ?? null, filter.limit, filter.offset],
  );
  return { suppressions: rows, total: rows[0]?.total ?? 0 };
}

/** How many hold now, by scope. */
export async function countOptOuts(sql: Sql): Promise<Record<OptOutScope, number>> {
  const { rows } = await sql.query<{ scope: OptOutScope; n: number }>(
    'select scope, count(*) as n from suppressions where lifted_at is null group by scope',
  );
  const counts = { all: 0, marketing: 0, doubtful: 0 };
  for (const { scope, n } of rows) counts[scope] = n;
  return counts;
}

/** A page of the list for an export, in the order of person and scope, from behind `after`. */
export async function optOutsAfter(
  sql: Sql,
  after: { readonly person: number; readonly scope: string },
  limit: number,
): Promise<StoredSuppression[]> {
  const { rows } = await sql.query<StoredSuppression>(
    `${SHOWN} from suppressions s where s.lifted_at is null and (s.person, s.scope) > ($1, $2) order by s.person, s.scope limit $3`,
    [after.person, after.scope, limit],
  );
  return rows;
}

export interface ConsentEvent {
  readonly scope: OptOutScope;
  readonly kind: ConsentKind;
  readonly source: string;
  readonly actor: string | null;
  readonly phone: number;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly recorded_at: Date;
}

/** All that was ever said about writing to this person, the oldest first. */
export async function consentTrail(sql: Sql, person: number): Promise<ConsentEvent[]> {
  const { rows } = await sql.query<ConsentEvent>(
    `select scope, kind, source, actor, phone, detail, at, recorded_at from consent_events where person = $1 order by at, id`,
    [person],
  );
  return rows;
}

/** Which of these people are out, in any way. */
export async function whoIsOut(sql: Sql, people: readonly number[]): Promise<Set<number>> {
  if (people.length === 0) return new Set();
  const { rows } = await sql.query<{ person: number }>(
    `select person from suppressions where person = any($1) and lifted_at is null and scope = 'all'`,
    [people],
  );
  return new Set(rows.map((row) => row.person));
}

export interface KnownOptOut {
  readonly person: number;
  readonly scope: OptOutScope;
  readonly lifted_at: Date | null;
}

/** What is known of these people, lifted ones included. */
export async function knownOptOuts(sql: Sql, people: readonly number[]): Promise<Map<number, KnownOptOut[]>> {
  const { rows } = await sql.query<KnownOptOut>(
    `select person, scope, lifted_at from suppressions where person = any($1)
     union all
     select t.person, 'all', null from unnest($1::bigint[]) as t (person) where ${blockedByErasure('t.person', 'false')}`,
    [people],
  );
  const known = new Map<number, KnownOptOut[]>();
  for (const row of rows) known.set(row.person, [...(known.get(row.person) ?? []), row]);
  return known;
}
