/**
 * Sees that Meta does not answer any more, and that it does again: what this process learns from its own sends goes to the circuit
 * breaker of the number, which all processes share (numbers/circuit-breaker.ts) and every claim obeys.
 *
 * Order: a claim counts against the allowance in the statement that marks it, before it leaves; what became of it is told afterwards. A
 * crash in between leaves the allowance smaller than it could be, never larger.
 */

import type { Db } from '../lib/db/db.ts';
import { takeQuestions, tellAnswers, tellQuestion } from '../numbers/circuit-breaker.sql.ts';
import { type Answers, type Breaker, type BreakerState, SUSPECT_SCORE, scoreAfter } from '../numbers/circuit-breaker.ts';
import type { RunMode } from '../whatsapp/mode.ts';

export interface OutageDeps {
  readonly db: Db;
  readonly mode: RunMode;
  /** A harmless question about the number; resolves to whether Meta gave any answer that can be read. */
  readonly ask: (phoneNumberId: string) => Promise<boolean>;
  /** The breaker went from one state to another, by what this process told. */
  readonly onMoved: (phoneNumberId: string, before: Breaker, after: Breaker) => void;
  /** Nothing may leave from this number: what is claimed goes back. */
  readonly onOpen: (phoneNumberId: string) => void;
  readonly onError: (error: unknown, what: string) => void;
  /** Milliseconds on a clock that never steps back. */
  readonly now?: () => number;
}

export type AnswerKind = 'good' | 'lost' | 'faulty' | 'never_left';

export interface OutageWatch {
  /** A message leaves. @returns what to call once with its answer. */
  leaves(phoneNumberId: string): (kind: AnswerKind, reason?: string) => void;
  /** Claimed, and given back without having left. */
  returned(phoneNumberId: string, count: number): void;
  /** What a claim found. */
  found(phoneNumberId: string, state: BreakerState): void;
  /** No answer has come for so long that nothing more should leave until one does. */
  isSilent(phoneNumberId: string): boolean;
  /** Looks whether it has become silent, and whether Meta may be asked. Called every TICK_MS. */
  tick(): Promise<void>;
  start(): void;
  /** Resolves when what was learnt is told. */
  stop(): Promise<void>;
}

export const TICK_MS = 250;
/** Without any answer for so long, while messages are out, it is an outage; for half of it nothing more leaves. */
const SILENCE_MS = 2_000;
/** Where Meta has been slow but answered, it may be as slow again. */
const MOST_SILENCE_MS = 10_000;
/** This process itself stood still (a frozen machine): what it did not hear meanwhile tells nothing. */
const ASLEEP_MS = 1_000;
const LOOK_MS = 1_000;
const RETRY_MS = 500;

interface Watched {
  state: BreakerState;
  score: number;
  out: number;
  heardAt: number;
  /** The slowest answer of late. */
  slowestMs: number;
  /** What left before that tells nothing of how Meta is now. */
  openedAt: number;
  untold: { good: number; lost: number; lostLate: number; faulty: number; returned: number };
  reason: string | undefined;
  silentWith: number | undefined;
  telling: Promise<void> | undefined;
}

export function createOutageWatch(deps: OutageDeps): OutageWatch {
  return new Watch(deps);
}

class Watch implements OutageWatch {
  readonly #deps: OutageDeps;
  readonly #now: () => number;
  readonly #numbers = new Map<string, Watched>();
  #tickedAt: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #stopped = false;

  constructor(deps: OutageDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
    this.#tickedAt = this.#now();
  }

  leaves(phoneNumberId: string): (kind: AnswerKind, reason?: string) => void {
    const watched = this.#of(phoneNumberId);
    const leftAt = this.#now();
    if (watched.out === 0) watched.heardAt = leftAt;
    watched.out++;
    return (kind, reason) => {
      this.#answered(phoneNumberId, watched, { leftAt, kind, reason });
    };
  }

  returned(phoneNumberId: string, count: number): void {
    const watched = this.#of(phoneNumberId);
    if (watched.state === 'closed' || count === 0) return;
    watched.untold.returned += count;
    this.#tell(phoneNumberId, watched);
  }

  found(phoneNumberId: string, state: BreakerState): void {
    this.#know(phoneNumberId, this.#of(phoneNumberId), state);
  }

  isSilent(phoneNumberId: string): boolean {
    const watched = this.#of(phoneNumberId);
    return this.#silentMs(watched) >= patienceOf(watched) / 2;
  }

