/** What is left of a campaign will cost, and whether the limits will let it: asked by the preflight, promised by nobody. The claim keeps them. */
import type { Db } from '../lib/db/db.ts';
import type { Campaign } from '../lifecycle/campaign.sql.ts';
import { spentOf, type Tallies } from '../lifecycle/counters.sql.ts';
import { decimalOf } from '../pricing/money.ts';
import { type CostEstimate, estimate, type FlatPrice, marketOf, type RateCard } from '../pricing/rate-card.ts';
import { findLimits, readSpent } from '../pricing/spending-limits.sql.ts';
import { type Check, red, yellow } from './check.ts';
import { waitingByDigits } from './preflight.sql.ts';

export interface PriceListDeps {
  readonly db: Db;
  readonly price: (at: Date) => RateCard | FlatPrice;
  readonly nextCard: (at: Date) => RateCard | undefined;
}

export interface PriceList {
  readonly cost: CostEstimate | null;
  /** The same people from the day of the next known card on. */
  readonly nextCost: { readonly from: string; readonly micros: number } | null;
  readonly moneyChecks: readonly Check[];
}

export const NO_MONEY: PriceList = { cost: null, nextCost: null, moneyChecks: [] };

/** People by market who still wait: everybody before the start, of whom the counters tell; after it the rows do. */
export async function marketsLeft(
  { db }: Pick<PriceListDeps, 'db'>,
  { id, started_at: startedAt }: Campaign,
  { markets }: Pick<Tallies, 'markets'>,
): Promise<ReadonlyMap<string, number>> {
  if (startedAt === null) return markets;
  const left = new Map<string, number>();
  for (const { digits, n } of await waitingByDigits(db, id)) {
    const market = marketOf(digits);
    left.set(market, (left.get(market) ?? 0) + n);
  }
  return left;
}

export async function priceList(
  deps: PriceListDeps,
  campaign: Campaign,
  list: { readonly markets: ReadonlyMap<string, number>; readonly category: string; readonly tallies: Tallies },
): Promise<PriceList> {
  const byMarket = Object.fromEntries(list.markets);
  const at = leavesAt(campaign);
  const cost = estimate(byMarket, list.category, deps.price(at));
  const next = deps.nextCard(at);
  const nextMicros = next === undefined ? 0 : estimate(byMarket, list.category, next).totalMicros;
  return {
    cost,
    nextCost: next === undefined ? null : { from: next.effectiveFrom, micros: nextMicros },
    moneyChecks: cost.totalMicros === 0 ? [] : await limitChecks(deps, campaign, { cost, tallies: list.tallies }),
  };
}

/** The card of the day it will leave on. */
function leavesAt({ status, scheduled_at: at }: Campaign): Date {
  const now = Date.now();
  return new Date(Math.max(now, status === 'scheduled' ? (at?.getTime() ?? now) : now));
}

async function limitChecks(
  { db }: PriceListDeps,
  campaign: Campaign,
  { cost, tallies }: { readonly cost: CostEstimate; readonly tallies: Tallies },
): Promise<Check[]> {
  const { currency } = cost;
  const least = Math.min(...cost.markets.filter(({ count }) => count > 0).map(({ unitMicros }) => unitMicros));
  const check = (code: string, what: string, left: number): Check[] => {
    const price = `Those who wait cost up to ${decimalOf(cost.totalMicros)} ${currency}`;
    if (left < least)
      return [
        red(
          `${code}_spent`,
          `${what} is used up: ${decimalOf(Math.max(0, left))} ${currency} are left, not enough for one message. Raise it first.`,
        ),
      ];
    if (left >= cost.totalMicros) return [];
    return [
      yellow(
        `${code}_short`,
        `${price}, and ${what.toLowerCase()} leaves ${decimalOf(left)} ${currency}: the campaign pauses before it is passed.`,
      ),
    ];
  };
  const checks: Check[] = [];
  if (campaign.budget_micros !== null)
    checks.push(...check('budget', 'The budget of the campaign', campaign.budget_micros - spentOf(tallies)));
  const limits = await findLimits(db, campaign.mode);
  if (limits === undefined || (limits.monthly_micros ?? limits.abroad_daily_micros) === null) return checks;
  if (limits.currency !== currency)
    return [
      ...checks,
      red(
        'limit_currency',
        `The spending limits are in ${limits.currency} and the prices in ${currency}, so they cannot be compared. Set the limits anew, or take them off.`,
      ),
    ];
  if (limits.monthly_micros === null) return checks;
  const spent = await readSpent(db, { mode: campaign.mode, currency, timeZone: limits.time_zone });
  return [...checks, ...check('monthly_limit', 'The limit of this month', limits.monthly_micros - spent.month_micros)];
}
