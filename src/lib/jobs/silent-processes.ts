/**
 * Finds processes that have died without a word. Judged by what this process has itself seen, not by clocks: one is given up when its sign
 * of life stayed the same while this process looked, again and again, for long enough. A database that was away, or a machine that slept,
 * is no silence of the others: after a gap the looking begins anew.
 */
import type { Sign } from './processes.sql.ts';

/**
 * Three beats. Longer than anything claimed waits before it is posted (sending/sender.ts), so that a process that was only frozen posts
 * nothing that was taken from it meanwhile.
 */
const SILENT_MS = 15_000;
/** Between two looks; more, and the looker may have slept. */
const GAP_MS = 10_000;

export interface SilenceWatch {
  /** @returns those that are to be given up. */
  look(signs: readonly Sign[]): Sign[];
}

export function createSilenceWatch(now: () => number = () => performance.now()): SilenceWatch {
  let since = new Map<number, { readonly seen: string; readonly at: number }>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    look(signs) {
      const at = now();
      const known = at - lookedAt > GAP_MS ? new Map<number, { readonly seen: string; readonly at: number }>() : since;
      lookedAt = at;
      since = new Map(
        signs.map(({ number, seen }) => {
          const before = known.get(number);
          return [number, before?.seen === seen ? before : { seen, at }];
        }),
      );
      return signs.filter(({ number }) => at - (since.get(number)?.at ?? at) >= SILENT_MS);
    },
  };
}
