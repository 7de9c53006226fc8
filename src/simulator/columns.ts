/** Growing typed columns in chunks: a million ledger lines in tens of megabytes, and no copying while it grows. */

const CHUNK_BITS = 16;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export class Column {
  #chunks: Numbers[] = [];
  readonly #make: (length: number) => Numbers;

  constructor(kind: 'u8' | 'u16' | 'u32' | 'f64') {
    this.#make = (length) =>
      kind === 'u8'
        ? new Uint8Array(length)
        : kind === 'u16'
          ? new Uint16Array(length)
          : kind === 'u32'
            ? new Uint32Array(length)
            : new Float64Array(length);
  }

  get(i: number): number {
    return this.#chunks[i >>> CHUNK_BITS]?.[i & MASK] ?? 0;
  }

  set(i: number, value: number): void {
    const at = i >>> CHUNK_BITS;
    while (this.#chunks.length <= at) this.#chunks.push(this.#make(CHUNK));
    const chunk = this.#chunks[at];
    if (chunk !== undefined) chunk[i & MASK] = value;
  }

  clear(): void {
    this.#chunks = [];
  }
}

const PAGE = 1 << 20;

/** Short texts end to end in one-megabyte pages; an address is one number. */
export class TextArena {
  #pages: Buffer[] = [];
  #used = PAGE;

  /** Longest text 512 characters (docs/meta.md, Sending), so 1,536 bytes: always fits a page. */
  append(text: string): number {
    if (this.#pages.length === 0 || this.#used + text.length * 3 > PAGE) {
      this.#pages.push(Buffer.allocUnsafe(PAGE));
      this.#used = 0;
    }
    const page = this.#pages.length - 1;
    const address = page * PAGE + this.#used;
    this.#used += this.#pages[page]?.write(text, this.#used, 'utf8') ?? 0;
    return address;
  }

  /** Bytes written since `address`, when that was the last append. */
  lengthSince(address: number): number {
    return this.#used - (address % PAGE);
  }

  read(address: number, length: number): string {
    const start = address % PAGE;
    return this.#pages[Math.floor(address / PAGE)]?.toString('utf8', start, start + length) ?? '';
  }

  clear(): void {
    this.#pages = [];
    this.#used = PAGE;
  }
}

/** A set of row numbers found by the hash of a key that stays in the columns: open addressing, four bytes a slot. */
export class RowIndex {
  #slots = new Uint32Array(1024);
  #size = 0;
  readonly #hashOfRow: (row: number) => number;

  constructor(hashOfRow: (row: number) => number) {
    this.#hashOfRow = hashOfRow;
  }

  find(hash: number, equals: (row: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const slot = this.#slots[i] ?? 0;
      if (slot === 0) return -1;
      if (equals(slot - 1)) return slot - 1;
    }
  }

  add(hash: number, row: number): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    this.#put(hash, row);
    this.#size += 1;
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#slots = new Uint32Array(1024);
    this.#size = 0;
  }

  #put(hash: number, row: number): void {
    const mask = this.#slots.length - 1;
    let i = hash & mask;
    while ((this.#slots[i] ?? 0) !== 0) i = (i + 1) & mask;
    this.#slots[i] = row + 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 4);
    for (const slot of old) if (slot !== 0) this.#put(this.#hashOfRow(slot - 1), slot - 1);
  }
}
