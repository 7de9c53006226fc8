import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import type { Db } from '../../src/store/db.ts';
import { dumpPglite, openPglite } from '../../src/store/db-pglite.ts';
import { openPostgres } from '../../src/store/db-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';

const root = new URL('../../', import.meta.url).pathname;
const cache = join(root, 'node_modules', '.cache', 'pglite');

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
  return url === undefined ? openPglite({ dump: await preparedDump() }) : openSchema(url);
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

/** An embedded database takes seconds to create and a moment to load: made once for each state of the migrations. */
async function preparedDump(): Promise<string> {
  const folder = join(root, 'migrations');
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  const path = join(cache, `${hash.digest('hex').slice(0, 16)}.tar.gz`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const made = join(cache, `making-${String(process.pid)}-${String(Date.now())}`);
  const db = await openPglite({ dataDir: made });
  await migrate(db);
  await db.close();
  const partial = `${made}.tar.gz`;
  writeFileSync(partial, await dumpPglite({ dataDir: made }));
  renameSync(partial, path);
  return path;
}
