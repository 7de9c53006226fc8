import type { Sql } from '../db/db.ts';

/** Whose key, on which route: two callers may use the same words. */
export interface IdempotencyKey {
  readonly owner: string;
  readonly route: string;
  readonly key: string;
}

export interface Remembered {
  readonly body_hash: Buffer | null;
  /** Null = nobody has answered yet. */
  readonly status: number | null;
  readonly body: string | null;
  /** No answer, and whoever was at it is gone. */
  readonly lost: boolean;
}

/**
 * Takes the key for this request. @returns undefined when it is ours now, else what is known of the earlier request.
 * `again`: also take over a reservation whose process was lost, because doing it twice does it once.
 */
export async function reserve(
  sql: Sql,
  id: IdempotencyKey,
  options: { readonly bodyHash: Buffer | null; readonly leaseSeconds: number; readonly again: boolean },
): Promise<Remembered | undefined> {
  const { rowCount } = await sql.query(
    `insert into idempotency as i (owner, route, key, body_hash, lease_until)
     values ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 second')
     on conflict (owner, route, key) do update set lease_until = excluded.lease_until, body_hash = excluded.body_hash
       where $6 and i.status is null and i.lease_until < clock_timestamp()
         and (i.body_hash is null or i.body_hash is not distinct from excluded.body_hash)`,
    [id.owner, id.route, id.key, options.bodyHash, options.leaseSeconds, options.again],
  );
  if (rowCount > 0) return undefined;
  const { rows } = await sql.query<Remembered>(
    `select body_hash, status, body, status is null and lease_until < clock_timestamp() as lost
     from idempotency where owner = $1 and route = $2 and key = $3`,
    [id.owner, id.route, id.key],
  );
  // Released between the two statements: the other request changed nothing, and the caller may try once more.
  return rows[0] ?? { body_hash: options.bodyHash, status: null, body: null, lost: false };
}

/** Keeps the answer, to be given again. */
export async function remember(
  sql: Sql,
  id: IdempotencyKey,
  answer: { readonly bodyHash: Buffer; readonly status: number; readonly body: string },
): Promise<void> {
  await sql.query(
    'update idempotency set body_hash = $4, status = $5, body = $6 where owner = $1 and route = $2 and key = $3 and status is null',
    [id.owner, id.route, id.key, answer.bodyHash, answer.status, answer.body],
  );
}

/** Nothing was done: the key is free again. */
export async function release(sql: Sql, id: IdempotencyKey): Promise<void> {
  await sql.query('delete from idempotency where owner = $1 and route = $2 and key = $3 and status is null', [
    id.owner,
    id.route,
    id.key,
  ]);
}

/** Nobody is at it any more and nobody knows the outcome: the next request with this key is told so at once. */
export async function giveUp(sql: Sql, id: IdempotencyKey): Promise<void> {
  await sql.query(
    `update idempotency set lease_until = '-infinity' where owner = $1 and route = $2 and key = $3 and status is null`,
    [id.owner, id.route, id.key],
  );
}

/** A long request is still alive. */
export async function prolong(sql: Sql, id: IdempotencyKey, leaseSeconds: number): Promise<void> {
  await sql.query(
    `update idempotency set lease_until = clock_timestamp() + $4 * interval '1 second'
     where owner = $1 and route = $2 and key = $3 and status is null`,
    [id.owner, id.route, id.key, leaseSeconds],
  );
}
