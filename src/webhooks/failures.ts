/** What a `failed` status means beyond its message: who is written to no more, what has to pause. Never a repetition. */

import { suppress } from '../consent/opt-outs.sql.ts';
import { findRecipients } from '../consent/person-ids.sql.ts';
import type { Sql } from '../lib/db/db.ts';
import { findCampaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { pauseRunning } from '../lifecycle/pause.sql.ts';
import type { Applied } from '../lifecycle/report.sql.ts';
import { type Stop, stopReason, stopScope } from '../lifecycle/stop.ts';
import { holdCategory } from '../numbers/account-notices.sql.ts';
import { decideWebhookFailure } from '../sending/retry.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { MetaError } from '../whatsapp/send-outcome.ts';
import type { Consequence } from './account-events.ts';
import type { Matched } from './collapse.ts';

export interface FailureDeps {
  readonly mode: RunMode;
  readonly phoneNumberId: string;
}

/** Only for rows that this very apply moved to failed: a repeated webhook has no second effect. */
export async function followFailures(
  deps: FailureDeps,
  sql: Sql,
  applied: readonly Applied[],
  matched: readonly Matched[],
): Promise<Consequence[]> {
  const failedNow = new Set(
    applied.filter((row) => row.new === 'failed' && row.old !== 'failed').map((row) => keyOf(row.campaign_id, row.id)),
  );
  if (failedNow.size === 0) return [];
  const consequences: Consequence[] = [];
  const refused: { scope: 'all' | 'marketing'; error: MetaError; of: Matched }[] = [];
  const stops = new Map<string, { stop: Stop; campaignId: number }>();
  for (const one of matched) {
    const { key, status } = one;
    const error = status.errors[0];
    if (error === undefined || !failedNow.has(keyOf(key.campaignId, key.messageId))) continue;
    const { suppress: scope, stop, slowNumber, hold } = decideWebhookFailure(error);
    if (scope !== undefined) refused.push({ scope, error, of: one });
    if (slowNumber !== undefined)
      consequences.push({ kind: 'slow_number', phoneNumberId: deps.phoneNumberId, change: slowNumber });
    if (hold !== undefined) await holdCategory(sql, deps, hold);
    if (stop !== undefined) stops.set(`${stop.scope}.${String(key.campaignId)}`, { stop, campaignId: key.campaignId });
  }
  await suppressRefused(sql, refused);
  for (const { stop, campaignId } of stops.values())
    consequences.push({ kind: 'recalled', campaignIds: await pauseFor(sql, stop, campaignId) });
  return consequences;
}

/** Whom we wrote to is known by the message, also where the status hides the phone or spells it otherwise. */
async function suppressRefused(
  sql: Sql,
  refused: readonly { readonly scope: 'all' | 'marketing'; readonly error: MetaError; readonly of: Matched }[],
): Promise<void> {
  if (refused.length === 0) return;
  const people = await findRecipients(
    sql,
    refused.map(({ of }) => of.key),
  );
  const entries = refused.flatMap(({ scope, error, of: { key, status } }) => {
    const sender = people.get(keyOf(key.campaignId, key.messageId));
    if (sender === undefined) return [];
    const detail = { wamid: status.wamid, campaign_id: key.campaignId, message_id: key.messageId };
    return [{ ...sender, scope, source: `error_${String(error.code)}`, detail, since: status.timestamp }];
  });
  await suppress(sql, entries);
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
