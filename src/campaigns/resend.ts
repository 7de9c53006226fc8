/**
 * Trying again by a person's word: failed ones whose code allows it, and unknown ones after the grace time.
 * Order: the campaign is locked and reopened in the transaction that puts the first chunk back, so nothing waits in a closed one;
 * who decided it is written down with each chunk.
 * A crash between chunks leaves the rest where they were; the same request again takes them.
 */

import { type AuditAction, recordAudit } from '../audit/record-audit.ts';
import type { Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { refuseUnlessMayRun, reopenCampaign } from '../lifecycle/assert-runnable.ts';
import { type Campaign, lockCampaign } from '../lifecycle/campaign.sql.ts';
import { campaignNotFound, getCampaign, refuseArchived, wrongState } from '../lifecycle/get-campaign.ts';
import { closeUnknown, putBack, type ResendChoice, type WithinGrace, withinGrace } from '../lifecycle/resend.sql.ts';
import { resendableCodes } from '../whatsapp/errors.ts';
import type { CampaignDeps } from './preflight.ts';

const CHUNK = 5_000;

export interface Resent {
  readonly campaign: Campaign;
  readonly messages: number;
}

export interface Retry {
  readonly id: number;
  /** Only these messages; undefined = all. */
  readonly messageIds?: readonly number[] | undefined;
}

export interface Decision extends Retry {
  readonly graceMinutes: number;
}

export interface Decided {
  readonly messages: number;
  /** Those that had to be left as they are. */
  readonly withinGrace: WithinGrace;
}

/** Failed messages whose code may be tried again and whose waiting time is over. */
export async function retryFailed(deps: CampaignDeps, { id, messageIds: ids }: Retry, actor: Actor): Promise<Resent> {
  const choice: ResendChoice = { from: 'failed', codes: resendableCodes(), ids, olderThanMinutes: 0, by: actor.name };
  return resend(deps, { id, choice }, actor);
}

/**
 * Unknown messages older than the grace time. They may have arrived: sending again is the operator's decision.
 * Refused when all that was asked for is still within the grace time, with the moment from which it may be done.
 */
export async function resendUnknown(deps: CampaignDeps, decision: Decision, actor: Actor): Promise<Decided> {
  const { messages } = await resend(deps, { id: decision.id, choice: unknownOnes(decision, actor) }, actor);
  return decided(deps, decision, messages);
}

/** Leaves unknown messages older than the grace time as they are, for good: they are not open any more. */
export async function leaveUnknown(deps: CampaignDeps, decision: Decision, actor: Actor): Promise<Decided> {
  const { id } = decision;
  await getCampaign(deps.db, id);
  const choice = unknownOnes(decision, actor);
  for (let closed = 0; ; ) {
    const chunk = await deps.db.tx(async (sql) => {
      const n = await closeUnknown(sql, id, choice, CHUNK, deps.slot);
      const detail = { decision: 'close', decided: n };
      if (n > 0) await recordAudit(sql, actor, { action: 'campaign.resolve_unknown', campaignId: id, detail });
      return n;
    });
    closed += chunk;
    if (chunk < CHUNK) return decided(deps, decision, closed);
  }
}

function unknownOnes({ messageIds: ids, graceMinutes }: Decision, { name: by }: Actor): ResendChoice {
  return { from: 'unknown', codes: [], ids, olderThanMinutes: graceMinutes, by };
}

async function decided(deps: CampaignDeps, decision: Decision, messages: number): Promise<Decided> {
  const left = await withinGrace(deps.db, decision.id, decision.messageIds, decision.graceMinutes);
  if (messages > 0 || left.firstAt === null || left.lastAt === null) return { messages, withinGrace: left };
  const [first, last] = [left.firstAt.toISOString(), left.lastAt.toISOString()];
  throw new Problem(
    'grace_time_not_over',
    say('server.campaigns.still-settled-webhook', { messages: left.messages, first, last, same: first === last ? 'yes' : 'no' }),
    { within_grace: { messages: left.messages, first_at: first, last_at: last } },
  );
}

async function resend(
  deps: CampaignDeps,
  { id, choice }: { readonly id: number; readonly choice: ResendChoice },
  actor: Actor,
): Promise<Resent> {
  let messages = 0;
  let campaign: Campaign;
  for (;;) {
    const step = await deps.db.tx(async (sql) => {
      const done = await putBackChunk(deps, sql, id, choice);
      if (done.moved > 0) await recordAudit(sql, actor, { ...entryOf(choice, done.moved), campaignId: id });
      return done;
    });
    messages += step.moved;
    campaign = step.campaign;
    if (step.moved < CHUNK) break;
  }
  if (messages > 0) deps.wake([id]);
  return { campaign, messages };
}

function entryOf({ from }: ResendChoice, messages: number): AuditAction {
  return from === 'failed'
    ? { action: 'campaign.retry', detail: { retried: messages } }
    : { action: 'campaign.resolve_unknown', detail: { decision: 'resend', decided: messages } };
}

async function putBackChunk(
  deps: CampaignDeps,
  sql: Sql,
  id: number,
  choice: ResendChoice,
): Promise<{ moved: number; campaign: Campaign }> {
  const campaign = await lockCampaign(sql, id);
  if (campaign === undefined || campaign.kind !== 'campaign') throw campaignNotFound(id);
  refuseArchived(campaign);
  if (campaign.status !== 'running' && campaign.status !== 'paused' && campaign.status !== 'completed') {
    throw wrongState(campaign, 'resend', ['running', 'paused', 'completed']);
  }
  await refuseUnlessMayRun(deps, sql, campaign);
  const moved = await putBack(sql, id, choice, CHUNK, deps.slot);
  if (moved === 0 || campaign.status !== 'completed') return { moved, campaign };
  return { moved, campaign: await reopenCampaign(deps, sql, campaign) };
}
