// `npm run empty-database`: makes the database that the first start begins from (src/lib/db/empty-database.ts) anew. Needed, and asked for by a
// test, when the version of PGlite changes; takes some 900 MB of memory.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { constants, createBrotliCompress } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { ABOUT, EMPTY_DATABASE } from '../src/lib/db/empty-database.ts';
import { packFolder, packText, TAR_END } from '../src/lib/db/tar.ts';

/** Every other file of PGlite may change without the database being another one. */
const program = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), 'pglite.wasm');

const folder = await mkdtemp(join(tmpdir(), 'empty-database-'));
try {
  const dir = join(folder, 'database');
  const pglite = await PGlite.create({ dataDir: dir });
  await pglite.close();
  const about = {
    program: createHash('sha256')
      .update(await readFile(program))
      .digest('hex'),
  };

  // Three databases hold the same files under the same names: side by side they are told once.
  const sameNamesTogether = (a, b) => basename(a).localeCompare(basename(b)) || (a < b ? -1 : 1);
  async function* archive() {
    yield* packText(ABOUT, JSON.stringify(about), 0);
    yield* packFolder(dir, 'database', sameNamesTogether);
    yield TAR_END;
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  await mkdir(dirname(fileURLToPath(EMPTY_DATABASE)), { recursive: true });
  await pipeline(Readable.from(archive()), createBrotliCompress({ params }), createWriteStream(EMPTY_DATABASE));
} finally {
  await rm(folder, { recursive: true, force: true });
}
