/**
 * A backup is one archive: what it is, the secret that its keys and sessions hang on, and the folder of the embedded database.
 * Order: most files are copied while everything goes on, those that changed meanwhile while the database is held; packing the copy
 * may take its time.
 * A crash leaves a copy or half an archive under names nobody reads; the next backup removes them.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { makeFolder } from './folder.ts';
import type { EmbeddedDb } from './pglite.ts';
import { packFolder, packText, readTar, TAR_END, unpackEntry } from './tar.ts';

/** The first entry of the archive. */
export interface BackupFacts {
  readonly format: 1;
  readonly made_at: string;
  readonly program: string;
  readonly schema_version: number;
}

const ABOUT = 'about.json';
const SECRET = 'secret-key';
const DATABASE = 'database';
/** Mostly tables of text: little is gained by trying harder, and a small server has other work. */
const LEVEL = 4;

const NAME = /^whatsapp-sender-\d{8}T\d{6}Z\.tar\.gz$/;
const LEFTOVER = /^\.(copy|partial)-/;

export interface BackupSource {
  readonly db: EmbeddedDb;
  /** The folder of the database. */
  readonly databaseDir: string;
  /** A folder on the same disk with room for a copy of the database. */
  readonly workDir: string;
  readonly secretKey: string;
  readonly program: string;
}

/** The archive as a stream. The copy it is made from is gone when the stream ends, however it ends. */
export async function openBackup(source: BackupSource, now: Date): Promise<Readable> {
  await mkdir(source.workDir, { recursive: true, mode: 0o700 });
  const copy = join(source.workDir, `.copy-${String(now.getTime())}-${String(process.pid)}`);
  try {
    const { rows } = await source.db.query<{ version: number }>('select max(version)::int as version from schema_version');
    // What is in memory only goes to the files now, so that little is left to write, and to copy again, while all others wait.
    await source.db.query('checkpoint');
    await new Promise((resolve) => setTimeout(resolve, 2 * GRAIN_MS));
    const begun = Date.now();
    await copyFiles(source.databaseDir, copy, Number.NEGATIVE_INFINITY);
    await source.db.hold(() => copyFiles(source.databaseDir, copy, begun));
    const facts: BackupFacts = {
      format: 1,
      made_at: now.toISOString(),
      program: source.program,
      schema_version: rows[0]?.version ?? 0,
    };
    const gzip = createGzip({ level: LEVEL });
    const packed = pipeline(Readable.from(pack(facts, source.secretKey, copy)), gzip);
    // The reader of the stream is told by the stream itself; one who never began to read left the copy.
    packed.catch(() => undefined).finally(() => void rm(copy, { recursive: true, force: true }));
    return gzip;
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    throw error;
  }
}

/** The time of a change is told some milliseconds early; by some file systems only in whole seconds or pairs of them. */
const GRAIN_MS = 100;
const COARSE_GRAIN_MS = 3_000;

/** Makes `to` what `from` is, given that nothing of it which was last changed before `since` needs to be copied again. */
async function copyFiles(from: string, to: string, since: number): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const there = new Set<string>();
  for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const copy = join(to, relative(from, path));
    there.add(copy);
    if (entry.isDirectory()) await mkdir(copy, { recursive: true, mode: 0o700 });
    else if (await needsCopy(path, copy, since)) await copyOne(path, copy);
  }
  for (const entry of await readdir(to, { withFileTypes: true, recursive: true })) {
    const copy = join(entry.parentPath, entry.name);
    if (!there.has(copy)) await rm(copy, { recursive: true, force: true });
  }
}

async function needsCopy(path: string, copy: string, since: number): Promise<boolean> {
  const [now, copied] = await Promise.all([stat(path).catch(gone), stat(copy).catch(gone)]);
  if (now === undefined) return false;
  const grain = now.mtimeMs % 1_000 === 0 ? COARSE_GRAIN_MS : GRAIN_MS;
  return copied === undefined || now.size !== copied.size || now.mtimeMs >= since - grain;
}

/** While nothing is held a file may go away under the copy: then it is no part of the database any more. */
async function copyOne(path: string, copy: string): Promise<void> {
  await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
  await copyFile(path, copy, constants.COPYFILE_FICLONE).catch(gone);
}

function gone(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

async function* pack(facts: BackupFacts, secretKey: string, copy: string): AsyncGenerator<Buffer> {
  const seconds = Math.floor(Date.parse(facts.made_at) / 1000);
  try {
    yield* packText(ABOUT, `${JSON.stringify(facts, null, 2)}\n`, seconds);
    yield* packText(SECRET, secretKey, seconds);
    yield* packFolder(copy, DATABASE);
    yield TAR_END;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Writes a backup into the folder and forgets all but the newest `keep`. @returns its path. */
export async function saveBackup(
  source: BackupSource,
  options: { readonly dir: string; readonly keep: number; readonly now: Date },
): Promise<string> {
  const { dir, keep, now } = options;
  makeFolder(dir);
  await removeLeftovers(dir);
  await removeLeftovers(source.workDir);
  const name = `whatsapp-sender-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.tar.gz`;
  const path = join(dir, name);
  const partial = join(dir, `.partial-${name}`);
  await writeDurably(await openBackup(source, now), partial);
  await rename(partial, path);
  for (const old of (await listBackups(dir)).slice(keep)) await rm(old.path, { force: true });
  return path;
}

async function writeDurably(stream: Readable, path: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for await (const chunk of stream) await file.write(chunk as Buffer);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Of a process that was killed at it. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await namesIn(dir)) if (LEFTOVER.test(name)) await rm(join(dir, name), { recursive: true, force: true });
}

/** The backups of a folder, the newest first. */
export async function listBackups(dir: string): Promise<{ readonly path: string; readonly madeAt: Date }[]> {
  const names = (await namesIn(dir))
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
  return Promise.all(names.map(async (name) => ({ path: join(dir, name), madeAt: (await stat(join(dir, name))).mtime })));
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Unpacks an archive (already unzipped) below `folder`. Throws when it is no backup, damaged or cut short. */
export async function unpackBackup(
  source: AsyncIterable<Uint8Array>,
  folder: string,
): Promise<{ facts: BackupFacts; secretKey: string; databaseDir: string }> {
  let facts: BackupFacts | undefined;
  const iterator = source[Symbol.asyncIterator]();
  for await (const { entry, body } of readTar({ [Symbol.asyncIterator]: () => iterator })) {
    if (facts === undefined) facts = await readFacts(entry.name, body);
    else await unpackEntry(folder, entry.name, body);
  }
  // To the very end: only there the compression tells whether something is missing.
  while ((await iterator.next()).done !== true);
  const databaseDir = join(folder, DATABASE);
  if (facts === undefined || !(await namesIn(databaseDir)).includes('PG_VERSION')) throw new Error('there is no database in it');
  return { facts, secretKey: (await readFile(join(folder, SECRET), 'utf8')).trim(), databaseDir };
}

async function readFacts(name: string, body: () => AsyncIterable<Buffer>): Promise<BackupFacts> {
  if (name !== ABOUT) throw new Error('this is not a backup of this program');
  const parts: Buffer[] = [];
  for await (const part of body()) parts.push(part);
  const raw: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
  if (typeof raw !== 'object' || raw === null || !('format' in raw) || raw.format !== 1)
    throw new Error('it was made by a newer version of this program');
  const { made_at: madeAt, program, schema_version: version } = raw as Record<string, unknown>;
  return { format: 1, made_at: String(madeAt), program: String(program), schema_version: Number(version) };
}
