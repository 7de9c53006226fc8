/**
 * People who have been erased: known by nothing but a keyed digest of their number (lib/phone/parse.ts, `personKey`). The key is of the
 * database, not of the settings: a changed SECRET_KEY must not open what was closed.
 */
import type { Sql } from '../lib/db/db.ts';

export const BLOCKS = ['all', 'marketing', 'nothing'] as const;
export type Blocks = (typeof BLOCKS)[number];

export interface Erasure {
  readonly blocks: Blocks;
  readonly erased_at: Date;
}

/** The digest of a person in SQL. */
export function digestOf(person: string): string {
  return `sha256(convert_to((select erasure_key from installation) || '.' || (${person})::text, 'UTF8'))`;
}

/** Holds for somebody who was erased and must not be written to; of the claim (lifecycle/claim.sql.ts), and of every question before it. */
export function blockedByErasure(person: string, marketing: string): string {
  return `exists (select from erased_people e where e.hash = ${digestOf(person)} and (e.blocks = 'all' or e.blocks = 'marketing' and ${marketing}))`;
}

export async function rememberErasure(sql: Sql, person: number, blocks: Blocks): Promise<void> {
  await sql.query(
    `insert into erased_people (hash, blocks) values (${digestOf('$1::bigint')}, $2)
     on conflict (hash) do update set blocks = excluded.blocks, erased_at = excluded.erased_at`,
    [person, blocks],
  );
}

export async function findErasure(sql: Sql, person: number): Promise<Erasure | undefined> {
  const { rows } = await sql.query<Erasure>(
    `select blocks, erased_at from erased_people where hash = ${digestOf('$1::bigint')}`,
    [person],
  );
  return rows[0];
}

/** They may be written to again; that they were erased stays known. @returns false when nothing was blocked. */
export async function unblockErased(sql: Sql, person: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update erased_people set blocks = 'nothing' where hash = ${digestOf('$1::bigint')} and blocks <> 'nothing'`,
    [person],
  );
  return rowCount === 1;
}

/** Which of these people were erased, and when. Costs one look at an empty table where nobody ever was. */
export async function erasedAmong(sql: Sql, people: readonly number[]): Promise<Map<number, Date>> {
  if (people.length === 0) return new Map();
  const { rows } = await sql.query<{ person: number; erased_at: Date }>(
    `select t.person, e.erased_at from (select exists (select from erased_people) as any_at_all) a
     cross join unnest($1::bigint[]) as t (person) join erased_people e on a.any_at_all and e.hash = ${digestOf('t.person')}`,
    [people],
  );
  return new Map(rows.map((row) => [row.person, row.erased_at]));
}

export async function isAnybodyErased(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ yes: boolean }>('select exists (select from erased_people) as yes');
  return rows[0]?.yes === true;
}

/** The list of digests, as it is kept outside the database so that a restored one can be told of them. */
export interface ErasedList {
  readonly key: string;
  readonly people: readonly { readonly hash: string; readonly blocks: Blocks; readonly erasedAt: string }[];
}

export async function readErasedList(sql: Sql): Promise<ErasedList> {
  const key = await sql.query<{ erasure_key: string }>('select erasure_key from installation');
  const { rows } = await sql.query<{ hash: string; blocks: Blocks; erased_at: Date }>(
    `select encode(hash, 'hex') as hash, blocks, erased_at from erased_people order by erased_at, hash`,
  );
  return {
    key: key.rows[0]?.erasure_key ?? '',
    people: rows.map((row) => ({ hash: row.hash, blocks: row.blocks, erasedAt: row.erased_at.toISOString() })),
  };
}

/**
 * Takes up erasures that this database does not know: it is a copy from before them. A database that knows of none takes the key of the
 * list as well, since its own may be younger than the list.
 *
 * @returns how many were new, or undefined when the list is another installation's.
 */
export async function mergeErasedList(sql: Sql, list: ErasedList): Promise<number | undefined> {
  const adopted = await sql.query(
    `update installation set erasure_key = $1 where erasure_key = $1 or not exists (select from erased_people)`,
    [list.key],
  );
  if (adopted.rowCount !== 1) return undefined;
  const { rowCount } = await sql.query(
    `insert into erased_people (hash, blocks, erased_at)
     select decode(hash, 'hex'), blocks, erased_at from unnest($1::text[], $2::text[], $3::timestamptz[]) as t (hash, blocks, erased_at)
     on conflict (hash) do nothing`,
    [list.people.map((one) => one.hash), list.people.map((one) => one.blocks), list.people.map((one) => one.erasedAt)],
  );
  return rowCount;
}
