import { type Refusal, refuse } from './graph-error.ts';
import { isObject, type JsonObject, listOf } from './json.ts';
import { type CompiledButton, checkButtons, compileButtons } from './template-buttons.ts';
import { type Template, type TemplateComponent, variablesOf } from './templates.ts';

/** Checks the `components` of one send; undefined when they fit. `media` collects the headers' media for a later check. */
export type TemplateCheck = (components: unknown, version: number, media: JsonObject[]) => Refusal | undefined;

interface TextPart {
  readonly label: 'header' | 'body';
  readonly count: number;
  /** Undefined: positional. */
  readonly names: readonly string[] | undefined;
  readonly fixedLength: number;
  readonly maxLength: number;
}

interface Shape {
  readonly header: { readonly format: string } | undefined;
  readonly headerText: TextPart;
  readonly body: TextPart;
  readonly buttons: readonly CompiledButton[];
  readonly otp: boolean;
  readonly offer: boolean;
  readonly cards: readonly Shape[] | undefined;
}

interface Sent {
  readonly header: unknown[] | undefined;
  readonly body: unknown[] | undefined;
  readonly offer: unknown[] | undefined;
  readonly cards: unknown[] | undefined;
  readonly buttons: JsonObject[];
}

const MEDIA = new Set(['image', 'video', 'document', 'gif']);
const FORBIDDEN_TEXT = /[\n\r\t]| {5}/;

/**
 * Walks a template once, so that a send costs only the comparison. The order of the faults is that of the live API
 * (docs/meta.md, Parameters): typed object missing, header format, counts, names, contents, buttons.
 */
export function compileTemplate(template: Template): TemplateCheck {
  const named = template.parameter_format === 'NAMED';
  const shape = compileShape(template.components, named);
  return (components, version, media) => checkComponents(shape, components, version, media);
}

function compileShape(components: readonly TemplateComponent[], named: boolean): Shape {
  const part = (type: string): TemplateComponent | undefined =>
    components.find((component) => component.type.toUpperCase() === type);
  const header = part('HEADER');
  const offer = part('LIMITED_TIME_OFFER');
  const format = header?.format?.toUpperCase();
  const buttons = compileButtons(part('BUTTONS')?.buttons ?? []);
  const cards = part('CAROUSEL')?.cards;
  return {
    header: format === undefined || format === 'TEXT' ? undefined : { format },
    headerText: textPart('header', format === 'TEXT' ? (header?.text ?? '') : '', named, 60),
    body: textPart('body', part('BODY')?.text ?? '', named, offer === undefined ? 1024 : 600),
    buttons,
    otp: buttons.some((button) => button.kind === 'otp'),
    offer: offer?.limited_time_offer?.has_expiration === true,
    cards: cards?.map((card) => compileShape(card.components, named)),
  };
}

function textPart(label: 'header' | 'body', text: string, named: boolean, maxLength: number): TextPart {
  const names = variablesOf(text);
  return {
    label,
    count: names.length,
    names: named ? names : undefined,
    fixedLength: text.replaceAll(/\{\{[^{}]*\}\}/g, '').length,
    maxLength,
  };
}

function checkComponents(shape: Shape, components: unknown, version: number, media: JsonObject[]): Refusal | undefined {
  if (components !== undefined && !Array.isArray(components))
    return refuse(100, undefined, { message: "(#100) Param template['components'] must be an array." });
  const list = (components ?? []) as unknown[];
  const sent = sort(list);
  if (!isSent(sent)) return sent;
  return (
    typedObjectsFault(list, 'template.components') ??
    headerFault(shape, sent, media, version) ??
    countFault(shape.body, sent.body) ??
    namesFault(shape.headerText, sent.header) ??
    namesFault(shape.body, sent.body) ??
    textFault(shape.headerText, sent.header, version) ??
    textFault(shape.body, sent.body, version) ??
    offerFault(shape, sent) ??
    checkButtons(shape.buttons, sent.buttons, shape.otp ? firstText(sent.body) : undefined, version) ??
    cardsFault(shape, sent, version, media)
  );
}

function isSent(value: Sent | Refusal): value is Sent {
  return 'buttons' in value;
}

