import { type FlatPrice, type RateCard, rateCardFor } from './rate-card.ts';

const DAY_MS = 86_400_000;

export interface FixedPrice {
  /** COST_PER_MESSAGE, in micros of the currency. */
  readonly perMessageMicros: number | undefined;
  readonly currency: string;
}

/** The price of a moment: one that is set prices estimate and actual alike; else the rate card in force. */
export function priceSource({ perMessageMicros, currency }: FixedPrice): (at: Date) => RateCard | FlatPrice {
  if (perMessageMicros !== undefined) return () => ({ currency, flatMicros: perMessageMicros });
  // Asked for every status there is; cards change at midnight UTC.
  let known: { readonly day: number; readonly card: RateCard } | undefined;
  return (at) => {
    const day = Math.floor(at.getTime() / DAY_MS);
    if (known?.day !== day) known = { day, card: rateCardFor(at) };
    return known.card;
  };
}
