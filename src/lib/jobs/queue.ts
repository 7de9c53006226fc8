import type { Job, JobKind, Next } from './job.ts';

/** The alarm clock. Small on purpose: whatever it forgets, the sweep wakes again. */
export interface Queue {
  /** Begins to hand out jobs. */
  start(handler: JobHandler): Promise<void>;
  /** Wakes a job now or later; one that waits already keeps the earlier time, one that runs is run once more afterwards. */
  wake(job: Job, inMs?: number): void;
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
  stats(): QueueStats;
}

export type JobHandler = (job: Job) => Promise<Next>;

export interface QueueStats {
  readonly waiting: number;
  readonly running: number;
}

/** How many jobs of a kind one process works on at a time. Two sends: one claims while the other's messages leave. */
export const CONCURRENCY: Readonly<Record<JobKind, number>> = { send: 2, apply: 1 };
