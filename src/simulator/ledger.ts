import { Column, RowIndex, TextArena } from './columns.ts';
import { NEVER, type Plan, SLOTS } from './outcomes.ts';
import { hashDigits, hashText, mix } from './random.ts';

/** What was sent: a template in a language, or a free-form kind. */
export interface Label {
  readonly name: string;
  readonly language: string;
  /** As it stands in a webhook's `pricing`. */
  readonly category: string;
  readonly kind: 'template' | 'free';
}

export interface Acceptance {
  readonly at: number;
  readonly number: number;
  readonly to: string;
  readonly wa: number;
  readonly label: number;
  readonly callback: string | undefined;
  readonly plan: Plan;
  readonly held: boolean;
}

export interface LedgerStatus {
  readonly status: string;
  readonly timestamp: string;
  readonly acknowledged: boolean;
  readonly code?: number;
}

const DUPLICATE = 1;
const BEFORE = 2;
const HELD = 4;
const CALLBACK = 8;
const COUNTED_CALLBACK = 16;
const COUNTED_PERSON = 32;
const DROPPED = 64;

/**
 * Every accepted message in order, in columns: about a hundred bytes each. Row numbers are the identity; the wamid is computed
 * from the row. Repeats are found at acceptance, so the summary is free.
 */
export class Ledger {
  readonly numbers: string[] = [];
  readonly labels: Label[] = [];
  readonly #labelIds = new Map<string, number>();
  /** The same by object, for the hot path. */
  #metLabels = new WeakMap<Label, number>();
  readonly #at = new Column('f64');
  readonly #number = new Column('u16');
  readonly #wa = new Column('f64');
  readonly #label = new Column('u16');
  readonly #code = new Column('u32');
  readonly #delays = SLOTS.map(() => new Column('u32'));
  readonly #flags = new Column('u8');
  readonly #done = new Column('u8');
  readonly #callbackAt = new Column('u32');
  readonly #callbackLength = new Column('u16');
  readonly #callbackHash = new Column('u32');
  readonly #callbacks = new TextArena();
  readonly #oddTo = new Map<number, string>();
  readonly #byCallback = new RowIndex((row) => this.#callbackHash.get(row));
  readonly #byPerson = new RowIndex((row) => this.#personHash(row));
  readonly #byRecipient = new RowIndex((row) => hashDigits(this.#wa.get(row)));
  readonly #heldRows = new Map<number, number[]>();
  readonly #windows: { tail: number; inside: number; peak: number }[] = [];
  #length = 0;
  #repeatedCallback = 0;
  #repeatedPerson = 0;

  get length(): number {
    return this.#length;
  }

  numberIndex(id: string): number {
    const known = this.numbers.indexOf(id);
    return known >= 0 ? known : this.numbers.push(id) - 1;
  }

  labelIndex(label: Label): number {
    const met = this.#metLabels.get(label);
    if (met !== undefined) return met;
    const key = `${label.kind}\n${label.name}\n${label.language}\n${label.category}`;
    const index = this.#labelIds.get(key) ?? this.labels.push(label) - 1;
    this.#labelIds.set(key, index);
    this.#metLabels.set(label, index);
    return index;
  }

