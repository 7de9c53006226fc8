import type { Account, WebhookTarget } from './account.ts';
import type { SimConfig } from './config.ts';
import { DueHeap } from './heap.ts';
import type { Journal } from './journal.ts';
import type { JsonObject } from './json.ts';
import type { Ledger } from './ledger.ts';
import { NEVER } from './outcomes.ts';
import { type Item, payloadOf } from './payloads.ts';
import { Poster } from './poster.ts';
import { between, type Random } from './random.ts';
import { escapeNonAscii } from './wire.ts';

export interface WebhookDeps {
  readonly ledger: Ledger;
  readonly account: Account;
  readonly config: () => SimConfig;
  readonly journal: Journal | undefined;
  readonly random: Random;
  readonly wamid: (row: number) => string;
}

export interface Delivery extends JsonObject {
  readonly id: number;
  readonly at: string;
  readonly url: string;
  readonly attempt: number;
  readonly updates: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly payload: string;
}

interface Batch {
  readonly items: readonly Item[];
  readonly since: number;
  attempt: number;
}

interface Event {
  readonly json: string;
  readonly number: string | undefined;
}

const LOG_LENGTH = 500;
const LOG_PAYLOAD = 64 * 1024;
/** Batches waiting to be tried again, before nothing new is taken up: a dead receiver must not cost memory. */
const MAX_RETRYING = 32;
const ACKS_EVERY_MS = 20;

/**
 * What is owed to the receiver, and the telling of it: at least once, batched, in no promised order, signed.
 *
 * An update is owed from the moment its message is in the journal and until the receiver answered 200. What is acknowledged is
 * noted in the journal a moment later; a crash in between tells it twice, as Meta may.
 */
