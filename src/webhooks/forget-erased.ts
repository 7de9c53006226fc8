/**
 * What Meta tells of somebody after they were erased, and what a replay brings up again: the figures of their messages move, and nothing
 * of them is written down. Before anything else reads the webhook, and in the journal too.
 */
import { erasedAmong, isAnybodyErased } from '../consent/erased-people.sql.ts';
import type { Sql } from '../lib/db/db.ts';
import { erasedMessages, erasedWamid } from '../lifecycle/forget-recipient.sql.ts';
import { type AttemptKey, type Origin, parseCallbackData } from '../lifecycle/message.ts';
import { digitsInWamid } from '../whatsapp/wamid.ts';
import { replaceBodies, type StoredWebhook } from './journal.sql.ts';
import { type ErasedPeople, type MessageNow, redactWebhook } from './redact-webhook.ts';

export interface ForgetDeps extends Pick<Origin, 'installationId'> {
  readonly personOf: (digits: number) => number;
}

/** Numbers, ids of messages and our own data, wherever they stand in the text. */
const NAMED = /"(?:recipient_id|from|wa_id)":\s*"?(\d{5,15})"?|"(wamid\.[^"\\]{10,400})"/g;
const OURS = /"biz_opaque_callback_data":\s*"([0-9a-z.]{5,80})"/g;

export async function withoutErased(
  deps: ForgetDeps,
  sql: Sql,
  webhooks: readonly StoredWebhook[],
): Promise<readonly StoredWebhook[]> {
  if (!(await isAnybodyErased(sql))) return webhooks;
  const people = new Set<number>();
  const data = new Set<string>();
  for (const { body } of webhooks) {
    for (const digits of numbersIn(body)) people.add(deps.personOf(digits));
    for (const callbackData of callbackDataIn(body)) data.add(callbackData);
  }
  const erasedAt = await erasedAmong(sql, [...people]);
  const messages = await messagesNow(deps, sql, data);
  if (erasedAt.size === 0 && ![...messages.values()].some(({ wamid }) => wamid !== undefined)) return webhooks;
  const erased: ErasedPeople = {
    erasedAt: (digits) => erasedAt.get(deps.personOf(digits)),
    isUserId: () => false,
    messageOf: (callbackData) => messages.get(callbackData),
  };
  const changed = new Map<number, string>();
  for (const { id, body, received_at: at } of webhooks) {
    const redacted = redactWebhook(body, at, erased);
    if (redacted !== undefined) changed.set(id, redacted);
  }
  await replaceBodies(sql, changed);
  return webhooks.map((webhook) => ({ ...webhook, body: changed.get(webhook.id) ?? webhook.body }));
}

/** Whoever is named by a number, whatever it stands in. */
export function numbersIn(body: string): number[] {
  return [...body.matchAll(NAMED)].flatMap(([, digits, wamid]) => {
    const named = digits === undefined ? digitsInWamid(wamid ?? '') : Number(digits);
    return named === undefined ? [] : [named];
  });
}

export function callbackDataIn(body: string): string[] {
  return [...body.matchAll(OURS)].flatMap(([, callbackData]) => callbackData ?? []);
}

/** What became of the messages that were sent with this data. */
export async function messagesNow(
  deps: Pick<Origin, 'installationId'>,
  sql: Sql,
  data: Iterable<string>,
): Promise<Map<string, MessageNow>> {
  const keys = new Map<string, AttemptKey>();
  for (const callbackData of data) {
    const parsed = parseCallbackData(deps.installationId, callbackData);
    if (parsed !== undefined) keys.set(callbackData, parsed.key);
  }
  const isErased = await erasedMessages(sql, [...keys.values()]);
  const messages = new Map<string, MessageNow>();
  for (const [callbackData, key] of keys) {
    const erased = isErased.get(`${String(key.campaignId)}.${String(key.messageId)}`);
    if (erased !== undefined) messages.set(callbackData, { wamid: erased ? erasedWamid(key) : undefined });
  }
  return messages;
}