  accept(entry: Acceptance): number {
    const row = this.#length;
    this.#length += 1;
    this.#at.set(row, entry.at);
    this.#number.set(row, entry.number);
    this.#wa.set(row, entry.wa);
    this.#label.set(row, entry.label);
    this.#code.set(row, entry.plan.code);
    for (let slot = 0; slot < 4; slot += 1) this.#delays[slot]?.set(row, entry.plan.delays[slot] ?? NEVER);
    if (entry.to !== `+${String(entry.wa)}`) this.#oddTo.set(row, entry.to);
    const callback = entry.callback === undefined ? 0 : this.#keepCallback(row, entry.callback);
    this.#flags.set(
      row,
      callback | (entry.plan.duplicate ? DUPLICATE : 0) | (entry.plan.beforeResponse ? BEFORE : 0) | (entry.held ? HELD : 0),
    );
    this.#indexPerson(row, entry.wa);
    this.#countSecond(row, entry.number, entry.at);
    if (entry.held) this.#heldOf(entry.label).push(row);
    return row;
  }

  #keepCallback(row: number, text: string): number {
    const address = this.#callbacks.append(text);
    const hash = hashText(text);
    const length = this.#callbacks.lengthSince(address);
    this.#callbackAt.set(row, address);
    this.#callbackLength.set(row, length);
    this.#callbackHash.set(row, hash);
    const first = this.#byCallback.find(hash, (other) => this.#callbackHash.get(other) === hash && this.callback(other) === text);
    if (first < 0) this.#byCallback.add(hash, row);
    else if (this.#mark(first, COUNTED_CALLBACK)) this.#repeatedCallback += 1;
    return CALLBACK;
  }

  #indexPerson(row: number, wa: number): void {
    const hash = this.#personHash(row);
    const number = this.#number.get(row);
    const label = this.#label.get(row);
    const first = this.#byPerson.find(
      hash,
      (other) => this.#wa.get(other) === wa && this.#label.get(other) === label && this.#number.get(other) === number,
    );
    if (first < 0) this.#byPerson.add(hash, row);
    else if (this.#mark(first, COUNTED_PERSON)) this.#repeatedPerson += 1;
    const recipient = hashDigits(wa);
    if (this.#byRecipient.find(recipient, (other) => this.#wa.get(other) === wa) < 0) this.#byRecipient.add(recipient, row);
  }

  #personHash(row: number): number {
    return mix(hashDigits(this.#wa.get(row)), this.#label.get(row) * 65536 + this.#number.get(row));
  }

  /** Most acceptances of a number in any one second, by two pointers over the column. */
  #countSecond(row: number, number: number, at: number): void {
    const window = (this.#windows[number] ??= { tail: row, inside: 0, peak: 0 });
    window.inside += 1;
    while (window.tail < row && this.#at.get(window.tail) <= at - 1000) {
      if (this.#number.get(window.tail) === number) window.inside -= 1;
      window.tail += 1;
    }
    if (window.inside > window.peak) window.peak = window.inside;
  }

  #mark(row: number, flag: number): boolean {
    const flags = this.#flags.get(row);
    if ((flags & flag) !== 0) return false;
    this.#flags.set(row, flags | flag);
    return true;
  }

  #heldOf(label: number): number[] {
    const rows = this.#heldRows.get(label) ?? [];
    this.#heldRows.set(label, rows);
    return rows;
  }

  heldCount(label: number): number {
    return this.#heldRows.get(label)?.length ?? 0;
  }

  /** The end of a quality check: the held ones go out from now on, or fail with 132015. Returns their rows. */
  decideHeld(label: number, now: number, decision: 'release' | 'drop'): number[] {
    const rows = this.#heldRows.get(label) ?? [];
    this.#heldRows.delete(label);
    for (const row of rows) {
      const waited = Math.max(0, Math.round(now - this.#at.get(row)));
      const flags = this.#flags.get(row) & ~HELD;
      this.#flags.set(row, decision === 'drop' ? flags | DROPPED : flags);
      for (let slot = 0; slot < 4; slot += 1) {
        const delay = this.#delays[slot]?.get(row) ?? NEVER;
        const dropped = slot === 3 ? waited : NEVER;
        this.#delays[slot]?.set(row, decision === 'drop' ? dropped : delay === NEVER ? NEVER : delay + waited);
      }
      if (decision === 'drop') this.#code.set(row, 132015);
    }
    return rows;
  }

  at(row: number): number {
    return this.#at.get(row);
  }

  number(row: number): number {
    return this.#number.get(row);
  }

  wa(row: number): number {
    return this.#wa.get(row);
  }

  label(row: number): Label | undefined {
    return this.labels[this.#label.get(row)];
  }

  code(row: number): number {
    return this.#code.get(row);
  }

  delay(row: number, slot: number): number {
    return this.#delays[slot]?.get(row) ?? NEVER;
  }

  isHeld(row: number): boolean {
    return (this.#flags.get(row) & HELD) !== 0;
  }

  isDuplicated(row: number): boolean {
    return (this.#flags.get(row) & DUPLICATE) !== 0;
  }

  to(row: number): string {
    return this.#oddTo.get(row) ?? `+${String(this.#wa.get(row))}`;
  }

  callback(row: number): string | undefined {
    if (this.#callbackLength.get(row) === 0 && (this.#flags.get(row) & CALLBACK) === 0) return undefined;
    return this.#callbacks.read(this.#callbackAt.get(row), this.#callbackLength.get(row));
  }

  isDone(row: number, slot: number): boolean {
    return (this.#done.get(row) & (1 << slot)) !== 0;
  }

  setDone(row: number, slot: number): void {
    this.#done.set(row, this.#done.get(row) | (1 << slot));
  }

  /** When the status happened, in milliseconds: the k-th status of a shuffled message happened at the k-th moment. */
  happenedAt(row: number, slot: number): number {
    const planned = [0, 1, 2, 3].filter((other) => this.delay(row, other) !== NEVER);
    const times = planned.map((other) => this.delay(row, other)).sort((a, b) => a - b);
    return this.at(row) + (times[planned.indexOf(slot)] ?? 0);
  }

  /** The statuses whose moment has come, in the order they happened. */
  statuses(row: number, now: number): LedgerStatus[] {
    if (this.isHeld(row)) return [];
    const list: LedgerStatus[] = [];
    for (const [slot, status] of SLOTS.entries()) {
      const delay = this.delay(row, slot);
      if (delay === NEVER || this.at(row) + delay > now) continue;
      const timestamp = new Date(this.happenedAt(row, slot)).toISOString();
      list.push({
        status,
        timestamp,
        acknowledged: this.isDone(row, slot),
        ...(status === 'failed' ? { code: this.code(row) } : {}),
      });
    }
    return list;
  }

  summary(): Record<string, unknown> {
    return {
      accepted: this.#length,
      distinct_recipients: this.#byRecipient.size,
      repeated_callback: this.#repeatedCallback,
      repeated_person: this.#repeatedPerson,
      peak_per_second: Object.fromEntries(this.numbers.map((id, i) => [id, this.#windows[i]?.peak ?? 0])),
    };
  }

  clear(): void {
    this.#length = 0;
    this.#repeatedCallback = 0;
    this.#repeatedPerson = 0;
    for (const column of [this.#at, this.#number, this.#wa, this.#label, this.#code, ...this.#delays]) column.clear();
    for (const column of [this.#flags, this.#done, this.#callbackAt, this.#callbackLength, this.#callbackHash]) column.clear();
    for (const index of [this.#byCallback, this.#byPerson, this.#byRecipient]) index.clear();
    this.#callbacks.clear();
    this.#oddTo.clear();
    this.#heldRows.clear();
    this.#windows.length = 0;
    this.numbers.length = 0;
    this.labels.length = 0;
    this.#labelIds.clear();
    this.#metLabels = new WeakMap();
  }

  /** One journal line for a row: what it is, and what was already told of it. */
  line(row: number): string {
    const delays = [0, 1, 2, 3].map((slot) => (this.delay(row, slot) === NEVER ? '' : String(this.delay(row, slot)))).join(',');
    const callback = this.callback(row);
    const odd = this.#oddTo.get(row);
    return `A\t${String(this.at(row))}\t${String(this.number(row))}\t${String(this.wa(row))}\t${odd === undefined ? '' : JSON.stringify(odd)}\t${String(
      this.#label.get(row),
    )}\t${String(this.code(row))}\t${delays}\t${String(this.#flags.get(row) & (DUPLICATE | BEFORE | HELD))}\t${String(this.#done.get(row))}\t${
      callback === undefined ? '' : JSON.stringify(callback)
    }`;
  }

  replayLine(fields: readonly string[]): number {
    const [, at, number, wa, odd, label, code, delays, flags, done, callback] = fields;
    const times = (delays ?? '').split(',').map((text) => (text === '' ? NEVER : Number(text)));
    const bits = Number(flags);
    const row = this.accept({
      at: Number(at),
      number: Number(number),
      wa: Number(wa),
      to: odd === undefined || odd === '' ? `+${String(wa)}` : String(JSON.parse(odd)),
      label: Number(label),
      callback: callback === undefined || callback === '' ? undefined : String(JSON.parse(callback)),
      held: (bits & HELD) !== 0,
      plan: {
        delays: [times[0] ?? NEVER, times[1] ?? NEVER, times[2] ?? NEVER, times[3] ?? NEVER],
        code: Number(code),
        duplicate: (bits & DUPLICATE) !== 0,
        beforeResponse: (bits & BEFORE) !== 0,
      },
    });
    this.#done.set(row, Number(done));
    return row;
  }
}