export class Webhooks {
  readonly #deps: WebhookDeps;
  readonly #due = new DueHeap<Item>();
  readonly #retries = new DueHeap<Batch>();
  readonly #events = new Map<number, Event>();
  readonly #log: Delivery[] = [];
  readonly #poster = new Poster();
  #ready: Item[] = [];
  #readyHead = 0;
  #owed = 0;
  #inFlight = 0;
  #posts = 0;
  #lost = 0;
  #nextEvent = 1;
  #acks: [number[], number[], number[], number[]] = [[], [], [], []];
  #acksTimer: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerDue = Infinity;
  #immediate = false;
  #lingering: NodeJS.Timeout | undefined;
  #lingerOver = false;
  #stopped = false;
  /** A reset forgets what is in flight: its answers must not be counted. */
  #generation = 0;
  /** Callbacks of items somebody waits for (the answer held back until the webhook is out). */
  readonly #waiting = new Map<Item, () => void>();

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
  }

  /** Everything planned for a row and not yet told becomes owed. */
  schedule(row: number): void {
    const { ledger, account } = this.#deps;
    if (!account.subscribed) return;
    const at = ledger.at(row);
    const duplicated = ledger.isDuplicated(row);
    for (let slot = 0; slot < 4; slot += 1) {
      const delay = ledger.delay(row, slot);
      if (delay === NEVER || ledger.isDone(row, slot)) continue;
      this.#owe(at + delay, row * 4 + slot);
      if (duplicated) this.#owe(at + delay + between(this.#deps.random, 0, 500), row * 4 + slot);
    }
  }

  /** Tells the first status of a row now, before the message's own answer. */
  scheduleFirst(row: number, then: () => void): void {
    const { ledger } = this.#deps;
    const slot = [0, 1, 2, 3]
      .filter((s) => ledger.delay(row, s) !== NEVER)
      .sort((a, b) => ledger.delay(row, a) - ledger.delay(row, b))[0];
    this.schedule(row);
    if (
      slot === undefined ||
      this.#deps.config().webhooks.paused ||
      this.#target(ledger.numbers[ledger.number(row)]) === undefined
    ) {
      then();
      return;
    }
    const item = row * 4 + slot;
    this.#owed += 1;
    this.#waiting.set(item, then);
    this.#post({ items: [item], since: Date.now(), attempt: 0 });
  }

  /** Something that is not a status of ours: a reply, a template or account event. `value` is the change's value. */
  sendEvent(field: string, value: JsonObject, over: { number?: string; timed?: boolean; delayMs?: number } = {}): void {
    const { account, journal } = this.#deps;
    if (!account.subscribed) return;
    const time = over.timed === true ? { time: Math.floor(Date.now() / 1000) } : {};
    const json = JSON.stringify({ id: account.waba.id, ...time, changes: [{ value, field }] });
    const id = this.#nextEvent;
    this.#nextEvent += 1;
    journal?.append(`E\t${String(id)}\t${over.number ?? ''}\t${json}`);
    this.restoreEvent(id, over.number, json, over.delayMs ?? 0);
  }

  restoreEvent(id: number, number: string | undefined, json: string, delayMs = 0): void {
    this.#nextEvent = Math.max(this.#nextEvent, id + 1);
    this.#events.set(id, { json, number: number === '' ? undefined : number });
    this.#owe(Date.now() + delayMs, -id);
  }

  get owed(): number {
    return this.#owed;
  }

  get events(): ReadonlyMap<number, { readonly json: string; readonly number: string | undefined }> {
    return this.#events;
  }

  state(): JsonObject {
    return {
      owed: this.#owed,
      due: this.#ready.length - this.#readyHead,
      scheduled: this.#due.size,
      in_flight: this.#inFlight,
      retrying: this.#retries.size,
      posts: this.#posts,
      lost: this.#lost,
    };
  }

  log(): readonly Delivery[] {
    return this.#log;
  }

  /** After a change of target, subscription or configuration: whatever waited is tried now. */
  wake(): void {
    const batches: Batch[] = [];
    for (let batch = this.#retries.popDue(Infinity); batch !== undefined; batch = this.#retries.popDue(Infinity))
      batches.push(batch);
    const now = Date.now();
    for (const batch of batches) this.#retries.push(now, batch);
    this.#arm();
    this.#soon();
  }

  clear(): void {
    this.#due.clear();
    this.#retries.clear();
    this.#events.clear();
    this.#ready = [];
    this.#readyHead = 0;
    this.#owed = 0;
    this.#acks = [[], [], [], []];
    this.#waiting.clear();
    this.#log.length = 0;
    this.#inFlight = 0;
    this.#generation += 1;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#lingering);
    clearTimeout(this.#acksTimer);
    this.#writeAcks();
    await this.#poster.stop();
  }

  #owe(due: number, item: Item): void {
    this.#owed += 1;
    this.#due.push(due, item);
    this.#arm();
  }

  #arm(): void {
    if (this.#stopped) return;
    const { paused, concurrency } = this.#deps.config().webhooks;
    // A retry that cannot leave now wakes nobody: the end of a pause or of a POST does.
    const retry = paused || this.#inFlight >= concurrency ? undefined : this.#retries.nextDue;
    const next = Math.min(this.#due.nextDue ?? Infinity, retry ?? Infinity);
    if (next === Infinity || next >= this.#timerDue) return;
    const wait = next - Date.now();
    if (wait <= 0) {
      this.#soon();
      return;
    }
    clearTimeout(this.#timer);
    this.#timerDue = next;
    this.#timer = setTimeout(
      () => {
        this.#timerDue = Infinity;
        this.#tick();
      },
      Math.min(wait, 2 ** 31 - 1),
    );
  }

  #soon(): void {
    if (this.#immediate || this.#stopped) return;
    this.#immediate = true;
    setImmediate(() => {
      this.#immediate = false;
      this.#tick();
    });
  }

  #tick(): void {
    if (this.#stopped) return;
    const now = Date.now();
    for (let item = this.#due.popDue(now); item !== undefined; item = this.#due.popDue(now)) this.#ready.push(item);
    this.#pump();
    this.#arm();
  }

  #pump(): void {
    const { webhooks } = this.#deps.config();
    if (webhooks.paused || this.#stopped) return;
    const now = Date.now();
    while (this.#inFlight < webhooks.concurrency) {
      const batch =
        this.#retries.popDue(now) ??
        (this.#retries.size < MAX_RETRYING ? this.#take(webhooks.batch, webhooks.linger_ms) : undefined);
      if (batch === undefined) return;
      this.#post(batch);
    }
  }

  /** Up to `most` due updates for one receiver. With a linger, a small batch waits for company. */
  #take(most: number, lingerMs: number): Batch | undefined {
    const waiting = this.#ready.length - this.#readyHead;
    if (waiting === 0) return undefined;
    if (lingerMs > 0 && waiting < most && !this.#lingerOver) {
      this.#lingering ??= setTimeout(() => {
        this.#lingering = undefined;
        this.#lingerOver = true;
        this.#pump();
        this.#lingerOver = false;
      }, lingerMs);
      return undefined;
    }
    const first = this.#ready[this.#readyHead];
    const target = first === undefined ? undefined : this.#targetOf(first);
    if (target === undefined) return undefined;
    const items: Item[] = [];
    while (items.length < most && this.#readyHead < this.#ready.length) {
      const item = this.#ready[this.#readyHead];
      if (item === undefined || this.#targetOf(item)?.url !== target.url) break;
      items.push(item);
      this.#readyHead += 1;
    }
    if (this.#readyHead > 4096 && this.#readyHead * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#readyHead);
      this.#readyHead = 0;
    }
    return { items, since: Date.now(), attempt: 0 };
  }

  #targetOf(item: Item): WebhookTarget | undefined {
    const { ledger } = this.#deps;
    return this.#target(item < 0 ? this.#events.get(-item)?.number : ledger.numbers[ledger.number(Math.floor(item / 4))]);
  }

  #target(numberId: string | undefined): WebhookTarget | undefined {
    const { account } = this.#deps;
    if (account.target === null) return undefined;
    const own = account.numbers.find((number) => number.id === numberId)?.webhook_configuration.phone_number;
    const url = own ?? account.override;
    return url === null ? account.target : { ...account.target, url };
  }

  #post(batch: Batch): void {
    const first = batch.items[0];
    const target = first === undefined ? undefined : this.#targetOf(first);
    if (target === undefined) {
      this.#retries.push(Date.now() + 1000, batch);
      return;
    }
    this.#inFlight += 1;
    this.#posts += 1;
    batch.attempt += 1;
    const payload = escapeNonAscii(payloadOf(this.#deps, batch.items, this.#events));
    const generation = this.#generation;
    void this.#poster.post(target, payload, this.#deps.config().webhooks.timeout_ms).then(({ status, error }) => {
      if (generation !== this.#generation) return;
      this.#inFlight -= 1;
      this.#record(batch, target.url, payload, status, error);
      if (this.#stopped) return;
      if (status === 200) this.#acknowledge(batch.items);
      else this.#again(batch);
      this.#pump();
      this.#arm();
    });
  }

  #acknowledge(items: readonly Item[]): void {
    const { ledger, journal } = this.#deps;
    this.#owed -= items.length;
    for (const item of items) {
      this.#waiting.get(item)?.();
      this.#waiting.delete(item);
      if (item < 0) {
        this.#events.delete(-item);
        journal?.append(`F\t${String(-item)}`);
        continue;
      }
      const row = Math.floor(item / 4);
      const slot = item % 4;
      if (ledger.isDone(row, slot)) continue;
      ledger.setDone(row, slot);
      if (journal !== undefined) this.#acks[slot]?.push(row);
    }
    if (journal !== undefined)
      this.#acksTimer ??= setTimeout(() => {
        this.#writeAcks();
      }, ACKS_EVERY_MS);
  }

  #writeAcks(): void {
    this.#acksTimer = undefined;
    for (const [slot, rows] of this.#acks.entries())
      if (rows.length > 0) this.#deps.journal?.append(`D\t${String(slot)}\t${rows.join(',')}`);
    this.#acks = [[], [], [], []];
  }

  /** Not answered 200: again later, less and less often, until the window is over (docs/meta.md, Webhooks). */
  #again(batch: Batch): void {
    const { webhooks } = this.#deps.config();
    const now = Date.now();
    for (const item of batch.items) {
      this.#waiting.get(item)?.();
      this.#waiting.delete(item);
    }
    if (now - batch.since > webhooks.retry_window_ms) {
      this.#lost += batch.items.length;
      this.#acknowledge(batch.items);
      return;
    }
    const wait = Math.min(webhooks.retry_max_ms, webhooks.retry_first_ms * webhooks.retry_factor ** (batch.attempt - 1));
    this.#retries.push(now + wait, batch);
  }

  #record(batch: Batch, url: string, payload: string, status: number | null, error: string | null): void {
    if (this.#log.length >= LOG_LENGTH) this.#log.splice(0, LOG_LENGTH / 2);
    const at = new Date().toISOString();
    this.#log.push({
      id: this.#posts,
      at,
      url,
      attempt: batch.attempt,
      updates: batch.items.length,
      status,
      error,
      payload: payload.slice(0, LOG_PAYLOAD),
    });
  }
}
