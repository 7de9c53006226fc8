import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';

/**
 * The mobile numbers of a country as the library's own table describes them, compiled once. The library compiles its patterns
 * anew for every number (100,000 numbers a second); a list of a million is nearly all mobiles written in full, and for those one
 * pattern decides. A property test holds the two together.
 */
export interface MobilePlan {
  readonly country: CountryCode;
  readonly callingCode: string;
  /** The national number is a mobile and the library would read it as it stands, without looking for a trunk prefix. */
  isMobile(national: string): boolean;
  /** The library may find a number here; it takes some ten times as long to say that there is none. */
  mayBeNumber(digits: string): boolean;
  /** How many digits a mobile has, so that a mistyped one is not taken for a number of somewhere else. */
  readonly lengths: ReadonlySet<number>;
}

/**
 * New ranges are opened faster than tables are printed, and refusing a real customer is worse than a message that fails:
 * where a country has set a whole leading digit aside for mobiles, all of it counts.
 */
const RESERVED_FOR_MOBILES: Partial<Record<CountryCode, RegExp>> = {
  CO: /^3\d{9}$/,
};

export function isReservedForMobiles(country: CountryCode, national: string): boolean {
  return RESERVED_FOR_MOBILES[country]?.test(national) === true;
}

// Places in a row of the table (format 4: libphonenumber-js, METADATA.md).
const CALLING_CODE = 0;
const NATIONAL_PATTERN = 2;
const POSSIBLE_LENGTHS = 3;
const TRUNK_PREFIX = 5;
const TRUNK_PREFIX_PATTERN = 7;
const TYPES = 11;
const MOBILE = 1;

/** With its country's code no number anywhere has fewer digits. */
export const SHORTEST = 7;

const plans = new Map<string, MobilePlan | undefined>();

/** @returns undefined for anything that is not a country. */
export function planOfCountry(country: string): MobilePlan | undefined {
  if (plans.has(country)) return plans.get(country);
  const plan = isSupportedCountry(country) ? compile(country) : undefined;
  if (plan !== undefined) plans.set(country, plan);
  return plan;
}

/** The plan behind an international number, when its calling code belongs to one country alone. */
export function planOfDigits(digits: string): MobilePlan | undefined {
  for (let length = 1; length <= 3; length++) {
    const countries = countriesByCode.get(digits.slice(0, length));
    if (countries !== undefined)
      return countries.length === 1 && countries[0] !== undefined ? planOfCountry(countries[0]) : undefined;
  }
  return undefined;
}

/** An international number without its country. */
export function nationalDigits(digits: string): string {
  for (let length = 1; length <= 3; length++) if (countriesByCode.has(digits.slice(0, length))) return digits.slice(length);
  return digits;
}

const countriesByCode = new Map<string, readonly string[]>(Object.entries(metadata.country_calling_codes));

function compile(country: CountryCode): MobilePlan | undefined {
  const row: readonly unknown[] = metadata.countries[country] ?? [];
  const callingCode = row[CALLING_CODE];
  if (typeof callingCode !== 'string') return undefined;
  const sole = countriesByCode.get(callingCode)?.length === 1;
  const types = row[TYPES];
  const mobile = isList(types) ? types[MOBILE] : undefined;
  const [mobilePattern, mobileLengths]: readonly unknown[] = isList(mobile) ? mobile : [];
  const general = whole(row[NATIONAL_PATTERN]);
  const special = whole(mobilePattern);
  const trunk = start(row[TRUNK_PREFIX_PATTERN]) ?? start(row[TRUNK_PREFIX]);
  return {
    country,
    callingCode,
    lengths: new Set(numbers(mobileLengths) ?? numbers(row[POSSIBLE_LENGTHS])),
    mayBeNumber: (digits) => {
      if (!sole || general === undefined) return true;
      if (digits.length < Math.min(SHORTEST, ...(numbers(row[POSSIBLE_LENGTHS]) ?? [0]))) return false;
      return general.test(digits) || digits.startsWith(callingCode) || trunk?.test(digits) === true;
    },
    isMobile: (national) =>
      sole && general?.test(national) === true && special?.test(national) === true && trunk?.test(national) !== true,
  };
}

function whole(pattern: unknown): RegExp | undefined {
  return typeof pattern === 'string' && pattern !== '' ? new RegExp(`^(?:${pattern})$`) : undefined;
}

function start(pattern: unknown): RegExp | undefined {
  return typeof pattern === 'string' && pattern !== '' ? new RegExp(`^(?:${pattern})`) : undefined;
}

function numbers(list: unknown): number[] | undefined {
  return isList(list) ? list.filter((item) => typeof item === 'number') : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
