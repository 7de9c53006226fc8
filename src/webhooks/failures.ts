/** What a `failed` status means beyond its message: who is written to no more, what has to pause. Never a repetition (PROTOCOL §2). */

import { type Suppression, suppress } from '../consent/opt-outs.sql.ts';
import type { Sql } from '../lib/db/db.ts';
import { findCampaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { pauseRunning } from '../lifecycle/pause.sql.ts';
import type { Applied } from '../lifecycle/report.sql.ts';
import { stopReason, stopScope } from '../lifecycle/stop.ts';
import { decideWebhookFailure, type Stop } from '../sending/retry.ts';
import type { MetaError } from '../whatsapp/send-outcome.ts';
import type { Matched } from './collapse.ts';
import type { Consequence, DeliveryDeps } from './deps.ts';

/** Only for rows that this very apply moved to failed: a repeated webhook has no second effect. */
export async function followFailures(
  deps: DeliveryDeps,
  sql: Sql,
  applied: readonly Applied[],
  matched: readonly Matched[],
): Promise<Consequence[]> {
  const failedNow = new Set(
    applied.filter((row) => row.new === 'failed' && row.old !== 'failed').map((row) => keyOf(row.campaign_id, row.id)),
  );
  if (failedNow.size === 0) return [];
  const consequences: Consequence[] = [];
  const suppressions: Suppression[] = [];
  const stops = new Map<string, { stop: Stop; campaignId: number }>();
  for (const { key, status } of matched) {
    const error = status.errors[0];
    if (error === undefined || !failedNow.has(keyOf(key.campaignId, key.messageId))) continue;
    const { suppress: scope, stop, slowNumber } = decideWebhookFailure(error);
    if (scope !== undefined) suppressions.push(...suppressionOf(deps, scope, error, { key, status }));
    if (slowNumber !== undefined)
      consequences.push({ kind: 'slow_number', phoneNumberId: deps.phoneNumberId, change: slowNumber });
    if (stop !== undefined) stops.set(`${stop.scope}.${String(key.campaignId)}`, { stop, campaignId: key.campaignId });
  }
  await suppress(sql, suppressions);
  for (const { stop, campaignId } of stops.values())
    consequences.push({ kind: 'halted', campaignIds: await pauseFor(sql, stop, campaignId) });
  return consequences;
}

function suppressionOf(
  deps: DeliveryDeps,
  scope: 'all' | 'marketing',
  error: MetaError,
  { key, status }: Pick<Matched, 'key' | 'status'>,
): Suppression[] {
  const digits = Number(status.recipientId);
  if (!Number.isSafeInteger(digits) || digits <= 0) return [];
  const detail = { wamid: status.wamid, campaign_id: key.campaignId, message_id: key.messageId };
  return [
    {
      person: deps.personOf(digits),
      phone: digits,
      scope,
      source: `error_${String(error.code)}`,
      detail,
      since: status.timestamp,
    },
  ];
}

async function pauseFor(sql: Sql, stop: Stop, campaignId: number): Promise<number[]> {
  const campaign = await findCampaign(sql, campaignId);
  const template = campaign === undefined ? undefined : templateOf(campaign);
  if (campaign === undefined || template === undefined) return [];
  const target = {
    campaignId,
    mode: campaign.mode,
    phoneNumberId: campaign.phone_number_id,
    templateName: template.name,
    templateLanguage: template.language,
  };
  return pauseRunning(sql, stopScope(stop, target), stopReason(stop));
}

function keyOf(campaignId: number, messageId: number): string {
  return `${String(campaignId)}.${String(messageId)}`;
}
