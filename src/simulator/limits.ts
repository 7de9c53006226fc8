import { Column, RowIndex } from './columns.ts';
import type { SimConfig } from './config.ts';
import { hashDigits } from './random.ts';

const DAY = 24 * 3600 * 1000;
/** A cell nobody wrote. */
const NEVER = 0;

interface Bucket {
  tokens: number;
  at: number;
}

/** What Meta counts before it takes a message: pace of the number, pace towards one person, people a day (docs/meta.md, Limits). */
export class Limits {
  readonly #buckets = new Map<number, Bucket>();
  readonly #people: RowIndex;
  readonly #digits = new Column('f64');
  readonly #pairs: Column[] = [];
  readonly #lastInbound = new Column('f64');
  readonly #countedAt = new Column('f64');
  /** When each person counted was counted, oldest first from `#countedHead`. */
  #counted: number[] = [];
  #countedHead = 0;

  constructor() {
    this.#people = new RowIndex((row) => hashDigits(this.#digits.get(row)));
  }

  /** A dense number for a person, so that what is known of them is a cell in a column. */
  person(wa: number): number {
    const hash = hashDigits(wa);
    const known = this.#people.find(hash, (row) => this.#digits.get(row) === wa);
    if (known >= 0) return known;
    const row = this.#people.size;
    this.#digits.set(row, wa);
    this.#people.add(hash, row);
    return row;
  }

  /** One token of the number's bucket. */
  takeThroughput(config: SimConfig, number: number, level: number, now: number): boolean {
    if (!config.throughput.enforce) return true;
    const rate = config.throughput.messages_per_second ?? level;
    const burst = Math.max(1, config.throughput.burst ?? rate);
    let bucket = this.#buckets.get(number);
    if (bucket === undefined) {
      bucket = { tokens: burst, at: now };
      this.#buckets.set(number, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * rate) / 1000);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** One message every `seconds`, a burst borrowing from the future: the cell holds when the debt is paid. */
  takePair(config: SimConfig, number: number, person: number, now: number): boolean {
    if (!config.pair.enforce) return true;
    const column = (this.#pairs[number] ??= new Column('f64'));
    const step = config.pair.seconds * 1000;
    const paid = Math.max(column.get(person), now) + step;
    if (paid - now > config.pair.burst * step) return false;
    column.set(person, paid);
    return true;
  }

  /** Whether one more person fits in the rolling day; a person already counted always does. */
  takePortfolio(config: SimConfig, person: number, now: number): boolean {
    const limit = config.portfolio.limit;
    if (limit === null) return true;
    while ((this.#counted[this.#countedHead] ?? Infinity) <= now - DAY) this.#countedHead += 1;
    const last = this.#countedAt.get(person);
    if (last !== NEVER && last > now - DAY) return true;
    if (this.#counted.length - this.#countedHead >= limit) return false;
    this.#countedAt.set(person, now);
    this.#counted.push(now);
    if (this.#countedHead > 10_000) {
      this.#counted = this.#counted.slice(this.#countedHead);
      this.#countedHead = 0;
    }
    return true;
  }

  noteInbound(person: number, now: number): void {
    this.#lastInbound.set(person, now);
  }

  windowOpen(person: number, now: number): boolean {
    const last = this.#lastInbound.get(person);
    return last !== NEVER && last > now - DAY;
  }

  clear(): void {
    this.#buckets.clear();
    this.#people.clear();
    for (const column of [this.#digits, this.#lastInbound, this.#countedAt]) column.clear();
    this.#pairs.length = 0;
    this.#counted = [];
    this.#countedHead = 0;
  }
}
