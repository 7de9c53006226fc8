/** What of a database server's settings puts at risk that a commit outlives a crash. */
import type { Sql } from './db.ts';

export interface Durability {
  readonly fsync: boolean;
  readonly fullPageWrites: boolean;
  /** Standbys that follow without being waited for; null where this user may not see it. */
  readonly asynchronousStandbys: number | null;
}

export async function readDurability(sql: Sql): Promise<Durability> {
  const { rows } = await sql.query<{ fsync: boolean; full_page_writes: boolean; hidden: number; asynchronous: number }>(
    `select current_setting('fsync')::bool as fsync, current_setting('full_page_writes')::bool as full_page_writes,
            (select count(*) from pg_stat_replication where sync_state is null) as hidden,
            (select count(*) from pg_stat_replication where sync_state in ('async', 'potential')) as asynchronous`,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the database answered without a row');
  return {
    fsync: row.fsync,
    fullPageWrites: row.full_page_writes,
    asynchronousStandbys: row.hidden > 0 ? null : row.asynchronous,
  };
}

/** In words, with what to do. Empty when all is well. */
export function durabilityDoubts({ fsync, fullPageWrites, asynchronousStandbys }: Durability): string[] {
  const doubts: string[] = [];
  if (!fsync) {
    doubts.push(
      'PostgreSQL runs with fsync = off: after a power cut it may have forgotten who was written to, and they would be written to again. Set fsync = on.',
    );
  } else if (!fullPageWrites) {
    doubts.push('PostgreSQL runs with full_page_writes = off: a power cut may leave torn pages. Set full_page_writes = on.');
  }
  if (asynchronousStandbys !== null && asynchronousStandbys > 0) {
    doubts.push(
      'A standby follows this PostgreSQL without being waited for. If it is ever promoted it may have forgotten the last sends: run "whatsapp-sender restored" before anything starts on it, or make it synchronous (synchronous_standby_names).',
    );
  }
  return doubts;
}
