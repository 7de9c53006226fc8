import { climb, createPaceWindow, freshPace, type Pace, slowDown, withCeiling } from './pace.ts';

/** The pace of one sending number. Shared by all campaigns on it; over several machines by all workers. */
export interface Pacer {
  /**
   * Waits for its turn (first come, first served), then for the moment, and says how many of `want` may leave at this moment.
   * Whoever got a grant dispatches at once: a grant not used within a few milliseconds is lost.
   */
  grant(want: number, signal: AbortSignal): Promise<number>;
  /**
   * One of those granted is being written to its socket, in this very turn. Told, the limit holds for the moments of writing; not
   * told, for those of the grants. Absent: its grants allow for the time in between.
   */
  left?(): void;
  /** Messages per second that this process may send now. */
  rate(): number;
  /**
   * Nothing is granted for so long, as far as is known: it is stopped, or so slow that the next slot is far, or this process has no
   * share of it yet, which asking this question asks for.
   */
  stoppedForMs(): number;
  setCeiling(rate: number): void;
  /** Meta objected: stop for a while, go on slower, climb back. */
  slowDown(change: { readonly seconds: number; readonly factor: number; readonly code?: number }): void;
  state(): Promise<Pace>;
}

export interface PacerOptions {
  /** Messages per second. */
  readonly ceiling: number;
  /** What a former life learnt. */
  readonly learnt?: Pace | undefined;
  readonly onChange?: (pace: Pace) => void;
}

/**
 * A busy machine wakes this process some tens of milliseconds late; what was due meanwhile still goes, or the pace would not be
 * reached. The limit of each second holds by itself, whatever is caught up.
 */
const CATCH_UP_MS = 50;

/** Where the messages of one process pass, one after the other, each at its moment. */
export interface Turnstile {
  grant(want: number, signal: AbortSignal): Promise<number>;
  left(): void;
  /** Somebody waits in the line. */
  isWaitedFor(): boolean;
  /** How long the next one waits at least, if the rate stays. */
  nextInMs(): number;
  /** Nothing before so many milliseconds have passed. */
  holdFor(ms: number): void;
  /** The rate may be another one: whoever waits looks again. */
  changed(): void;
}

/** @param rateNow looked at before each grant; 0 = nothing leaves until `changed` is called. */
export function createTurnstile(rateNow: () => number): Turnstile {
  let rate = rateNow();
  const window = createPaceWindow({ ratePerSecond: rate > 0 ? rate : 1, catchUpMs: CATCH_UP_MS });
  /** Grants whose messages have not been written yet, as far as is known; in order. */
  const outstanding: { readonly at: number; left: number }[] = [];
  /** The tail of the line: each grant waits for the one before it. */
  let line: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let lookAgain: () => void = () => undefined;
  /** Told of in this turn. */
  let leaving = 0;

  /**
   * Counts after the turn, when their bytes have been written: until then each counts from its grant, before it leaves. So no pause
   * of the process, wherever it falls, makes a message older than it is to those that come after.
   */
  const countLeft = (): void => {
    const now = performance.now();
    for (; leaving > 0; leaving -= 1) {
      const [first] = outstanding;
      if (first === undefined) continue;
      // Which of them it is does not matter: each counts for one. And within the same whole millisecond nothing moves.
      if (Math.floor(now) !== Math.floor(first.at)) window.moved(first.at, now);
      first.left -= 1;
      if (first.left === 0) outstanding.shift();
    }
  };

  const refresh = (): void => {
    const fresh = rateNow();
    if (fresh !== rate && fresh > 0) window.setRate(fresh);
    rate = fresh;
  };

  /** By hand: a signal composed for each wait would cost more than the wait. */
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      lookAgain = end;
    });

  const waitAndTake = async (want: number, signal: AbortSignal): Promise<number> => {
    for (;;) {
      signal.throwIfAborted();
      refresh();
      const now = performance.now();
      const free = rate > 0 ? Math.min(want, window.available(now)) : 0;
      if (free > 0) {
        window.dispatched(now, free);
        outstanding.push({ at: now, left: free });
        // Who does not leave, or does not tell, must not be remembered for ever.
        while ((outstanding[0]?.at ?? now) < now - 1_000) outstanding.shift();
        return free;
      }
      // At most a second at a time: the rate may change meanwhile.
      const waitMs = rate > 0 ? Math.max(window.next(now) - now, 1) : 1_000;
      await pause(Math.min(waitMs, 1_000), signal);
    }
  };

  return {
    grant(want, signal) {
      waiting += 1;
      const turn = line
        .then(() => waitAndTake(want, signal))
        .finally(() => {
          waiting -= 1;
        });
      line = turn.catch(() => undefined);
      return turn;
    },
    left() {
      if (leaving === 0) queueMicrotask(countLeft);
      leaving += 1;
    },
    isWaitedFor: () => waiting > 0,
    nextInMs() {
      refresh();
      const now = performance.now();
      return Math.max(0, window.next(now) - now);
    },
    holdFor(ms) {
      window.hold(performance.now() + ms);
    },
    changed() {
      refresh();
      lookAgain();
    },
  };
}

/** The pace of a number that only this process sends from. */
export function createPacer(options: PacerOptions): Pacer {
  let pace = options.learnt === undefined ? freshPace(options.ceiling, Date.now()) : withCeiling(options.learnt, options.ceiling);
  const rateNow = (): number => {
    pace = climb(pace, Date.now());
    return pace.rate;
  };
  const turnstile = createTurnstile(rateNow);
  const hold = (): void => {
    turnstile.holdFor(Math.max(0, pace.stoppedUntilMs - Date.now()));
  };
  hold();

  return {
    grant: (want, signal) => turnstile.grant(want, signal),
    left() {
      turnstile.left();
    },
    rate: rateNow,
    stoppedForMs: () => Math.max(0, pace.stoppedUntilMs - Date.now(), turnstile.nextInMs()),
    setCeiling(rate) {
      pace = withCeiling(pace, rate);
      turnstile.changed();
    },
    slowDown(change) {
      pace = slowDown(pace, Date.now(), change);
      hold();
      turnstile.changed();
      options.onChange?.(pace);
    },
    state() {
      rateNow();
      return Promise.resolve(pace);
    },
  };
}
