import type { Sql } from '../db/db.ts';

export interface ProcessFacts {
  readonly id: string;
  readonly role: 'all' | 'api' | 'worker';
  readonly host: string;
  readonly pid: number;
  /** Of a process with a door: what it signs with, as a keyed hash. */
  readonly secretPrint?: string | undefined;
}

/** Says that this process lives; forgets those silent for a day. */
export async function beat(sql: Sql, facts: ProcessFacts): Promise<void> {
  await sql.query(
    `with gone as (delete from processes where seen_at < clock_timestamp() - interval '1 day')
     insert into processes (id, role, host, pid, secret_print) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set seen_at = clock_timestamp()`,
    [facts.id, facts.role, facts.host, facts.pid, facts.secretPrint ?? null],
  );
}

export async function leave(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from processes where id = $1', [id]);
}
