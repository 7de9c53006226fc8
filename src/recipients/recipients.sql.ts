import type { Sql } from '../lib/db/db.ts';
import type { MessageStatus } from '../lifecycle/message.ts';

/** One person of a campaign with what became of their message. */
export interface RecipientRow {
  readonly id: number;
  readonly phone: number;
  readonly row: number;
  readonly data: Readonly<Record<string, string>>;
  readonly status: MessageStatus;
  readonly attempt: number;
  /** To the microsecond, as text: the cursor of a list must not lose the end of it. '-infinity' unless a retry waits. */
  readonly due: string;
  readonly accepted_at: Date | null;
  readonly sent_at: Date | null;
  readonly delivered_at: Date | null;
  readonly read_at: Date | null;
  readonly failed_at: Date | null;
  readonly wamid: string | null;
  readonly error_code: number | null;
  readonly reason: string | null;
  readonly price_micros: number | null;
}

export interface RecipientFilter {
  readonly status?: MessageStatus | undefined;
  readonly errorCode?: number | undefined;
  /** Of the last row of the page before. */
  readonly after?: { readonly due: string; readonly id: number } | undefined;
  readonly limit: number;
}

export interface RecipientSearch extends Omit<RecipientFilter, 'after'> {
  /** Whole person keys and ranges of numbers that begin alike; any of them. */
  readonly phones: readonly PhoneRange[];
  /** The person key of the last row of the page before. */
  readonly after?: number | undefined;
}

export interface PhoneRange {
  readonly from: number;
  readonly to: number;
}

const COLUMNS = `r.id, r.phone, r.row, r.data, m.status, m.attempt, m.due::text as due, m.accepted_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at,
  m.wamid, m.error_code, m.reason, m.price_micros`;

/** A page in the order of the file; one status in the order of its index, which is when each is due. */
export async function listRecipients(sql: Sql, campaignId: number, filter: RecipientFilter): Promise<RecipientRow[]> {
  if (filter.status !== undefined) return listByStatus(sql, campaignId, filter.status, filter);
  const { rows } = await sql.query<RecipientRow>(
    `select ${COLUMNS}
     from recipients r join messages m on m.campaign_id = r.campaign_id and m.id = r.id
     where r.campaign_id = $1 and r.id > $2 and r.id <= (select published_through from campaigns where id = $1)
       and ($3::int is null or m.error_code = $3)
     order by r.id limit $4`,
    [campaignId, filter.after?.id ?? 0, filter.errorCode ?? null, filter.limit],
  );
  return rows;
}

async function listByStatus(
  sql: Sql,
  campaignId: number,
  status: MessageStatus,
  filter: RecipientFilter,
): Promise<RecipientRow[]> {
  const { rows } = await sql.query<RecipientRow>(
    `select ${COLUMNS}
     from messages m join recipients r on r.campaign_id = m.campaign_id and r.id = m.id
     where m.campaign_id = $1 and m.status = $2::message_status and (m.due, m.id) > ($3::timestamptz, $4::int)
       and m.id <= (select published_through from campaigns where id = $1)
       and ($5::int is null or m.error_code = $5)
     order by m.due, m.id limit $6`,
    [campaignId, status, filter.after?.due ?? '-infinity', filter.after?.id ?? 0, filter.errorCode ?? null, filter.limit],
  );
  return rows;
}

/**
 * A page of those whose number begins so, in the order of their numbers: the order of the index, so that three digits which a million
 * people share cost no more than a whole number. Each range is walked by itself and only as far as the page reaches; with a status or
 * a code, until as many have it.
 */
export async function searchRecipients(
  sql: Sql,
  campaignId: number,
  { phones, status, errorCode, after, limit }: RecipientSearch,
): Promise<(RecipientRow & { readonly person: number })[]> {
  const { rows } = await sql.query<RecipientRow & { readonly person: number }>(
    `select distinct on (page.person) page.*
     from unnest($2::bigint[], $3::bigint[]) as k (lo, hi)
     cross join lateral (
       select ${COLUMNS}, r.person
       from recipients r join messages m on m.campaign_id = r.campaign_id and m.id = r.id
       where r.campaign_id = $1 and r.person >= k.lo and r.person <= k.hi and r.person > $4
         and r.id <= (select published_through from campaigns where id = $1)
         and ($5::text is null or m.status::text = $5) and ($6::int is null or m.error_code = $6)
       order by r.person limit $7
     ) as page
     order by page.person limit $7`,
    [
      campaignId,
      phones.map(({ from }) => from),
      phones.map(({ to }) => to),
      after ?? 0,
      status ?? null,
      errorCode ?? null,
      limit,
    ],
  );
  return rows;
}

/** So many are looked through for a text at once: some tens of milliseconds. */
const LOOKED_THROUGH = 20_000;

