import { asDate, asId, asObject, asText, type ChangeContext, compact, type JsonObject, objectsIn } from './wire.ts';

/** Something a person did: wrote, tapped, reacted, changed their number (docs/meta.md, What people do). */
export interface InboundMessage {
  readonly kind: 'inbound';
  readonly id: string;
  /** WhatsApp's id of the person, digits; absent for people behind a username. */
  readonly from?: string;
  readonly fromUserId?: string;
  /** The same person over all businesses of one parent. */
  readonly fromParentUserId?: string;
  readonly profileName?: string;
  readonly phoneNumberId?: string;
  readonly type: string;
  /** What a person would read: the text, the label of the button, the caption, the emoji. */
  readonly text?: string;
  /** Of a button or a list entry: what we put behind it. */
  readonly payload?: string;
  /** The message this answers. */
  readonly contextWamid?: string;
  /** With a change of number: the new one. */
  readonly newWaId?: string;
  /** With a change of number or id: what the person is called from now on, and was before. */
  readonly newUserIds?: readonly string[];
  readonly oldUserIds?: readonly string[];
  /** Another responder owns the thread; the person wrote to this business all the same. */
  readonly standby?: true;
  readonly timestamp: Date;
  readonly raw: JsonObject;
}

export function readInbound(
  message: JsonObject,
  contacts: unknown,
  { phoneNumberId, at }: ChangeContext,
  standby = false,
): InboundMessage | undefined {
  const id = asText(message['id']);
  if (id === undefined) return undefined;
  const type = asText(message['type']) ?? (message['errors'] === undefined ? 'unknown' : 'unsupported');
  const sender = asId(message['from']);
  const contact = contactOf(contacts, sender, asText(message['from_user_id']));
  // Named in the contact alone: seen where the message itself names only the user id, or nobody.
  const from = sender ?? asId(contact?.['wa_id']);
  const system = asObject(message['system']);
  const reaction = asObject(message['reaction']);
  return compact({
    kind: 'inbound',
    id,
    from,
    fromUserId: asText(message['from_user_id']) ?? asText(contact?.['user_id']),
    fromParentUserId: asText(message['from_parent_user_id']) ?? asText(contact?.['parent_user_id']),
    profileName: asText(asObject(contact?.['profile'])?.['name']),
    phoneNumberId,
    type,
    ...contentOf(type, message),
    contextWamid: asText(asObject(message['context'])?.['id']) ?? asText(reaction?.['message_id']),
    newWaId: asId(system?.['new_wa_id']) ?? asId(system?.['wa_id']),
    newUserIds: idsIn(system, 'user_id', 'parent_user_id'),
    oldUserIds: idsIn(system, 'previous_user_id', 'previous_parent_user_id'),
    standby: standby ? (true as const) : undefined,
    timestamp: asDate(message['timestamp']) ?? at,
    raw: message,
  });
}

function contactOf(contacts: unknown, from: string | undefined, userId: string | undefined): JsonObject | undefined {
  const all = objectsIn(contacts);
  const named = all.find(
    (contact) =>
      (from !== undefined && asId(contact['wa_id']) === from) || (userId !== undefined && asText(contact['user_id']) === userId),
  );
  return named ?? (from === undefined && userId === undefined && all.length === 1 ? all[0] : undefined);
}

function idsIn(system: JsonObject | undefined, ...keys: readonly string[]): string[] | undefined {
  const ids = keys.flatMap((key) => asText(system?.[key]) ?? []);
  return ids.length === 0 ? undefined : ids;
}

interface Content {
  readonly text?: string | undefined;
  readonly payload?: string | undefined;
}

function contentOf(type: string, message: JsonObject): Content {
  const body = asObject(message[type]);
  switch (type) {
    case 'text':
      return { text: asText(body?.['body']) };
    case 'button':
      return { text: asText(body?.['text']), payload: asText(body?.['payload']) };
    case 'interactive':
      return interactiveContent(body);
    case 'reaction':
      return { text: asText(body?.['emoji']) };
    case 'order':
      return { text: asText(body?.['text']) };
    case 'location':
      return { text: asText(body?.['name']) ?? asText(body?.['address']) };
    case 'contacts':
      return { text: asText(asObject(objectsIn(message['contacts'])[0]?.['name'])?.['formatted_name']) };
    case 'edit':
      return editedContent(body);
    case 'system':
      return { text: asText(body?.['body']) };
    default:
      return { text: asText(body?.['caption']) };
  }
}

function interactiveContent(interactive: JsonObject | undefined): Content {
  const reply = asObject(interactive?.['button_reply']) ?? asObject(interactive?.['list_reply']);
  if (reply !== undefined) return { text: asText(reply['title']), payload: asText(reply['id']) };
  const form = asObject(interactive?.['nfm_reply']);
  return { text: asText(form?.['body']), payload: asText(form?.['response_json']) };
}

/** What the message says since it was edited: the text itself, or a message of its own kind inside. */
function editedContent(edit: JsonObject | undefined): Content {
  const inner = asObject(edit?.['message']) ?? edit;
  const type = asText(inner?.['type']);
  if (inner !== undefined && type !== undefined && type !== 'edit') return contentOf(type, inner);
  return { text: asText(asObject(inner?.['text'])?.['body']) ?? asText(inner?.['text']) ?? asText(inner?.['body']) };
}
