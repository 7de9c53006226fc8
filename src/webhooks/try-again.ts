/** When a webhook that could not be applied is tried again. Pure. */

/** So many tries, and it is left alone until a person or another version of the program takes it up. */
export const MAX_TRIES = 5;

/** Seconds after the first, second … failed try; half an hour in all. */
const AFTER_SECONDS = [5, 30, 180, 900];
const LONGEST_SECONDS = 900;

export interface NextTry {
  readonly afterSeconds: number;
  /** Its number of tries stays as it is: it is never given up. */
  readonly free: boolean;
}

/** @param tries that failed before this one. */
export function nextTry(error: unknown, tries: number): NextTry {
  const afterSeconds = AFTER_SECONDS[tries] ?? LONGEST_SECONDS;
  // Tables and columns are not as this program knows them: another version is at work on them, and what comes meanwhile is as good as any.
  return isSchemaTrouble(error)
    ? { afterSeconds: Math.min(afterSeconds, 60), free: tries + 1 >= MAX_TRIES }
    : { afterSeconds, free: false };
}

/** SQLSTATE class 42: undefined table, column, function; and rights. */
function isSchemaTrouble(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^42[0-9A-Z]{3}$/.test(error.code);
}
