/**
 * Start, pause, resume, cancel, schedule: each one guarded statement in one transaction, then a wake-up.
 * Order: the change is committed before anybody is told, with its entry in the audit log, and the answer is given after the commit.
 * A crash between commit and wake-up costs a few seconds: the sweep finds running campaigns by themselves.
 */

import { recordAudit } from '../audit/record-audit.ts';
import { type Actor, requireRight } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say, type Text } from '../lib/words/sentence.ts';
import { refuseUnlessMayRun } from '../lifecycle/assert-runnable.ts';
import {
  type Campaign,
  completeLocked,
  countSending,
  liesAhead,
  lockCampaign,
  type MoveFacts,
  moveCampaign,
  rememberVersion,
} from '../lifecycle/campaign.sql.ts';
import { type CampaignMove, MOVES, mayMove } from '../lifecycle/campaign.ts';
import { cancelPending } from '../lifecycle/claim.sql.ts';
import { campaignNotFound, getCampaign, statusWord, wrongState } from '../lifecycle/get-campaign.ts';
import { type LookedAt, lookedAt } from '../lifecycle/looked-at.ts';
import { pauseRunning, setStopped } from '../lifecycle/pause.sql.ts';
import { versionId } from '../templates/version.ts';
import { type CampaignDeps, type Preflight, preflight } from './preflight.ts';

/** Starts a draft or scheduled campaign; of two starts at once one wins and the other is told that it is already running. */
export async function startCampaign(deps: CampaignDeps, id: number, actor: Actor): Promise<Campaign> {
  refuseUnlessMayStart(await getCampaign(deps.db, id));
  return startChecked(deps, id, actor);
}

/** What was looked at must be what is started: a change that came in between means looking again. */
async function startChecked(deps: CampaignDeps, id: number, actor: Actor): Promise<Campaign> {
  const seen = await getCampaign(deps.db, id);
  const report = await preflight(deps, seen);
  const started = await deps.db.tx(async (sql) => {
    const campaign = await lockCampaign(sql, id);
    if (campaign === undefined) throw campaignNotFound(id);
    refuseUnlessMayStart(campaign);
    if (!report.ready) throw cannotStart(report.checks.filter((check) => check.level === 'red'));
    await refuseUnlessMayRun(deps, sql, campaign);
    if (campaign.updated_at.getTime() !== seen.updated_at.getTime()) return 'changed';
    const moved = await moveCampaign(sql, id, 'start', frozenBy(report));
    if (moved !== undefined) await recordAudit(sql, actor, { action: 'campaign.start', campaignId: id });
    return moved;
  });
  if (started === 'changed') return startChecked(deps, id, actor);
  if (started === undefined) throw wrongMove(await getCampaign(deps.db, id), 'start');
  deps.wake([id]);
  return started;
}

export interface Paused {
  readonly campaign: Campaign;
  /** Messages whose answer was still out at the commit of the pause; nothing new is claimed after it. */
  readonly inFlight: number;
}

export async function pauseCampaign(deps: CampaignDeps, id: number, actor: Actor): Promise<Paused> {
  const paused = await deps.db.tx(async (sql) => {
    const campaign = await lockCampaign(sql, id);
    if (campaign === undefined || campaign.kind !== 'campaign') throw campaignNotFound(id);
    const moved = await moveCampaign(sql, id, 'pause', {
      pauseReason: { code: 'operator', message: say('server.campaigns.paused-person-resume') },
    });
    if (moved === undefined) throw wrongMove(campaign, 'pause');
    const inFlight = await countSending(sql, id);
    await recordAudit(sql, actor, { action: 'campaign.pause', campaignId: id, detail: { in_flight: inFlight } });
    return { campaign: moved, inFlight };
  });
  deps.recall([id]);
  return paused;
}

/**
 * Goes on, after the same look as at the start. Those who still wait, for a retry as well, get the template and mapping of now: that
 * is how a campaign is mended whose template changed under it. Whoever was sent to keeps what was sent.
 */
