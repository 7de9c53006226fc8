import { asDate, asId, asObject, asText, type ChangeContext, compact, type JsonObject, objectsIn } from './wire.ts';

/** Something a person did: wrote, tapped, reacted, changed their number (cloud-api.md §6.5). */
export interface InboundMessage {
  readonly kind: 'inbound';
  readonly id: string;
  /** WhatsApp's id of the person, digits; absent for people behind a username. */
  readonly from?: string;
  readonly fromUserId?: string;
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
  readonly timestamp: Date;
  readonly raw: JsonObject;
}

export function readInbound(
  message: JsonObject,
  contacts: unknown,
  { phoneNumberId, at }: ChangeContext,
): InboundMessage | undefined {
  const id = asText(message['id']);
  if (id === undefined) return undefined;
  const type = asText(message['type']) ?? (message['errors'] === undefined ? 'unknown' : 'unsupported');
  const from = asId(message['from']);
  const contact = contactOf(contacts, from, asText(message['from_user_id']));
  const system = asObject(message['system']);
  const reaction = asObject(message['reaction']);
  return compact({
    kind: 'inbound',
    id,
    from,
    fromUserId: asText(message['from_user_id']) ?? asText(contact?.['user_id']),
    profileName: asText(asObject(contact?.['profile'])?.['name']),
    phoneNumberId,
    type,
    ...contentOf(type, message),
    contextWamid: asText(asObject(message['context'])?.['id']) ?? asText(reaction?.['message_id']),
    newWaId: asId(system?.['new_wa_id']) ?? asId(system?.['wa_id']),
    timestamp: asDate(message['timestamp']) ?? at,
    raw: message,
  });
}

function contactOf(contacts: unknown, from: string | undefined, userId: string | undefined): JsonObject | undefined {
  return objectsIn(contacts).find(
    (contact) =>
      (from !== undefined && asId(contact['wa_id']) === from) || (userId !== undefined && asText(contact['user_id']) === userId),
  );
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
