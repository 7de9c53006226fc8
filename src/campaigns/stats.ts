/** A campaign as people and programs see it, with its figures: one read of the counters, constant time whatever its size. */

import type { Sql } from '../lib/db/db.ts';
import { iso } from '../lib/iso-time.ts';
import { keptText, say, type Text } from '../lib/words/sentence.ts';
import { type Campaign, type CampaignFilter, listCampaigns } from '../lifecycle/campaign.sql.ts';
import type { CampaignStatus, PauseReason } from '../lifecycle/campaign.ts';
import { noTallies, readTallies, spentOf, type Tallies, totalOf } from '../lifecycle/counters.sql.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import { type ByStatus, UNSETTLED_STATUSES } from '../lifecycle/message.ts';
import { standingNotices } from '../numbers/account-notices.sql.ts';
import { holding, type Notice, noticeText } from '../numbers/account-notices.ts';
import { findBreaker } from '../numbers/circuit-breaker.sql.ts';
import type { Breaker } from '../numbers/circuit-breaker.ts';
import type { Pace } from '../numbers/pace.ts';
import { decimalOf } from '../pricing/money.ts';
import { amountOf } from '../pricing/schema.ts';
import { OUTAGE_CODE } from '../whatsapp/error-table.ts';
import { adviceFor, resendAfter, titleFor } from '../whatsapp/errors.ts';
import type { RunMode } from '../whatsapp/mode.ts';

export interface CampaignView {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly status: CampaignStatus;
  readonly mode: RunMode;
  readonly phone_number_id: string;
  readonly template_name: string | null;
  readonly template_language: string | null;
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly batch_size: number | null;
  readonly delay_between_batches: number;
  readonly messages_per_second: number | null;
  readonly budget: string | null;
  readonly scheduled_at: string | null;
  readonly attention: Text | null;
  readonly waiting_for: Text | null;
  readonly pause_reason: PauseReason | null;
  readonly total_recipients: number;
  readonly messages_sent: number;
  readonly messages_delivered: number;
  readonly messages_read: number;
  readonly messages_failed: number;
  readonly progress_percentage: number;
  readonly by_status: ByStatus;
  /** Accepted in the last minute, while it runs. */
  readonly rate_per_minute: number;
  readonly eta_seconds: number | null;
  /** In the campaign's currency. */
  readonly estimated_cost: number | null;
  readonly actual_cost: number;
  readonly currency: string;
  readonly created_by: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly cancelled_at: string | null;
  readonly settled_at: string | null;
  /** Since when its people are erased; the figures stay. */
  readonly archived_at: string | null;
}

export interface FailureGroup {
  readonly code: number;
  readonly title: Text;
  readonly count: number;
  readonly advice: Text;
  readonly may_be_retried: boolean;
  /** Seconds after the failure before another try makes sense. */
  readonly retry_after_seconds: number;
}

/** How fast the number may send now, and what holds it back. */
export interface PaceView {
  /** The lower of the number's and the campaign's own. */
  readonly messages_per_second: number;
  /** Nothing leaves before that. */
  readonly stopped_until: string | null;
  /** What the number was stopped or slowed down for, while it is. */
  readonly reason: { readonly meta_code: number; readonly message: Text } | null;
}

/** Running, and nothing leaves: why, since when, and until when at least. */
export interface Waiting {
  readonly reason: 'meta_outage' | 'account' | 'other_mode';
  readonly since: string;
  /** When it is tried again, or ends by itself; null while a single message is trying, or when Meta or a person has to end it. */
  readonly until: string | null;
  /** People of this outage of whom nobody knows whether Meta took their message. */
  readonly lost: number;
  readonly message: Text;
}

export interface CampaignStats {
  readonly id: number;
  readonly status: CampaignStatus;
  readonly total_recipients: number;
  readonly by_status: ByStatus;
  readonly messages_sent: number;
  readonly messages_delivered: number;
  readonly messages_read: number;
  readonly messages_failed: number;
  /** Messages that may still move although nothing is left to send; unknown ones that a person has closed are not among them. */
  readonly open_outcomes: number;
  readonly progress_percentage: number;
  /** Delivered of sent, in percent; null while nothing was sent. */
  readonly success_rate: number | null;
  readonly rate_per_minute: number;
  readonly eta_seconds: number | null;
  readonly failures: readonly FailureGroup[];
  readonly duplicate_incidents: number;
  readonly estimated_cost: number | null;
  readonly actual_cost: number;
  readonly budget: string | null;
  /** Reserved or paid; what is in the air counts with its full price. */
  readonly spent: string;
  readonly currency: string;
  readonly pause_reason: PauseReason | null;
  /** Null unless it is running, and while nobody can tell. */
  readonly pace: PaceView | null;
  readonly waiting: Waiting | null;
  /** What a person should know first of how it ended; null when there is nothing. */
  readonly notice: { readonly message: Text } | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly settled_at: string | null;
}

