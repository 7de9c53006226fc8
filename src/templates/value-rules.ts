import { say, type Text } from '../lib/words/sentence.ts';
import { mediaFault, takenEndings } from './media-address.ts';
import { normaliseValue } from './normalise-value.ts';
import type { TemplateVariable } from './variables.ts';

/** A value as it will travel: `text` for looking at and measuring, `json` the piece of JSON text that goes into the message. */
export type PreparedValue =
  | { readonly ok: true; readonly text: string; readonly json: string }
  | { readonly ok: false; readonly code: ValueFaultCode; readonly message: Text };

export type ValueFaultCode =
  | 'value_missing'
  | 'value_too_long'
  | 'value_not_media'
  | 'value_meta_link'
  | 'value_media_private'
  | 'value_media_page'
  | 'value_media_type'
  | 'value_media_expired'
  | 'value_other_site'
  | 'value_offer_over'
  | 'value_not_coordinate'
  | 'value_not_coupon'
  | 'value_not_date'
  | 'value_not_number'
  | 'value_not_json'
  | 'value_not_products';

/**
 * Makes a raw value fit for this variable, or says in words why it cannot be. Never throws. An empty optional gives `json` ''.
 *
 * @param at milliseconds: when the message leaves. What is over by then is refused; left out, it is not looked at.
 */
export function prepareValue(variable: TemplateVariable, raw: string, at?: number): PreparedValue {
  const text = normaliseValue(raw).value;
  if (text === '')
    return variable.required ? fault('value_missing', say('server.templates.empty-fill', { label: variable.label })) : ABSENT;
  switch (variable.kind) {
    case 'image':
    case 'video':
    case 'gif':
    case 'document':
      return prepareMedia(variable, text, at);
    case 'latitude':
      return prepareCoordinate(variable, text, 90);
    case 'longitude':
      return prepareCoordinate(variable, text, 180);
    case 'url_suffix':
      return prepareSuffix(variable, text);
    case 'coupon':
      if (!ALPHANUMERIC.test(text)) {
        return fault('value_not_coupon', say('server.templates.may-hold-only', { label: variable.label, text: shorten(text) }));
      }
      return prepareText(variable, text);
    case 'expiration':
      return prepareExpiration(variable, text, at);
    case 'minutes':
      if (!/^\d{1,6}$/.test(text))
        return fault(
          'value_not_number',
          say('server.templates.must-whole-number', { label: variable.label, text: shorten(text) }),
        );
      return { ok: true, text, json: String(Number(text)) };
    case 'json':
      return prepareJson(variable, text);
    case 'products':
      return prepareProducts(variable, text);
    default:
      return prepareText(variable, text);
  }
}

const ABSENT: PreparedValue = { ok: true, text: '', json: '' };
const ALPHANUMERIC = /^[A-Za-z0-9]+$/;

function prepareText(variable: TemplateVariable, text: string): PreparedValue {
  const max = variable.maxLength;
  if (max !== undefined && text.length > max) {
    const length = String(text.length);
    return fault('value_too_long', say('server.templates.characters-long-most', { label: variable.label, length, max }));
  }
  return { ok: true, text, json: JSON.stringify(text) };
}

