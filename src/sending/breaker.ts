/**
 * Stops a campaign whose messages all fail alike, before the whole list has: the first 20 sends, or at least half of the last
 * 100, refused with the same code (docs/meta.md, Errors). Catches what the table of errors does not foresee.
 */
export interface Breaker {
  /** @returns the code that trips it, or undefined. `code` undefined = the send went well. */
  note(code: number | undefined): number | undefined;
}

const FIRST = 20;
/** Fewer would take a few people in a row for everybody. */
const FEWEST_FIRST = 7;
const WINDOW = 100;

/** @param workers that send the campaign at once, each with a breaker of its own: together their first ones are FIRST. */
export function createBreaker(workers = 1): Breaker {
  const first = Math.max(FEWEST_FIRST, Math.ceil(FIRST / workers));
  const recent: (number | undefined)[] = [];
  return {
    note(code) {
      recent.push(code);
      if (recent.length > WINDOW) recent.shift();
      if (code === undefined || recent.length < first) return undefined;
      const same = recent.filter((other) => other === code).length;
      const isAll = same === recent.length;
      const isHalfOfMany = recent.length === WINDOW && same * 2 >= WINDOW;
      return isAll || isHalfOfMany ? code : undefined;
    },
  };
}
