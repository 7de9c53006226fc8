/**
 * What Meta posts, taken apart into items (docs/meta.md, Webhooks). Every entry, change, status and message is read on its own: one odd
 * item becomes `unknown`, is kept and counted, and never spoils the rest. Nothing here throws, whatever the JSON.
 */

import { metaErrorFrom } from './outcome.ts';
import type { MetaError } from './send-outcome.ts';
import { type AccountEvent, type Handover, type NumberEvent, readEvent, type TemplateEvent } from './webhook-events.ts';
import { type InboundMessage, readInbound } from './webhook-inbound.ts';
import { readStatus, type StatusReport } from './webhook-status.ts';
import { asArray, asDate, asId, asObject, asText, type ChangeContext, compact, type JsonObject, objectsIn } from './wire.ts';

/** A person's choice inside WhatsApp (docs/meta.md, Preferences). The newest timestamp wins. */
export interface PreferenceChange {
  readonly kind: 'preference';
  readonly waId?: string;
  readonly userId?: string;
  readonly parentUserId?: string;
  readonly phoneNumberId?: string;
  /** `marketing_messages` so far. */
  readonly category: string;
  /** `stop`: no marketing; `resume`, `signup`: again. */
  readonly value: string;
  readonly detail?: string;
  readonly timestamp: Date;
  readonly raw: JsonObject;
}

/** One person under both names: the phone and the ids that WhatsApp gives them for this business. */
export interface ContactPair {
  readonly kind: 'contact';
  readonly waId: string;
  readonly userIds: readonly string[];
  readonly at: Date;
}

/** Trouble of the account or the number that belongs to no message (`value.errors[]`). */
export interface ValueError {
  readonly kind: 'value_error';
  readonly phoneNumberId?: string;
  readonly error: MetaError;
  readonly raw: JsonObject;
}

/** Whatever is not understood: the field it came in, and itself. */
export interface UnknownItem {
  readonly kind: 'unknown';
  readonly field: string;
  readonly raw: unknown;
}

export type WebhookItem =
  | StatusReport
  | InboundMessage
  | PreferenceChange
  | ContactPair
  | TemplateEvent
  | NumberEvent
  | AccountEvent
  | Handover
  | ValueError
  | UnknownItem;

/** @param receivedAt stands in for a time the payload lacks; a replay from the journal gives the time of then. */
export function parseWebhook(payload: unknown, receivedAt: Date): WebhookItem[] {
  const items: WebhookItem[] = [];
  const entries = asObject(payload)?.['entry'];
  if (!Array.isArray(entries)) return [{ kind: 'unknown', field: 'payload', raw: payload }];
  for (const entryValue of asArray(entries)) {
    const entry = asObject(entryValue);
    if (entry === undefined || !Array.isArray(entry['changes'])) {
      items.push({ kind: 'unknown', field: 'entry', raw: entryValue });
      continue;
    }
    const wabaId = asId(entry['id']);
    const at = asDate(entry['time']) ?? receivedAt;
    for (const change of asArray(entry['changes'])) readChange(change, wabaId, at, items);
  }
  return items;
}

function readChange(changeValue: unknown, wabaId: string | undefined, at: Date, items: WebhookItem[]): void {
  const change = asObject(changeValue);
  const value = asObject(change?.['value']);
  const field = asText(change?.['field']);
  if (value === undefined || field === undefined) {
    items.push({ kind: 'unknown', field: field ?? 'change', raw: changeValue });
    return;
  }
  const context = { wabaId, phoneNumberId: asId(asObject(value['metadata'])?.['phone_number_id']), at };
  if (field === 'messages') readMessagesValue(value, context, items);
  // A thread that another responder owns: what the person says counts all the same.
  else if (field === 'standby' && Array.isArray(value['messages'])) {
    each(value['messages'], 'standby.messages', value, items, (item) => readInbound(item, value['contacts'], context, true));
    readContacts(value, context, items);
  } else if (field === 'user_preferences') {
    each(value['user_preferences'], field, value, items, (item) => readPreference(item, context));
    readContacts(value, context, items);
  } else items.push(readEvent(field, value, context) ?? { kind: 'unknown', field, raw: value });
}

function readMessagesValue(value: JsonObject, context: ChangeContext, items: WebhookItem[]): void {
  const { statuses, messages, errors } = value;
  if (statuses === undefined && messages === undefined && errors === undefined) {
    items.push({ kind: 'unknown', field: 'messages', raw: value });
    return;
  }
  if (statuses !== undefined) each(statuses, 'messages.statuses', value, items, (item) => readStatus(item, context));
  if (messages !== undefined)
    each(messages, 'messages.messages', value, items, (item) => readInbound(item, value['contacts'], context));
  readContacts(value, context, items);
  if (errors !== undefined) each(errors, 'messages.errors', value, items, (item) => readValueError(item, context));
}

function readContacts(value: JsonObject, { at }: ChangeContext, items: WebhookItem[]): void {
  if (value['contacts'] === undefined) return;
  for (const contact of objectsIn(value['contacts'])) {
    const waId = asId(contact['wa_id']);
    const userIds = [contact['user_id'], contact['parent_user_id']].flatMap((id) => asText(id) ?? []);
    if (waId !== undefined && userIds.length > 0) items.push({ kind: 'contact', waId, userIds, at });
  }
}

/** Reads a list item by item; what is no list, or an item nobody can read, is unknown. */
function each(
  list: unknown,
  field: string,
  value: JsonObject,
  items: WebhookItem[],
  read: (item: JsonObject) => WebhookItem | undefined,
): void {
  if (!Array.isArray(list)) {
    items.push({ kind: 'unknown', field, raw: value });
    return;
  }
  for (const raw of asArray(list)) {
    const object = asObject(raw);
    items.push((object === undefined ? undefined : read(object)) ?? { kind: 'unknown', field, raw });
  }
}

function readPreference(item: JsonObject, { phoneNumberId, at }: ChangeContext): PreferenceChange | undefined {
  const value = asText(item['value']);
  const waId = asId(item['wa_id']);
  const userId = asText(item['user_id']);
  const parentUserId = asText(item['parent_user_id']);
  if (value === undefined || (waId ?? userId ?? parentUserId) === undefined) return undefined;
  return compact({
    kind: 'preference',
    waId,
    userId,
    parentUserId,
    phoneNumberId,
    category: asText(item['category']) ?? 'marketing_messages',
    value,
    detail: asText(item['detail']),
    timestamp: asDate(item['timestamp']) ?? at,
    raw: item,
  });
}

function readValueError(item: JsonObject, { phoneNumberId }: ChangeContext): ValueError | undefined {
  const error = metaErrorFrom(item);
  return error === undefined ? undefined : compact({ kind: 'value_error', phoneNumberId, error, raw: item });
}
