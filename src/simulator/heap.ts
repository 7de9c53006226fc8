/**
 * Things that are due, soonest first; equal times in the order they were put in. Two flat arrays, so that millions of owed
 * statuses cost a few bytes each instead of a timer each.
 */
export class DueHeap<T> {
  readonly #due: number[] = [];
  readonly #order: number[] = [];
  readonly #items: T[] = [];
  #count = 0;

  get size(): number {
    return this.#due.length;
  }

  get nextDue(): number | undefined {
    return this.#due[0];
  }

  push(due: number, item: T): void {
    this.#due.push(due);
    this.#order.push(this.#count);
    this.#items.push(item);
    this.#count += 1;
    this.#rise(this.#due.length - 1);
  }

  /** The soonest item when it is due by `now`. */
  popDue(now: number): T | undefined {
    const first = this.#due[0];
    if (first === undefined || first > now) return undefined;
    return this.#take();
  }

  clear(): void {
    this.#due.length = 0;
    this.#order.length = 0;
    this.#items.length = 0;
  }

  #take(): T | undefined {
    const top = this.#items[0];
    const due = this.#due.pop();
    const order = this.#order.pop();
    const item = this.#items.pop();
    if (this.#due.length > 0 && due !== undefined && order !== undefined && item !== undefined) this.#sink(due, order, item);
    return top;
  }

  #before(i: number, due: number, order: number): boolean {
    const other = this.#due[i] ?? Infinity;
    return other < due || (other === due && (this.#order[i] ?? Infinity) < order);
  }

  #rise(from: number): void {
    const due = this.#due[from] ?? 0;
    const order = this.#order[from] ?? 0;
    const item = this.#items[from] as T;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.#before(parent, due, order)) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#set(i, due, order, item);
  }

  #sink(due: number, order: number, item: T): void {
    const size = this.#due.length;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#before(right, this.#due[child] ?? 0, this.#order[child] ?? 0)) child = right;
      if (!this.#before(child, due, order)) break;
      this.#move(child, i);
      i = child;
    }
    this.#set(i, due, order, item);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#due[from] ?? 0, this.#order[from] ?? 0, this.#items[from] as T);
  }

  #set(i: number, due: number, order: number, item: T): void {
    this.#due[i] = due;
    this.#order[i] = order;
    this.#items[i] = item;
  }
}
