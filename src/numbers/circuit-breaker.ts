/**
 * The circuit breaker of a sending number: what a run of lost answers does to it. Arithmetic only; the row is in the database, shared by
 * every process that sends from the number (circuit-breaker.sql.ts).
 *
 * closed -> half_open  a few answers were lost close together: from now on each claim takes from an allowance
 * half_open -> open    a run of them, or silence: nothing is claimed
 * open -> half_open    Meta has answered a harmless question: a single message may try
 * half_open -> closed  enough good answers
 *
 * Until it is open at most LIMIT answers are lost beyond those that were in the air. While it is, each single message that is lost makes
 * the next one wait twice as long, so that a whole outage, however long, costs a few people more and not the list.
 */

export type BreakerState = 'closed' | 'half_open' | 'open';

export interface Breaker {
  readonly state: BreakerState;
  readonly score: number;
  readonly good: number;
  readonly allowance: number;
  readonly lost: number;
  readonly in_air: number;
  readonly reason: string | null;
  readonly since: Date | null;
  readonly probes: number;
  readonly probe_at: Date | null;
}

/** What one process has learnt since it last told. */
export interface Answers {
  /** Meta has said what became of the message, whatever it was. */
  readonly good: number;
  /** Nobody knows what became of them. */
  readonly lost: number;
  /** Lost as well, but sent before it opened: they tell nothing of how Meta is now. */
  readonly lostLate: number;
  /** A readable answer that says that Meta's own service failed. */
  readonly faulty: number;
  /** Claimed, and given back before they left. */
  readonly returned: number;
  /** Of the last one that was lost or faulty. */
  readonly reason: string | undefined;
  /** Set when no answer came at all for too long: so many were out. */
  readonly silentWith: number | undefined;
}

/** Lost answers, less a tenth of the good ones, after which a number is watched by all its processes, and after which it is stopped. */
export const SUSPECT_SCORE = 2;
const LIMIT = 10;
/** Meta took none of these: nobody is in doubt, and fewer are enough to see that it is not a person's fault. */
const FAULTY_WEIGHT = 0.5;
const FORGIVEN_BY_GOOD = 0.1;
/** Claims of a watched number, before its good answers add to it. */
const FIRST_ALLOWANCE = 20;
const MOST_ALLOWANCE = 10_000;
const GOOD_TO_CLOSE = 50;

const FIRST_QUESTION_MS = 1_000;
export const NEXT_QUESTION_MS = 5_000;
const FIRST_PROBE_MS = 5_000;
const DAY_MS = 86_400_000;

export const CLOSED: Breaker = {
  state: 'closed',
  score: 0,
  good: 0,
  allowance: 0,
  lost: 0,
  in_air: 0,
  reason: null,
  since: null,
  probes: 0,
  probe_at: null,
};

export function scoreAfter(score: number, { good, lost, faulty }: Pick<Answers, 'good' | 'lost' | 'faulty'>): number {
  return Math.max(0, score - good * FORGIVEN_BY_GOOD) + lost + faulty * FAULTY_WEIGHT;
}

export function afterAnswers(breaker: Breaker, answers: Answers, now: Date): Breaker {
  if (breaker.state === 'closed' && answers.silentWith === undefined && answers.lost + answers.faulty === 0) return breaker;
  const begun: Breaker =
    breaker.state === 'closed'
      ? { ...CLOSED, state: 'half_open', allowance: FIRST_ALLOWANCE, since: now, reason: 'lost_answers' }
      : breaker;
  const heard: Breaker = {
    ...begun,
    score: scoreAfter(begun.score, answers),
    lost: begun.lost + answers.lost + answers.lostLate,
    good: answers.lost + answers.faulty > 0 ? 0 : begun.good + answers.good,
    reason: answers.reason ?? begun.reason,
  };
  if (heard.state === 'open') {
    // An answer after all: asked again at once, and nothing more is concluded from one that was in the air.
    return answers.good > 0 && answers.lost === 0 ? { ...heard, probe_at: now } : heard;
  }
  // One that has been open trusts less: a single loss opens it again.
  const limit = heard.probes > 0 ? 1 : LIMIT;
  if (answers.silentWith !== undefined || heard.score >= limit) return opened(heard, answers, now);
  if (heard.good >= GOOD_TO_CLOSE && heard.score < 1) return CLOSED;
  return { ...heard, allowance: Math.min(MOST_ALLOWANCE, heard.allowance + 2 * answers.good + answers.returned) };
}

function opened(breaker: Breaker, { silentWith }: Answers, now: Date): Breaker {
  const waitMs = breaker.probes === 0 ? FIRST_QUESTION_MS : Math.min(DAY_MS, FIRST_PROBE_MS * 2 ** (breaker.probes - 1));
  return {
    ...breaker,
    state: 'open',
    allowance: 0,
    good: 0,
    reason: silentWith === undefined ? breaker.reason : 'silence',
    in_air: Math.max(breaker.in_air, silentWith ?? 0),
    probe_at: new Date(now.getTime() + waitMs),
  };
}

/** Meta has answered the harmless question: one message may leave. */
export function afterQuestion(breaker: Breaker): Breaker {
  return { ...breaker, state: 'half_open', score: 0, good: 0, allowance: 1, probes: breaker.probes + 1, probe_at: null };
}
