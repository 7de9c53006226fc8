/**
 * A message template as Meta lists it, read into types (docs/meta.md, Templates). Meta adds statuses, formats, components and buttons
 * without a version bump: whatever is not known is kept and never refused, because a template one cannot fully describe can
 * still be listed, and often sent.
 */
import { type Sentence, say } from '../lib/words/sentence.ts';

export interface Template {
  readonly metaId: string;
  readonly name: string;
  readonly language: string;
  /** APPROVED, PENDING, REJECTED, PAUSED … or a value Meta has added since. */
  readonly status: string;
  /** MARKETING, UTILITY, AUTHENTICATION … */
  readonly category: string;
  readonly subCategory?: string;
  readonly previousCategory?: string;
  /** The category Meta will move it to after its notice (docs/meta.md, What happens to a template). */
  readonly correctCategory?: string;
  /** GREEN, YELLOW, RED, UNKNOWN … */
  readonly quality: string;
  readonly rejectedReason?: string;
  readonly parameterFormat: 'POSITIONAL' | 'NAMED';
  readonly ttlSeconds?: number;
  readonly components: readonly TemplateComponent[];
  /** As Meta gave it: what is stored, and what parses again to the same template. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export type MediaKind = 'image' | 'video' | 'document' | 'gif';

export type TemplateComponent =
  | TemplateHeader
  | TemplateBody
  | { readonly kind: 'footer'; readonly text: string; readonly codeExpirationMinutes?: number }
  | { readonly kind: 'buttons'; readonly buttons: readonly TemplateButton[] }
  | { readonly kind: 'limited_time_offer'; readonly text: string; readonly hasExpiration: boolean }
  | { readonly kind: 'carousel'; readonly cards: readonly TemplateCard[] }
  | { readonly kind: 'unknown'; readonly type: string };

export type TemplateHeader =
  | { readonly kind: 'header'; readonly format: 'text'; readonly text: string; readonly examples: Examples }
  | { readonly kind: 'header'; readonly format: MediaKind; readonly exampleLink?: string }
  | { readonly kind: 'header'; readonly format: 'location' | 'product' }
  | { readonly kind: 'header'; readonly format: 'unknown'; readonly type: string };

export interface TemplateBody {
  readonly kind: 'body';
  /** '' for an authentication template whose fixed text Meta did not spell out. */
  readonly text: string;
  readonly securityRecommendation: boolean;
  readonly examples: Examples;
}

export interface TemplateCard {
  readonly components: readonly TemplateComponent[];
}

/** Placeholder name or number -> what the author gave as an example. */
export type Examples = Readonly<Record<string, string>>;

export type TemplateButton =
  | { readonly kind: 'quick_reply'; readonly text: string }
  | { readonly kind: 'url'; readonly text: string; readonly url: string; readonly example?: string }
  | { readonly kind: 'phone_number'; readonly text: string; readonly phoneNumber: string }
  | { readonly kind: 'copy_code'; readonly text: string; readonly example?: string }
  /** `OTP` when created, `URL` to whatsapp.com/otp when listed: the code travels in a url button either way. */
  | { readonly kind: 'otp'; readonly text: string; readonly otpType: string }
  | { readonly kind: 'flow' | 'catalog' | 'mpm' | 'spm' | 'voice_call' | 'order_details'; readonly text: string }
  | { readonly kind: 'unknown'; readonly type: string; readonly text: string };

export type ParsedTemplate =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly error: Sentence };

/** `{{1}}`, `{{first_name}}`, with or without spaces inside. The group is the name. */
const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** Text and placeholders in turn: even entries are text, odd ones are names. Always of odd length. */
export function splitPlaceholders(text: string): string[] {
  return text.split(PLACEHOLDER);
}