  tick(): Promise<void> {
    const now = this.#now();
    const wasAsleep = now - this.#tickedAt > ASLEEP_MS;
    this.#tickedAt = now;
    for (const [phoneNumberId, watched] of this.#numbers) {
      if (wasAsleep) watched.heardAt = now;
      else if (watched.state !== 'open' && this.#silentMs(watched) >= patienceOf(watched)) {
        watched.silentWith = watched.out;
        this.#know(phoneNumberId, watched, 'open');
        this.#tell(phoneNumberId, watched);
      }
    }
    if (now - this.#lookedAt < LOOK_MS) return Promise.resolve();
    this.#lookedAt = now;
    // Silence is watched for meanwhile: an answer to the question may take its time.
    this.#asking ??= this.#askWhereDue()
      .catch((error: unknown) => {
        this.#deps.onError(error, 'asking whether Meta is back');
      })
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  start(): void {
    this.#timer = setInterval(() => void this.tick(), TICK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#asking;
    for (const { telling } of [...this.#numbers.values()]) await telling;
  }

  #of(phoneNumberId: string): Watched {
    let watched = this.#numbers.get(phoneNumberId);
    if (watched === undefined) {
      watched = {
        state: 'closed',
        score: 0,
        out: 0,
        heardAt: this.#now(),
        slowestMs: 0,
        openedAt: Number.NEGATIVE_INFINITY,
        untold: nothing(),
        reason: undefined,
        silentWith: undefined,
        telling: undefined,
      };
      this.#numbers.set(phoneNumberId, watched);
    }
    return watched;
  }

  #silentMs(watched: Watched): number {
    return watched.out === 0 ? 0 : this.#now() - watched.heardAt;
  }

  #answered(
    phoneNumberId: string,
    watched: Watched,
    { leftAt, kind, reason }: { readonly leftAt: number; readonly kind: AnswerKind; readonly reason: string | undefined },
  ): void {
    const now = this.#now();
    watched.out--;
    // One that was given up after its timeout is no answer; whatever ended sooner is.
    if (kind !== 'never_left' && !(kind === 'lost' && now - leftAt >= SILENCE_MS)) watched.heardAt = now;
    if (kind === 'good' || kind === 'faulty') watched.slowestMs = Math.max(now - leftAt, watched.slowestMs * 0.99);
    const { untold } = watched;
    if (kind === 'never_left') untold.returned++;
    else if (kind === 'lost' && leftAt < watched.openedAt) untold.lostLate++;
    else untold[kind]++;
    if (kind !== 'good' && kind !== 'never_left') watched.reason = reason;
    if (watched.state !== 'closed') {
      this.#tell(phoneNumberId, watched);
      return;
    }
    watched.score = scoreAfter(watched.score, {
      good: kind === 'good' ? 1 : 0,
      lost: kind === 'lost' ? 1 : 0,
      faulty: kind === 'faulty' ? 1 : 0,
    });
    if (watched.score >= SUSPECT_SCORE) this.#tell(phoneNumberId, watched);
    // Long ago and forgiven.
    else if (watched.score === 0) watched.untold = nothing();
  }

  #know(phoneNumberId: string, watched: Watched, state: BreakerState): void {
    if (watched.state === state) return;
    watched.state = state;
    watched.score = 0;
    if (state === 'closed') watched.untold = nothing();
    if (state !== 'open') return;
    watched.openedAt = this.#now();
    this.#deps.onOpen(phoneNumberId);
  }

  /** One statement at a time; what comes in meanwhile goes with the next one. */
  #tell(phoneNumberId: string, watched: Watched): void {
    watched.telling ??= this.#tellAll(phoneNumberId, watched).finally(() => {
      watched.telling = undefined;
    });
  }

  async #tellAll(phoneNumberId: string, watched: Watched): Promise<void> {
    const { db, mode, onMoved, onError } = this.#deps;
    for (;;) {
      const answers: Answers = { ...watched.untold, reason: watched.reason, silentWith: watched.silentWith };
      watched.untold = nothing();
      watched.silentWith = undefined;
      try {
        const { before, after } = await tellAnswers(db, { mode, phoneNumberId }, answers);
        if (before.state !== after.state) onMoved(phoneNumberId, before, after);
        this.#know(phoneNumberId, watched, after.state);
      } catch (error) {
        onError(error, 'telling of lost answers');
        addTo(watched, answers);
        if (this.#stopped) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      const { good, lost, lostLate, faulty, returned } = watched.untold;
      if (watched.state === 'closed' || good + lost + lostLate + faulty + returned === 0) return;
    }
  }

  async #askWhereDue(): Promise<void> {
    const { db, mode, ask } = this.#deps;
    for (const phoneNumberId of await takeQuestions(db, mode)) {
      const isAnswered = await ask(phoneNumberId).catch(() => false);
      await tellQuestion(db, { mode, phoneNumberId }, isAnswered);
      if (isAnswered) this.#know(phoneNumberId, this.#of(phoneNumberId), 'half_open');
    }
  }
}

/** How long no answer is nothing unusual. */
function patienceOf({ slowestMs }: Watched): number {
  return Math.min(MOST_SILENCE_MS, Math.max(SILENCE_MS, slowestMs * 1.5));
}

function nothing(): Watched['untold'] {
  return { good: 0, lost: 0, lostLate: 0, faulty: 0, returned: 0 };
}

function addTo(watched: Watched, { good, lost, lostLate, faulty, returned, silentWith }: Answers): void {
  const { untold } = watched;
  untold.good += good;
  untold.lost += lost;
  untold.lostLate += lostLate;
  untold.faulty += faulty;
  untold.returned += returned;
  watched.silentWith ??= silentWith;
}
