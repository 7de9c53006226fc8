/** What all campaigns together may spend, and how much of it is gone. */
import { recordAudit } from '../audit/record-audit.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { callingCodeOf } from '../lib/phone/countries.ts';
import { Problem } from '../lib/problem.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';
import { microsOf } from './money.ts';
import type { PriceSource } from './price-source.ts';
import { findLimits, isTimeZone, putLimits, readSpent, type SpendingLimits, type Spent } from './spending-limits.sql.ts';

export interface SpendingDeps {
  readonly db: Db;
  readonly mode: 'sandbox' | 'live';
  readonly price: PriceSource['price'];
  readonly nextCard: PriceSource['nextCard'];
  readonly refreshCards: PriceSource['refreshCards'];
}

/** Undefined = not named, null = taken off. */
export interface LimitsInput {
  readonly monthly?: string | null | undefined;
  readonly abroad_daily?: string | null | undefined;
  readonly home_countries?: readonly string[] | undefined;
  readonly time_zone?: string | undefined;
}

export interface SpendingNow {
  readonly limits: SpendingLimits | undefined;
  readonly currency: string;
  readonly timeZone: string;
  readonly spent: Spent;
}

export async function spendingNow({ mode, price }: SpendingDeps, sql: Sql): Promise<SpendingNow> {
  const limits = await findLimits(sql, mode);
  const currency = price(new Date()).currency;
  const timeZone = limits?.time_zone ?? 'UTC';
  return { limits, currency, timeZone, spent: await readSpent(sql, { mode, currency, timeZone }) };
}

/** Only the named ones change. They hold for every claim that begins after this; they are of the currency of now. */
export async function setLimits(deps: SpendingDeps, input: LimitsInput, actor: Actor): Promise<SpendingNow> {
  return deps.db.tx(async (sql) => {
    const before = await findLimits(sql, deps.mode);
    const currency = deps.price(new Date()).currency;
    const pick = (given: string | null | undefined, kept: number | null | undefined): number | null =>
      given === undefined ? (kept ?? null) : given === null ? null : (microsOf(given) ?? null);
    const monthly = pick(input.monthly, before?.monthly_micros);
    const abroad = pick(input.abroad_daily, before?.abroad_daily_micros);
    const isKept = (monthly !== null && input.monthly === undefined) || (abroad !== null && input.abroad_daily === undefined);
    if (before !== undefined && before.currency !== currency && isKept)
      throw refused('monthly', say('server.pricing.other-currency', { limits: before.currency, prices: currency }));
    const home = input.home_countries ?? before?.home_countries ?? [];
    if (abroad !== null && home.length === 0) throw refused('home_countries', say('server.pricing.home-missing'));
    const timeZone = input.time_zone ?? before?.time_zone ?? 'UTC';
    if (!(await isTimeZone(sql, timeZone))) throw refused('time_zone', say('server.pricing.no-time-zone', { zone: timeZone }));
    await putLimits(sql, deps.mode, {
      currency,
      monthly_micros: monthly,
      abroad_daily_micros: abroad,
      home_countries: home,
      home_codes: codesOf(home),
      time_zone: timeZone,
      changed_by: actor.name,
    });
    await recordAudit(sql, actor, { action: 'spending.limits', detail: { ...input } });
    return spendingNow(deps, sql);
  });
}

/** Numbers of one calling code cannot be told apart by country: with the United States at home, all of +1 is. */
function codesOf(countries: readonly string[]): string[] {
  const codes = countries.map((country) => {
    const code = callingCodeOf(country);
    if (code === undefined) throw refused('home_countries', say('server.pricing.no-country', { country }));
    return code;
  });
  return [...new Set(codes)].sort();
}

function refused(field: string, message: Sentence): Problem {
  return new Problem('invalid_request', message, { errors: [{ field, message }] });
}