/** One template of Meta's list, of a webhook, or of our own store. Never throws. */
export function parseTemplate(raw: unknown): ParsedTemplate {
  const object = asRecord(raw);
  if (object === undefined) return { ok: false, error: say('server.templates.template-must-json') };
  const name = asText(object['name']);
  const language = asText(object['language']) || asText(asRecord(object['language'])?.['code']);
  if (name === '') return { ok: false, error: say('server.templates.template-name') };
  if (language === '') return { ok: false, error: say('server.templates.template-language', { name }) };
  const listed = object['components'] ?? [];
  if (!Array.isArray(listed)) return { ok: false, error: say('server.templates.components-template-list', { name }) };

  const category = upper(object['category'], 'UNKNOWN');
  const components = listed.map((component) => parseComponent(component, category === 'AUTHENTICATION'));
  const subCategory = asText(object['sub_category']);
  const previousCategory = asText(object['previous_category']);
  const correctCategory = asText(object['correct_category']);
  const rejectedReason = asText(object['rejected_reason']);
  const ttlSeconds = object['message_send_ttl_seconds'];
  const template: Template = {
    metaId: asText(object['id']),
    name,
    language,
    status: upper(object['status'], 'UNKNOWN'),
    category,
    ...(subCategory === '' ? {} : { subCategory }),
    ...(previousCategory === '' ? {} : { previousCategory }),
    ...(correctCategory === '' ? {} : { correctCategory }),
    quality: upper(asRecord(object['quality_score'])?.['score'] ?? object['quality_score'], 'UNKNOWN'),
    ...(rejectedReason === '' || rejectedReason === 'NONE' ? {} : { rejectedReason }),
    parameterFormat: parameterFormatOf(object['parameter_format'], components),
    ...(typeof ttlSeconds === 'number' ? { ttlSeconds } : {}),
    components,
    raw: object,
  };
  return { ok: true, template };
}

/** Templates older than named parameters come without the field: then the placeholders tell. */
function parameterFormatOf(given: unknown, components: readonly TemplateComponent[]): Template['parameterFormat'] {
  const told = upper(given, '');
  if (told === 'NAMED' || told === 'POSITIONAL') return told;
  const names = components.flatMap(textsOf).flatMap((text) => splitPlaceholders(text).filter((_, i) => i % 2 === 1));
  return names.some((name) => !isNumber(name)) ? 'NAMED' : 'POSITIONAL';
}

function textsOf(component: TemplateComponent): string[] {
  if (component.kind === 'body') return [component.text];
  if (component.kind === 'header') return component.format === 'text' ? [component.text] : [];
  return component.kind === 'carousel' ? component.cards.flatMap((card) => card.components.flatMap(textsOf)) : [];
}

function parseComponent(raw: unknown, authentication: boolean): TemplateComponent {
  const object = asRecord(raw) ?? {};
  const type = upper(object['type'], 'UNKNOWN');
  switch (type) {
    case 'HEADER':
      return parseHeader(object);
    case 'BODY':
      return {
        kind: 'body',
        text: asText(object['text']),
        securityRecommendation: object['add_security_recommendation'] === true,
        examples: parseExamples(object['example'], 'body_text'),
      };
    case 'FOOTER': {
      const minutes = object['code_expiration_minutes'];
      return {
        kind: 'footer',
        text: asText(object['text']),
        ...(typeof minutes === 'number' ? { codeExpirationMinutes: minutes } : {}),
      };
    }
    case 'BUTTONS':
      return { kind: 'buttons', buttons: asList(object['buttons']).map((button) => parseButton(button, authentication)) };
    case 'LIMITED_TIME_OFFER': {
      const offer = asRecord(object['limited_time_offer']) ?? {};
      return { kind: 'limited_time_offer', text: asText(offer['text']), hasExpiration: offer['has_expiration'] === true };
    }
    case 'CAROUSEL': {
      const cards = asList(object['cards']).map((card) => asList(asRecord(card)?.['components']));
      return {
        kind: 'carousel',
        cards: cards.map((parts) => ({ components: parts.map((part) => parseComponent(part, authentication)) })),
      };
    }
    default:
      return { kind: 'unknown', type };
  }
}

