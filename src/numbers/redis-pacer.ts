/**
 * The pace of one sending number, shared by many processes. Each is lent a part of it by Redis and keeps to it by itself, as a process
 * alone keeps to the whole, so that no message waits for an answer of Redis: how far away it is does not matter as long as a loan can
 * be renewed before it ends. A process that cannot reach Redis stops at the end of its loan, or at once when the connection closes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Pace } from './pace.ts';
import { SHARE, SLOW } from './pace-scripts.ts';
import { createShare, type Moment, type Question, type ShareAnswer } from './pace-share.ts';
import { createTurnstile, type Pacer, type PacerOptions } from './pacer.ts';

/** Redis did not answer: asked again this much later. */
const REDIS_AWAY_MS = 250;
/** Without a share nothing is claimed; whoever asked is told to come back after this, longer when others hold all there is. */
const NO_SHARE_MS = 260;
const NO_CLAIM_MS = 1_000;
/** Wanted by nobody for so long, a share is given back. Longer than a campaign needs to claim its next people. */
const IDLE_MS = 2_000;
/** As in pace.ts. */
const SAME_OBJECTION_MS = 1_000;
/** More than anybody can use. */
const ALL = 1_000_000_000;

export interface RedisPacerOptions extends PacerOptions {
  readonly redis: Redis;
  readonly key: string;
  /** Tells when the pace changed for everybody; what the scripts publish on the channel of the key's name. */
  readonly listen: (channel: string, onMessage: () => void) => void;
  readonly onError: (error: unknown) => void;
}

interface Objection {
  readonly seconds: number;
  readonly factor: number;
  readonly code?: number;
}

let made = 0;

export function createRedisPacer(options: RedisPacerOptions): Pacer {
  return new SharedPacer(options);
}

class SharedPacer implements Pacer {
  readonly #options: RedisPacerOptions;
  readonly #id = `${String(process.pid)}.${String(made++)}.${Math.random().toString(36).slice(2)}`;
  readonly #share = createShare();
  readonly #turnstile = createTurnstile(() => this.#share.rate(moment()));
  #ceiling: number;
  /** This process says what the ceiling is: at its start, and when it learns of another. Otherwise it takes the one of all. */
  #isNews = true;
  /** Of the number. */
  #rate: number;
  #stoppedUntilMs: number;
  #slowedBy: number | undefined;
  /** An objection Redis has not confirmed; of several the hardest. */
  #untold: Objection | undefined;
  #objected = { at: Number.NEGATIVE_INFINITY, factor: 1 };
  /** Which server answers: one that took over, or came back empty, knows nothing of the last second. */
  #server: string | undefined;
  #wantedAt = Number.NEGATIVE_INFINITY;
  #granted = 0;
  #countedAt = performance.now();
  /** Others hold all there is. */
  #isWithout = false;
  #asking: Promise<number> | undefined;
  #telling: Objection | undefined;
  #renewing = false;
  #sooner = new AbortController();

  constructor(options: RedisPacerOptions) {
    this.#options = options;
    this.#ceiling = options.ceiling;
    this.#rate = Math.min(options.learnt?.rate ?? options.ceiling, options.ceiling);
    this.#stoppedUntilMs = options.learnt?.stoppedUntilMs ?? 0;
    this.#slowedBy = options.learnt?.slowedBy;
    options.redis.on('close', () => {
      this.#server = undefined;
      this.#lose();
    });
    options.listen(options.key, () => {
      this.#poke();
    });
  }

