/** What has to hold whenever a campaign begins or goes on to send, by whatever way: looked at within the transaction that does it. */

import type { Sql } from '../lib/db/db.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { type Campaign, moveCampaign } from './campaign.sql.ts';
import { isStopped, markLive } from './pause.sql.ts';

/** What this installation sends as. */
export interface SendingIdentity {
  readonly mode: RunMode;
  readonly phoneNumberId: string;
}

/**
 * Refuses a campaign of another mode or number than this system sends with, and everything while everything is stopped. The first
 * one that may run for real makes the database one that has sent live.
 */
export async function refuseUnlessMayRun(
  deps: SendingIdentity,
  sql: Sql,
  campaign: Pick<Campaign, 'mode' | 'phone_number_id'>,
): Promise<void> {
  if (campaign.mode !== deps.mode || campaign.phone_number_id !== deps.phoneNumberId) {
    throw new Problem(
      'campaign_wrong_state',
      say('server.lifecycle.campaign-belongs-number', { mode: campaign.mode, phoneNumberId: campaign.phone_number_id }),
    );
  }
  if (await isStopped(sql)) {
    const message = say('server.campaigns.everything-stopped-purpose');
    throw new Problem('campaign_cannot_be_started', message, { reasons: [{ code: 'everything_stopped', message }] });
  }
  if (deps.mode === 'live') await markLive(sql);
}

/** Opens a completed campaign again, because somebody is to be sent to. Within the transaction that puts them there. */
export async function reopenCampaign(deps: SendingIdentity, sql: Sql, campaign: Campaign): Promise<Campaign> {
  await refuseUnlessMayRun(deps, sql, campaign);
  return (await moveCampaign(sql, campaign.id, 'reopen')) ?? campaign;
}