function parseHeader(object: Readonly<Record<string, unknown>>): TemplateHeader {
  const format = upper(object['format'], 'TEXT');
  switch (format) {
    case 'TEXT':
      return {
        kind: 'header',
        format: 'text',
        text: asText(object['text']),
        examples: parseExamples(object['example'], 'header_text'),
      };
    case 'IMAGE':
      return { kind: 'header', format: 'image', ...exampleLink(object) };
    case 'VIDEO':
      return { kind: 'header', format: 'video', ...exampleLink(object) };
    case 'DOCUMENT':
      return { kind: 'header', format: 'document', ...exampleLink(object) };
    case 'GIF':
      return { kind: 'header', format: 'gif', ...exampleLink(object) };
    case 'LOCATION':
      return { kind: 'header', format: 'location' };
    case 'PRODUCT':
      return { kind: 'header', format: 'product' };
    default:
      return { kind: 'header', format: 'unknown', type: format };
  }
}

/** Only for looking at: Meta's fetcher refuses its own example address as a header link (docs/meta.md, Parameters). */
function exampleLink(header: Readonly<Record<string, unknown>>): { exampleLink?: string } {
  const first = firstText(asRecord(header['example'])?.['header_handle']);
  return first.startsWith('http') ? { exampleLink: first } : {};
}

function parseButton(raw: unknown, authentication: boolean): TemplateButton {
  const object = asRecord(raw) ?? {};
  const type = upper(object['type'], 'UNKNOWN');
  const text = asText(object['text']);
  const example = firstText(object['example']);
  switch (type) {
    case 'QUICK_REPLY':
      return { kind: 'quick_reply', text };
    case 'URL': {
      const url = asText(object['url']);
      if (authentication) return { kind: 'otp', text, otpType: upper(object['otp_type'], otpTypeOf(url)) };
      return { kind: 'url', text, url, ...(example === '' ? {} : { example }) };
    }
    case 'PHONE_NUMBER':
      return { kind: 'phone_number', text, phoneNumber: asText(object['phone_number']) };
    case 'COPY_CODE':
      return { kind: 'copy_code', text, ...(example === '' ? {} : { example }) };
    case 'OTP':
      return { kind: 'otp', text, otpType: upper(object['otp_type'], 'COPY_CODE') };
    case 'FLOW':
    case 'CATALOG':
    case 'MPM':
    case 'SPM':
    case 'VOICE_CALL':
    case 'ORDER_DETAILS':
      return { kind: LOWER[type], text };
    default:
      return { kind: 'unknown', type, text };
  }
}

const LOWER = {
  FLOW: 'flow',
  CATALOG: 'catalog',
  MPM: 'mpm',
  SPM: 'spm',
  VOICE_CALL: 'voice_call',
  ORDER_DETAILS: 'order_details',
} as const;

function otpTypeOf(url: string): string {
  return /otp_type=([A-Za-z_]+)/.exec(url)?.[1]?.toUpperCase() ?? 'COPY_CODE';
}

/** `body_text` is a list of lists, `header_text` a list, the named ones are pairs (docs/meta.md, Templates). */
function parseExamples(raw: unknown, field: 'body_text' | 'header_text'): Examples {
  const example = asRecord(raw);
  if (example === undefined) return {};
  const pairs: [string, string][] = [];
  const outer = asList(example[field]);
  const positional = Array.isArray(outer[0]) ? asList(outer[0]) : outer;
  positional.forEach((value, i) => pairs.push([String(i + 1), asText(value)]));
  for (const entry of asList(example[`${field}_named_params`])) {
    const pair = asRecord(entry);
    if (pair !== undefined) pairs.push([asText(pair['param_name']), asText(pair['example'])]);
  }
  return Object.fromEntries(pairs);
}

export function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function firstText(value: unknown): string {
  return asText(Array.isArray(value) ? value[0] : value);
}

function upper(value: unknown, otherwise: string): string {
  const text = asText(value);
  return text === '' ? otherwise : text.toUpperCase();
}
