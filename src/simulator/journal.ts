import {
  chmodSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

const RETRY_MS = 500;

/** Phone numbers stand in it. */
export const OWNER_ONLY = 0o600;

/**
 * The simulator's memory of itself across a restart: an append-only file of lines.
 *
 * A line is written before the answer it stands for leaves, all lines of one turn of the event loop in one write. The write
 * reaches the operating system, which survives the death of the process (not a power cut). A line cut short by the death is
 * dropped at the next start: nobody was answered for it.
 */
export class Journal {
  readonly #file: string;
  #fd: number;
  #lines: string[] = [];
  #after: (() => void)[] = [];
  #scheduled = false;
  #unwritten: Buffer = Buffer.alloc(0);
  #isClosed = false;

  private constructor(file: string, fd: number) {
    this.#file = file;
    this.#fd = fd;
  }

  /** Opens the journal of a folder and hands every whole line of it to `replay`. */
  static open(folder: string, replay: (line: string) => void): Journal {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, 'journal.log');
    if (existsSync(file)) {
      const bytes = readFileSync(file);
      const end = bytes.lastIndexOf(10) + 1;
      for (let start = 0; start < end; ) {
        const stop = bytes.indexOf(10, start);
        replay(bytes.toString('utf8', start, stop));
        start = stop + 1;
      }
      const fd = openSync(file, 'r+');
      if (end < bytes.length) ftruncateSync(fd, end);
      closeSync(fd);
    }
    const journal = new Journal(file, openSync(file, 'a', OWNER_ONLY));
    // One of an earlier version may stand there with wider rights.
    chmodSync(file, OWNER_ONLY);
    return journal;
  }

  /** `line` without its line break. `after` runs once the line is out of this process' hands. */
  append(line: string, after?: () => void): void {
    this.#lines.push(line);
    if (after !== undefined) this.#after.push(after);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.flush();
    });
  }

  /** What a full disk does not take now is kept, with the answers that wait for it, and tried again: they are late, and never wrong. */
  flush(): void {
    this.#scheduled = false;
    if (this.#lines.length > 0) {
      this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(`${this.#lines.join('\n')}\n`)]);
      this.#lines = [];
    }
    try {
      // Cut short in mid-line, it goes on where it stopped.
      while (this.#unwritten.length > 0) this.#unwritten = this.#unwritten.subarray(writeSync(this.#fd, this.#unwritten));
    } catch (error) {
      if (!isFull(error)) throw error;
      this.#tryLater();
      return;
    }
    const after = this.#after;
    this.#after = [];
    for (const run of after) run();
  }

  #tryLater(): void {
    this.#scheduled = true;
    setTimeout(() => {
      if (!this.#isClosed) this.flush();
    }, RETRY_MS).unref();
  }

  /** A new file with these lines instead: written beside, then renamed over, so that a crash leaves the old or the new one. */
  replace(lines: Iterable<string>): void {
    this.flush();
    const fresh = `${this.#file}.new`;
    const fd = openSync(fresh, 'w', OWNER_ONLY);
    let block: string[] = [];
    const write = (): void => {
      if (block.length > 0) writeFileSync(fd, `${block.join('\n')}\n`);
      block = [];
    };
    for (const line of lines) {
      block.push(line);
      if (block.length >= 10_000) write();
    }
    write();
    closeSync(fd);
    renameSync(fresh, this.#file);
    closeSync(this.#fd);
    this.#fd = openSync(this.#file, 'a', OWNER_ONLY);
  }

  /** What a full disk has still not taken is lost: nobody was answered for it. */
  close(): void {
    this.flush();
    this.#isClosed = true;
    closeSync(this.#fd);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
