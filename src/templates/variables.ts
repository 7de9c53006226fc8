import { say, type Text, within } from '../lib/words/sentence.ts';
import {
  isNumber,
  splitPlaceholders,
  type Template,
  type TemplateBody,
  type TemplateButton,
  type TemplateComponent,
  type TemplateHeader,
} from './template.ts';

/** One value a template needs, or takes: what a column or a constant is mapped to. */
export interface TemplateVariable {
  /** Stable and readable: `body.1`, `header.image`, `button.0.url`, `card.1.body.first_name` … (docs/templates.md). */
  readonly key: string;
  readonly kind: VariableKind;
  readonly required: boolean;
  readonly label: Text;
  readonly example?: string;
  /** What fits at most, the fixed text around it counted. */
  readonly maxLength?: number;
  /** Of a url suffix: the fixed beginning of the address. Of products: the title of a section that has none. */
  readonly base?: string;
  /** A document whose file name is taken from its address, because none is mapped. */
  readonly namesFile?: boolean;
}

export const VARIABLE_KINDS = [
  'text',
  'image',
  'video',
  'gif',
  'document',
  'filename',
  'latitude',
  'longitude',
  'place',
  'product',
  'url_suffix',
  'payload',
  'coupon',
  'otp',
  'flow_token',
  'products',
  'json',
  'expiration',
  'minutes',
] as const;

export type VariableKind = (typeof VARIABLE_KINDS)[number];

/**
 * The JSON a template sends, with holes. `slot` is absent when its optional value is; `seq` is absent when one of its parts is;
 * `list` joins those of its items that are there with commas, and is absent when none is.
 */
export type Piece =
  | { readonly type: 'json'; readonly text: string }
  | { readonly type: 'slot'; readonly key: string }
  | { readonly type: 'seq'; readonly parts: readonly Piece[] }
  | { readonly type: 'list'; readonly open: string; readonly items: readonly Piece[]; readonly close: string };

/** A rendered text that may not grow beyond `max` (UTF-16 units: whichever way Meta counts an emoji, it fits): the fixed part, and how often each variable stands in it. */
export interface TextLimit {
  readonly what: Text;
  readonly max: number;
  readonly fixed: number;
  readonly uses: readonly { readonly key: string; readonly times: number }[];
}

/** Everything one walk over the components finds out (docs/meta.md, Parameters, "What does a template need?"). */
export interface TemplatePlan {
  readonly variables: readonly TemplateVariable[];
  readonly components: Piece;
  readonly limits: readonly TextLimit[];
}

/** In the order a person fills them in: header, body, offer or cards, buttons. */
export function templateVariables(template: Template): TemplateVariable[] {
  return [...planTemplate(template).variables];
}

interface Walk {
  readonly template: Template;
  /** '' or `card.0.` */
  readonly prefix: string;
  /** '' or `Card 1, ` */
  readonly card: number | undefined;
  readonly hasOffer: boolean;
  readonly variables: TemplateVariable[];
  readonly limits: TextLimit[];
}

export function planTemplate(template: Template): TemplatePlan {
  const hasOffer = template.components.some((component) => component.kind === 'limited_time_offer');
  const walk: Walk = { template, prefix: '', card: undefined, hasOffer, variables: [], limits: [] };
  const items = planComponents(walk, template.components);
  return { variables: walk.variables, components: list('[', items, ']'), limits: walk.limits };
}

/** The order of Meta's own examples; none was found to be demanded (docs/meta.md, Sending). */
const ORDER: Readonly<Record<TemplateComponent['kind'], number>> = {
  header: 0,
  body: 1,
  limited_time_offer: 2,
  carousel: 3,
  buttons: 4,
  footer: 5,
  unknown: 6,
};

function planComponents(walk: Walk, components: readonly TemplateComponent[]): Piece[] {
  return [...components].sort((a, b) => ORDER[a.kind] - ORDER[b.kind]).flatMap((component) => planComponent(walk, component));
}

