/**
 * Trying again by a person's word: failed ones whose code allows it, and unknown ones after the grace time.
 * Order: the campaign is locked and reopened in the transaction that puts the first chunk back, so nothing waits in a closed one.
 * A crash between chunks leaves the rest where they were; the same request again takes them.
 */
import { resendableCodes } from '../domain/meta-error.ts';
import { type Campaign, lockCampaign } from '../store/campaigns.ts';
import type { Sql } from '../store/db.ts';
import { closeUnknown, putBack, type ResendChoice } from '../store/resend.ts';
import type { CampaignDeps } from './deps.ts';
import { refuseUnlessMayRun, reopenCampaign } from './may-run.ts';
import { mustFind, notFound, refuseArchived, wrongState } from './view.ts';

const CHUNK = 5_000;

export interface Resent {
  readonly campaign: Campaign;
  readonly messages: number;
}

/** Failed messages whose code may be tried again and whose waiting time is over. */
export async function retryFailed(deps: CampaignDeps, id: number, by: string, ids?: readonly number[]): Promise<Resent> {
  return resend(deps, id, { from: 'failed', codes: resendableCodes(), ids, olderThanMinutes: 0, by });
}

/** Unknown messages older than the grace time. They may have arrived: sending again is the operator's decision. */
export async function resendUnknown(
  deps: CampaignDeps,
  id: number,
  by: string,
  graceMinutes: number,
  ids?: readonly number[],
): Promise<Resent> {
  return resend(deps, id, { from: 'unknown', codes: [], ids, olderThanMinutes: graceMinutes, by });
}

export async function leaveUnknown(deps: CampaignDeps, id: number, by: string, ids?: readonly number[]): Promise<number> {
  await mustFind(deps.db, id);
  for (let closed = 0; ; ) {
    const chunk = await closeUnknown(deps.db, id, ids, by, CHUNK);
    closed += chunk;
    if (chunk < CHUNK) return closed;
  }
}

async function resend(deps: CampaignDeps, id: number, choice: ResendChoice): Promise<Resent> {
  let messages = 0;
  let campaign: Campaign;
  for (;;) {
    const step = await deps.db.tx((sql) => putBackChunk(deps, sql, id, choice));
    messages += step.moved;
    campaign = step.campaign;
    if (step.moved < CHUNK) break;
  }
  if (messages > 0) deps.wake([id]);
  return { campaign, messages };
}

async function putBackChunk(
  deps: CampaignDeps,
  sql: Sql,
  id: number,
  choice: ResendChoice,
): Promise<{ moved: number; campaign: Campaign }> {
  const campaign = await lockCampaign(sql, id);
  if (campaign === undefined || campaign.kind !== 'campaign') throw notFound(id);
  refuseArchived(campaign);
  if (campaign.status !== 'running' && campaign.status !== 'paused' && campaign.status !== 'completed') {
    throw wrongState(campaign, 'send again from', ['running', 'paused', 'completed']);
  }
  await refuseUnlessMayRun(deps, sql, campaign);
  const moved = await putBack(sql, id, choice, CHUNK, deps.slot);
  if (moved === 0 || campaign.status !== 'completed') return { moved, campaign };
  return { moved, campaign: await reopenCampaign(deps, sql, campaign) };
}