function sort(list: readonly unknown[]): Sent | Refusal {
  let header: unknown[] | undefined;
  let body: unknown[] | undefined;
  let offer: unknown[] | undefined;
  let cards: unknown[] | undefined;
  const buttons: JsonObject[] = [];
  for (let i = 0; i < list.length; i += 1) {
    const component = list[i];
    const type = isObject(component) && typeof component['type'] === 'string' ? component['type'].toLowerCase() : undefined;
    if (!isObject(component) || type === undefined) return schemaFault(`template.components.${String(i)}.type`);
    if (type === 'header') header = listOf(component, 'parameters');
    else if (type === 'body') body = listOf(component, 'parameters');
    else if (type === 'button') buttons.push(component);
    else if (type === 'limited_time_offer') offer = listOf(component, 'parameters');
    else if (type === 'carousel') cards = listOf(component, 'cards');
    else if (type !== 'footer' && type !== 'tap_target_configuration' && type !== 'order_status')
      return refuse(100, undefined, {
        message: `(#100) Param template['components'][${String(i)}]['type'] must be one of {HEADER, BODY, FOOTER, BUTTON, LIMITED_TIME_OFFER, CAROUSEL, TAP_TARGET_CONFIGURATION, ORDER_STATUS} - got "${type}".`,
      });
  }
  return { header, body, offer, cards, buttons };
}

function schemaFault(field: string): Refusal {
  return refuse(100, undefined, {
    message: `Your request has violated JSON schema constraint 'required' for the JSON field '${field}', please check the API documentation and fix your request`,
  });
}

