import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Db, Result, Sql } from './db.ts';

// Phones, ids and micros are int8 and far below 2^53 (E.164 has at most 15 digits): numbers, not strings.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

const DEADLOCK = '40P01';
const SERIALIZATION = '40001';
const MAX_RUNS = 8;

/** Every statement text of the program is a constant, so preparing each once per connection is bounded. */
const names = new Map<string, string>();
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('base64url').slice(0, 16);
    names.set(text, name);
  }
  return name;
}

/**
 * PostgreSQL's text holds every character but NUL. What people and Meta write may hold one, and one odd character must not make a
 * message unstorable: it becomes U+FFFD. Lists of numbers and of texts are written out here: pg would escape each element twice.
 */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return withoutNul(value);
  if (!Array.isArray(value)) return value;
  if (value.every(isNumberOrNull)) return `{${value.map((element) => element ?? 'NULL').join(',')}}`;
  if (value.every(isTextOrNull)) return `{${value.map(elementOf).join(',')}}`;
  return value;
}

function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

/** As PostgreSQL's arrays are written: in quotes, with backslashes before quotes and backslashes. */
function elementOf(text: string | null): string {
  if (text === null) return 'NULL';
  return `"${withoutNul(/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text)}"`;
}

function isNumberOrNull(value: unknown): value is number | null {
  return typeof value === 'number' || value === null;
}

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

/**
 * A plan is kept for the connection, and it was made for the tables as they were: right for an empty table, it reads all of a
 * million rows for a slice of 500. So no plan lives longer than this; a new one knows how large the tables are by now.
 */
const PLAN_LIFE_MS = 3_000;
const plannedAt = new WeakMap<pg.ClientBase, number>();

async function run<R extends object>(client: pg.ClientBase, text: string, params?: readonly unknown[]): Promise<Result<R>> {
  if (params === undefined) return resultOf(await client.query<R>(text));
  const now = performance.now();
  if (now - (plannedAt.get(client) ?? 0) > PLAN_LIFE_MS) {
    plannedAt.set(client, now);
    await client.query('discard plans');
  }
  return resultOf(await client.query<R>({ name: nameOf(text), text, values: params.map(storable) }));
}

function resultOf<R extends object>({ rows, rowCount }: pg.QueryResult<R>): Result<R> {
  return { rows, rowCount: rowCount ?? 0 };
}

/** Like `pool.query`, but keeps the connection after an error of the statement: `pool.query` throws it away. */
async function runOnce<R extends object>(pool: pg.Pool, text: string, params?: readonly unknown[]): Promise<Result<R>> {
  const client = await pool.connect();
  try {
    const result = await run<R>(client, text, params);
    client.release();
    return result;
  } catch (error) {
    client.release(isStatementError(error) ? undefined : true);
    throw error;
  }
}

function isStatementError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity !== 'FATAL';
}

/** Lost races that are safe to run again, because the database undid everything. */
export function lostToOthers(error: unknown): boolean {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return code === DEADLOCK || code === SERIALIZATION;
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let runs = 1; ; runs++) {
    try {
      return await work();
    } catch (error) {
      if (!lostToOthers(error) || runs >= MAX_RUNS) throw error;
    }
  }
}

async function transaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>, isolation: string): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`begin isolation level ${isolation}`);
    const result = await work({ query: (text, params) => run(client, text, params) });
    await client.query('commit');
    return result;
  } catch (error) {
    // A failed statement poisons the transaction; on the embedded database it would poison everyone's only connection.
    await client.query('rollback').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * The same plan for every batch, big or small, and whatever the statistics say of a campaign uploaded a moment ago: the hot
 * statements are written for keyed look-ups, and a plan for "this many rows" would read the whole table instead.
 * And a commit that returns is on the disk, whatever the server's own default: a mark that a crash forgets lets somebody be written to twice.
 */
export async function prepareSession(client: pg.ClientBase): Promise<void> {
  await client.query(
    `set plan_cache_mode = force_generic_plan; set jit = off;
     select set_config('synchronous_commit', case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, false)`,
  );
}

/** A pool whose connections are made ready by `prepare` before anybody gets them: the pool waits for it, though its types say void. */
export function openPool(config: pg.PoolConfig, prepare: (client: pg.ClientBase) => Promise<void>): pg.Pool {
  const waitedFor = { onConnect: prepare };
  return new pg.Pool({ ...config, ...waitedFor });
}

/** A `Db` over a pool; the embedded database makes one of size 1 (pglite.ts). */
export function dbFromPool(pool: pg.Pool, kind: Db['kind'], close: () => Promise<void>): Db {
  // The pool listens only to idle connections. One that breaks in use tells whoever waits for it, and this event beside: heard by
  // nobody, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    kind,
    query: (text, params) => again(() => runOnce(pool, text, params)),
    tx: (work, isolation = 'read committed') => again(() => transaction(pool, work, isolation)),
    close,
  };
}

export interface PostgresOptions {
  readonly connectionString: string;
  readonly max?: number;
  /** Search path, for tests that live in a schema of their own. */
  readonly schema?: string;
  /** A connection that breaks while idle is replaced by the pool; this is only told. */
  readonly onIdleError?: (error: Error) => void;
}

export function openPostgres(options: PostgresOptions): Db {
  const config: pg.PoolConfig = {
    connectionString: options.connectionString,
    max: options.max ?? 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'whatsapp-sender',
    // A host that vanished without a word: found out by the system, and at the latest by the statement itself.
    keepAlive: true,
    query_timeout: 120_000,
    ...(options.schema === undefined ? {} : { options: `-c search_path=${options.schema}` }),
  };
  const pool = openPool(config, prepareSession);
  pool.on('error', (error) => options.onIdleError?.(error));
  return dbFromPool(pool, 'postgres', () => pool.end());
}
