import { type Refusal, refuse } from './graph-error.ts';
import { isObject, type JsonObject, listOf } from './json.ts';

const MEDIA = new Set(['image', 'video', 'audio', 'document', 'sticker']);
const TYPES = new Set([...MEDIA, 'text', 'interactive', 'location', 'contacts', 'reaction']);

/** Messages without a template: enough of Meta's checks that a client's mistake shows. */
export function checkFreeForm(type: string, message: JsonObject, media: JsonObject[]): Refusal | undefined {
  if (!TYPES.has(type))
    return refuse(100, undefined, {
      message: `(#100) Param type must be one of {${[...TYPES, 'template'].join(', ').toUpperCase()}} - got "${type}".`,
    });
  if (type === 'contacts') return listOf(message, 'contacts').length > 0 ? undefined : missing('contacts');
  const value = message[type];
  if (!isObject(value)) return missing(type);
  if (MEDIA.has(type)) {
    if (typeof value['id'] !== 'string' && typeof value['link'] !== 'string')
      return refuse(100, `Either one of media ID or link must be present`);
    media.push(value);
    return undefined;
  }
  if (type === 'text') return textFault(value['body'], 'text.body', 4096);
  if (type === 'location')
    return value['latitude'] === undefined || value['longitude'] === undefined ? missing('location.latitude') : undefined;
  if (type === 'reaction') return typeof value['message_id'] === 'string' ? undefined : missing('reaction.message_id');
  return interactiveFault(value);
}

function missing(field: string): Refusal {
  return refuse(131008, `Missing parameter: ${field}`);
}

function textFault(value: unknown, field: string, max: number): Refusal | undefined {
  if (typeof value !== 'string' || value === '') return missing(field);
  return value.length > max ? refuse(100, `Param ${field} must be at most ${String(max)} characters long.`) : undefined;
}

function interactiveFault(value: JsonObject): Refusal | undefined {
  const action = value['action'];
  if (typeof value['type'] !== 'string') return missing('interactive.type');
  if (!isObject(action)) return missing('interactive.action');
  const body = value['body'];
  if (value['type'] !== 'product' && value['type'] !== 'carousel') {
    const fault = textFault(isObject(body) ? body['text'] : undefined, 'interactive.body.text', 1024);
    if (fault !== undefined) return fault;
  }
  const buttons = listOf(action, 'buttons').length;
  if (value['type'] === 'button' && (buttons < 1 || buttons > 3))
    return refuse(131009, 'interactive.action.buttons: between 1 and 3 buttons');
  return undefined;
}
