import type { Sql } from '../db/db.ts';

export interface LivingProcess {
  readonly id: string;
  readonly role: string;
  readonly host: string;
  readonly pid: number;
  readonly started_at: Date;
  readonly seen_at: Date;
  /** Null of a process without a door. */
  readonly secret_print: string | null;
}

/** Processes that gave a sign of life lately. */
export async function livingProcesses(sql: Sql, withinSeconds: number): Promise<LivingProcess[]> {
  const { rows } = await sql.query<LivingProcess>(
    `select id, role, host, pid, started_at, seen_at, secret_print from processes
     where seen_at > clock_timestamp() - $1 * interval '1 second' order by started_at, id`,
    [withinSeconds],
  );
  return rows;
}