function planComponent(walk: Walk, component: TemplateComponent): Piece[] {
  switch (component.kind) {
    case 'header':
      return planHeader(walk, component);
    case 'body':
      return planBody(walk, component);
    case 'buttons':
      return component.buttons.flatMap((button, index) => planButton(walk, button, index));
    case 'limited_time_offer': {
      if (!component.hasExpiration) return [];
      const at = add(walk, {
        key: 'limited_time_offer.expiration',
        kind: 'expiration',
        required: true,
        label: say('server.templates.label-offer-end'),
      });
      const parameter = seq('{"type":"limited_time_offer","limited_time_offer":{"expiration_time_ms":', at, '}}');
      return [seq('{"type":"limited_time_offer","parameters":[', parameter, ']}')];
    }
    case 'carousel': {
      const cards = component.cards.map((card, index) => {
        const i = String(index);
        const inside: Walk = { ...walk, prefix: `card.${i}.`, card: index + 1 };
        return seq(`{"card_index":${i},"components":`, list('[', planComponents(inside, card.components), ']'), '}');
      });
      return [seq('{"type":"carousel","cards":', list('[', cards, ']'), '}')];
    }
    case 'footer':
    case 'unknown':
      return [];
  }
}

function planHeader(walk: Walk, header: TemplateHeader): Piece[] {
  const wrap = (inner: Piece): Piece[] => [seq('{"type":"header","parameters":[', inner, ']}')];
  const variable = (suffix: string, kind: VariableKind, required: boolean, label: Text, max?: number): Piece =>
    add(walk, { key: `header.${suffix}`, kind, required, label, ...(max === undefined ? {} : { maxLength: max }) });
  switch (header.format) {
    case 'text': {
      const texts = planTexts(walk, { place: 'header', text: header.text, max: 60, examples: header.examples });
      return texts.length === 0 ? [] : [seq('{"type":"header","parameters":', list('[', texts, ']'), '}')];
    }
    case 'image':
    case 'video':
    case 'gif':
      return wrap(
        seq(
          `{"type":"${header.format}","${header.format}":{`,
          variable(header.format, header.format, true, say(`server.templates.label-${header.format}`)),
          '}}',
        ),
      );
    case 'document': {
      const file = variable('document', 'document', true, say('server.templates.label-document'));
      const name = seq(
        '"filename":',
        variable('document.filename', 'filename', false, say('server.templates.label-document-name'), 240),
      );
      return wrap(seq('{"type":"document","document":', list('{', [file, name], '}'), '}'));
    }
    case 'location': {
      const fields = [
        seq('"latitude":', variable('location.latitude', 'latitude', true, say('server.templates.label-latitude'))),
        seq('"longitude":', variable('location.longitude', 'longitude', true, say('server.templates.label-longitude'))),
        seq('"name":', variable('location.name', 'place', false, say('server.templates.label-place-name'))),
        seq('"address":', variable('location.address', 'place', false, say('server.templates.label-place-address'))),
      ];
      return wrap(seq('{"type":"location","location":', list('{', fields, '}'), '}'));
    }
    case 'product': {
      const product = variable('product', 'product', true, say('server.templates.label-product'));
      const catalog = variable('product.catalog_id', 'product', true, say('server.templates.label-catalogue'));
      return wrap(seq('{"type":"product","product":{"product_retailer_id":', product, ',"catalog_id":', catalog, '}}'));
    }
    case 'unknown':
      return [];
  }
}

/** The fixed text of an authentication template is Meta's, and holds the code even where the list does not show it (docs/meta.md, Templates). */
function planBody(walk: Walk, body: TemplateBody): Piece[] {
  if (walk.template.category === 'AUTHENTICATION') {
    const example = body.examples['1'];
    const code = add(walk, {
      key: 'body.1',
      kind: 'otp',
      required: true,
      label: say('server.templates.label-one-time-code'),
      maxLength: 15,
      ...(example === undefined ? {} : { example }),
    });
    return [seq('{"type":"body","parameters":[{"type":"text","text":', code, '}]}')];
  }
  const max = walk.prefix === '' ? (walk.hasOffer ? 600 : 1024) : 160;
  const texts = planTexts(walk, { place: 'body', text: body.text, max, examples: body.examples });
  return texts.length === 0 ? [] : [seq('{"type":"body","parameters":', list('[', texts, ']'), '}')];
}

