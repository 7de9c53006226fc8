/**
 * Takes people who have been erased out of what Meta posted. Of a status of ours stays what moves and prices its message, under a name
 * that tells nothing; everything else about the person goes. Applying what is left comes to the same figures.
 */
import { REMOVED, redactTexts } from '../lib/redact-texts.ts';
import { digitsInWamid } from '../whatsapp/wamid.ts';
import { asArray, asDate, asId, asObject, asText, type JsonObject, objectsIn } from '../whatsapp/wire.ts';

/** `wamid` is the name under which a message to somebody who was erased goes on; undefined when it was to anybody else. */
export interface MessageNow {
  readonly wamid: string | undefined;
}

export interface ErasedPeople {
  /** When whoever has this number was erased; undefined where nobody was. */
  readonly erasedAt: (digits: number) => Date | undefined;
  readonly isUserId: (id: string) => boolean;
  /** What became of the message that was sent with this data: undefined when it is none of ours, or gone. */
  readonly messageOf: (callbackData: string) => MessageNow | undefined;
  /** Anything of theirs in a text that no rule below expects. */
  readonly names?: ((text: string) => boolean) | undefined;
}

/** @returns the body without them, or undefined when there is nothing of them in it. */
export function redactWebhook(body: string, receivedAt: Date, people: ErasedPeople): string | undefined {
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return people.names?.(body) === true ? JSON.stringify(REMOVED) : undefined;
  }
  let hasChanged = false;
  const entries = asArray(asObject(payload)?.['entry']);
  for (const entry of entries) {
    const at = asDate(asObject(entry)?.['time']) ?? receivedAt;
    for (const change of objectsIn(asObject(entry)?.['changes'])) {
      const value = asObject(change['value']);
      if (value !== undefined && redactValue(value, at, people)) hasChanged = true;
    }
  }
  const { names } = people;
  const rest = names === undefined ? { value: payload, changed: false } : redactTexts(payload, names);
  return hasChanged || rest.changed ? JSON.stringify(rest.value) : undefined;
}

function redactValue(value: { [key: string]: unknown }, at: Date, people: ErasedPeople): boolean {
  const before = JSON.stringify([value['statuses'], value['messages'], value['contacts'], value['user_preferences']]);
  const kept = new Set<unknown>();
  filterList(value, 'statuses', (status) => withoutRecipient(status, at, people));
  filterList(value, 'messages', (message) => {
    const ids = [message['from'], message['from_user_id'], message['from_parent_user_id']];
    const contact = objectsIn(value['contacts']).find(
      (one) => asId(one['wa_id']) === asId(message['from']) || asText(one['user_id']) === asText(message['from_user_id']),
    );
    const named = [...ids, ...(ids.every((id) => id === undefined) ? [contact?.['wa_id']] : [])];
    if (wasErased(named, asDate(message['timestamp']) ?? at, people)) return undefined;
    for (const id of named) if (id !== undefined) kept.add(asId(id));
    return message;
  });
  filterList(value, 'user_preferences', (choice) =>
    wasErased([choice['wa_id'], choice['user_id'], choice['parent_user_id']], asDate(choice['timestamp']) ?? at, people)
      ? undefined
      : choice,
  );
  // Who has written again since then is in the book of contacts again.
  filterList(value, 'contacts', (contact) => {
    const ids = [contact['wa_id'], contact['user_id'], contact['parent_user_id']];
    const writes = ids.some((id) => id !== undefined && kept.has(asId(id)));
    return !writes && wasErased(ids, new Date(0), people) ? undefined : contact;
  });
  return before !== JSON.stringify([value['statuses'], value['messages'], value['contacts'], value['user_preferences']]);
}

function filterList(value: { [key: string]: unknown }, name: string, keep: (item: JsonObject) => JsonObject | undefined): void {
  const list = value[name];
  if (!Array.isArray(list)) return;
  value[name] = asArray(list).flatMap((item) => {
    const object = asObject(item);
    return object === undefined ? [item] : (keep(object) ?? []);
  });
}

/** Said or told by somebody who has been erased since. */
function wasErased(ids: readonly unknown[], at: Date, people: ErasedPeople): boolean {
  return ids.some((id) => {
    const text = asId(id);
    if (text === undefined) return false;
    if (people.isUserId(text)) return true;
    const erasedAt = /^\d{5,15}$/.test(text) ? people.erasedAt(Number(text)) : undefined;
    return erasedAt !== undefined && at <= erasedAt;
  });
}

function withoutRecipient(status: JsonObject, at: Date, people: ErasedPeople): JsonObject | undefined {
  const callbackData = asText(status['biz_opaque_callback_data']);
  const message = callbackData === undefined ? undefined : people.messageOf(callbackData);
  if (message !== undefined) return message.wamid === undefined ? status : bareStatus(status, message.wamid);
  const sentTo = digitsInWamid(asText(status['id']) ?? '');
  const ids = [status['recipient_id'], status['recipient_user_id'], status['recipient_parent_user_id'], sentTo];
  return wasErased(ids, asDate(status['timestamp']) ?? at, people) ? undefined : status;
}

function bareStatus(status: JsonObject, id: string): JsonObject {
  const errors = objectsIn(status['errors']).map((error) => ({ code: error['code'], title: error['title'] }));
  return {
    id,
    status: status['status'],
    timestamp: status['timestamp'],
    biz_opaque_callback_data: status['biz_opaque_callback_data'],
    ...(status['pricing'] === undefined ? {} : { pricing: status['pricing'] }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}
