import yauzl from 'yauzl';
import { Problem } from '../lib/problem.ts';
import { say, type Text } from '../lib/words/sentence.ts';

/** What a workbook never has: a bomb is refused by what it declares, before anything of it is unpacked. */
const MAX_PARTS = 2_000;
const MAX_RATIO = 200;
/** Tiny parts compress well without being bombs. */
const RATIO_FROM = 1024 * 1024;
const MAX_PART = 8 * 1024 * 1024 * 1024;

/** The parts of a zip file on disk. A part longer than it declares fails while it is read. */
export class Zip {
  readonly #file: yauzl.ZipFile;
  readonly #parts: ReadonlyMap<string, yauzl.Entry>;

  private constructor(file: yauzl.ZipFile, parts: ReadonlyMap<string, yauzl.Entry>) {
    this.#file = file;
    this.#parts = parts;
  }

  /** @param fd stays the caller's. */
  static async open(fd: number): Promise<Zip> {
    const file = await readable(
      yauzl.fromFdPromise(fd, { autoClose: false, lazyEntries: true, validateEntrySizes: true, decodeStrings: true }),
    );
    if (file.entryCount > MAX_PARTS) throw tooLarge();
    const parts = await readable(listParts(file));
    for (const part of parts.values()) {
      if (part.isEncrypted()) throw unusable(say('server.files.workbook-protected-password'));
      const { uncompressedSize, compressedSize } = part;
      if (uncompressedSize > MAX_PART || (uncompressedSize > RATIO_FROM && uncompressedSize > compressedSize * MAX_RATIO))
        throw tooLarge();
    }
    return new Zip(file, parts);
  }

  names(): string[] {
    return [...this.#parts.keys()];
  }

  has(name: string): boolean {
    return this.#parts.has(name);
  }

  /** Unpacks a part no faster than it is read. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const part = this.#parts.get(name);
    if (part === undefined) throw damaged();
    const stream = await readable(this.#file.openReadStreamPromise(part));
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      throw asDamage(error);
    } finally {
      stream.destroy();
    }
  }

  /** A part of which a workbook needs little; @returns undefined where it is not there. */
  async small(name: string, maxBytes: number): Promise<string | undefined> {
    const part = this.#parts.get(name);
    if (part === undefined) return undefined;
    if (part.uncompressedSize > maxBytes) throw tooLarge();
    const chunks: Buffer[] = [];
    for await (const chunk of this.read(name)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
}

function listParts(file: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const parts = new Map<string, yauzl.Entry>();
  return new Promise((resolve, reject) => {
    file.on('entry', (part: yauzl.Entry) => {
      if (!parts.has(part.fileName)) parts.set(part.fileName, part);
      file.readEntry();
    });
    file.on('end', () => {
      resolve(parts);
    });
    file.on('error', reject);
    file.readEntry();
  });
}

async function readable<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw asDamage(error);
  }
}

function asDamage(error: unknown): unknown {
  const ofSystem = error instanceof Error && 'syscall' in error;
  return error instanceof Problem || ofSystem ? error : damaged();
}

export function unusable(detail: Text): Problem {
  return new Problem('file_unusable', detail);
}

export function damaged(): Problem {
  return unusable(say('server.files.workbook-damaged-cut'));
}

export function tooLarge(): Problem {
  return unusable(say('server.files.workbook-unpacks-far'));
}
