/** A campaign that has to be there, and the refusals that follow from what it is. */

import type { Sql } from '../lib/db/db.ts';
import { Problem } from '../lib/problem.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';
import { type Campaign, findCampaign } from './campaign.sql.ts';
import type { CampaignMove, CampaignStatus } from './campaign.ts';

export async function getCampaign(sql: Sql, id: number): Promise<Campaign> {
  const campaign = await findCampaign(sql, id);
  if (campaign === undefined || campaign.kind !== 'campaign') throw campaignNotFound(id);
  return campaign;
}

export function campaignNotFound(id: number): Problem {
  return new Problem('campaign_not_found', say('server.lifecycle.campaign-may-been', { id }));
}

/** What needs the people of a campaign cannot be done once they are erased. */
export function refuseArchived(campaign: Campaign): void {
  if (campaign.archived_at === null) return;
  throw new Problem(
    'campaign_archived',
    say('server.lifecycle.people-campaign-erased', { archivedAt: campaign.archived_at.toISOString().slice(0, 10) }),
    { archived_at: campaign.archived_at.toISOString() },
  );
}

export type CampaignAct = CampaignMove | 'resend' | 'change' | 'delete';

export function statusWord(status: CampaignStatus): Sentence {
  return say(`server.status.${status}`);
}

/** "draft, scheduled or paused". */
export function statusWords(statuses: readonly CampaignStatus[]): Sentence {
  const last = statuses.at(-1);
  const before = statuses.slice(0, -1).map(statusWord);
  if (last === undefined || before[0] === undefined)
    return say('server.lifecycle.one', { last: last === undefined ? '' : statusWord(last) });
  const first = before.slice(1).reduce((list, one) => say('server.lifecycle.and-more', { list, one }), before[0]);
  return say('server.lifecycle.or', { first, last: statusWord(last) });
}

/** @param allowed the states in which `act` is possible. */
export function wrongState(campaign: Campaign, act: CampaignAct, allowed: readonly CampaignStatus[]): Problem {
  return new Problem(
    'campaign_wrong_state',
    say('server.lifecycle.campaign-must', {
      status: statusWord(campaign.status),
      act: say(`server.lifecycle.to-${act}`),
      allowed: statusWords(allowed),
    }),
    {
      status_now: campaign.status,
    },
  );
}
