/**
 * What a message costs at a time, for every process alike: COST_PER_MESSAGE if it is set, else the card then in force. The operator's own
 * cards come before the program's; all are of one currency: CURRENCY where there is a card of it, else that of the cards that ship.
 * Read again every minute, since another process may have taken the new card.
 */
import type { Sql } from '../lib/db/db.ts';
import { type FlatPrice, nextRateCard, pricesByPrefix, RATE_CARDS, type RateCard, rateCardFor } from './rate-card.ts';
import { listOwnCards } from './rate-cards.sql.ts';

export interface PriceSource {
  readonly price: (at: Date) => RateCard | FlatPrice;
  /** Already known, and not yet in force. */
  readonly nextCard: (at: Date) => RateCard | undefined;
  /** Of the claim: by the first digits of a number. */
  readonly pricesNow: (category: string) => Readonly<Record<string, number>>;
  readonly refreshCards: () => Promise<void>;
}

const DAY_MS = 86_400_000;

export function createPriceSource({
  db,
  flat,
  currency,
}: {
  readonly db: Sql;
  readonly flat: FlatPrice | undefined;
  readonly currency: string;
}): PriceSource {
  let cards: readonly RateCard[] = cardsOf([], currency);
  // Asked for every status and every claim there is; cards change at midnight UTC.
  let known = new Map<number, RateCard>();
  let byCategory = new Map<string, Readonly<Record<string, number>>>();
  const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);
  const price = (at: Date): RateCard | FlatPrice => {
    if (flat !== undefined) return flat;
    const day = dayOf(at);
    const card = known.get(day) ?? rateCardFor(at, cards);
    if (known.size > 100) known.clear();
    known.set(day, card);
    return card;
  };
  return {
    price,
    nextCard: (at) => (flat === undefined ? nextRateCard(at, cards) : undefined),
    pricesNow(category) {
      const now = new Date();
      const key = `${String(dayOf(now))} ${category}`;
      const prices = byCategory.get(key) ?? pricesByPrefix(price(now), category);
      if (byCategory.size > 100) byCategory.clear();
      byCategory.set(key, prices);
      return prices;
    },
    async refreshCards() {
      cards = cardsOf(await listOwnCards(db), currency);
      known = new Map();
      byCategory = new Map();
    },
  };
}

/** Of two for the same day the operator's own counts: it comes last. */
function cardsOf(own: readonly RateCard[], currency: string): readonly RateCard[] {
  const all = [...RATE_CARDS, ...own];
  const wanted = all.filter((card) => card.currency === currency);
  return wanted.length > 0 ? wanted : RATE_CARDS;
}
