import { fileURLToPath } from 'node:url';
import Postgrator from 'postgrator';
import type { Db } from './db.ts';

const PATTERN = fileURLToPath(new URL('../../../migrations/*.sql', import.meta.url));
const LOCK = 0x77_61_73_65; // "wase"

/** The message says what to do. */
export class DatabaseNewer extends Error {}

/**
 * Brings the database to the newest version: all missing migrations in one transaction under one lock, so that processes
 * starting together wait for the first and a crash leaves the old version whole. Refuses a database that is newer than the program.
 *
 * @returns the version numbers that were applied, in order.
 */
export async function migrate(db: Db): Promise<number[]> {
  return db.tx(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const postgrator = new Postgrator({
      driver: 'pg',
      schemaTable: 'schema_version',
      migrationPattern: PATTERN,
      execQuery: (text) => sql.query(text),
      ...currentSchema((await sql.query<{ schema: string }>('select current_schema() as schema')).rows[0]?.schema),
    });
    const newest = Math.max(...(await postgrator.getMigrations()).map((migration) => migration.version));
    const current = await postgrator.getDatabaseVersion();
    if (current > newest) {
      throw new DatabaseNewer(
        `The database is at version ${String(current)}, this program knows ${String(newest)}: it was used by a newer version. Install that version again.`,
      );
    }
    return (await postgrator.migrate()).map((migration) => migration.version);
  });
}

function currentSchema(schema: string | undefined): { currentSchema?: string } {
  return schema === undefined ? {} : { currentSchema: schema };
}
