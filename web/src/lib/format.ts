/** Numbers, money, dates and times as the reader writes them. Times are of the browser's zone; `zoneName` says which. */
import type { Translate } from './translate.ts';

export interface Format {
  readonly number: (value: number) => string;
  /** A share of a whole, 0…1. */
  readonly percent: (share: number, digits?: number) => string;
  readonly money: (amount: number, currency: string, digits?: number) => string;
  /** 10:03 */
  readonly time: (at: string | Date) => string;
  /** 10:03:12 */
  readonly seconds: (at: string | Date) => string;
  /** 30 nov 2026 */
  readonly date: (at: string | Date) => string;
  /** Today 10:03, yesterday 17:20, Mon 23 Nov 09:00, 2 Nov 2025 10:00: as short as it is clear. */
  readonly moment: (at: string | Date) => string;
  /** When something ends: 10:12, or with its day when that is not today. */
  readonly ending: (at: Date) => string;
  /** ≈ 15 min */
  readonly duration: (seconds: number) => string;
  readonly bytes: (count: number) => string;
  readonly list: (parts: readonly string[]) => string;
  /** Of a language tag as Meta writes it: "es_CO". */
  readonly languageName: (tag: string) => string;
  readonly countryName: (code: string) => string;
  /** "Bogotá", of America/Bogota. */
  readonly zoneName: string;
}

const formats = new Map<string, Format>();

export function formatFor(locale: string, t: Translate): Format {
  const known = formats.get(locale);
  if (known !== undefined) return known;
  const made = makeFormat(locale, t);
  formats.set(locale, made);
  return made;
}

function makeFormat(locale: string, t: Translate): Format {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const number = new Intl.NumberFormat(locale, { useGrouping: 'always' });
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(locale, options);
    return (at: string | Date): string => made.format(new Date(at));
  };
  const time = dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const seconds = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const date = dates({ day: 'numeric', month: 'short', year: 'numeric' });
  const weekday = dates({ weekday: 'short', day: 'numeric', month: 'short' });
  const day = dates({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const moment = (at: string | Date): string => {
    const then = new Date(at);
    const now = new Date();
    if (day(then) === day(now)) return t('time.today', { time: time(then) });
    const yesterday = new Date(now);
    yesterday.setDate(now.getDate() - 1);
    if (day(then) === day(yesterday)) return t('time.yesterday', { time: time(then) });
    const near = Math.abs(then.getTime() - now.getTime()) < 180 * 86_400_000;
    return `${near ? weekday(then) : date(then)}, ${time(then)}`;
  };
  const names = (type: 'language' | 'region') => {
    const made = new Intl.DisplayNames([locale], { type, fallback: 'code' });
    return (code: string): string => {
      try {
        return made.of(code.replace('_', '-')) ?? code;
      } catch {
        return code;
      }
    };
  };
  const money = (amount: number, currency: string, digits = 2): string => {
    try {
      const options: Intl.NumberFormatOptions = {
        style: 'currency',
        currency,
        currencyDisplay: 'code',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: 'always',
      };
      return new Intl.NumberFormat(locale, options).format(amount);
    } catch {
      return `${number.format(amount)} ${currency}`;
    }
  };
  return {
    number: (value) => number.format(value),
    percent: (share, digits = 1) =>
      new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 0, maximumFractionDigits: digits }).format(share),
    money,
    time,
    seconds,
    date,
    moment,
    ending: (at) => (day(at) === day(new Date()) ? time(at) : moment(at)),
    duration: (total) => {
      if (total < 60) return t('time.seconds', { count: Math.max(1, Math.round(total)) });
      const minutes = Math.round(total / 60);
      if (minutes < 60) return t('time.minutes', { count: minutes });
      const hours = Math.floor(minutes / 60);
      if (hours < 48)
        return minutes % 60 === 0 ? t('time.hours', { count: hours }) : t('time.hours-minutes', { hours, minutes: minutes % 60 });
      return t('time.days', { count: Math.round(hours / 24) });
    },
    bytes: (count) => {
      const [unit, size] =
        count < 1e6
          ? (['kilobyte', count / 1e3] as const)
          : count < 1e9
            ? (['megabyte', count / 1e6] as const)
            : (['gigabyte', count / 1e9] as const);
      return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
    },
    list: (parts) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(parts),
    languageName: names('language'),
    countryName: names('region'),
    zoneName: zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone,
  };
}