export async function resumeCampaign(deps: CampaignDeps, id: number, actor: Actor): Promise<Campaign> {
  const seen = await getCampaign(deps.db, id);
  if (!mayMove(seen.status, 'resume')) throw wrongMove(seen, 'resume');
  const report = await preflight(deps, seen);
  const resumed = await deps.db.tx(async (sql) => {
    const campaign = await lockCampaign(sql, id);
    if (campaign === undefined || campaign.kind !== 'campaign') throw campaignNotFound(id);
    if (!mayMove(campaign.status, 'resume')) throw wrongMove(campaign, 'resume');
    await refuseUnlessMayRun(deps, sql, campaign);
    if (campaign.updated_at.getTime() !== seen.updated_at.getTime()) return 'changed';
    // Nobody may be left: then it goes on to be completed.
    const reds = report.checks.filter(({ level, code }) => level === 'red' && code !== 'no_recipients');
    if (reds.length > 0) throw cannotStart(reds);
    const moved = await moveCampaign(sql, id, 'resume', resumedBy(report));
    if (moved !== undefined) await recordAudit(sql, actor, { action: 'campaign.resume', campaignId: id });
    return moved;
  });
  if (resumed === 'changed') return resumeCampaign(deps, id, actor);
  if (resumed === undefined) throw wrongMove(await getCampaign(deps.db, id), 'resume');
  deps.wake([id]);
  return resumed;
}

/** A person has seen both versions and means the one of now. */
export async function confirmVersion(
  deps: CampaignDeps,
  { id, version: meant }: { readonly id: number; readonly version: string },
  actor: Actor,
): Promise<void> {
  const campaign = await getCampaign(deps.db, id);
  if (campaign.status !== 'draft') requireRight(actor, 'send', say('server.campaigns.confirming'));
  const { versions } = await preflight(deps, campaign);
  if (versions === undefined || meant !== versionId(versions.now)) {
    throw new Problem('conflict', say('server.campaigns.version-now-changed'), {
      ...(versions === undefined ? {} : { version: versionId(versions.now) }),
    });
  }
  const looked = campaign.looked_at as LookedAt | null;
  await deps.db.tx(async (sql) => {
    await rememberVersion(sql, id, {
      before: looked?.at ?? null,
      now: lookedAt('confirm', versions.now),
      isConfirmed: true,
    });
    await recordAudit(sql, actor, {
      action: 'campaign.confirm',
      campaignId: id,
      detail: { version: meant, differences: versions.differences },
    });
  });
}

/**
 * Cancelled at once for everyone; whoever has not left is moved to the cancelled box in chunks, by the sweep if need be. Where nobody is
 * left to be kept from it, everybody was sent to, and it is completed.
 */
export async function cancelCampaign(deps: CampaignDeps, id: number, actor: Actor): Promise<Campaign> {
  const cancelled = await deps.db.tx(async (sql) => {
    const campaign = await lockCampaign(sql, id);
    if (campaign === undefined || campaign.kind !== 'campaign') throw campaignNotFound(id);
    if (!mayMove(campaign.status, 'cancel')) throw wrongMove(campaign, 'cancel');
    const moved = (await completeLocked(sql, campaign)) ?? (await moveCampaign(sql, id, 'cancel'));
    if (moved !== undefined) await recordAudit(sql, actor, { action: 'campaign.cancel', campaignId: id });
    return moved;
  });
  if (cancelled === undefined) throw wrongMove(await getCampaign(deps.db, id), 'cancel');
  deps.recall([id]);
  while ((await cancelPending(deps.db, id, deps.slot)) > 0);
  return cancelled;
}

