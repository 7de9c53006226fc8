/** A campaign that has to be there, and the refusals that follow from what it is. */
import type { Sql } from '../lib/db/db.ts';
import { Problem } from '../lib/problem.ts';
import { type Campaign, findCampaign } from './campaign.sql.ts';
import type { CampaignStatus } from './campaign.ts';

export async function getCampaign(sql: Sql, id: number): Promise<Campaign> {
  const campaign = await findCampaign(sql, id);
  if (campaign === undefined || campaign.kind !== 'campaign') throw campaignNotFound(id);
  return campaign;
}

export function campaignNotFound(id: number): Problem {
  return new Problem(
    'campaign_not_found',
    `There is no campaign ${String(id)}. It may have been deleted; see the list of campaigns.`,
  );
}

/** What needs the people of a campaign cannot be done once they are erased. */
export function refuseArchived(campaign: Campaign): void {
  if (campaign.archived_at === null) return;
  throw new Problem(
    'campaign_archived',
    `The people of this campaign were erased on ${campaign.archived_at.toISOString().slice(0, 10)} (RETENTION_DAYS); only its figures are kept. To write to somebody again, make a new campaign.`,
    { archived_at: campaign.archived_at.toISOString() },
  );
}

/** @param allowed the states in which `act` is possible. */
export function wrongState(campaign: Campaign, act: string, allowed: readonly CampaignStatus[]): Problem {
  return new Problem(
    'campaign_wrong_state',
    `The campaign is ${campaign.status}; to ${act} it, it must be ${allowed.join(' or ')}.`,
    {
      status_now: campaign.status,
    },
  );
}