interface TextPlace {
  readonly place: 'header' | 'body';
  readonly text: string;
  readonly max: number;
  readonly examples: Readonly<Record<string, string>>;
}

/** Positional ones in the order of their numbers, named ones as they come; each once, however often it stands in the text. */
function planTexts(walk: Walk, { place, text, max, examples }: TextPlace): Piece[] {
  const { times, fixed } = placeholdersOf(walk.template, text);
  const named = walk.template.parameterFormat === 'NAMED';
  const names = [...times.keys()];
  if (!named) names.sort((a, b) => Number(a) - Number(b));
  const pieces = names.map((name) => {
    const example = Object.hasOwn(examples, name) ? examples[name] : undefined;
    const slot = add(walk, {
      key: `${place}.${name}`,
      kind: 'text',
      required: true,
      label: say(`server.templates.label-${place}`, { name }),
      maxLength: Math.max(1, Math.floor((max - fixed) / (times.get(name) ?? 1))),
      ...(example === undefined ? {} : { example }),
    });
    return named ? seq(`{"type":"text","parameter_name":${JSON.stringify(name)},"text":`, slot, '}') : textParameter(slot);
  });
  const uses = names.map((name) => ({ key: `${walk.prefix}${place}.${name}`, times: times.get(name) ?? 1 }));
  if (uses.length > 0)
    walk.limits.push({
      what:
        walk.card === undefined
          ? say(`server.templates.part-${place}`)
          : say(`server.templates.part-${place}-of-card`, { card: walk.card }),
      max,
      fixed,
      uses,
    });
  return pieces;
}

/** A positional template has no names: `{{code}}` in it is text. */
export function isPlaceholder(template: Template, name: string): boolean {
  return template.parameterFormat === 'NAMED' || isNumber(name);
}

function placeholdersOf(template: Template, text: string): { times: Map<string, number>; fixed: number } {
  const times = new Map<string, number>();
  let fixed = 0;
  splitPlaceholders(text).forEach((part, i) => {
    if (i % 2 === 0) fixed += part.length;
    else if (isPlaceholder(template, part)) times.set(part, (times.get(part) ?? 0) + 1);
    else fixed += part.length + 4;
  });
  return { times, fixed };
}

function labelOn({ text }: TemplateButton, n: number, label: Text): Text {
  if (text === '') return say('server.templates.label-of-button', { n, label: within(label) });
  return say('server.templates.label-of-named-button', { n, text, label: within(label) });
}

/** The names of its variables, for whoever fills them. */
const BUTTON_LABELS = {
  payload: say('server.templates.label-reply-payload'),
  coupon: say('server.templates.label-coupon'),
  flowToken: say('server.templates.label-flow-token'),
  flowData: say('server.templates.label-flow-data'),
  thumbnail: say('server.templates.label-thumbnail'),
  products: say('server.templates.label-products'),
  callMinutes: say('server.templates.label-call-minutes'),
  callPayload: say('server.templates.label-call-payload'),
  order: say('server.templates.label-order-details'),
};

