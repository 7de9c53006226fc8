/** A template, as Meta lists it, as a bubble: with given values, its own examples, or the words for what is missing. */
import type { BubbleButton, BubbleCard, BubbleContent, BubbleHeader } from './bubble.tsx';
import { fillIn } from './values.ts';

type Part = Readonly<Record<string, unknown>>;

export interface Filling {
  /** By the key of the variable: `body.1`, `header.image`, `card.0.body.name` … Undefined: the template's example stands in. */
  readonly valueOf?: (key: string) => string | undefined;
  /** The words for a variable without value and without example. */
  readonly missing: (name: string) => string;
}

export function templateBubble(components: readonly unknown[], filling: Filling): BubbleContent {
  const parts = components.filter(isPart);
  const find = (type: string): Part | undefined => parts.find((part) => upper(part['type']) === type);
  const offer = find('LIMITED_TIME_OFFER')?.['limited_time_offer'];
  const carousel = find('CAROUSEL')?.['cards'];
  const expires = filling.valueOf?.('limited_time_offer.expiration');
  return {
    ...card(parts, '', filling),
    footer: text(find('FOOTER')?.['text']),
    ...(isPart(offer)
      ? { limited_time_offer: { text: text(offer['text']), ...(expires === undefined ? {} : { expires_at: expires }) } }
      : {}),
    ...(Array.isArray(carousel)
      ? { cards: carousel.filter(isPart).map((one, i) => card(list(one['components']), `card.${String(i)}.`, filling)) }
      : {}),
  };
}

function card(parts: readonly Part[], prefix: string, { valueOf, missing }: Filling): BubbleCard {
  const find = (type: string): Part | undefined => parts.find((part) => upper(part['type']) === type);
  const filled = (place: 'header' | 'body', part: Part | undefined): string => {
    const examples = examplesOf(part, place);
    return fillIn(text(part?.['text']), (name) => valueOf?.(`${prefix}${place}.${name}`) ?? examples.get(name), missing);
  };
  const header = find('HEADER');
  const buttons = list(find('BUTTONS')?.['buttons']);
  return {
    ...(header === undefined ? {} : { header: headerOf(header, prefix, filled('header', header), valueOf) }),
    body: filled('body', find('BODY')),
    buttons: buttons.map((button, i) => buttonOf(button, `${prefix}button.${String(i)}`, valueOf)),
  };
}

function headerOf(header: Part, prefix: string, filled: string, valueOf: Filling['valueOf']): BubbleHeader {
  const kind = upper(header['format']).toLowerCase();
  if (kind === 'text' || kind === '') return { kind: 'text', text: filled };
  const value = (key: string): string | undefined => valueOf?.(`${prefix}header.${key}`);
  if (kind === 'location') {
    const [name, address] = [value('location.name'), value('location.address')];
    return { kind, location: { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) } };
  }
  const given = value(kind);
  const filename = value('document.filename');
  return {
    kind,
    ...(given === undefined ? {} : given.includes('/') ? { link: given } : { id: given }),
    ...(filename === undefined ? {} : { filename }),
  };
}

const BUTTON_KINDS: Readonly<Record<string, string>> = {
  QUICK_REPLY: 'quick_reply',
  URL: 'url',
  PHONE_NUMBER: 'phone_number',
  COPY_CODE: 'copy_code',
  OTP: 'otp',
  FLOW: 'flow',
  CATALOG: 'catalog',
  MPM: 'mpm',
  SPM: 'spm',
  VOICE_CALL: 'voice_call',
  ORDER_DETAILS: 'order_details',
};

function buttonOf(button: Part, key: string, valueOf: Filling['valueOf']): BubbleButton {
  const type = upper(button['type']);
  const url = text(button['url']);
  // In a list an authentication button is an address of WhatsApp's own.
  const kind = type === 'URL' && /whatsapp\.com\/otp/.test(url) ? 'otp' : (BUTTON_KINDS[type] ?? type.toLowerCase());
  const code = valueOf?.(`${key}.copy_code`) ?? firstExample(button['example']);
  return {
    kind,
    text: text(button['text']),
    ...(url === '' || kind === 'otp'
      ? {}
      : {
          url: fillIn(
            url,
            () => valueOf?.(`${key}.url`),
            (name) => `{{${name}}}`,
          ),
        }),
    ...(button['phone_number'] === undefined ? {} : { phone_number: text(button['phone_number']) }),
    ...(kind === 'copy_code' && code !== undefined ? { code } : {}),
  };
}

/** What the author gave: `{ body_text: [["Ana", "20 %"]] }`, or one by one with a name. */
function examplesOf(part: Part | undefined, place: 'header' | 'body'): Map<string, string> {
  const found = new Map<string, string>();
  const example = part?.['example'];
  if (!isPart(example)) return found;
  const positional: unknown = example[`${place}_text`];
  const row: unknown = Array.isArray(positional) && Array.isArray(positional[0]) ? positional[0] : positional;
  if (Array.isArray(row)) row.forEach((value: unknown, i) => found.set(String(i + 1), text(value)));
  for (const named of list(example[`${place}_text_named_params`])) found.set(text(named['param_name']), text(named['example']));
  return found;
}

function firstExample(example: unknown): string | undefined {
  const first: unknown = Array.isArray(example) ? example[0] : example;
  return typeof first === 'string' ? first : undefined;
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): Part[] {
  return Array.isArray(value) ? value.filter(isPart) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function upper(value: unknown): string {
  return text(value).toUpperCase();
}
