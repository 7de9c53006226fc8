/**
 * Applies stored webhooks: takes them out of the queue and moves what they speak of, in one transaction.
 * Order: statuses first and by message, counters last (lifecycle/report.sql.ts); what concerns other campaigns after the commit.
 * A crash undoes the whole batch and the next one takes it again; applying twice changes nothing.
 */

import { findRecipients } from '../consent/person-ids.sql.ts';
import { databaseTrouble } from '../lib/db/database-trouble.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import type { Next } from '../lib/jobs/job.ts';
import type { AttemptKey } from '../lifecycle/message.ts';
import { type Applied, applyReports, type Report } from '../lifecycle/report.sql.ts';
import { microsOfNumber } from '../pricing/money.ts';
import { chargedMicros, type FlatPrice, marketOf, type RateCard } from '../pricing/rate-card.ts';
import { type ReplyDeps, storeInboundItems } from '../replies/store-replies.ts';
import type { NumberSlowdown } from '../sending/retry.ts';
import { digitsInWamid } from '../whatsapp/wamid.ts';
import { parseWebhook, type WebhookItem } from '../whatsapp/webhook.ts';
import type { Pricing, StatusReport } from '../whatsapp/webhook-status.ts';
import { type AccountDeps, type Consequence, followEvents } from './account-events.ts';
import { collapse, type Matched } from './collapse.ts';
import { type FailureDeps, followFailures } from './failures.ts';
import { withoutErased } from './forget-erased.ts';
import { learnFromItems, learnFromMatches } from './identities.ts';
import { countItems, noteFailedTry, readWebhooks, type StoredWebhook, takeWebhooks, triesOf } from './journal.sql.ts';
import { type MatchDeps, matchStatuses, type Named } from './match.ts';
import { nextTry } from './try-again.ts';
import { storeUnmatched, type UnmatchedStatus } from './unmatched.sql.ts';
import type { WebhookCache } from './webhook-cache.ts';

/** Webhooks in one transaction: thousands of one status each, or some ten of hundreds. */
const BATCH = 3_000;
const BATCH_BYTES = 1_500_000;
/** A transaction costs far more than a status of it, so what comes waits this long for company. */
export const GATHER_MS = 50;
/**
 * And longer when applying is work: it may take a fifth of the time unless it does not keep up. The more comes, the more comes
 * together, and what is told of one message within a moment is one change of it.
 */
const REST_FOR_WORK = 4;
const LONGEST_REST_MS = 1_000;

export interface ApplyDeps extends MatchDeps, AccountDeps, FailureDeps, ReplyDeps {
  readonly db: Db;
  readonly slot: number;
  /** Of this program: what another one gave up is tried again. */
  readonly version: string;
  /** What this process stored itself. */
  readonly webhookCache?: WebhookCache | undefined;
  readonly price: (at: Date) => RateCard | FlatPrice;
  /** These campaigns were paused: this process and the others give back what has not left. */
  readonly recall: (campaignIds: readonly number[]) => void;
  readonly paces: {
    readonly pacerFor: (phoneNumberId: string) => Promise<{ slowDown(change: NumberSlowdown): void }>;
    readonly refresh: (phoneNumberId: string) => Promise<void>;
  };
  readonly syncTemplates: () => Promise<unknown>;
  readonly onError: (error: unknown, what: string) => void;
}

/** Applies what is stored, a batch a call. @returns its job, which says when to look again. */
export function createApplier(deps: ApplyDeps): () => Promise<Next> {
  let restUntil = 0;
  return async () => {
    const begun = performance.now();
    if (begun < restUntil) return { againInMs: restUntil - begun };
    const taken = await applyStored(deps);
    if (taken.webhooks === 0) return undefined;
    if (taken.webhooks === BATCH || taken.chars > BATCH_BYTES / 2) return { againInMs: 0 };
    const ended = performance.now();
    const rest = Math.min(LONGEST_REST_MS, Math.max(GATHER_MS, (ended - begun) * REST_FOR_WORK));
    restUntil = ended + rest;
    return { againInMs: rest };
  };
}

