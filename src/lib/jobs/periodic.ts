/**
 * Jobs of a process that come back at an interval, one after the other and never two of one scheduler at once. They find what the queue
 * forgot: each may run in several processes at the same time and after any crash.
 */
export interface PeriodicJob {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

export interface Scheduler {
  /** Runs every job once and resolves; then goes on by itself. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createScheduler(jobs: readonly PeriodicJob[], onError: (error: unknown, job: string) => void): Scheduler {
  const stopping = new AbortController();
  const nextAt = new Map<PeriodicJob, number>();
  let loop: Promise<void> | undefined;

  const run = async (job: PeriodicJob): Promise<void> => {
    try {
      await job.run();
    } catch (error) {
      if (!stopping.signal.aborted) onError(error, job.name);
    }
    nextAt.set(job, performance.now() + job.everyMs);
  };

  const runAll = async (due: readonly PeriodicJob[]): Promise<void> => {
    for (const job of due) if (!stopping.signal.aborted) await run(job);
  };

  const go = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await runAll(jobs.filter((job) => (nextAt.get(job) ?? 0) <= performance.now()));
      const soonest = Math.min(...jobs.map((job) => nextAt.get(job) ?? 0));
      await pause(Math.max(10, soonest - performance.now()), stopping.signal);
    }
  };

  return {
    async start() {
      await runAll(jobs);
      loop = go();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/** Work in chunks until one finds nothing, or the process stops. */
export async function untilNone(chunk: () => Promise<number>, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true && (await chunk()) > 0);
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
