import { digestOf } from '../consent/erased-people.sql.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';

/** Everywhere one person can stand apart from the lists of campaigns (lifecycle/forget-recipient.sql.ts) and the journal. */

export interface KnownAs {
  readonly phones: readonly number[];
  readonly userIds: readonly string[];
}

/** How they are written on lists, and what WhatsApp calls them. */
export async function knownAs(sql: Sql, person: number): Promise<KnownAs> {
  const { rows } = await sql.query<{ phone: number | null; user_id: string | null }>(
    `select phone, null as user_id from recipients where person = $1
     union select phone, user_id from person_ids where person = $1
     union select phone, null from suppressions where person = $1
     union select phone, null from consent_events where person = $1
     union select null, user_id from inbound_messages where person = $1`,
    [person],
  );
  const present = <T>(values: readonly (T | null)[]): T[] => [
    ...new Set(values.flatMap((value) => (value === null ? [] : [value]))),
  ];
  return { phones: present(rows.map((row) => row.phone)), userIds: present(rows.map((row) => row.user_id)) };
}

/** Words of theirs that stand elsewhere too: their name in WhatsApp. */
export async function namesInReplies(sql: Sql, person: number): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    'select distinct name from inbound_messages where person = $1 and name is not null',
    [person],
  );
  return rows.map((row) => row.name);
}

/** What holds on their account now; `doubtful` counts as no marketing. */
export async function strictestOptOut(sql: Sql, person: number): Promise<'all' | 'marketing' | undefined> {
  const { rows } = await sql.query<{ scope: 'all' | 'marketing' }>(
    `select case when scope = 'all' then 'all' else 'marketing' end as scope from suppressions
     where person = $1 and lifted_at is null order by scope <> 'all' limit 1`,
    [person],
  );
  return rows[0]?.scope;
}

export interface Removed {
  readonly replies: number;
  readonly optOuts: number;
  readonly statuses: number;
}

/** What is theirs alone goes as a whole, in one transaction. */
export async function removeRows(db: Db, person: number, userIds: readonly string[]): Promise<Removed> {
  return db.tx(async (sql) => {
    const replies = await sql.query('delete from inbound_messages where person = $1 or (person is null and user_id = any($2))', [
      person,
      userIds,
    ]);
    const optOuts = await sql.query('delete from suppressions where person = $1', [person]);
    await sql.query('delete from consent_events where person = $1', [person]);
    await sql.query('delete from person_ids where person = $1 or user_id = any($2)', [person, userIds]);
    const statuses = await sql.query('delete from orphan_statuses where person = $1', [person]);
    return { replies: replies.rowCount, optOuts: optOuts.rowCount, statuses: statuses.rowCount };
  });
}

/** Dry runs that hold them, or of which nobody can tell yet: they are given up, with the file that was kept. */
export async function draftsWith(sql: Sql, person: number, tail: string): Promise<{ id: number; campaignId: number }[]> {
  const { rows } = await sql.query<{ id: number; campaign_id: number }>(
    `select u.id, u.campaign_id from uploads u join upload_drafts d on d.upload_id = u.id
     where u.status = 'draft'
       and (d.state <> 'ready'
         or exists (select from draft_people p where p.upload_id = u.id and p.person = $1)
         or exists (select from draft_rows r where r.upload_id = u.id and ${digitsOf("r.data::text || ' ' || coalesce(r.value, '')")} like $2)
         or exists (select from draft_mends m where m.upload_id = u.id and ${digitsOf('m.cells::text')} like $2))`,
    [person, `%${tail}%`],
  );
  return rows.map((row) => ({ id: row.id, campaignId: row.campaign_id }));
}

/** Numbers are written with blanks and signs between their digits. */
function digitsOf(text: string): string {
  return `regexp_replace(${text}, '[^0-9]', '', 'g')`;
}

export interface RefusedRow {
  readonly upload_id: number;
  readonly row: number;
  readonly value: string | null;
  readonly data: readonly unknown[];
}

