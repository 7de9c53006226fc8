/**
 * The sends under way, countable and bounded in both of their halves: those whose answer is out, and those that are not yet written
 * down. Apart, so that a database which takes a moment does not hold back the wire.
 */
export interface InFlight {
  /** Resolves when at least one more may go. */
  room(): Promise<void>;
  free(): number;
  /** One leaves. */
  left(): void;
  /** Its answer is here, or given up. */
  answered(): void;
  /** What it came to is written down, with what follows from it. */
  done(): void;
  /** Answers that are out. */
  count(): number;
  /** Resolves when nothing is under way. */
  empty(): Promise<void>;
}

export interface InFlightLimits {
  readonly answers: number;
  /** All that is not written down, the answers that are out included. */
  readonly open: number;
}

export function createInFlight(limits: InFlightLimits): InFlight {
  let out = 0;
  let open = 0;
  let waiters: (() => void)[] = [];
  let waking = false;

  /** Once for all that is answered in one turn of the event loop: whoever waits then has room for many, instead of for one each time. */
  const wake = (): void => {
    if (waking || waiters.length === 0) return;
    waking = true;
    setImmediate(() => {
      const woken = waiters;
      waiters = [];
      waking = false;
      for (const resume of woken) resume();
    });
  };
  const nextChange = (): Promise<void> => new Promise((resolve) => waiters.push(resolve));
  const free = (): number => Math.max(0, Math.min(limits.answers - out, limits.open - open));

  return {
    async room() {
      while (free() === 0) await nextChange();
    },
    free,
    left() {
      out++;
      open++;
    },
    answered() {
      out--;
      wake();
    },
    done() {
      open--;
      wake();
    },
    count: () => out,
    async empty() {
      while (open > 0) await nextChange();
    },
  };
}
