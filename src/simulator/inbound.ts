import { displayDigits, type PhoneNumber } from './account.ts';
import { isObject, type JsonObject, listOf, textOf } from './json.ts';
import { profileName, userId } from './payloads.ts';
import { hashText } from './random.ts';
import { rowOfWamid, wamidOf } from './wire.ts';
import { findNumber, type World } from './world.ts';

const TYPES = ['text', 'stop', 'button', 'reaction', 'unsupported', 'image', 'user_preferences', 'number_change'] as const;

/**
 * `POST /_sim/inbound`: a person does something (docs/meta.md, What people do and Preferences). The webhook is owed from here on; the message opens
 * the 24-hour window. Answers with the id of the message, or says what is missing.
 */
export function receiveInbound(world: World, body: unknown): JsonObject | string {
  if (!isObject(body)) return 'the body must be a JSON object';
  const type = textOf(body, 'type') ?? 'text';
  const from = textOf(body, 'from')?.replaceAll(/\D/g, '') ?? '';
  if (!/^\d{5,15}$/.test(from)) return 'from must be the phone number of the person';
  if (!(TYPES as readonly string[]).includes(type)) return `type must be one of ${TYPES.join(', ')}`;
  const number = numberFor(world, body);
  if (number === undefined) return 'phone_number_id is not one of this account';
  const now = Date.now();
  const wa = Number(from);
  const delayMs = typeof body['delay_ms'] === 'number' ? body['delay_ms'] : 0;
  if (type === 'user_preferences') return sendPreference(world, number, wa, body, now, delayMs);
  const id = wamidOf(from, world.run, 0xf000000000 + (hashText(`${from}${String(now)}${String(world.random())}`) % 0xffffffff));
  const message = messageOf(world, type, body, from, number, id, now);
  if (typeof message === 'string') return message;
  world.limits.noteInbound(world.limits.person(wa), now);
  world.journal?.append(`I\t${from}\t${String(now)}`);
  const contacts = type === 'number_change' ? {} : { contacts: [contact(world, wa, body)] };
  world.webhooks.sendEvent(
    // Where another responder owns the conversation, the others hear of it on standby.
    body['standby'] === true ? 'standby' : 'messages',
    { messaging_product: 'whatsapp', metadata: metadata(number), ...contacts, messages: [message] },
    { number: number.id, delayMs },
  );
  return { id, success: true };
}

function numberFor(world: World, body: JsonObject): PhoneNumber | undefined {
  const id = textOf(body, 'phone_number_id');
  return id === undefined ? world.account.numbers[0] : findNumber(world, id);
}

function metadata(number: PhoneNumber): JsonObject {
  return { display_phone_number: displayDigits(number), phone_number_id: number.id };
}

function contact(world: World, wa: number, body: JsonObject): JsonObject {
  const name = textOf(body, 'name') ?? profileName(wa);
  return { profile: { name }, wa_id: String(wa), ...(world.config.user_ids ? { user_id: userId(wa) } : {}) };
}