/** An http(s) address is sent as link, digits as the id of an uploaded file (docs/meta.md, Parameters and Media). */
function prepareMedia(variable: TemplateVariable, text: string, at: number | undefined): PreparedValue {
  if (text.length <= MAX_URL && /^https?:\/\/[^\s/?#]\S*$/i.test(text)) {
    if (isMetaLink(text)) {
      return fault('value_meta_link', say('server.templates.address-belongs-metas', { label: variable.label }));
    }
    const wrong = addressFault(variable, text, at);
    if (wrong !== undefined) return wrong;
    const filename = variable.kind === 'document' && variable.namesFile === true ? fileNameOf(text) : '';
    const rest = filename === '' ? '' : `,"filename":${JSON.stringify(filename)}`;
    return { ok: true, text, json: `"link":${JSON.stringify(text)}${rest}` };
  }
  if (/^\d{5,40}$/.test(text)) return { ok: true, text, json: `"id":"${text}"` };
  return fault('value_not_media', say('server.templates.neither-web-address', { label: variable.label, text: shorten(text) }));
}

const MAX_URL = 2000;

/** What Meta could not fetch: everybody would fail with 131053 one after the other. */
function addressFault({ kind, label }: TemplateVariable, text: string, at: number | undefined): PreparedValue | undefined {
  if (kind !== 'image' && kind !== 'video' && kind !== 'gif' && kind !== 'document') return undefined;
  switch (mediaFault(kind, text, at)) {
    case undefined:
      return undefined;
    case 'private':
      return fault('value_media_private', say('server.templates.address-private-network', { label, text: shorten(text) }));
    case 'page':
      return fault('value_media_page', say('server.templates.opens-page-file', { label, text: shorten(text) }));
    case 'type':
      return fault(
        'value_media_type',
        say('server.templates.file-header-takes', { label, text: shorten(text), endings: takenEndings(kind) }),
      );
    case 'expired':
      return fault('value_media_expired', say('server.templates.signed-address-run', { label, text: shorten(text) }));
  }
}

/** The example file of a template is answered with 403 to Meta's own fetcher, hence 131053 (docs/meta.md, Parameters). */
function isMetaLink(link: string): boolean {
  const host = /^https?:\/\/([^/:?#]+)/i.exec(link)?.[1]?.toLowerCase() ?? '';
  return host.startsWith('scontent') || host === 'lookaside.fbsbx.com' || host.endsWith('.fbcdn.net');
}

/** The last part of the path when it looks like a file: without a name the person sees a placeholder (docs/meta.md, Parameters). */
export function fileNameOf(link: string): string {
  const name = /^https?:\/\/[^/?#]+(?:\/[^/?#]*)*\/([^/?#]+\.[A-Za-z0-9]{1,8})(?:[?#]|$)/i.exec(link)?.[1] ?? '';
  try {
    return normaliseValue(decodeURIComponent(name)).value;
  } catch {
    return name;
  }
}

/** Strings on the wire, as in Meta's example. Excel in Spanish writes a decimal comma. */
function prepareCoordinate(variable: TemplateVariable, text: string, limit: number): PreparedValue {
  const number = text.replace(',', '.');
  if (!/^[+-]?\d{1,3}(\.\d{1,20})?$/.test(number) || Math.abs(Number(number)) > limit) {
    return fault(
      'value_not_coordinate',
      say('server.templates.must-degrees-between', { label: variable.label, text: shorten(text), limit }),
    );
  }
  return { ok: true, text: number, json: `"${number.replace('+', '')}"` };
}

/**
 * Whoever gives the whole address means its end: the fixed part would come twice. The same site may be written with http, with or
 * without www; an address of another site cannot stand behind this one.
 */
function prepareSuffix(variable: TemplateVariable, text: string): PreparedValue {
  const base = variable.base ?? '';
  const cut = base === '' ? text : suffixOf(base, text);
  if (cut === undefined) {
    return fault(
      'value_other_site',
      say('server.templates.address-does-begin', { label: variable.label, text: shorten(text), base }),
    );
  }
  const suffix = cut.replaceAll(' ', '%20');
  if (suffix === '') return fault('value_missing', say('server.templates.empty-after-fill', { label: variable.label, base }));
  return prepareText(variable, suffix);
}

const SITE = /^(?:https?:\/\/)?(?:www\.)?([^/?#\s]+)(.*)$/i;

/** @returns what comes behind the base; undefined for a whole address that does not begin with it. */
function suffixOf(base: string, text: string): string | undefined {
  if (text.startsWith(base)) return text.slice(base.length);
  // An address within an address ("…?to={{1}}") is a value like any other.
  if (base.endsWith('=')) return text;
  const [, site = '', path = ''] = SITE.exec(base) ?? [];
  const [, ownSite = '', ownPath = ''] = SITE.exec(text) ?? [];
  const isSame = site !== '' && site.toLowerCase() === ownSite.toLowerCase();
  if (isSame && ownPath.startsWith(path)) return ownPath.slice(path.length);
  if (isSame && `${ownPath}/` === path) return '';
  if (/^https?:|^www\./i.test(text)) return undefined;
  if (path.length > 1 && text.startsWith(path)) return text.slice(path.length);
  return base.endsWith('/') ? text.replace(/^\/+/, '') : text;
}

/** Milliseconds since 1970, seconds, or an ISO date; one without a zone is UTC, so that no machine's zone decides. */
function prepareExpiration(variable: TemplateVariable, text: string, leavesAt: number | undefined): PreparedValue {
  const at = parseTime(text);
  if (at !== undefined && leavesAt !== undefined && at <= leavesAt) {
    return fault(
      'value_offer_over',
      say('server.templates.offer-ends-before', { label: variable.label, end: new Date(at).toISOString() }),
    );
  }
  if (at === undefined) {
    return fault('value_not_date', say('server.templates.date-write-2026', { label: variable.label, text: shorten(text) }));
  }
  return { ok: true, text: new Date(at).toISOString(), json: String(at) };
}

function parseTime(text: string): number | undefined {
  if (/^\d{13}$/.test(text)) return Number(text);
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?) ?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (match === null) return undefined;
  const zone = (match[3] ?? 'Z').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const at = Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}${zone}`);
  return Number.isNaN(at) || at < 0 ? undefined : at;
}

function prepareJson(variable: TemplateVariable, text: string): PreparedValue {
  const value = parseJsonObject(text);
  if (value !== undefined) return { ok: true, text, json: JSON.stringify(value) };
  return fault('value_not_json', say('server.templates.json-object-write', { label: variable.label, text: shorten(text) }));
}

function parseJsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `sku1, sku2` or `Shoes: sku1, sku2; Hats: sku3`, or the whole `action` as JSON. At most 10 sections and 30 products (docs/meta.md, Parameters). */
function prepareProducts(variable: TemplateVariable, text: string): PreparedValue {
  const whole = parseJsonObject(text);
  if (whole !== undefined) return { ok: true, text, json: JSON.stringify(whole) };
  const sections = text
    .split(';')
    .map((section) => {
      const colon = section.indexOf(':');
      const title = colon < 0 ? '' : section.slice(0, colon).trim();
      const ids = section.slice(colon + 1).split(',');
      return { title: title === '' ? (variable.base ?? '') : title, ids: ids.map((id) => id.trim()).filter((id) => id !== '') };
    })
    .filter((section) => section.ids.length > 0);
  const products = sections.reduce((sum, section) => sum + section.ids.length, 0);
  const first = sections[0]?.ids[0];
  if (first === undefined || products > 30 || sections.length > 10) {
    return fault('value_not_products', say('server.templates.give-1-30', { label: variable.label }));
  }
  const action = {
    thumbnail_product_retailer_id: first,
    sections: sections.map(({ title, ids }) => ({ title, product_items: ids.map((id) => ({ product_retailer_id: id })) })),
  };
  return { ok: true, text, json: JSON.stringify(action) };
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

function fault(code: ValueFaultCode, message: Text): PreparedValue {
  return { ok: false, code, message };
}