/** Those of whose values one contains the text, from behind `after`. @returns as well where to look on; undefined at the end. */
export async function searchByText(
  sql: Sql,
  campaignId: number,
  search: Omit<RecipientFilter, 'after'> & { readonly text: string; readonly after: number },
): Promise<{ readonly rows: RecipientRow[]; readonly next: number | undefined }> {
  const { text, after, status, errorCode, limit } = search;
  const { rows } = await sql.query<RecipientRow>(
    `select ${COLUMNS}
     from recipients r join messages m on m.campaign_id = r.campaign_id and m.id = r.id
     where r.campaign_id = $1 and r.id > $2 and r.id <= least($2 + $3, (select published_through from campaigns where id = $1))
       and exists (select from jsonb_each_text(r.data) as v where position(${folded('$4::text')} in ${folded('v.value')}) > 0)
       and ($5::text is null or m.status::text = $5) and ($6::int is null or m.error_code = $6)
     order by r.id limit $7`,
    [campaignId, after, LOOKED_THROUGH, text, status ?? null, errorCode ?? null, limit],
  );
  const last = rows.at(-1);
  if (rows.length === limit && last !== undefined) return { rows, next: last.id };
  const { rows: ends } = await sql.query<{ more: boolean }>(
    'select published_through > $2 as more from campaigns where id = $1',
    [campaignId, after + LOOKED_THROUGH],
  );
  return { rows, next: ends[0]?.more === true ? after + LOOKED_THROUGH : undefined };
}

/** Case and the accents of Spanish and its neighbours make no difference. */
function folded(expression: string): string {
  return `translate(lower(${expression}), 'áàâãäéèêëíìîïóòôõöúùûüñç', 'aaaaaeeeeiiiiooooouuuunc')`;
}

/** The place before the first one at or behind this row of the file. */
export async function placeBeforeRow(sql: Sql, campaignId: number, row: number): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    `select coalesce((select id from recipients where campaign_id = $1 and row >= $2 order by id limit 1),
                     (select published_through + 1 from campaigns where id = $1)) - 1 as id`,
    [campaignId, row],
  );
  return rows[0]?.id ?? 0;
}

export async function findRecipient(sql: Sql, campaignId: number, id: number): Promise<RecipientRow | undefined> {
  const { rows } = await sql.query<RecipientRow>(
    `select ${COLUMNS}
     from recipients r join messages m on m.campaign_id = r.campaign_id and m.id = r.id
     where r.campaign_id = $1 and r.id = $2 and r.id <= (select published_through from campaigns where id = $1)`,
    [campaignId, id],
  );
  return rows[0];
}

export interface Standing {
  readonly attempt: number;
  readonly wamid: string | null;
  readonly person: number;
  readonly status: MessageStatus;
}

/** Where these messages stand; who does not exist is missing. */
export async function standings(sql: Sql, campaignId: number, ids: readonly number[]): Promise<Map<number, Standing>> {
  const { rows } = await sql.query<Standing & { readonly id: number }>(
    `select m.id, m.attempt, m.status, m.wamid, r.person from messages m join recipients r on r.campaign_id = m.campaign_id and r.id = m.id
     where m.campaign_id = $1 and m.id = any($2)`,
    [campaignId, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export interface MessageEventRow {
  readonly at: Date;
  readonly attempt: number;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What one message lived through beyond its own columns, oldest first. */
export async function messageEvents(sql: Sql, campaignId: number, messageId: number): Promise<MessageEventRow[]> {
  const { rows } = await sql.query<MessageEventRow>(
    'select at, attempt, kind, data from message_events where campaign_id = $1 and message_id = $2 order by id limit 1000',
    [campaignId, messageId],
  );
  return rows;
}

/** The last cause of each of these messages, in Meta's words. */
export async function lastErrors(
  sql: Sql,
  campaignId: number,
  ids: readonly number[],
): Promise<Map<number, Readonly<Record<string, unknown>>>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql.query<{ message_id: number; data: Record<string, unknown> }>(
    `select distinct on (message_id) message_id, data from message_events
     where campaign_id = $1 and message_id = any($2) and kind in ('failed', 'retry', 'unknown')
     order by message_id, id desc`,
    [campaignId, ids],
  );
  return new Map(rows.map((row) => [row.message_id, row.data]));
}

/** Everyone who starts with these digits, as ranges of whole numbers of 8 to 15 digits: an index can answer them. */
export function phoneRanges(digits: string): PhoneRange[] {
  const ranges: PhoneRange[] = [];
  for (let length = Math.max(digits.length, 8); length <= 15; length++) {
    const missing = length - digits.length;
    const from = Number(digits) * 10 ** missing;
    ranges.push({ from, to: from + 10 ** missing - 1 });
  }
  return ranges;
}