function messageOf(
  world: World,
  type: string,
  body: JsonObject,
  from: string,
  number: PhoneNumber,
  id: string,
  now: number,
): JsonObject | string {
  const common = {
    from,
    id,
    timestamp: String(Math.floor(now / 1000)),
    ...(world.config.user_ids ? { from_user_id: userId(Number(from)) } : {}),
  };
  const context = contextOf(world, body, from, number);
  if (typeof context === 'string') return context;
  const replied = context === undefined ? {} : { context };
  switch (type) {
    case 'text':
    case 'stop':
      return { ...replied, ...common, type: 'text', text: { body: textOf(body, 'text') ?? (type === 'stop' ? 'STOP' : 'Hola') } };
    case 'button':
      if (context === undefined) return 'a button tap answers a message: give context (a wamid), or write to this person first';
      return { ...replied, ...common, type: 'button', ...tapped(world, body, context['id']) };
    case 'reaction':
      if (context === undefined) return 'a reaction answers a message: give context (a wamid), or write to this person first';
      return {
        ...common,
        type: 'reaction',
        reaction: { message_id: context['id'], ...(body['emoji'] === '' ? {} : { emoji: textOf(body, 'emoji') ?? '👍' }) },
      };
    case 'image':
      return {
        ...replied,
        ...common,
        type: 'image',
        image: {
          id: '1003383421387256',
          mime_type: 'image/jpeg',
          sha256: 'SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=',
          caption: textOf(body, 'text') ?? '',
        },
      };
    case 'unsupported':
      return {
        ...common,
        type: 'unsupported',
        errors: [
          {
            code: 131051,
            title: 'Message type unknown',
            message: 'Message type unknown',
            error_data: { details: 'Message type is currently not supported.' },
          },
        ],
        unsupported: { type: 'poll' },
      };
    default:
      return numberChange(body, common, from);
  }
}

function numberChange(body: JsonObject, common: JsonObject, from: string): JsonObject | string {
  const next = textOf(body, 'new_number')?.replaceAll(/\D/g, '') ?? '';
  if (!/^\d{5,15}$/.test(next)) return 'new_number must be the new phone number';
  const name = profileName(Number(from));
  return {
    ...common,
    type: 'system',
    system: { body: `User ${name} changed from ${from} to ${next}`, wa_id: next, new_wa_id: next, type: 'user_changed_number' },
  };
}

/** The message answered: the one named, or the last one this person got. `context: null` means none. */
function contextOf(world: World, body: JsonObject, from: string, number: PhoneNumber): JsonObject | undefined | string {
  const given = body['context'];
  if (given === null) return undefined;
  if (typeof given === 'string') return { from: displayDigits(number), id: given };
  if (given !== undefined) return 'context must be a wamid or null';
  const type = textOf(body, 'type') ?? 'text';
  if (type !== 'button' && type !== 'reaction') return undefined;
  const { ledger } = world;
  for (let row = ledger.length - 1; row >= 0; row -= 1)
    if (ledger.wa(row) === Number(from)) return { from: displayDigits(number), id: wamidOf(from, world.run, row) };
  return undefined;
}

/** The button's own text is its payload, unless the test says otherwise. */
function tapped(world: World, body: JsonObject, wamid: unknown): JsonObject {
  const text = textOf(body, 'text') ?? firstReply(world, wamid) ?? 'No más promos';
  return { button: { payload: textOf(body, 'payload') ?? text, text } };
}

function firstReply(world: World, wamid: unknown): string | undefined {
  const row = typeof wamid === 'string' ? rowOfWamid(wamid) : undefined;
  const label = row === undefined ? undefined : world.ledger.label(row);
  const template = label === undefined ? undefined : world.templates.find(label.name, label.language);
  const buttons = template?.components.flatMap((component) => listOf(component, 'buttons')) ?? [];
  for (const button of buttons) if (isObject(button) && button['type'] === 'QUICK_REPLY') return textOf(button, 'text');
  return undefined;
}

function sendPreference(
  world: World,
  number: PhoneNumber,
  wa: number,
  body: JsonObject,
  now: number,
  delayMs: number,
): JsonObject | string {
  const value = textOf(body, 'value') ?? 'stop';
  if (value !== 'stop' && value !== 'resume') return 'value must be stop or resume';
  const preference = {
    wa_id: String(wa),
    detail: `User requested to ${value} marketing messages`,
    category: 'marketing_messages',
    value,
    timestamp: Math.floor(now / 1000),
  };
  world.webhooks.sendEvent(
    'user_preferences',
    {
      messaging_product: 'whatsapp',
      metadata: metadata(number),
      contacts: [contact(world, wa, body)],
      user_preferences: [preference],
    },
    { number: number.id, delayMs },
  );
  return { success: true };
}
