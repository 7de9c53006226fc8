/**
 * Proves a campaign against the journal of Meta's webhooks: whatever was told of one of its messages, the message stands in that
 * box or a later one. Rows are looked at after the webhooks that speak of them, and boxes only climb, so no snapshot is needed and
 * nobody waits.
 */

import { recordAudit } from '../audit/record-audit.ts';
import type { Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { personKey } from '../lib/phone/parse.ts';
import { getCampaign, refuseArchived } from '../lifecycle/get-campaign.ts';
import { type AttemptKey, callbackData, type MessageStatus, type Origin, rankOf } from '../lifecycle/message.ts';
import { readInstallation } from '../lifecycle/pause.sql.ts';
import { type Standing, standings } from '../recipients/recipients.sql.ts';
import { appliedWebhooks, requeueWebhooks, type StoredWebhook } from '../webhooks/journal.sql.ts';
import { matchStatuses, type Named } from '../webhooks/match.ts';
import { parseWebhook } from '../whatsapp/webhook.ts';
import type { StatusReport } from '../whatsapp/webhook-status.ts';
import type { RecountDeps } from './recount.ts';

/** A message that stands before what the journal tells of it. */
export interface Behind {
  readonly recipient_id: number;
  readonly attempt: number;
  readonly told: MessageStatus;
  /** Null: nobody is there (any more). */
  readonly box: MessageStatus | null;
}

export interface JournalRecount {
  readonly webhooks: number;
  readonly statuses: number;
  /** Of these numbers and of somebody else: told of another life of this database, before a restore. */
  readonly strangers: number;
  readonly behind_total: number;
  /** The first hundred. */
  readonly behind: readonly Behind[];
  /** Webhooks that were put back to be applied again. */
  readonly replayed: number;
}

interface Told extends AttemptKey {
  readonly status: MessageStatus;
  readonly webhookId: number;
}

const PAGE = 200;
const SHOWN = 100;

/** Reads only. */
export async function recountJournal(deps: RecountDeps, campaignId: number): Promise<JournalRecount> {
  return (await compare(deps, campaignId)).found;
}

/** Puts back what is behind, to be applied once more; applying twice changes nothing that was right. */
export async function replayJournal(deps: RecountDeps, campaignId: number, actor: Actor): Promise<JournalRecount> {
  const { found, webhookIds } = await compare(deps, campaignId);
  if (webhookIds.length === 0) return found;
  const replayed = await deps.db.tx(async (sql) => {
    const count = await requeueWebhooks(sql, webhookIds);
    await recordAudit(sql, actor, { action: 'campaign.recount', campaignId, detail: { replayed: count } });
    return count;
  });
  return { ...found, replayed };
}

async function compare(
  deps: RecountDeps,
  campaignId: number,
): Promise<{ readonly found: JournalRecount; readonly webhookIds: readonly number[] }> {
  refuseArchived(await getCampaign(deps.db, campaignId));
  const installation = await readInstallation(deps.db);
  const origin = { installationId: installation.id, epoch: installation.epoch };
  // The beginning that the callback data of all its messages have in common.
  const mentioning = callbackData({ ...origin, epoch: null }, { campaignId, messageId: 0, attempt: 0 }).replace(/0\.0$/, '');
  const behind: Behind[] = [];
  const webhookIds = new Set<number>();
  let webhooks = 0;
  let statuses = 0;
  let total = 0;
  let strangers = 0;
  for (let after = 0; ; ) {
    const page = await appliedWebhooks(deps.db, { mentioning, after, limit: PAGE });
    const named = await namedIn(deps.db, page, { origin, campaignId });
    const { told, strangers: others } = await ofOurs(deps.db, campaignId, named);
    strangers += others;
    webhooks += page.length;
    statuses += told.length;
    for (const { webhookId, ...one } of await notReached(deps.db, campaignId, told)) {
      total++;
      webhookIds.add(webhookId);
      if (behind.length < SHOWN) behind.push(one);
    }
    if (page.length < PAGE) break;
    after = page.at(-1)?.id ?? after;
  }
  return { found: { webhooks, statuses, strangers, behind_total: total, behind, replayed: 0 }, webhookIds: [...webhookIds] };
}

/** What these webhooks tell of the campaign, as applying them would understand it; the webhook of each status beside it. */
async function namedIn(
  sql: Sql,
  webhooks: readonly StoredWebhook[],
  { origin, campaignId }: { readonly origin: Origin; readonly campaignId: number },
): Promise<(Named & { readonly webhookId: number })[]> {
  const webhookOf = new Map<StatusReport, number>();
  for (const webhook of webhooks) for (const status of statusesIn(webhook)) webhookOf.set(status, webhook.id);
  const { named } = await matchStatuses({ ...origin, personOf: personKey }, sql, [...webhookOf.keys()]);
  return named
    .filter(({ key }) => key.campaignId === campaignId)
    .map((one) => ({ ...one, webhookId: webhookOf.get(one.status) ?? 0 }));
}

function statusesIn(webhook: StoredWebhook): StatusReport[] {
  try {
    return parseWebhook(JSON.parse(webhook.body), webhook.received_at).filter((item) => item.kind === 'status');
  } catch {
    return [];
  }
}

/** Without those that name another person or another id than the message has, which applying passes over. */
async function ofOurs(
  sql: Sql,
  campaignId: number,
  named: readonly (Named & { readonly webhookId: number })[],
): Promise<{ told: Told[]; strangers: number }> {
  const byId = await standings(sql, campaignId, [...new Set(named.map(({ key }) => key.messageId))]);
  const ours = named.filter(({ key, status, person }) => {
    const row = byId.get(key.messageId);
    if (row === undefined || row.wamid === status.wamid) return true;
    return (key.attempt < row.attempt || row.wamid === null) && (person === undefined || person === row.person);
  });
  return {
    told: ours.map(({ key, status, webhookId }) => ({ ...key, status: status.status, webhookId })),
    strangers: named.length - ours.length,
  };
}

/** The highest of each attempt, against the rows as they are now. */
async function notReached(
  sql: Sql,
  campaignId: number,
  told: readonly Told[],
): Promise<(Behind & { readonly webhookId: number })[]> {
  if (told.length === 0) return [];
  const highest = new Map<string, Told>();
  for (const one of told) {
    const key = `${String(one.messageId)}.${String(one.attempt)}`;
    const known = highest.get(key);
    if (known === undefined || rankOf(one.status) > rankOf(known.status)) highest.set(key, one);
  }
  const byId = await standings(sql, campaignId, [...new Set(told.map((one) => one.messageId))]);
  return [...highest.values()].flatMap(({ messageId, attempt, status, webhookId }) => {
    const row = byId.get(messageId);
    if (row !== undefined && isReached(row, attempt, status)) return [];
    return [{ recipient_id: messageId, attempt, told: status, box: row?.status ?? null, webhookId }];
  });
}

const IDLE: readonly MessageStatus[] = ['pending', 'cancelled', 'skipped'];

function isReached(row: Standing, attempt: number, told: MessageStatus): boolean {
  // A newer attempt has begun: the older one no longer moves the row.
  if (row.attempt > attempt) return true;
  // Failed, and put back by a person to be tried again.
  if (told === 'failed' && IDLE.includes(row.status)) return true;
  return row.attempt === attempt && rankOf(row.status) >= rankOf(told);
}