/** Applies one batch; nothing taken = nothing was there. */
export async function applyStored(deps: ApplyDeps): Promise<Taken> {
  try {
    return await applyBatch(deps, BATCH);
  } catch (error) {
    deps.onError(error, 'applying webhooks');
    return applyOneByOne(deps);
  }
}

export interface Taken {
  readonly webhooks: number;
  readonly chars: number;
}

const NOTHING: Taken = { webhooks: 0, chars: 0 };

/** One odd webhook must not hold up the rest: after a failed batch each is tried by itself, and one that fails alone is set aside in the end. */
async function applyOneByOne(deps: ApplyDeps): Promise<Taken> {
  for (let done = 0, chars = 0; ; done++) {
    const tried: number[] = [];
    try {
      const taken = done === BATCH ? NOTHING : await applyBatch(deps, 1, tried);
      if (taken.webhooks === 0) return { webhooks: done, chars };
      chars += taken.chars;
    } catch (error) {
      // Not even taken, or the database went away: it is not the webhook.
      if (tried.length === 0 || databaseTrouble(error) !== undefined) throw error;
      deps.onError(error, 'applying one webhook');
      // One at a time: the others wait for nobody's backoff.
      for (const id of tried) await noteFailedTry(deps.db, id, nextTry(error, await triesOf(deps.db, id)), deps.version);
    }
  }
}

/** @param tried is told which webhooks were taken, also when applying them fails. */
async function applyBatch(deps: ApplyDeps, limit: number, tried: number[] = []): Promise<Taken> {
  const consequences: Consequence[] = [];
  const taken = await deps.db.tx(async (sql) => {
    consequences.length = 0;
    const ids = await takeWebhooks(sql, limit, BATCH_BYTES);
    if (ids.length === 0) return NOTHING;
    tried.splice(0, tried.length, ...ids);
    const stored = await withoutErased(deps, sql, await bodiesOf(deps, sql, ids));
    const items = stored.flatMap(readItems);
    await applyStatuses(deps, sql, items.filter(isStatus), consequences);
    await learnFromItems(deps, sql, items);
    await storeInboundItems(deps, sql, items);
    consequences.push(...(await followEvents(deps, sql, items)));
    await countItems(sql, countsOf(items));
    return { webhooks: stored.length, chars: stored.reduce((sum, { body }) => sum + body.length, 0) };
  });
  deps.webhookCache?.drop(tried);
  followAll(deps, consequences);
  return taken;
}

/** After the commit, and not waited for. A crash in between costs a slower stop: the paused campaigns are found by every claim. */
export function followAll(deps: ApplyDeps, consequences: readonly Consequence[]): void {
  for (const consequence of consequences) {
    follow(deps, consequence).catch((error: unknown) => {
      deps.onError(error, `following "${consequence.kind}"`);
    });
  }
}

async function follow({ recall, paces, syncTemplates }: ApplyDeps, consequence: Consequence): Promise<void> {
  switch (consequence.kind) {
    case 'recalled':
      recall(consequence.campaignIds);
      return;
    case 'slow_number':
      (await paces.pacerFor(consequence.phoneNumberId)).slowDown(consequence.change);
      return;
    case 'number_changed':
      await paces.refresh(consequence.phoneNumberId);
      return;
    case 'templates_changed':
      await syncTemplates();
  }
}

async function bodiesOf({ webhookCache }: ApplyDeps, sql: Sql, ids: readonly number[]): Promise<StoredWebhook[]> {
  const known = ids.map((id) => webhookCache?.find(id));
  const read = await readWebhooks(
    sql,
    ids.filter((_, n) => known[n] === undefined),
  );
  return [...known.filter((webhook) => webhook !== undefined), ...read].sort((a, b) => a.id - b.id);
}

function readItems(stored: StoredWebhook): WebhookItem[] {
  try {
    return parseWebhook(JSON.parse(stored.body), stored.received_at);
  } catch {
    // Signed by Meta and yet no JSON: kept in the journal, counted, nothing to apply.
    return [{ kind: 'unknown', field: 'unreadable', raw: undefined }];
  }
}

function isStatus(item: WebhookItem): item is StatusReport {
  return item.kind === 'status';
}

