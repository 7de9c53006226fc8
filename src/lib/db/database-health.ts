/** How the database is: for the doctor, who changes nothing. */
import { readdirSync } from 'node:fs';
import type { Sql } from './db.ts';

export interface DatabaseCondition {
  /** As `160004`. */
  readonly serverVersion: number;
  /** 0 = never migrated. */
  readonly schemaVersion: number;
  /** Its clock. */
  readonly now: Date;
}

export async function readCondition(sql: Sql): Promise<DatabaseCondition> {
  const { rows } = await sql.query<{ version: number; now: Date; migrated: boolean }>(
    `select current_setting('server_version_num')::int as version, clock_timestamp() as now, to_regclass('schema_version') is not null as migrated`,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the database answered without a row');
  return { serverVersion: row.version, now: row.now, schemaVersion: row.migrated ? await newestApplied(sql) : 0 };
}

async function newestApplied(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ version: number | null }>('select max(version) as version from schema_version');
  return rows[0]?.version ?? 0;
}

/** The version this program brings a database to. */
export function newestMigration(): number {
  const files = readdirSync(new URL('../../../migrations/', import.meta.url));
  return Math.max(0, ...files.map((file) => Number.parseInt(file, 10)).filter((version) => !Number.isNaN(version)));
}
