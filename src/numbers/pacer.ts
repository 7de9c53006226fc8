import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Messages per second now. */
  rate(): number;
  /** Nothing is granted for so long, as far as is known: it is stopped, or so slow that the next slot is far. */
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

/** The pace of a number that only this process sends from. */
export function createPacer(options: PacerOptions): Pacer {
  let pace = options.learnt === undefined ? freshPace(options.ceiling, Date.now()) : withCeiling(options.learnt, options.ceiling);
  const window = createPaceWindow({ ratePerSecond: pace.rate, catchUpMs: CATCH_UP_MS });
  /** Grants whose messages have not been written yet, as far as is known; in order. */
  const outstanding: { readonly at: number; left: number }[] = [];
  /** The tail of the line: each grant waits for the one before it. */
  let line: Promise<unknown> = Promise.resolve();
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
    const now = Date.now();
    const rate = pace.rate;
    pace = climb(pace, now);
    if (pace.rate !== rate) window.setRate(pace.rate);
    if (pace.stoppedUntilMs > now) window.hold(performance.now() + (pace.stoppedUntilMs - now));
  };

  const waitAndTake = async (want: number, signal: AbortSignal): Promise<number> => {
    for (;;) {
      signal.throwIfAborted();
      refresh();
      const now = performance.now();
      const free = Math.min(want, window.available(now));
      if (free > 0) {
        window.dispatched(now, free);
        outstanding.push({ at: now, left: free });
        // Who does not leave, or does not tell, must not be remembered for ever.
        while ((outstanding[0]?.at ?? now) < now - 1_000) outstanding.shift();
        return free;
      }
      // At most a second at a time: the rate may change meanwhile.
      await sleep(Math.min(Math.max(window.next(now) - now, 1), 1_000), undefined, { signal });
    }
  };

  return {
    grant(want, signal) {
      const turn = line.then(() => waitAndTake(want, signal));
      line = turn.catch(() => undefined);
      return turn;
    },
    left() {
      if (leaving === 0) queueMicrotask(countLeft);
      leaving += 1;
    },
    rate() {
      refresh();
      return pace.rate;
    },
    stoppedForMs() {
      const now = performance.now();
      return Math.max(0, pace.stoppedUntilMs - Date.now(), window.next(now) - now);
    },
    setCeiling(rate) {
      pace = withCeiling(pace, rate);
      window.setRate(pace.rate);
    },
    slowDown(change) {
      pace = slowDown(pace, Date.now(), change);
      window.setRate(pace.rate);
      refresh();
      options.onChange?.(pace);
    },
    state() {
      refresh();
      return Promise.resolve(pace);
    },
  };
}
