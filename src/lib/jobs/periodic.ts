/**
 * The rounds a worker makes, each at its own interval, one after the other and never two at once. They find what the queue forgot:
 * everything here may run in several processes at the same time and after any crash.
 */
export interface Round {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

export interface Ticker {
  /** Makes every round once and resolves; then goes on by itself. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createTicker(rounds: readonly Round[], onError: (error: unknown, round: string) => void): Ticker {
  const stopping = new AbortController();
  const nextAt = new Map<Round, number>();
  let loop: Promise<void> | undefined;

  const make = async (round: Round): Promise<void> => {
    try {
      await round.run();
    } catch (error) {
      if (!stopping.signal.aborted) onError(error, round.name);
    }
    nextAt.set(round, performance.now() + round.everyMs);
  };

  const makeAll = async (due: readonly Round[]): Promise<void> => {
    for (const round of due) if (!stopping.signal.aborted) await make(round);
  };

  const go = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await makeAll(rounds.filter((round) => (nextAt.get(round) ?? 0) <= performance.now()));
      const soonest = Math.min(...rounds.map((round) => nextAt.get(round) ?? 0));
      await pause(Math.max(10, soonest - performance.now()), stopping.signal);
    }
  };

  return {
    async start() {
      await makeAll(rounds);
      loop = go();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