/** Refused rows that may hold the end of their number, in order. */
export async function refusedRowsWith(
  sql: Sql,
  page: { readonly tail: string; readonly after: { readonly upload_id: number; readonly row: number }; readonly limit: number },
): Promise<RefusedRow[]> {
  const { rows } = await sql.query<RefusedRow>(
    `select upload_id, row, value, data from rejected_rows
     where (upload_id, row) > ($2, $3) and ${digitsOf("data::text || ' ' || coalesce(value, '')")} like $1 order by upload_id, row limit $4`,
    [`%${page.tail}%`, page.after.upload_id, page.after.row, page.limit],
  );
  return rows;
}

/** The rows stay, because they are counted; what stood in them goes. */
export async function emptyRefusedRows(sql: Sql, rows: readonly RefusedRow[], error: string): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `update rejected_rows r set value = null, "column" = null, data = '[]', code = 'erased', error = $3
     from unnest($1::int[], $2::int[]) as t (upload_id, row) where r.upload_id = t.upload_id and r.row = t.row`,
    [rows.map((row) => row.upload_id), rows.map((row) => row.row), error],
  );
}

/**
 * Columns whose texts may name anybody. `ofRows`: reports of files, where their words stand without their number. Small tables, or pruned
 * within a day.
 */
export const TEXTS = [
  { table: 'idempotency', column: 'body', isText: true, ofRows: true },
  { table: 'uploads', column: 'notices', isText: false, ofRows: true },
  { table: 'uploads', column: 'reading', isText: false, ofRows: true },
  { table: 'uploads', column: 'value_faults', isText: false, ofRows: true },
  { table: 'audit', column: 'detail', isText: false, ofRows: false },
  { table: 'account_events', column: 'payload', isText: false, ofRows: false },
  { table: 'orphan_statuses', column: 'payload', isText: false, ofRows: false },
  { table: 'inbound_messages', column: 'payload', isText: false, ofRows: false },
] as const;

export type TextColumn = (typeof TEXTS)[number];

export interface StoredText {
  readonly place: string;
  readonly text: string;
}

/** Rows whose text may hold the end of their number or one of their words; a page in the order of their place. */
export async function textsWith(sql: Sql, { table, column }: TextColumn, needles: readonly string[]): Promise<StoredText[]> {
  const { rows } = await sql.query<StoredText>(
    `select ctid::text as place, ${column}::text as text from ${table}
     where ${column} is not null and exists (select from unnest($1::text[]) as n (needle)
       where position(n.needle in ${column}::text) > 0 or (n.needle ~ '^[0-9]+$' and position(n.needle in ${digitsOf(`${column}::text`)}) > 0))`,
    [needles],
  );
  return rows;
}

/** @returns false when the row has changed since it was read. */
export async function replaceText(
  sql: Sql,
  { table, column, isText }: TextColumn,
  row: StoredText,
  value: unknown,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update ${table} set ${column} = $2${isText ? '' : '::jsonb'} where ctid = $1::tid and ${column}::text = $3`,
    [row.place, jsonbText(value), row.text],
  );
  return rowCount === 1;
}

/** People who are on the list of the erased and yet have rows of their own: a restored database brought them back. */
export async function erasedWithRows(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ person: number }>(
    `select t.person from (
       select person from recipients where person > 0
       union select person from suppressions union select person from consent_events union select person from person_ids
       union select person from inbound_messages where person is not null
       union select person from orphan_statuses where person is not null
       union select person from draft_people where person > 0) t
     where exists (select from erased_people e where e.hash = ${digestOf('t.person')})`,
  );
  return rows.map((row) => row.person);
}

/** Numbers of refused rows that were read as one: of people who were refused or stood there twice. */
export async function refusedNumbers(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ phone: number }>(
    String.raw`select distinct substr(value, 2)::bigint as phone from rejected_rows where value ~ '^\+[0-9]{7,15}$'`,
  );
  return rows.map((row) => row.phone);
}
