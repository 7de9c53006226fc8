/** Jobs whose end Redis has not confirmed yet: a stop waits for them, but not for one that Redis has forgotten. */
export interface Unconfirmed<Job> {
  add(job: Job): void;
  /** Its work is over; from now on it waits for Redis, and only for a while. */
  ended(job: Job): void;
  confirm(job: Job): void;
  /** Resolves when there is none. */
  none(): Promise<void>;
  size(): number;
}

export interface UnconfirmedOptions {
  /** So long after its end a job is still waited for. An emptied Redis confirms nothing: without an end such jobs would gather. */
  readonly keepMs: number;
  /** Milliseconds on a clock that never steps back. */
  readonly now?: () => number;
}

export function createUnconfirmed<Job>({ keepMs, now = () => performance.now() }: UnconfirmedOptions): Unconfirmed<Job> {
  /** When its work ended; infinite while it runs. */
  const endedAt = new Map<Job, number>();
  let onNone: () => void = () => undefined;

  const remove = (job: Job): void => {
    endedAt.delete(job);
    if (endedAt.size === 0) onNone();
  };

  return {
    add(job) {
      // Looked at with each new one, so that there are never more than run at a time and end within `keepMs`.
      for (const [old, at] of endedAt) if (at < now() - keepMs) endedAt.delete(old);
      endedAt.set(job, Number.POSITIVE_INFINITY);
    },
    ended(job) {
      if (endedAt.has(job)) endedAt.set(job, now());
    },
    confirm: remove,
    none: () =>
      new Promise((resolve) => {
        onNone = resolve;
        if (endedAt.size === 0) resolve();
      }),
    size: () => endedAt.size,
  };
}