/** Statuses in any order and number. Those that meet no message are kept as unmatched and looked for again. */
export async function applyStatuses(
  deps: ApplyDeps,
  sql: Sql,
  statuses: readonly StatusReport[],
  consequences: Consequence[],
): Promise<void> {
  const { named, unmatched } = await matchStatuses(deps, sql, statuses);
  const matched = named.map((one) => priced(deps, one));
  // However many: a second statement with other messages would lock them after the counters of the first, and meet those who come
  // the right way round. Later rounds lock nothing new.
  const unmet = new Set<Matched>();
  for (const reports of collapse(matched)) {
    const applied = await applyReports(sql, reports, deps.slot);
    if (applied.length < reports.length) for (const one of unmetBy(reports, applied, matched)) unmet.add(one);
    const believed = unmet.size === 0 ? matched : matched.filter((one) => !unmet.has(one));
    consequences.push(...(await followFailures(deps, sql, applied, believed)));
  }
  await storeUnmatched(sql, [...unmatched, ...(await unmatchedOf(sql, [...unmet]))]);
  await learnFromMatches(
    sql,
    matched.filter((one) => !unmet.has(one)),
  );
}

function priced(deps: ApplyDeps, { key, status, person }: Named): Matched {
  const price =
    status.pricing === undefined
      ? undefined
      : chargedMicros(deps.price(status.timestamp), marketOf(recipientDigits(status)), {
          ...status.pricing,
          cost: costOf(status.pricing),
        });
  return { key, status, person, priceMicros: price };
}

function costOf({ amount, currency }: Pricing): { micros: number; currency: string } | undefined {
  const micros = amount === undefined ? undefined : microsOfNumber(amount);
  return micros === undefined || currency === undefined ? undefined : { micros, currency };
}

/** The recipient may be missing, for a username; the wamid names the number it was sent to. */
function recipientDigits({ recipientId, wamid }: StatusReport): string {
  return recipientId ?? String(digitsInWamid(wamid) ?? '');
}

/** Those whose report moved nothing because their message is not there, or does not fit them. */
function unmetBy(reports: readonly Report[], applied: readonly Applied[], matched: readonly Matched[]): Matched[] {
  const met = new Set(applied.map((row) => `${String(row.campaign_id)}.${String(row.id)}`));
  const lost = new Set(
    reports.filter((report) => !met.has(`${String(report.campaignId)}.${String(report.messageId)}`)).map(idOf),
  );
  return matched.filter(({ key, status }) => lost.has(idOf({ ...key, wamid: status.wamid })));
}

/** One that names our message and another person may only have come before our own answer: it is looked for among those of whom we wrote to. */
async function unmatchedOf(sql: Sql, unmet: readonly Matched[]): Promise<UnmatchedStatus[]> {
  if (unmet.length === 0) return [];
  const writtenTo = await findRecipients(
    sql,
    unmet.map(({ key }) => key),
  );
  return unmet.map(({ key, status, person }) => ({
    wamid: status.wamid,
    person: writtenTo.get(`${String(key.campaignId)}.${String(key.messageId)}`)?.person ?? person,
    payload: status.raw,
  }));
}

function idOf({ campaignId, messageId, attempt, wamid = '' }: AttemptKey & { readonly wamid?: string | undefined }): string {
  return `${String(campaignId)}.${String(messageId)}.${String(attempt)}.${wamid}`;
}

function countsOf(items: readonly WebhookItem[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    // What it tells of is counted by itself.
    if (item.kind === 'contact') continue;
    const what = nameOf(item);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
}

function nameOf(item: WebhookItem): string {
  switch (item.kind) {
    case 'status':
      return `status.${item.status}`;
    case 'inbound':
      return `${item.standby === true ? 'standby' : 'inbound'}.${item.type.slice(0, 40)}`;
    case 'template':
      return `template.${item.what}`;
    case 'number':
    case 'account':
    case 'unknown':
      return `${item.kind}.${item.field.slice(0, 60)}`;
    case 'preference':
    case 'contact':
    case 'handover':
    case 'value_error':
      return item.kind;
  }
}
