/**
 * Until when each version of Graph is served. After that its calls run silently as the oldest version there is: nothing breaks loudly,
 * the shapes of answers just change. A version that is not listed here has no end that is known.
 */
const ENDS: Readonly<Record<string, string>> = {
  'v20.0': '2026-09-24',
  'v21.0': '2027-01-21',
  'v22.0': '2027-05-20',
  'v23.0': '2027-10-08',
  'v24.0': '2028-02-18',
  'v25.0': '2028-07-29',
};

const WARN_DAYS = 90;
const DAY_MS = 86_400_000;

/** The day on which this version ends, when that is near or past. */
export function endingSoon(version: string, now: Date): Date | undefined {
  const end = ENDS[version] ?? (isOlder(version) ? ENDS['v20.0'] : undefined);
  if (end === undefined) return undefined;
  const date = new Date(`${end}T00:00:00Z`);
  return date.getTime() - now.getTime() < WARN_DAYS * DAY_MS ? date : undefined;
}

function isOlder(version: string): boolean {
  const number = Number(/^v(\d+)\.\d+$/.exec(version)?.[1]);
  return number < 20;
}