/** @param at must lie in the future, by the database's clock. */
export async function scheduleCampaign(
  deps: CampaignDeps,
  { id, at }: { readonly id: number; readonly at: Date },
  actor: Actor,
): Promise<Campaign> {
  const campaign = await getCampaign(deps.db, id);
  if (campaign.status !== 'draft' && campaign.status !== 'scheduled') throw wrongMove(campaign, 'schedule');
  // Everything else may be mended until its time; what nobody has looked at is not scheduled.
  const changed = (await preflight(deps, { ...campaign, scheduled_at: at })).checks.filter(
    ({ code }) => code === 'version_changed',
  );
  if (changed.length > 0) throw cannotStart(changed);
  return deps.db.tx(async (sql) => {
    if (!(await liesAhead(sql, at))) {
      throw new Problem('invalid_request', say('server.campaigns.scheduled-lies-past'), {
        errors: [{ field: 'scheduled_at', message: say('server.campaigns.must-future') }],
      });
    }
    const locked = await lockCampaign(sql, id);
    if (locked?.status === 'scheduled') await moveCampaign(sql, id, 'unschedule');
    const moved = await moveCampaign(sql, id, 'schedule', { scheduledAt: at });
    if (moved === undefined) throw wrongMove(locked ?? campaign, 'schedule');
    await recordAudit(sql, actor, { action: 'campaign.schedule', campaignId: id, detail: { scheduled_at: at.toISOString() } });
    return moved;
  });
}

export async function unscheduleCampaign(deps: CampaignDeps, id: number, actor: Actor): Promise<Campaign> {
  const before = await getCampaign(deps.db, id);
  const moved = await deps.db.tx(async (sql) => {
    const done = await moveCampaign(sql, id, 'unschedule');
    if (done !== undefined) await recordAudit(sql, actor, { action: 'campaign.unschedule', campaignId: id });
    return done;
  });
  if (moved === undefined) throw wrongMove(before, 'unschedule');
  return moved;
}

/** Pauses every running campaign on every number and refuses starts until it is lifted. @returns the campaigns that were paused. */
export async function stopEverything(deps: CampaignDeps, actor: Actor): Promise<number[]> {
  const paused = await deps.db.tx(async (sql) => {
    await setStopped(sql, true);
    const ids = await pauseRunning(
      sql,
      { scope: 'everything' },
      { code: 'stop_everything', message: say('server.campaigns.everything-stopped-person') },
    );
    await recordAudit(sql, actor, { action: 'system.stop_everything', detail: { paused_campaigns: ids } });
    return ids;
  });
  deps.recall(paused);
  return paused;
}

export async function liftStop(deps: CampaignDeps, actor: Actor): Promise<void> {
  await deps.db.tx(async (sql) => {
    await setStopped(sql, false);
    await recordAudit(sql, actor, { action: 'system.lift_stop' });
  });
}

/** What a start freezes: from now on this is what every message is filled with. */
export function frozenBy(report: Preflight): MoveFacts {
  const { template, mapping, versions, cost } = report;
  return {
    template,
    mapping,
    ...(versions === undefined ? {} : { lookedAt: lookedAt('start', versions.now) }),
    estimatedCostMicros: cost?.totalMicros ?? null,
    ...(cost === null ? {} : { currency: cost.currency }),
  };
}

/** The estimate stays that of the start: part of it is spent. */
function resumedBy({ template, mapping, versions }: Preflight): MoveFacts {
  return versions === undefined ? {} : { template, mapping, lookedAt: lookedAt('start', versions.now) };
}

function refuseUnlessMayStart(campaign: Campaign): void {
  if (campaign.status === 'running') {
    throw new Problem('campaign_already_running', say('server.campaigns.campaign-already-running'));
  }
  if (!mayMove(campaign.status, 'start')) {
    throw cannotStart([
      { code: 'wrong_state', message: say('server.campaigns.campaign-only-draft', { status: statusWord(campaign.status) }) },
    ]);
  }
}

function cannotStart(reasons: readonly { readonly code: string; readonly message: Text }[]): Problem {
  return new Problem(
    'campaign_cannot_be_started',
    reasons.map((reason) => reason.message),
    {
      reasons: reasons.map(({ code, message }) => ({ code, message })),
    },
  );
}

function wrongMove(campaign: Campaign, move: CampaignMove): Problem {
  return wrongState(campaign, move, MOVES[move].from);
}
