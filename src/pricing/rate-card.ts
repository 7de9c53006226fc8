/**
 * What messages cost (docs/meta.md, Prices): per delivered message, by the market of the recipient's number and the category.
 * Money is integer micros of the card's currency. An estimate is an upper bound: list price, everyone delivered, no volume tiers.
 */

import callingCodes from './data/market-by-calling-code.json' with { type: 'json' };
import july2026 from './data/rate-card-usd-2026-07-01.json' with { type: 'json' };
import october2026 from './data/rate-card-usd-2026-10-01.json' with { type: 'json' };

export interface MarketRates {
  readonly marketing: number;
  readonly utility: number;
  readonly authentication: number;
  /** null where Meta prints n/a. */
  readonly authenticationInternational: number | null;
  readonly service: number;
}

export interface RateCard {
  readonly currency: string;
  /** YYYY-MM-DD, from midnight in the account's time zone. */
  readonly effectiveFrom: string;
  readonly markets: Readonly<Record<string, MarketRates>>;
  /** Lower prices beyond a number of messages a month: market, category, steps. */
  readonly tiers?: Readonly<Record<string, Readonly<Record<string, readonly Tier[]>>>>;
}

/** The price of each message beyond the first `from` of a month, of one market and category over the whole portfolio. */
export interface Tier {
  readonly from: number;
  readonly micros: number;
}

/** One price for everyone (COST_PER_MESSAGE). */
export interface FlatPrice {
  readonly currency: string;
  readonly flatMicros: number;
}

export const RATE_CARDS: readonly RateCard[] = [july2026, october2026];

/** Where a number no prefix matches belongs, and what a card without a market's own rates charges. */
const OTHER = 'Other';

/** Kazakhstan has its own rates since October 2026 and shares +7 with Russia; its numbers begin with 76 or 77 (ITU allocation). */
const KAZAKHSTAN: Readonly<Record<string, string>> = { '76': 'Kazakhstan', '77': 'Kazakhstan' };

const BEFORE_OCTOBER_2026: Readonly<Record<string, string>> = callingCodes['effective2026-07-01'];
const STANDALONE: Readonly<Record<string, string>> = { ...callingCodes['overridesFrom2026-10-01'], ...KAZAKHSTAN };
const BY_PREFIX = new Map(Object.entries({ ...BEFORE_OCTOBER_2026, ...STANDALONE }));
const LONGEST_PREFIX = Math.max(...[...BY_PREFIX.keys()].map((prefix) => prefix.length));

/** The region that a market was part of before it got rates of its own, for cards older than that. */
const FORMER_REGION = new Map(
  Object.entries(STANDALONE).map(([prefix, market]) => [market, longestMatch(prefix, BEFORE_OCTOBER_2026)]),
);

function longestMatch(digits: string, markets: Readonly<Record<string, string>>): string {
  for (let length = digits.length; length > 0; length -= 1) {
    const market = markets[digits.slice(0, length)];
    if (market !== undefined) return market;
  }
  return OTHER;
}

/**
 * The market of a number: longest calling-code prefix. +1 is North America but for the codes Meta lists elsewhere (Dominican
 * Republic, Jamaica, Puerto Rico); the islands of +1 that it does not list (the Bahamas, say) count as North America.
 * @param digits E.164, with or without the plus.
 */
export function marketOf(digits: string | number): string {
  const text = String(digits).replace(/^\+/, '');
  for (let length = Math.min(LONGEST_PREFIX, text.length); length > 0; length -= 1) {
    const market = BY_PREFIX.get(text.slice(0, length));
    if (market !== undefined) return market;
  }
  return OTHER;
}

/**
 * What one message of a category costs by the first digits of the number: for the claim, which prices people where they are marked. The
 * longest digits that are named hold; '' stands for all others. A category that no card knows costs as marketing, the dearest.
 */
export function pricesByPrefix(price: RateCard | FlatPrice, category: string): Readonly<Record<string, number>> {
  if ('flatMicros' in price) return { '': price.flatMicros };
  const of = (market: string): number => priceMicros(price, market, category) ?? priceMicros(price, market, 'marketing') ?? 0;
  return { ...Object.fromEntries([...BY_PREFIX].map(([prefix, market]) => [prefix, of(market)])), '': of(OTHER) };
}

/** The next card that is known, after the one in force; undefined while none is. */
export function nextRateCard(date: Date, cards: readonly RateCard[]): RateCard | undefined {
  return [...cards]
    .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom))
    .find(({ effectiveFrom }) => Date.parse(effectiveFrom) > date.getTime());
}

