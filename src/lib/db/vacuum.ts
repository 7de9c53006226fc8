import type { Db } from './db.ts';

/** A table that has grown out of shape since somebody last swept it. */
export interface Worn {
  readonly table: string;
  readonly dead: number;
  readonly live: number;
}

/** Below this a sweep costs more than it gives. */
const SMALL = 5_000;

/**
 * Tables of which at least `deadShare` is dead, or of which so much has changed that the planner's figures mislead. Only for the
 * embedded database: a server's autovacuum does this by itself.
 */
export async function wornTables(db: Db, deadShare: number): Promise<Worn[]> {
  const { rows } = await db.query<Worn>(
    `select relname as "table", n_dead_tup as dead, n_live_tup as live from pg_stat_user_tables
     where schemaname = current_schema()
       and (n_dead_tup > $1 and n_dead_tup > $2::float8 * n_live_tup or n_mod_since_analyze > $1 and n_mod_since_analyze > $2 * n_live_tup)
     order by n_dead_tup, relname`,
    [SMALL, deadShare],
  );
  return rows;
}

/** Makes the room of dead rows usable again and counts anew for the planner. Blocks the embedded database while it runs. */
export async function sweepTable(db: Db, table: string): Promise<void> {
  await db.query(`vacuum (analyze) "${table.replaceAll('"', '""')}"`);
}
