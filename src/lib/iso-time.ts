/** Four digits of year are all that ISO-8601 and this API have. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

export function isWithinCalendar(date: Date): boolean {
  const at = date.getTime();
  return at >= 0 && at <= LATEST;
}

/** A stored time no answer can hold, such as `infinity` or one of the year 10000, is told as the latest or the earliest there is. */
export function iso(date: Date): string;
export function iso(date: Date | null): string | null;
export function iso(date: Date | null): string | null {
  if (date === null) return null;
  // The driver gives infinity as a number.
  const at = Number(date);
  return new Date(Number.isNaN(at) ? 0 : Math.min(Math.max(at, 0), LATEST)).toISOString();
}
