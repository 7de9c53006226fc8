/**
 * Stops a campaign whose messages all fail alike, before the whole list has: the first 20 sends, or at least half of the last
 * 100, refused with the same code (cloud-api.md §4.6). Catches what the table of errors does not foresee.
 */
export interface Breaker {
  /** @returns the code that trips it, or undefined. `code` undefined = the send went well. */
  note(code: number | undefined): number | undefined;
}

const FIRST = 20;
const WINDOW = 100;

export function createBreaker(): Breaker {
  const recent: (number | undefined)[] = [];
  return {
    note(code) {
      recent.push(code);
      if (recent.length > WINDOW) recent.shift();
      if (code === undefined || recent.length < FIRST) return undefined;
      const same = recent.filter((other) => other === code).length;
      const isAll = same === recent.length;
      const isHalfOfMany = recent.length === WINDOW && same * 2 >= WINDOW;
      return isAll || isHalfOfMany ? code : undefined;
    },
  };
}
