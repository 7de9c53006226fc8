/**
 * The embedded database as it is before its first migration, brought along with the program: making one takes 800 MB, which a small
 * server does not have. `npm run empty-database` makes the file anew; a test fails when it is of another PGlite than the installed one.
 *
 * Order: everything is unpacked beside, then moved in, PG_VERSION last. A crash leaves a folder without it, and the next start begins again.
 */
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createBrotliDecompress } from 'node:zlib';
import { readTar } from './tar.ts';

/** The first entry says of which PGlite it is; the others are the folder of the database. */
export const ABOUT = 'pglite.json';
export const EMPTY_DATABASE = new URL('data/empty-database.tar.br', import.meta.url);

/** What PostgreSQL itself looks for. */
const MARK = 'PG_VERSION';

export async function ensureDatabase(dir: string): Promise<void> {
  if (existsSync(join(dir, MARK))) return;
  const beside = join(dir, '.unpacking');
  await rm(beside, { recursive: true, force: true });
  await unpackEmptyDatabase(beside);
  const entries = (await readdir(beside)).filter((name) => name !== MARK);
  for (const name of [...entries, MARK]) {
    await rm(join(dir, name), { recursive: true, force: true });
    await rename(join(beside, name), join(dir, name));
  }
  await rm(beside, { recursive: true });
}

async function unpackEmptyDatabase(dir: string): Promise<void> {
  for await (const { entry, body } of readEmptyDatabase()) {
    if (entry.name === ABOUT) continue;
    const path = join(dir, ...entry.name.split('/').slice(1));
    await mkdir(entry.name.endsWith('/') ? path : dirname(path), { recursive: true, mode: 0o700 });
    if (!entry.name.endsWith('/')) await writeFile(path, body(), { mode: 0o600 });
  }
}

export function readEmptyDatabase(): ReturnType<typeof readTar> {
  return readTar(createReadStream(EMPTY_DATABASE).pipe(createBrotliDecompress()));
}
