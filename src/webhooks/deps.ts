import type { Db } from '../lib/db/db.ts';
import type { RunMode } from '../lifecycle/campaign.ts';
import type { Origin } from '../lifecycle/message.ts';
import type { FlatPrice, RateCard } from '../pricing/rate-card.ts';
import type { NumberSlowdown } from '../sending/retry.ts';
import type { AtHand } from './webhook-cache.ts';

/** What a webhook means for the running process, told after its transaction. */
export type Consequence =
  | { readonly kind: 'halted'; readonly campaignIds: readonly number[] }
  | { readonly kind: 'slow_number'; readonly phoneNumberId: string; readonly change: NumberSlowdown }
  | { readonly kind: 'number_changed'; readonly phoneNumberId: string }
  | { readonly kind: 'templates_changed' };

export interface DeliveryDeps extends Origin {
  readonly db: Db;
  readonly mode: RunMode;
  readonly phoneNumberId: string;
  /** Events of other accounts of the same app concern nobody here. */
  readonly wabaId: string;
  readonly slot: number;
  /** What this process stored itself. */
  readonly atHand?: AtHand | undefined;
  readonly price: (at: Date) => RateCard | FlatPrice;
  /** The canonical key of a person (lib/phone/parse.ts). */
  readonly personOf: (digits: number) => number;
  /** What follows beyond the database, told after the commit. */
  readonly onConsequence: (consequence: Consequence) => void;
  readonly onError: (error: unknown, what: string) => void;
}
