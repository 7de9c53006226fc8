import { type Job, type JobKind, jobId } from './job.ts';
import { CONCURRENCY, type JobHandler, type Queue } from './queue.ts';

interface Waiting {
  readonly job: Job;
  dueAt: number;
}

/**
 * The queue of a single process: first come, first served among the jobs that are due, so campaigns take turns.
 * Holds nothing that matters: a crash forgets alarms, the sweep of the next start sets them again.
 */
export function createInProcessQueue(options: { readonly onError: (error: unknown, job: Job) => void }): Queue {
  const waiting = new Map<string, Waiting>();
  const running = new Map<string, Promise<void>>();
  const wokenWhileRunning = new Map<string, Waiting>();
  const busy: Record<JobKind, number> = { send: 0, apply: 0 };
  let handler: JobHandler | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const wake = (job: Job, inMs = 0): void => {
    if (stopped) return;
    const id = jobId(job);
    const dueAt = performance.now() + Math.max(0, inMs);
    const list = running.has(id) ? wokenWhileRunning : waiting;
    const known = list.get(id);
    if (known === undefined) list.set(id, { job, dueAt });
    else known.dueAt = Math.min(known.dueAt, dueAt);
    if (list === waiting) pump();
  };

  const pump = (): void => {
    if (handler === undefined || stopped) return;
    const now = performance.now();
    let earliest = Number.POSITIVE_INFINITY;
    for (const [id, entry] of waiting) {
      if (entry.dueAt > now) earliest = Math.min(earliest, entry.dueAt);
      else if (busy[entry.job.kind] < CONCURRENCY[entry.job.kind]) run(id, entry.job, handler);
    }
    clearTimeout(timer);
    timer = earliest === Number.POSITIVE_INFINITY ? undefined : setTimeout(pump, Math.max(1, earliest - now));
  };

  const run = (id: string, job: Job, work: JobHandler): void => {
    waiting.delete(id);
    busy[job.kind]++;
    const done = work(job)
      .catch((error: unknown) => {
        options.onError(error, job);
        return { againInMs: 1_000 };
      })
      .then((next) => {
        busy[job.kind]--;
        running.delete(id);
        const woken = wokenWhileRunning.get(id);
        wokenWhileRunning.delete(id);
        if (woken !== undefined) wake(job, woken.dueAt - performance.now());
        if (next !== undefined) wake(job, next.againInMs);
        pump();
      });
    running.set(id, done);
  };

  return {
    wake,
    start(work) {
      handler = work;
      pump();
      return Promise.resolve();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      waiting.clear();
      await Promise.all(running.values());
    },
    stats: () => ({ waiting: waiting.size, running: running.size }),
  };
}
