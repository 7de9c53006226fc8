import type { Sql } from '../db/db.ts';

/** Each process says so often that it lives. */
export const BEAT_MS = 5_000;

/** Without a sign for so long it counts as dead: for health, preflight, status, alarms, metrics, doctor and restore alike. */
export const SILENT_SECONDS = 30;

export interface ProcessFacts {
  readonly id: string;
  readonly role: 'all' | 'api' | 'worker';
  readonly host: string;
  readonly pid: number;
  /** Of a process that answers HTTP: what it signs with, as a keyed hash. */
  readonly secretPrint?: string | undefined;
  /** Why Redis takes no writes of this process, while it does not. */
  readonly redisFault?: (() => string | undefined) | undefined;
}

/**
 * Says that this process lives; forgets those silent for a day.
 *
 * @returns its number, which its claims carry. Given up by the others meanwhile, it gets another one: with the old one nothing is claimed.
 */
export async function beat(sql: Sql, facts: ProcessFacts): Promise<number> {
  const { rows } = await sql.query<{ number: number }>(
    `with gone as (delete from processes where seen_at < clock_timestamp() - interval '1 day' and id <> $1)
     insert into processes as p (id, role, host, pid, secret_print, redis_fault) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update
     set seen_at = clock_timestamp(), gone_at = null, redis_fault = excluded.redis_fault,
         number = case when p.gone_at is null then p.number else nextval('process_numbers') end
     returning number`,
    [facts.id, facts.role, facts.host, facts.pid, facts.secretPrint ?? null, facts.redisFault?.() ?? null],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no row');
  return row.number;
}

export async function leave(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from processes where id = $1', [id]);
}

export interface Sign {
  readonly number: number;
  readonly role: string;
  /** Changes with each beat; compared, never computed with. */
  readonly seen: string;
}

/** The last sign of life of each process that nobody has given up. */
export async function signsOfLife(sql: Sql): Promise<Sign[]> {
  return (await sql.query<Sign>('select number, role, seen_at::text as seen from processes where gone_at is null')).rows;
}

/** Given up, unless it has given a sign since. @returns whether it was. */
export async function giveUp(sql: Sql, { number, seen }: Pick<Sign, 'number' | 'seen'>): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update processes set gone_at = clock_timestamp() where number = $1 and seen_at = $2::timestamptz and gone_at is null',
    [number, seen],
  );
  return rowCount === 1;
}

export interface LivingProcess {
  readonly id: string;
  readonly role: string;
  readonly host: string;
  readonly pid: number;
  readonly started_at: Date;
  readonly seen_at: Date;
  /** Null of a process that answers no HTTP. */
  readonly secret_print: string | null;
}

/** Processes that gave a sign of life lately, the oldest first. */
export async function livingProcesses(sql: Sql): Promise<LivingProcess[]> {
  const { rows } = await sql.query<LivingProcess>(
    `select id, role, host, pid, started_at, seen_at, secret_print from processes
     where seen_at > clock_timestamp() - $1 * interval '1 second' order by started_at, id`,
    [SILENT_SECONDS],
  );
  return rows;
}

/** How many of them send. */
export function workersAmong(processes: readonly LivingProcess[]): number {
  return processes.filter((process) => process.role !== 'api').length;
}