/** The card in force on a date; before the oldest one, the oldest. */
export function rateCardFor(date: Date, cards: readonly RateCard[] = RATE_CARDS): RateCard {
  const sorted = [...cards].sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
  const card = sorted.findLast(({ effectiveFrom }) => Date.parse(effectiveFrom) <= date.getTime()) ?? sorted[0];
  if (card === undefined) throw new Error('There is no rate card at all.');
  return card;
}

/** Categories as templates (MARKETING), webhooks (marketing_lite) and cards write them; both spellings of -international occur. */
const CATEGORIES: Readonly<Record<string, keyof MarketRates>> = {
  marketing: 'marketing',
  marketing_lite: 'marketing',
  utility: 'utility',
  authentication: 'authentication',
  authentication_international: 'authenticationInternational',
  service: 'service',
};

/** What one delivered message costs; undefined for a category no card knows. */
export function priceMicros(card: RateCard, market: string, category: string): number | undefined {
  const key = CATEGORIES[category.toLowerCase().replace('-', '_')];
  const rates = ratesOf(card, market);
  if (key === undefined || rates === undefined) return undefined;
  return rates[key] ?? rates.authentication;
}

function ratesOf({ markets }: RateCard, market: string): MarketRates | undefined {
  return markets[market] ?? markets[FORMER_REGION.get(market) ?? OTHER] ?? markets[OTHER];
}

/** Whatever Meta does not charge for (docs/meta.md, Statuses): by `type`, and in old payloads by `billable`. */
const FREE_TYPES: ReadonlySet<string> = new Set(['free_customer_service', 'free_group_customer_service', 'free_entry_point']);

export interface ReportedPricing {
  readonly type?: string | undefined;
  readonly category?: string | undefined;
  readonly billable?: boolean | undefined;
  /** What Meta itself says it cost, where it does (a price with a maximum). */
  readonly cost?: { readonly micros: number; readonly currency: string } | undefined;
}

/**
 * What a message cost by the pricing its webhook told; undefined when that names a type or a category that is not known, or an amount in
 * another currency: an unknown cost is not 0.
 */
export function chargedMicros(price: RateCard | FlatPrice, market: string, reported: ReportedPricing): number | undefined {
  const type = reported.type?.toLowerCase();
  if (type !== undefined ? FREE_TYPES.has(type) : reported.billable === false) return 0;
  // Only inside a free entry point, hence free.
  if (reported.category?.toLowerCase() === 'referral_conversion') return 0;
  if ('flatMicros' in price) return price.flatMicros;
  if (reported.cost !== undefined) return reported.cost.currency === price.currency ? reported.cost.micros : undefined;
  if (type !== undefined && type !== 'regular') return undefined;
  return reported.category === undefined ? undefined : priceMicros(price, market, reported.category);
}

export interface CostEstimate {
  readonly currency: string;
  /** At list prices, everybody delivered: the most it can cost. */
  readonly totalMicros: number;
  /** The same with the lowest volume tiers of the card, where it has any: the least of the range. */
  readonly leastMicros: number;
  /** Dearest first. */
  readonly markets: readonly {
    readonly market: string;
    readonly count: number;
    readonly unitMicros: number;
    readonly totalMicros: number;
  }[];
}

/** An unknown category is estimated as marketing, the dearest: better too high than a surprise. */
export function estimate(
  byMarket: Readonly<Record<string, number>>,
  category: string,
  price: RateCard | FlatPrice,
): CostEstimate {
  const unit = (market: string): number => {
    if ('flatMicros' in price) return price.flatMicros;
    return priceMicros(price, market, category) ?? priceMicros(price, market, 'marketing') ?? 0;
  };
  const markets = Object.entries(byMarket)
    .map(([market, count]) => ({ market, count, unitMicros: unit(market), totalMicros: unit(market) * count }))
    .sort((a, b) => b.totalMicros - a.totalMicros || a.market.localeCompare(b.market));
  const totalMicros = markets.reduce((sum, one) => sum + one.totalMicros, 0);
  const leastMicros = markets.reduce((sum, one) => sum + leastUnit(price, { ...one, category }) * one.count, 0);
  return { currency: price.currency, totalMicros, leastMicros, markets };
}

/** Which tier a message falls into depends on what else the portfolio sends that month: the lowest is as low as it can get. */
function leastUnit(
  price: RateCard | FlatPrice,
  { market, category, unitMicros }: { readonly market: string; readonly category: string; readonly unitMicros: number },
): number {
  const tiers = 'flatMicros' in price ? [] : (price.tiers?.[market]?.[category.toLowerCase()] ?? []);
  return Math.min(unitMicros, ...tiers.map(({ micros }) => micros));
}
