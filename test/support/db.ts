/**
 * The database of the pass. A file whose tests depend on it imports this one itself: by that `npm test` knows which files to run on
 * both databases (scripts/test.mjs).
 */
import { after, type TestContext } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { migrate } from '../../src/lib/db/migrate.ts';
import { openPglite } from '../../src/lib/db/pglite.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { preparedDatabase } from './prepared.ts';

/**
 * A migrated, empty database of the test's own, closed when the test ends: a schema on the server named by TEST_DATABASE_URL,
 * else an embedded database that begins from a prepared dump.
 */
export async function openTestDb(t: TestContext): Promise<Db> {
  const db = await openFresh();
  t.after(() => db.close());
  return db;
}

/** One database for a whole file; each test works on campaigns of its own. */
export async function openFileDb(): Promise<Db> {
  const db = await openFresh();
  after(() => db.close());
  return db;
}

async function openFresh(): Promise<Db> {
  const url = process.env['TEST_DATABASE_URL'];
  return url === undefined ? openPglite({ dump: `${await preparedDatabase()}.tar.gz` }) : openSchema(url);
}

async function openSchema(url: string): Promise<Db> {
  const schema = `t${process.hrtime.bigint().toString(36)}${String(process.pid)}`;
  const admin = openPostgres({ connectionString: url, max: 1 });
  await admin.query(`create schema ${schema}`);
  await admin.close();
  const db = openPostgres({ connectionString: url, schema });
  await migrate(db);
  return {
    ...db,
    close: async () => {
      await db.query(`drop schema ${schema} cascade`);
      await db.close();
    },
  };
}
