import type { Db } from '../lib/db/db.ts';
import type { RunMode } from '../lifecycle/campaign.ts';
import type { Pace } from '../numbers/pace.ts';
import type { FlatPrice, RateCard } from '../pricing/rate-card.ts';

/** What the campaign verbs need of the house around them. */
export interface CampaignDeps {
  readonly db: Db;
  readonly mode: RunMode;
  /** The number and account this installation sends with. */
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly defaults: {
    readonly batchSize: number | undefined;
    /** Seconds. */
    readonly delayBetweenBatches: number;
  };
  /** What a message costs at a time: COST_PER_MESSAGE, or the rate card then in force. */
  readonly price: (at: Date) => RateCard | FlatPrice;
  readonly slot: number;
  /** The pace of a number as all processes have it; undefined when it is not this installation's, or cannot be had in a moment. */
  readonly paceOf: (phoneNumberId: string) => Promise<Pace | undefined>;
  /** A campaign may have something to send now: told to the queue after the commit. A crash in between is found by the sweep. */
  readonly wake: (campaignIds: readonly number[]) => void;
  /** Campaigns were paused or cancelled: what is claimed but has not left is given back. */
  readonly halt: (campaignIds: readonly number[]) => void;
}
