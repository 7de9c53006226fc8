/**
 * Promises: a schedule fires once, whoever runs, and only while it is one: taken back or moved, it does not. Kept from starting by
 * something that passes (everything is stopped, a file is on its way, Meta looks at the template) it waits, says for what, and starts
 * when that is over. Missed by more than its grace it does not start in the middle of the night: it stays scheduled and asks.
 * Order: the campaign is looked at, then locked; what is done is done only if it is still scheduled, due and what was looked at.
 */

import { recordAudit } from '../audit/record-audit.ts';
import type { Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { keepText, keptText, type Sentence, say, together } from '../lib/words/sentence.ts';
import { refuseUnlessMayRun } from '../lifecycle/assert-runnable.ts';
import {
  askForAttention,
  type Campaign,
  type DueCampaign,
  dueCampaigns,
  findCampaign,
  lockDue,
  moveCampaign,
  waitFor,
} from '../lifecycle/campaign.sql.ts';
import { isStopped } from '../lifecycle/pause.sql.ts';
import type { Check } from './check.ts';
import { frozenBy } from './control.ts';
import { type CampaignDeps, EVERYTHING_STOPPED, type Preflight, passingObstacles, preflight } from './preflight.ts';

/** Who starts what a person has scheduled. */
const CLOCK: Actor = { kind: 'system', id: null, name: 'schedule', scopes: [] };

export async function fireDue(deps: CampaignDeps, graceMinutes: number): Promise<void> {
  const errors: unknown[] = [];
  for (const id of await dueCampaigns(deps.db)) {
    try {
      while ((await fire(deps, id, graceMinutes * 60)) === 'changed');
    } catch (error) {
      // One that cannot be fired must not keep the others from their time.
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'scheduled campaigns could not be fired');
}

/** @returns `changed` when somebody changed the campaign while it was looked at: it has to be looked at again. */
async function fire(deps: CampaignDeps, id: number, graceSeconds: number): Promise<'changed' | 'done'> {
  const seen = await findCampaign(deps.db, id);
  if (seen?.status !== 'scheduled') return 'done';
  const passing = await passingObstacles(deps, seen);
  // Not looked at in full while it waits: that reads every row of the list.
  const report = passing.length === 0 ? await preflight(deps, seen) : undefined;
  const fired = await deps.db.tx(async (sql) => {
    const due = await lockDue(sql, id);
    if (due === undefined) return 'done';
    if (due.campaign.updated_at.getTime() !== seen.updated_at.getTime()) return 'changed';
    if (due.lateSeconds > graceSeconds) {
      await askForAttention(sql, id, keepText(missed(due)));
      return 'done';
    }
    const obstacles = report === undefined ? passing : await passingNow(sql, report);
    if (report === undefined || obstacles.length > 0) {
      await waitFor(sql, id, keepText(together(...obstacles.map(({ message }) => message))));
      return 'done';
    }
    return startOrRefuse(deps, sql, { campaign: due.campaign, report });
  });
  if (fired === 'started') deps.wake([id]);
  return fired === 'changed' ? 'changed' : 'done';
}

/** The stop is asked for once more under the lock: a person may have stopped everything since the report. */
async function passingNow(sql: Sql, { checks }: Preflight): Promise<Check[]> {
  const passing = checks.filter((check) => check.passes === true);
  return passing.length === 0 && (await isStopped(sql)) ? [EVERYTHING_STOPPED] : passing;
}

async function startOrRefuse(
  deps: CampaignDeps,
  sql: Sql,
  { campaign, report }: { readonly campaign: Campaign; readonly report: Preflight },
): Promise<'started' | 'done'> {
  const { id } = campaign;
  const detail = { scheduled_at: campaign.scheduled_at?.toISOString() };
  const reds = report.checks.filter(({ level }) => level === 'red');
  if (reds.length > 0) {
    const message = together(...reds.map((check) => check.message));
    if (reds.every(({ code }) => code === 'version_changed')) {
      // Nothing is wrong with it but that nobody has looked at it: it asks, and starts when it is confirmed.
      await askForAttention(sql, id, keepText(message));
      return 'done';
    }
    await moveCampaign(sql, id, 'refuse', { pauseReason: { code: 'preflight', message } });
    await recordAudit(sql, CLOCK, {
      action: 'campaign.refuse',
      campaignId: id,
      detail: { ...detail, reasons: reds.map(({ code }) => code) },
    });
    return 'done';
  }
  await refuseUnlessMayRun(deps, sql, campaign);
  await moveCampaign(sql, id, 'start', frozenBy(report));
  await recordAudit(sql, CLOCK, { action: 'campaign.start', campaignId: id, detail });
  return 'started';
}

function missed({ campaign, lateSeconds }: DueCampaign): Sentence {
  const late = Math.round(lateSeconds / 60);
  if (campaign.waiting_for === null) return say('server.campaigns.missed', { late });
  return say('server.campaigns.missed-because', { late, why: keptText(campaign.waiting_for) });
}
