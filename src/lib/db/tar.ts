/**
 * Archives as every `tar` reads them (POSIX ustar), written and read as streams so that their size never matters. Only what a
 * backup holds: folders and files with short names, below 8 GB each.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const BLOCK = 512;
const MAX_NAME = 100;
const MAX_SIZE = 8 * 1024 ** 3;

/** One thing in the archive; a folder's name ends with a slash. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  readonly mtimeSeconds: number;
}

function header({ name, size, mtimeSeconds }: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > MAX_NAME || size >= MAX_SIZE) throw new Error(`${name} does not fit into the archive`);
  const isFolder = name.endsWith('/');
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(name, 0);
  block.write(octal(isFolder ? 0o700 : 0o600, 8), 100);
  block.write(octal(0, 8) + octal(0, 8), 108);
  block.write(octal(size, 12) + octal(mtimeSeconds, 12), 124);
  block.write('        ', 148);
  block.write(isFolder ? '5' : '0', 156);
  block.write('ustar\x0000', 257);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The sum of all bytes, its own place counted as spaces. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
  return sum;
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** A text as a file of the archive. */
export function* packText(name: string, text: string, mtimeSeconds: number): Generator<Buffer> {
  const body = Buffer.from(text);
  yield header({ name, size: body.length, mtimeSeconds });
  yield body;
  yield padding(body.length);
}

/** Decides which of two paths comes first. */
export type Order = (a: string, b: string) => number;

const byPath: Order = (a, b) => (a < b ? -1 : 1);

/** A folder with all that is in it, empty folders too. Nobody may write in it meanwhile. */
export async function* packFolder(folder: string, as: string, order = byPath): AsyncGenerator<Buffer> {
  yield header({ name: `${as}/`, size: 0, mtimeSeconds: 0 });
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .sort((a, b) => order(a.path, b.path));
  for (const { entry, path } of paths) {
    const name = `${as}${path.slice(folder.length).split(sep).join('/')}`;
    if (entry.isDirectory()) yield header({ name: `${name}/`, size: 0, mtimeSeconds: 0 });
    else if (entry.isFile()) yield* packFile(path, name);
  }
}

async function* packFile(path: string, name: string): AsyncGenerator<Buffer> {
  const { size, mtimeMs } = await stat(path);
  yield header({ name, size, mtimeSeconds: Math.floor(mtimeMs / 1000) });
  let read = 0;
  for await (const chunk of createReadStream(path)) {
    const bytes = chunk as Buffer;
    read += bytes.length;
    yield bytes;
  }
  if (read !== size) throw new Error(`${name} changed while it was copied`);
  yield padding(size);
}

/** The two empty blocks at the end, without which an archive was cut short. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/** Reads an archive entry by entry; `body` has to be read to its end before the next one is asked for. Throws when it is damaged or cut short. */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly entry: TarEntry; readonly body: () => AsyncGenerator<Buffer> }> {
  const take = taker(source);
  for (;;) {
    const block = await take(BLOCK);
    if (block.every((byte) => byte === 0)) return;
    const entry = parseHeader(block);
    let left = entry.size;
    async function* body(): AsyncGenerator<Buffer> {
      while (left > 0) {
        const part = await take(Math.min(left, 64 * 1024));
        left -= part.length;
        yield part;
      }
    }
    yield { entry, body };
    // Whoever did not care for the content skips it.
    while (left > 0) left -= (await take(Math.min(left, 64 * 1024))).length;
    await take(padding(entry.size).length);
  }
}

function parseHeader(block: Buffer): TarEntry {
  const text = (from: number, length: number): string => block.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  const number = (from: number, length: number): number => Number.parseInt(text(from, length).trim() || '0', 8);
  if (number(148, 8) !== checksum(block)) throw new Error('this is not a backup, or it is damaged');
  const type = text(156, 1);
  const name = text(0, MAX_NAME);
  return {
    name: type === '5' && !name.endsWith('/') ? `${name}/` : name,
    size: type === '5' ? 0 : number(124, 12),
    mtimeSeconds: number(136, 12),
  };
}

/** Exactly so many bytes of a stream, however it is cut. */
function taker(source: AsyncIterable<Uint8Array>): (length: number) => Promise<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (length) => {
    const parts: Buffer[] = [rest];
    let have = rest.length;
    while (have < length) {
      const next = await iterator.next();
      if (next.done === true) throw new Error('it ends too early');
      parts.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength));
      have += next.value.byteLength;
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts);
    rest = all.subarray(length);
    return all.subarray(0, length);
  };
}

/** Writes one entry below `folder`, on the disk when it returns; refuses names that lead out of it. */
export async function unpackEntry(folder: string, name: string, body: () => AsyncGenerator<Buffer>): Promise<void> {
  if (posix.isAbsolute(name) || name.split('/').includes('..') || name.includes('\\'))
    throw new Error(`${name} leads out of the backup`);
  const path = join(folder, ...name.split('/'));
  if (name.endsWith('/')) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await pipeline(body, createWriteStream(path, { mode: 0o600 }));
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
