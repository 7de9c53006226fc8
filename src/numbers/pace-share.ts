/**
 * The part of a number's pace that one process was lent (pace-scripts.ts), as arithmetic: no clock, no timer, no connection.
 *
 * It is valid for a fixed time from the moment of the question that got it. Redis ran the script after that moment, so the loan never
 * lasts longer here than there, and neither clock needs to know the other.
 */
import { LEASE_MS } from './pace-scripts.ts';

/** Both clocks: the monotonic one sleeps with the machine, the other one steps. A loan ends by whichever goes faster. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export interface Question {
  readonly seq: number;
  readonly at: Moment;
  /** Places this process keeps to from now on; those above were given back at this moment. */
  readonly holding: number;
}

export interface ShareAnswer {
  /** Lent to this process. */
  readonly held: number;
  /** To be kept to: fewer than `held` when others want their part. */
  readonly target: number;
  /** Of the number, messages per second. */
  readonly rate: number;
  readonly ceiling: number;
  /** Of the number, in all. */
  readonly places: number;
  readonly stoppedMs: number;
  readonly slowedBy: number | undefined;
  /** When to ask again. */
  readonly againMs: number;
}

export interface Share {
  /** The question to ask at `now`. One at a time. */
  ask(now: Moment): Question;
  /** @returns whether it counts; the answer to a question before a loss does not. */
  answered(question: Question, answer: ShareAnswer): boolean;
  /** What is lent is not used any more: the connection is gone, or this process wants nothing. */
  lose(): void;
  /** Meta objected, and Redis has not heard of it yet: only this part of it is used until the next answer. */
  reduce(factor: number): void;
  /** Messages per second that may leave here at `now`; 0 = none. */
  rate(now: Moment): number;
  places(now: Moment): number;
}

export function createShare(): Share {
  let seq = 0;
  let places = 0;
  /** Messages per second for each place. */
  let perPlace = 1;
  let lentAt: Moment | undefined;
  /** Answers to questions up to this one are of a loan that was lost. */
  let lostUpTo = 0;

  const isValid = (now: Moment): boolean =>
    lentAt !== undefined && Math.max(now.monotonic - lentAt.monotonic, now.wall - lentAt.wall) < LEASE_MS;
  const held = (now: Moment): number => (isValid(now) ? places : 0);

  return {
    ask(now) {
      seq += 1;
      return { seq, at: now, holding: held(now) };
    },
    answered(question, answer) {
      if (question.seq !== seq || question.seq <= lostUpTo) return false;
      places = Math.min(answer.held, answer.target);
      perPlace = Math.min(1, answer.rate / answer.places);
      lentAt = question.at;
      return true;
    },
    lose() {
      lostUpTo = seq;
      places = 0;
    },
    reduce(factor) {
      perPlace *= factor;
    },
    rate: (now) => held(now) * perPlace,
    places: held,
  };
}