  grant(want: number, signal: AbortSignal): Promise<number> {
    this.#want();
    return this.#turnstile.grant(want, signal).then((granted) => {
      this.#granted += granted;
      this.#want();
      return granted;
    });
  }

  left(): void {
    this.#turnstile.left();
  }

  rate(): number {
    return this.#share.rate(moment());
  }

  stoppedForMs(): number {
    this.#want();
    const stoppedMs = this.#stoppedUntilMs - Date.now();
    if (this.#options.redis.status !== 'ready') return Math.max(stoppedMs, NO_CLAIM_MS);
    if (this.#share.places(moment()) === 0) return Math.max(stoppedMs, this.#isWithout ? NO_CLAIM_MS : NO_SHARE_MS);
    return Math.max(0, stoppedMs, this.#turnstile.nextInMs());
  }

  setCeiling(value: number): void {
    if (value === this.#ceiling) return;
    if (value < this.#rate) this.#share.reduce(value / this.#rate);
    this.#rate = this.#rate >= this.#ceiling ? value : Math.min(this.#rate, value);
    this.#ceiling = value;
    this.#isNews = true;
    this.#turnstile.changed();
    this.#poke();
  }

  slowDown(objection: Objection): void {
    const { seconds, factor, code } = objection;
    const now = performance.now();
    // A burst of the same objection lowers the rate once, here as in Redis.
    const isSame = this.#stoppedUntilMs > Date.now() || now < this.#objected.at + SAME_OBJECTION_MS;
    this.#objected = { at: now, factor: isSame ? this.#objected.factor : factor };
    if (!isSame) this.#share.reduce(factor);
    const until = Date.now() + seconds * 1_000;
    if (code !== undefined && until > this.#stoppedUntilMs) this.#slowedBy = code;
    this.#stopUntil(until);
    this.#untold = hardest(this.#untold, objection);
    void this.#tell()
      .then(() => this.#ask())
      .then(() => this.#options.onChange?.(this.#known()));
  }

  /** As all processes have it; what this one last knew while Redis is away. */
  async state(): Promise<Pace> {
    await this.#ask();
    return this.#known();
  }

  #known(): Pace {
    const stoppedUntilMs = this.#stoppedUntilMs;
    // When it fell and since when it climbs is Redis' own affair.
    const climbedAtMs = Math.max(Date.now(), stoppedUntilMs);
    return { rate: this.#rate, ceiling: this.#ceiling, stoppedUntilMs, slowedBy: this.#slowedBy, slowedAtMs: 0, climbedAtMs };
  }

  #stopUntil(until: number): void {
    this.#stoppedUntilMs = Math.max(this.#stoppedUntilMs, until);
    this.#turnstile.holdFor(Math.max(0, this.#stoppedUntilMs - Date.now()));
    this.#turnstile.changed();
  }

  #lose(): void {
    this.#share.lose();
    this.#turnstile.changed();
  }

  #want(): void {
    this.#wantedAt = performance.now();
    if (!this.#renewing) void this.#renew();
  }

  #isWanted(): boolean {
    return this.#turnstile.isWaitedFor() || performance.now() - this.#wantedAt < IDLE_MS;
  }

  /** The next question comes now instead of at its time. */
  #poke(): void {
    this.#sooner.abort();
  }

  /** Keeps the share for as long as somebody wants it, then gives it back. */
  async #renew(): Promise<void> {
    this.#renewing = true;
    while (this.#isWanted()) {
      this.#sooner = new AbortController();
      const againMs = await this.#ask();
      await sleep(againMs, undefined, { signal: this.#sooner.signal, ref: false }).catch(() => undefined);
    }
    this.#renewing = false;
    this.#lose();
    await this.#ask();
    // Wanted again while it was being given back.
    if (this.#isWanted()) this.#want();
  }

  /** One question at a time; whoever asks meanwhile gets the answer to a later one. @returns when to ask again. */
  #ask(): Promise<number> {
    const before = this.#asking ?? Promise.resolve(0);
    const asking = before.then(() => this.#askNow());
    this.#asking = asking;
    return asking.finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
  }

  /** At once, beside a question that may be under way. What fails is told before the next question. */
  async #tell(): Promise<void> {
    const told = this.#untold;
    if (told === undefined || this.#telling === told) return;
    this.#telling = told;
    const { redis, key, onError } = this.#options;
    try {
      await redis.eval(SLOW, 1, key, this.#ceiling, this.#rate, told.seconds, told.factor, told.code ?? '');
      if (this.#untold === told) this.#untold = undefined;
    } catch (error) {
      onError(error);
    } finally {
      if (this.#telling === told) this.#telling = undefined;
    }
  }

  async #askNow(): Promise<number> {
    const { redis, key, onError } = this.#options;
    try {
      this.#server ??= await serverOf(redis);
      await this.#tell();
      const told = this.#ceiling;
      const question = this.#share.ask(moment());
      const answer = readAnswer(await redis.eval(SHARE, 1, key, ...this.#words(question)));
      if (answer === undefined) return 0;
      return this.#heard(question, answer, told);
    } catch (error) {
      onError(error);
      return REDIS_AWAY_MS;
    }
  }

  #words({ seq, holding }: Question): (string | number)[] {
    const stillMs = Math.max(0, Math.round(this.#stoppedUntilMs - Date.now()));
    const news = this.#isNews ? 1 : 0;
    const want = this.#isWanted() ? this.#couldUse() : 0;
    return [this.#id, seq, holding, want, this.#ceiling, news, this.#rate, stillMs, this.#slowedBy ?? '', this.#server ?? ''];
  }

  /** Whoever waits could use more. Whoever does not is bound by something else, and what it cannot use others may have. */
  #couldUse(): number {
    const now = performance.now();
    const perSecond = (this.#granted / Math.max(1, now - this.#countedAt)) * 1_000;
    this.#granted = 0;
    this.#countedAt = now;
    return this.#turnstile.isWaitedFor() || this.#share.places(moment()) === 0 ? ALL : Math.ceil(perSecond * 1.5) + 2;
  }

  #heard(question: Question, answer: ShareAnswer, told: number): number {
    if (!this.#share.answered(question, answer)) return 0;
    if (this.#ceiling === told) {
      this.#ceiling = answer.ceiling;
      this.#isNews = false;
      this.#rate = answer.rate;
    }
    this.#isWithout = answer.held === 0 && answer.target === 0;
    if (this.#untold === undefined && question.at.monotonic > this.#objected.at) {
      this.#slowedBy = answer.slowedBy;
      this.#stoppedUntilMs = 0;
    } else {
      // Asked before the objection: the answer knows nothing of it.
      this.#share.reduce(this.#objected.factor);
    }
    if (answer.stoppedMs > 0) this.#stopUntil(Date.now() + answer.stoppedMs);
    this.#turnstile.changed();
    // Told to keep to less: said at once that it does, so that others may have the rest.
    return answer.held > answer.target ? 0 : answer.againMs;
  }
}

function moment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

function hardest(one: Objection | undefined, other: Objection): Objection {
  if (one === undefined) return other;
  const longer = other.seconds >= one.seconds ? other : one;
  return { ...longer, factor: Math.min(one.factor, other.factor) };
}

/** Empty where a hosted Redis does not tell; any other failure is one of the connection. */
async function serverOf(redis: Redis): Promise<string> {
  try {
    return /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1] ?? '';
  } catch (error) {
    if (error instanceof Error && /^(NOPERM|ERR)/.test(error.message)) return '';
    throw error;
  }
}

/** @returns undefined when the question came too late to be answered. */
export function readAnswer(answer: unknown): ShareAnswer | undefined {
  if (!Array.isArray(answer)) throw new Error('Redis answered the pace with something else');
  if (answer.length === 0) return undefined;
  const numbers = answer.map(Number);
  const [held, target, rate, ceiling, stoppedMs, , places, againMs] = numbers;
  if (
    held === undefined ||
    target === undefined ||
    rate === undefined ||
    ceiling === undefined ||
    stoppedMs === undefined ||
    places === undefined ||
    againMs === undefined
  ) {
    throw new Error('Redis answered the pace with something else');
  }
  const by: unknown = answer[5];
  const slowedBy = by === undefined || by === '' ? undefined : Number(by);
  return { held, target, rate, ceiling, stoppedMs, slowedBy, places, againMs };
}
