import type { Db, Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';
import { MAX_TRIES, type NextTry } from './try-again.ts';

/** No JSON holds this character, so bodies can be sent to the database in one piece: as an array each quote in them would be escaped. */
const BETWEEN = '\x1e';

/**
 * Stores raw bodies in the journal, all in one statement; durable when it returns. What JSON can't hold becomes U+FFFD.
 * @returns their ids, in the same order.
 */
export async function storeWebhooks(db: Db, bodies: readonly string[]): Promise<number[]> {
  if (bodies.length === 0) return [];
  const { rows } = await db.query<{ id: number }>(
    `with stored as (insert into webhook_events (body) select body from string_to_table($1, $2) as t (body) returning id, octet_length(body) as bytes)
     insert into webhook_pending (id, bytes) select id, bytes from stored returning id`,
    [bodies.map(storableBody).join(BETWEEN), BETWEEN],
  );
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Of nothing at all PostgreSQL makes no row, so an empty body is kept as a blank. */
function storableBody(body: string): string {
  if (body === '') return ' ';
  return body.includes(BETWEEN) ? body.replaceAll(BETWEEN, '\ufffd') : body;
}

export interface StoredWebhook {
  readonly id: number;
  readonly received_at: Date;
  readonly body: string;
}

/** Failed before and not to be tried now: set aside for a while or, after all its tries, until somebody takes it up. Of `webhook_pending`. */
export const ASIDE = `(tries >= ${String(MAX_TRIES)} or look_at > statement_timestamp())`;

/**
 * Takes the oldest webhooks not yet applied out of the queue, at most `limit` and, beyond the first, at most `maxBytes` of bodies:
 * one may carry a single status or a thousand. When the transaction is undone they are back in it.
 * @returns their ids, oldest first.
 */
export async function takeWebhooks(sql: Sql, limit: number, maxBytes: number): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `with next as materialized (
       select id, bytes from webhook_pending where not ${ASIDE} order by id limit $1 for update skip locked
     ), sized as materialized (
       select id, sum(bytes) over (order by id rows between unbounded preceding and 1 preceding) as before from next
     )
     delete from webhook_pending where id = any (array(select id from sized where coalesce(before, 0) < $2)) returning id`,
    [limit, maxBytes],
  );
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Journal entries by id, in order. */
export async function readWebhooks(sql: Sql, ids: readonly number[]): Promise<StoredWebhook[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<StoredWebhook>(
    `select e.id, e.received_at, e.body
     from unnest($1::bigint[]) as t (id) cross join lateral (select id, received_at, body from webhook_events where id = t.id offset 0) e
     order by e.id`,
    [ids],
  );
  return rows;
}

/** How often each of these has failed. */
export async function triesOf(sql: Sql, id: number): Promise<number> {
  const { rows } = await sql.query<{ tries: number }>('select tries from webhook_pending where id = $1', [id]);
  return rows[0]?.tries ?? 0;
}

/** Notes that this one could not be applied, and when it is tried again; after its last try, by which version it was given up. */
export async function noteFailedTry(sql: Sql, id: number, next: NextTry, version: string): Promise<void> {
  await sql.query(
    `update webhook_pending
     set tries = case when $3 then tries else tries + 1 end, look_at = clock_timestamp() + $2 * interval '1 second', given_up_by = $4
     where id = $1`,
    [id, next.afterSeconds, next.free, version],
  );
}

/** What another version gave up: this one may be able to apply it. @returns how many. */
export async function requeueGivenUpByOthers(sql: Sql, version: string): Promise<number> {
  const { rowCount } = await sql.query(
    `update webhook_pending set tries = 0, look_at = '-infinity' where tries >= $1 and given_up_by is distinct from $2`,
    [MAX_TRIES, version],
  );
  return rowCount;
}

export async function webhookBacklog(sql: Sql): Promise<{ pending: number; stuck: number; last_received_at: Date | null }> {
  const { rows } = await sql.query<{ pending: number; stuck: number; last_received_at: Date | null }>(
    `select (select count(*) from webhook_pending where not ${ASIDE}) as pending,
            (select count(*) from webhook_pending where ${ASIDE}) as stuck,
            (select received_at from webhook_events order by id desc limit 1) as last_received_at`,
  );
  return rows[0] ?? { pending: 0, stuck: 0, last_received_at: null };
}

/** Puts journal entries back into the queue: applying them again changes nothing that was right. @returns how many. */
export async function replayWebhooks(sql: Sql, from: Date, to: Date): Promise<number> {
  const { rowCount } = await sql.query(
    `insert into webhook_pending (id, bytes)
     select id, octet_length(body) from webhook_events where received_at >= $1 and received_at < $2
     on conflict (id) do update set tries = 0, look_at = '-infinity'`,
    [from, to],
  );
  return rowCount;
}

/** Gives those that were left alone their tries again, for instance after an update that can read them. @returns how many. */
export async function requeueStuckWebhooks(sql: Sql): Promise<number> {
  const { rowCount } = await sql.query(`update webhook_pending set tries = 0, look_at = '-infinity' where ${ASIDE}`);
  return rowCount;
}

/** Puts these journal entries back into the queue. @returns how many there still were. */
export async function requeueWebhooks(sql: Sql, ids: readonly number[]): Promise<number> {
  const { rowCount } = await sql.query(
    `insert into webhook_pending (id, bytes) select id, octet_length(body) from webhook_events where id = any($1) on conflict (id) do update set tries = 0, look_at = '-infinity'`,
    [ids],
  );
  return rowCount;
}

/**
 * What the journal holds of some callback data and has been applied, in its order, a page at a time. Reads the bodies one by one:
 * it takes as long as the journal is large.
 */
export async function appliedWebhooks(
  sql: Sql,
  page: { readonly mentioning: string; readonly after: number; readonly limit: number },
): Promise<StoredWebhook[]> {
  const { rows } = await sql.query<StoredWebhook>(
    `select e.id, e.received_at, e.body from webhook_events e
     where e.id > $1 and position($2 in e.body) > 0 and not exists (select from webhook_pending p where p.id = e.id)
     order by e.id limit $3`,
    [page.after, page.mentioning, page.limit],
  );
  return rows;
}

/**
 * Removes old journal entries, a chunk at a time; one that waits to be applied stays. What was set aside for good goes as well where people
 * are forgotten (`evenStuck`): it would else be kept for ever.
 */
export async function pruneWebhooks(sql: Sql, days: number, evenStuck: boolean): Promise<number> {
  const { rowCount } = await sql.query(
    `with old as materialized (
       select e.id from webhook_events e
       where e.received_at < statement_timestamp() - $1 * interval '1 day'
         and not exists (select from webhook_pending p where p.id = e.id and not ($2 and p.tries >= $3))
       order by e.id limit 5000
     ), given_up as (delete from webhook_pending where id = any (array(select id from old)))
     delete from webhook_events where id = any (array(select id from old))`,
    [days, evenStuck, MAX_TRIES],
  );
  return rowCount;
}

/** Counts webhook items by kind. Last in its transaction, and in order: these rows are shared by all receivers. */
export async function countItems(sql: Sql, counts: ReadonlyMap<string, number>): Promise<void> {
  if (counts.size === 0) return;
  const names = [...counts.keys()];
  await sql.query(
    `insert into webhook_counts (what, n)
     select what, sum(n) from unnest($1::text[], $2::bigint[]) as t (what, n) group by what order by what
     on conflict (what) do update set n = webhook_counts.n + excluded.n`,
    [names, names.map((name) => counts.get(name) ?? 0)],
  );
}

/** An event of a template, number or account; false when the very same was told before, as Meta's repetitions are. */
export async function storeAccountEvent(
  sql: Sql,
  event: { readonly at: Date; readonly field: string; readonly event: string | undefined; readonly payload: unknown },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `insert into account_events (at, field, event, payload)
     select $1, $2, $3, $4 where not exists (select from account_events where at = $1 and field = $2 and payload = $4::jsonb)`,
    [event.at, event.field, event.event ?? null, jsonbText(event.payload)],
  );
  return rowCount === 1;
}

/** Puts other bodies in their place: without people who have been erased. The only thing that changes the journal. */
export async function replaceBodies(sql: Sql, bodies: ReadonlyMap<number, string>): Promise<void> {
  if (bodies.size === 0) return;
  await sql.query(
    'update webhook_events e set body = t.body from unnest($1::bigint[], $2::text[]) as t (id, body) where e.id = t.id',
    [[...bodies.keys()], [...bodies.values()].map(storableBody)],
  );
}

/** Journal entries that hold one of these texts, in order and from behind `after`; reads the bodies one by one. */
export async function webhooksNaming(
  sql: Sql,
  page: { readonly texts: readonly string[]; readonly after: number; readonly limit: number },
): Promise<StoredWebhook[]> {
  const { rows } = await sql.query<StoredWebhook>(
    `select id, received_at, body from webhook_events e
     where id > $1 and exists (select from unnest($2::text[]) as t (text) where position(t.text in e.body) > 0) order by id limit $3`,
    [page.after, page.texts, page.limit],
  );
  return rows;
}