function planButton(walk: Walk, button: TemplateButton, index: number): Piece[] {
  const i = String(index);
  const variable = (suffix: string, rest: Omit<TemplateVariable, 'key'>): Piece =>
    add(walk, { key: `button.${i}.${suffix}`, ...rest, label: labelOn(button, index + 1, rest.label) });
  const component = (subType: string, parameters: Piece): Piece[] => [
    seq(`{"type":"button","sub_type":"${subType}","index":"${i}","parameters":`, parameters, '}'),
  ];
  const one = (before: string, slot: Piece, after: string): Piece => seq(`[${before}`, slot, `${after}]`);
  switch (button.kind) {
    case 'quick_reply': {
      const payload = variable('payload', { kind: 'payload', required: false, label: BUTTON_LABELS.payload });
      return component('quick_reply', one('{"type":"payload","payload":', payload, '}'));
    }
    case 'url': {
      const parts = splitPlaceholders(button.url);
      if (parts.length === 1) return [];
      const base = parts[0] ?? '';
      const fixed = parts.reduce((sum, part, n) => (n % 2 === 0 ? sum + part.length : sum), 0);
      const example = suffixExample(button.example, base);
      const suffix = variable('url', {
        kind: 'url_suffix',
        required: true,
        label: say('server.templates.label-url', { base }),
        maxLength: Math.max(1, 2000 - fixed),
        base,
        ...(example === undefined ? {} : { example }),
      });
      return component('url', one('{"type":"text","text":', suffix, '}'));
    }
    case 'otp':
      // One value fills both places; Meta refuses a code that differs from the body's (docs/meta.md, Parameters).
      return component('url', one('{"type":"text","text":', { type: 'slot', key: 'body.1' }, '}'));
    case 'copy_code': {
      const maxLength = walk.hasOffer ? 15 : 20;
      const example = button.example === undefined ? {} : { example: button.example };
      const code = variable('copy_code', {
        kind: 'coupon',
        required: true,
        label: BUTTON_LABELS.coupon,
        maxLength,
        ...example,
      });
      return component('copy_code', one('{"type":"coupon_code","coupon_code":', code, '}'));
    }
    case 'flow': {
      const token = variable('flow_token', { kind: 'flow_token', required: false, label: BUTTON_LABELS.flowToken });
      const data = variable('flow_data', { kind: 'json', required: false, label: BUTTON_LABELS.flowData });
      const action = list('{', [seq('"flow_token":', token), seq('"flow_action_data":', data)], '}');
      return component('flow', one('{"type":"action","action":', action, '}'));
    }
    case 'catalog': {
      const product = variable('catalog', { kind: 'product', required: false, label: BUTTON_LABELS.thumbnail });
      return component('catalog', one('{"type":"action","action":{"thumbnail_product_retailer_id":', product, '}}'));
    }
    case 'mpm': {
      const base = button.text === '' ? 'Products' : button.text.slice(0, 24);
      const products = variable('mpm', { kind: 'products', required: true, label: BUTTON_LABELS.products, base });
      return component('mpm', one('{"type":"action","action":', products, '}'));
    }
    case 'voice_call': {
      const minutes = variable('ttl_minutes', { kind: 'minutes', required: false, label: BUTTON_LABELS.callMinutes });
      const payload = variable('payload', { kind: 'payload', required: false, label: BUTTON_LABELS.callPayload });
      const parameters = [
        seq('{"type":"ttl_minutes","ttl_minutes":', minutes, '}'),
        seq('{"type":"payload","payload":', payload, '}'),
      ];
      return component('voice_call', list('[', parameters, ']'));
    }
    case 'order_details': {
      const order = variable('order_details', { kind: 'json', required: true, label: BUTTON_LABELS.order });
      return component('order_details', one('{"type":"action","action":{"order_details":', order, '}}'));
    }
    case 'phone_number':
    case 'spm':
    case 'unknown':
      return [];
  }
}

/** The author gives the end, or the whole address (docs/meta.md, Templates). */
function suffixExample(example: string | undefined, base: string): string | undefined {
  if (example?.startsWith(base) === true) return example.slice(base.length);
  return example?.startsWith('http') === true ? undefined : example;
}

/** Notes the variable under its full key and gives the hole it fills. */
function add(walk: Walk, variable: TemplateVariable): Piece {
  const key = walk.prefix + variable.key;
  const { card } = walk;
  const label =
    card === undefined ? variable.label : say('server.templates.label-on-card', { card, label: within(variable.label) });
  walk.variables.push({ ...variable, key, label });
  return { type: 'slot', key };
}

function textParameter(slot: Piece): Piece {
  return seq('{"type":"text","text":', slot, '}');
}

function seq(...parts: (string | Piece)[]): Piece {
  return { type: 'seq', parts: parts.map((part) => (typeof part === 'string' ? { type: 'json', text: part } : part)) };
}

function list(open: string, items: readonly Piece[], close: string): Piece {
  return { type: 'list', open, items, close };
}
