import type { Sql } from './db.ts';

export interface ProcessFacts {
  readonly id: string;
  readonly role: 'all' | 'api' | 'worker';
  readonly host: string;
  readonly pid: number;
}

/** Says that this process lives; forgets those silent for a day. */
export async function beat(sql: Sql, facts: ProcessFacts): Promise<void> {
  await sql.query(
    `with gone as (delete from processes where seen_at < clock_timestamp() - interval '1 day')
     insert into processes (id, role, host, pid) values ($1, $2, $3, $4) on conflict (id) do update set seen_at = clock_timestamp()`,
    [facts.id, facts.role, facts.host, facts.pid],
  );
}

export async function leave(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from processes where id = $1', [id]);
}