/** First of all: each parameter carries the object its type names, and texts are strings. */
function typedObjectsFault(list: readonly unknown[], path: string): Refusal | undefined {
  for (let i = 0; i < list.length; i += 1) {
    const component = list[i];
    if (!isObject(component)) continue;
    const parameters = component['parameters'];
    if (parameters === undefined) continue;
    if (!Array.isArray(parameters))
      return refuse(100, undefined, {
        message: `(#100) Param template['components'][${String(i)}]['parameters'] must be an array.`,
      });
    for (let j = 0; j < parameters.length; j += 1) {
      const fault = typedObjectFault(parameters[j], i, j, path, component);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function typedObjectFault(parameter: unknown, i: number, j: number, path: string, component: JsonObject): Refusal | undefined {
  const field = `${path}.${String(i)}.parameters.${String(j)}`;
  if (!isObject(parameter) || typeof parameter['type'] !== 'string') return schemaFault(`${field}.type`);
  const type = parameter['type'].toLowerCase();
  const value = parameter[type];
  if (type === 'text') {
    if (value === undefined)
      return component['type'] === 'button'
        ? undefined
        : refuse(100, `Parameter 'text' is mandatory for component parameter type 'text'`);
    if (typeof value !== 'string')
      return refuse(100, undefined, {
        message: `(#100) Param template['components'][${String(i)}]['parameters'][${String(j)}]['text'] must be a string.`,
      });
    return undefined;
  }
  if (type === 'payload' || type === 'coupon_code' || type === 'ttl_minutes') return undefined;
  if (!isObject(value) || Object.keys(value).length === 0)
    return value === undefined || isObject(value) ? schemaFault(`${field}.${type}`) : schemaFault(field);
  if ((type === 'currency' || type === 'date_time') && typeof value['fallback_value'] !== 'string')
    return schemaFault(`${field}.${type}.fallback_value`);
  return undefined;
}

function headerFault(shape: Shape, sent: Sent, media: JsonObject[], version: number): Refusal | undefined {
  const first = sent.header?.[0];
  const received = isObject(first) ? String(first['type']).toLowerCase() : 'unknown';
  if (shape.header === undefined) {
    if (MEDIA.has(received) || received === 'location' || received === 'product') {
      if (shape.headerText.count > 0) return mismatch('TEXT', received);
    }
    return countFault(shape.headerText, sent.header);
  }
  const expected = shape.header.format;
  if (received.toUpperCase() !== expected) return mismatch(expected, received);
  const value = isObject(first) ? first[received] : undefined;
  if (!isObject(value)) return mismatch(expected, 'unknown');
  if (sent.header !== undefined && sent.header.length !== 1) return countOf('header', sent.header.length, 1);
  if (MEDIA.has(received)) {
    if (!isFilled(value['id']) && !isFilled(value['link']))
      return refuse(version >= 23 ? 132018 : 131008, 'Either one of media ID or link must be present');
    media.push(value);
  }
  if (received === 'location' && (!isFilled(value['latitude']) || !isFilled(value['longitude'])))
    return refuse(131008, 'header: Location requires latitude and longitude');
  if (received === 'product' && !isFilled(value['product_retailer_id']))
    return refuse(131008, 'header: Product requires product_retailer_id');
  return undefined;
}

function isFilled(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function mismatch(expected: string, received: string): Refusal {
  return refuse(132012, `header: Format mismatch, expected ${expected}, received ${received.toUpperCase()}`);
}

function countOf(label: string, got: number, expected: number): Refusal {
  return refuse(
    132000,
    `${label}: number of localizable_params (${String(got)}) does not match the expected number of params (${String(expected)})`,
  );
}

function countFault(part: TextPart, parameters: readonly unknown[] | undefined): Refusal | undefined {
  const got = parameters?.length ?? 0;
  return got === part.count ? undefined : countOf(part.label, got, part.count);
}

function namesFault(part: TextPart, parameters: readonly unknown[] | undefined): Refusal | undefined {
  if (part.names === undefined || parameters === undefined) return undefined;
  const given = new Set<string>();
  for (const parameter of parameters) {
    const name = isObject(parameter) ? parameter['parameter_name'] : undefined;
    if (typeof name !== 'string' || name === '') return refuse(100, 'Parameter name is missing or empty');
    given.add(name);
  }
  for (const name of part.names)
    if (!given.has(name)) return refuse(100, `Parameter name is missing for the parameter '{{${name}}}'`);
  return undefined;
}

function textFault(part: TextPart, parameters: readonly unknown[] | undefined, version: number): Refusal | undefined {
  if (parameters === undefined || part.count === 0) return undefined;
  let length = part.fixedLength;
  for (const parameter of parameters) {
    const text = textOfParameter(parameter);
    if (text === undefined) return refuse(132012, `${part.label}: Format mismatch, expected TEXT`);
    if (text === '') return refuse(131008, 'Parameter of type text is missing text value');
    if (FORBIDDEN_TEXT.test(text))
      return refuse(
        version >= 23 ? 132018 : 100,
        'Param text cannot have new-line/tab characters or more than 4 consecutive spaces',
      );
    length += text.length;
  }
  return length > part.maxLength
    ? refuse(
        132005,
        `${part.label}: the translated text is ${String(length)} characters long, more than ${String(part.maxLength)}`,
      )
    : undefined;
}

function textOfParameter(parameter: unknown): string | undefined {
  if (!isObject(parameter)) return undefined;
  if (typeof parameter['text'] === 'string') return parameter['text'];
  for (const type of ['currency', 'date_time']) {
    const value = parameter[type];
    if (isObject(value) && typeof value['fallback_value'] === 'string') return value['fallback_value'];
  }
  return undefined;
}

function firstText(parameters: readonly unknown[] | undefined): string | undefined {
  return textOfParameter(parameters?.[0]);
}

function offerFault(shape: Shape, sent: Sent): Refusal | undefined {
  if (!shape.offer)
    return sent.offer === undefined ? undefined : refuse(132012, 'limited_time_offer: the template has no expiration');
  const first = sent.offer?.[0];
  const offer = isObject(first) ? first['limited_time_offer'] : undefined;
  const expires = isObject(offer) ? offer['expiration_time_ms'] : undefined;
  return typeof expires === 'number' && expires > 0
    ? undefined
    : refuse(131008, 'limited_time_offer: Parameter expiration_time_ms is required');
}

function cardsFault(shape: Shape, sent: Sent, version: number, media: JsonObject[]): Refusal | undefined {
  if (shape.cards === undefined)
    return sent.cards === undefined ? undefined : refuse(132012, 'carousel: the template has no carousel');
  const cards = sent.cards ?? [];
  if (cards.length !== shape.cards.length)
    return refuse(
      132012,
      `carousel: number of cards (${String(cards.length)}) does not match the expected number of cards (${String(shape.cards.length)})`,
    );
  for (let i = 0; i < cards.length; i += 1) {
    const card = cards[i];
    const index = isObject(card) ? Number(card['card_index'] ?? i) : -1;
    const cardShape = shape.cards[index];
    if (!isObject(card) || cardShape === undefined)
      return refuse(132012, `carousel: card_index ${String(index)} does not exist in the template`);
    const fault = checkComponents(cardShape, card['components'], version, media);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
