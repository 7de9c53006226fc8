/** The running campaigns this process sends, each with what its messages share; read once, forgotten when the campaign stands still. */

import type { Db } from '../lib/db/db.ts';
import { findCampaign } from '../lifecycle/campaign.sql.ts';
import type { Origin } from '../lifecycle/message.ts';
import type { Pacer } from '../numbers/pacer.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { planCampaign, type SendingPlan } from './message-body.ts';

export interface RunsDeps extends Origin {
  readonly db: Db;
  readonly mode: RunMode;
  readonly pacerFor: (phoneNumberId: string) => Promise<Pacer>;
  readonly campaignPacer: (campaignId: number, messagesPerSecond: number) => Pacer;
}

export interface Run {
  readonly plan: SendingPlan;
  /** The campaign's own pace, where it has one, before that of its number. */
  readonly pacers: readonly Pacer[];
}

export interface Runs {
  /** Undefined when the campaign is not running, or not in this mode. */
  of(campaignId: number): Promise<Run | undefined>;
  forget(campaignId: number): void;
}

/** A run nobody asked for in this time is of a campaign that ended elsewhere. */
const KEEP_MS = 10 * 60_000;

export function createRuns(deps: RunsDeps): Runs {
  const runs = new Map<number, Run & { usedAt: number }>();

  const read = async (campaignId: number): Promise<Run | undefined> => {
    const campaign = await findCampaign(deps.db, campaignId);
    if (campaign?.status !== 'running' || campaign.mode !== deps.mode) return undefined;
    const plan = planCampaign(campaign, deps);
    const number = await deps.pacerFor(plan.target.phoneNumberId);
    const own = plan.messagesPerSecond === undefined ? [] : [deps.campaignPacer(campaignId, plan.messagesPerSecond)];
    return { plan, pacers: [...own, number] };
  };

  return {
    async of(campaignId) {
      const found = runs.get(campaignId) ?? (await read(campaignId));
      if (found === undefined) return undefined;
      // Two lanes may have read it at once: one pace a campaign, the first.
      const run = runs.get(campaignId) ?? { ...found, usedAt: 0 };
      const now = performance.now();
      run.usedAt = now;
      if (!runs.has(campaignId)) for (const [id, { usedAt }] of runs) if (now - usedAt > KEEP_MS) runs.delete(id);
      runs.set(campaignId, run);
      return run;
    },
    forget(campaignId) {
      runs.delete(campaignId);
    },
  };
}