export async function viewCampaign(sql: Sql, id: number): Promise<CampaignView> {
  return (await viewOf(sql, [await getCampaign(sql, id)]))[0] as CampaignView;
}

export async function viewCampaigns(sql: Sql, filter: CampaignFilter): Promise<{ data: CampaignView[]; total: number }> {
  const { campaigns, total } = await listCampaigns(sql, filter);
  return { data: await viewOf(sql, campaigns), total };
}

export async function viewOf(sql: Sql, campaigns: readonly Campaign[]): Promise<CampaignView[]> {
  const tallies = await readTallies(
    sql,
    campaigns.map((campaign) => campaign.id),
  );
  return campaigns.map((campaign) => toView(campaign, tallies.get(campaign.id) ?? noTallies()));
}

/** The pace of a number as all processes have it; undefined when nobody can tell. */
export type PaceOf = (phoneNumberId: string) => Promise<Pace | undefined>;

/** What sends here: asked only while a campaign is running. */
export interface SendingNow {
  /** Of the campaign's number. */
  readonly paceOf?: PaceOf;
  readonly mode?: RunMode;
}

export async function campaignStats(sql: Sql, id: number, { paceOf, mode }: SendingNow = {}): Promise<CampaignStats> {
  const campaign = await getCampaign(sql, id);
  const tallies = (await readTallies(sql, [id])).get(id) ?? noTallies();
  const isRunning = campaign.status === 'running';
  const pace = isRunning ? await paceOf?.(campaign.phone_number_id) : undefined;
  return toStats(campaign, tallies, {
    pace: pace === undefined ? null : paceView(campaign, pace, Date.now()),
    waiting: isRunning ? await waitingOf(sql, campaign, mode) : null,
  });
}

/** @param mode of what sends here, where it is known. */
async function waitingOf(sql: Sql, campaign: Campaign, mode: RunMode | undefined): Promise<Waiting | null> {
  if (mode !== undefined && campaign.mode !== mode) return otherMode(campaign);
  const number = { mode: campaign.mode, phoneNumberId: campaign.phone_number_id };
  const category = (campaign.template as { readonly category?: unknown } | null)?.category;
  const held = holding(await standingNotices(sql, number), typeof category === 'string' ? category : undefined);
  return held === undefined ? waitingFor(await findBreaker(sql, number.mode, number.phoneNumberId)) : heldBy(held);
}

function otherMode({ mode, updated_at: since }: Campaign): Waiting {
  const sentence = `server.campaigns.waits-for-${mode}`;
  return {
    reason: 'other_mode',
    since: since.toISOString(),
    until: null,
    lost: 0,
    message: say(sentence),
  };
}

function heldBy(notice: Notice): Waiting {
  return {
    reason: 'account',
    since: notice.since.toISOString(),
    until: iso(notice.until),
    lost: 0,
    message: noticeText(notice),
  };
}

/** @returns null unless the number is stopped. */
export function waitingFor({ state, since, probe_at: until, lost }: Breaker): Waiting | null {
  if (state !== 'open' || since === null) return null;
  return {
    reason: 'meta_outage',
    since: since.toISOString(),
    until: iso(until),
    lost,
    message: adviceFor(OUTAGE_CODE),
  };
}

/** Completed is not the same as told: whoever is unknown stands in the first sentence. */
function noticeOf(campaign: Campaign, { byStatus, closed }: Tallies): CampaignStats['notice'] {
  const open = byStatus.unknown - closed;
  if (campaign.status !== 'completed' || open <= 0 || campaign.archived_at !== null) return null;
  return { message: say('server.campaigns.outcome-unknown', { open }) };
}

function paceView(campaign: Campaign, { rate, ceiling, stoppedUntilMs, slowedBy }: Pace, nowMs: number): PaceView {
  const isStopped = stoppedUntilMs > nowMs;
  return {
    messages_per_second: Math.round(Math.min(rate, campaign.messages_per_second ?? rate) * 100) / 100,
    stopped_until: isStopped ? new Date(stoppedUntilMs).toISOString() : null,
    reason:
      slowedBy === undefined || (!isStopped && rate >= ceiling) ? null : { meta_code: slowedBy, message: adviceFor(slowedBy) },
  };
}

