import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../src/lib/db/migrate.ts';
import { dumpPglite, openPglite } from '../../src/lib/db/pglite.ts';

const root = new URL('../../', import.meta.url).pathname;
const cache = join(root, 'node_modules', '.cache', 'pglite');

/**
 * A migrated, empty, embedded database, as a folder to copy and, with `.tar.gz` behind its name, as a file to load. It takes seconds
 * to create: made once for each state of the migrations.
 */
export async function preparedDatabase(): Promise<string> {
  const folder = join(root, 'migrations');
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  const path = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const made = join(cache, `making-${String(process.pid)}-${String(Date.now())}`);
  const db = await openPglite({ dataDir: made });
  await migrate(db);
  await db.close();
  writeFileSync(`${made}.tar.gz`, await dumpPglite({ dataDir: made }));
  renameSync(`${made}.tar.gz`, `${path}.tar.gz`);
  try {
    renameSync(made, path);
  } catch (error) {
    // Two files of tests may begin at once; the one that comes second uses what the first has made.
    if (!existsSync(path)) throw error;
    rmSync(made, { recursive: true });
  }
  return path;
}