export function toView(campaign: Campaign, tallies: Tallies): CampaignView {
  const figures = figuresOf(tallies);
  return {
    id: campaign.id,
    name: campaign.name,
    description: campaign.description,
    status: campaign.status,
    mode: campaign.mode,
    phone_number_id: campaign.phone_number_id,
    template_name: campaign.template_name,
    template_language: campaign.template_language,
    mapping: campaign.mapping,
    batch_size: campaign.batch_size,
    delay_between_batches: campaign.delay_between_batches,
    messages_per_second: campaign.messages_per_second,
    budget: amountOf(campaign.budget_micros),
    scheduled_at: iso(campaign.scheduled_at),
    attention: campaign.attention === null ? null : keptText(campaign.attention),
    waiting_for: campaign.waiting_for === null ? null : keptText(campaign.waiting_for),
    pause_reason: campaign.pause_reason,
    ...figures,
    by_status: tallies.byStatus,
    ...rateOf(campaign, tallies),
    estimated_cost: money(campaign.estimated_cost_micros),
    actual_cost: tallies.costMicros / 1e6,
    currency: campaign.currency,
    created_by: campaign.created_by,
    created_at: iso(campaign.created_at),
    updated_at: iso(campaign.updated_at),
    started_at: iso(campaign.started_at),
    completed_at: iso(campaign.completed_at),
    cancelled_at: iso(campaign.cancelled_at),
    settled_at: iso(campaign.settled_at),
    archived_at: iso(campaign.archived_at),
  };
}

function toStats(campaign: Campaign, tallies: Tallies, now: Pick<CampaignStats, 'pace' | 'waiting'>): CampaignStats {
  const figures = figuresOf(tallies);
  return {
    id: campaign.id,
    status: campaign.status,
    ...figures,
    by_status: tallies.byStatus,
    open_outcomes: openOutcomes(campaign, tallies),
    success_rate: figures.messages_sent === 0 ? null : percent(figures.messages_delivered, figures.messages_sent),
    ...rateOf(campaign, tallies),
    failures: [...tallies.errors].sort((a, b) => b[1] - a[1]).map(([code, count]) => failureGroup(code, count)),
    duplicate_incidents: tallies.incidents,
    estimated_cost: money(campaign.estimated_cost_micros),
    actual_cost: tallies.costMicros / 1e6,
    budget: amountOf(campaign.budget_micros),
    spent: decimalOf(spentOf(tallies)),
    currency: campaign.currency,
    pause_reason: campaign.pause_reason,
    ...now,
    notice: noticeOf(campaign, tallies),
    started_at: iso(campaign.started_at),
    completed_at: iso(campaign.completed_at),
    settled_at: iso(campaign.settled_at),
  };
}

function rateOf(
  campaign: Campaign,
  { byStatus, acceptedLastMinute }: Tallies,
): { readonly rate_per_minute: number; readonly eta_seconds: number | null } {
  const rate = campaign.status === 'running' ? acceptedLastMinute : 0;
  const left = byStatus.pending + byStatus.sending;
  return { rate_per_minute: rate, eta_seconds: rate > 0 ? Math.ceil((left / rate) * 60) : null };
}

/** What a person has closed may still move by a late webhook, but nobody waits for it; of erased people nothing moves any more. */
function openOutcomes(campaign: Campaign, { byStatus, closed }: Tallies): number {
  if (campaign.archived_at !== null) return 0;
  return UNSETTLED_STATUSES.reduce((sum, status) => sum + byStatus[status], 0) - closed;
}

function failureGroup(code: number, count: number): FailureGroup {
  const { mayResend, afterMs } = resendAfter(code);
  return {
    code,
    title: titleFor(code),
    count,
    advice: adviceFor(code),
    may_be_retried: mayResend,
    retry_after_seconds: Math.round(afterMs / 1000),
  };
}

interface Figures {
  readonly total_recipients: number;
  readonly messages_sent: number;
  readonly messages_delivered: number;
  readonly messages_read: number;
  readonly messages_failed: number;
  readonly progress_percentage: number;
}

function figuresOf({ byStatus, everAccepted }: Tallies): Figures {
  const total = totalOf({ byStatus });
  return {
    total_recipients: total,
    messages_sent: everAccepted,
    messages_delivered: byStatus.delivered + byStatus.read,
    messages_read: byStatus.read,
    messages_failed: byStatus.failed,
    progress_percentage: total === 0 ? 0 : percent(total - byStatus.pending - byStatus.sending, total),
  };
}

function percent(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 100;
}

function money(micros: number | null): number | null {
  return micros === null ? null : micros / 1e6;
}
