import type { Row } from './compile.ts';
import { isConstant, type Mapping } from './mapping.ts';
import { normaliseValue } from './normalise-value.ts';
import type { Template, TemplateButton, TemplateComponent, TemplateHeader } from './template.ts';
import { splitPlaceholders } from './template.ts';
import { fileNameOf, prepareValue } from './value-rules.ts';
import { isPlaceholder, planTemplate, type TemplateVariable } from './variables.ts';

/** One message as the person will see it. Texts keep WhatsApp's marks (`*bold*`): see formatWhatsApp. */
export interface Preview {
  readonly header?: PreviewHeader;
  readonly body: string;
  readonly footer?: string;
  readonly limited_time_offer?: { readonly text: string; readonly expires_at?: string };
  readonly buttons: readonly PreviewButton[];
  readonly cards?: readonly PreviewCard[];
  /** Keys of required variables that have no value here; their placeholders are left standing in the text. */
  readonly missing: readonly string[];
}

export interface PreviewHeader {
  /** text, image, video, document, gif, location, product, or a format Meta has added since. */
  readonly kind: string;
  readonly text?: string;
  /** Of a media header given by address. */
  readonly link?: string;
  /** Of a media header given by id, and the product id of a product header. */
  readonly id?: string;
  /** Of a document; null when it arrives without a name. */
  readonly filename?: string | null;
  readonly location?: {
    readonly latitude: string;
    readonly longitude: string;
    readonly name?: string;
    readonly address?: string;
  };
}

export interface PreviewButton {
  readonly kind: TemplateButton['kind'];
  readonly text: string;
  readonly url?: string;
  readonly phone_number?: string;
  readonly code?: string;
}

export interface PreviewCard {
  readonly header?: PreviewHeader;
  readonly body: string;
  readonly buttons: readonly PreviewButton[];
}

interface View {
  readonly template: Template;
  readonly prefix: string;
  /** The value of a variable of this part, '' when it has none. */
  readonly value: (key: string) => string;
}

/** Shows what it can, also of a mapping that is not finished or a row that would be refused. Never throws. */
export function renderPreview(template: Template, mapping: Mapping, row: Row): Preview {
  const variables = planTemplate(template).variables;
  const values = new Map(variables.map((variable) => [variable.key, valueOf(variable, mapping, row)]));
  const view: View = { template, prefix: '', value: (key) => values.get(key) ?? '' };
  const offer = template.components.find((component) => component.kind === 'limited_time_offer');
  const carousel = template.components.find((component) => component.kind === 'carousel');
  const footer = footerOf(template);
  const expires = view.value('limited_time_offer.expiration');
  return {
    ...partsOf(view, template.components),
    ...(footer === '' ? {} : { footer }),
    ...(offer === undefined
      ? {}
      : { limited_time_offer: { text: offer.text, ...(expires === '' ? {} : { expires_at: expires }) } }),
    ...(carousel === undefined
      ? {}
      : {
          cards: carousel.cards.map((card, i) => {
            const prefix = `card.${String(i)}.`;
            return partsOf({ ...view, prefix, value: (key) => values.get(prefix + key) ?? '' }, card.components);
          }),
        }),
    missing: variables.filter(({ key, required }) => required && values.get(key) === '').map(({ key }) => key),
  };
}

/** As it would be sent where that is possible; else as it was given, so that the person sees what is wrong with it. */
function valueOf(variable: TemplateVariable, mapping: Mapping, row: Row): string {
  const source = mapping[variable.key];
  if (source === undefined) return '';
  const raw: unknown = isConstant(source) ? source.value : row[source.column];
  const text = typeof raw === 'string' ? raw : '';
  const prepared = prepareValue(variable, text);
  return prepared.ok ? prepared.text : normaliseValue(text).value;
}

function partsOf(view: View, components: readonly TemplateComponent[]): PreviewCard {
  const header = components.find((component) => component.kind === 'header');
  const body = components.find((component) => component.kind === 'body');
  const buttons = components.flatMap((component) => (component.kind === 'buttons' ? component.buttons : []));
  return {
    ...(header === undefined ? {} : { header: headerOf(view, header) }),
    body:
      body === undefined
        ? ''
        : fill(view, 'body', body.text === '' ? fixedBody(view.template, body.securityRecommendation) : body.text),
    buttons: buttons.map((button, i) => buttonOf(view, button, i)),
  };
}

function headerOf(view: View, header: TemplateHeader): PreviewHeader {
  switch (header.format) {
    case 'text':
      return { kind: 'text', text: fill(view, 'header', header.text) };
    case 'location': {
      const [name, address] = [view.value('header.location.name'), view.value('header.location.address')];
      const location = {
        latitude: view.value('header.location.latitude'),
        longitude: view.value('header.location.longitude'),
        ...(name === '' ? {} : { name }),
        ...(address === '' ? {} : { address }),
      };
      return { kind: 'location', location };
    }
    case 'product':
      return { kind: 'product', ...optional('id', view.value('header.product')) };
    case 'unknown':
      return { kind: header.type.toLowerCase() };
    default: {
      const given = view.value(`header.${header.format}`);
      const file = optional(given.includes('/') ? 'link' : 'id', given);
      if (header.format !== 'document') return { kind: header.format, ...file };
      return { kind: header.format, ...file, filename: documentName(view.value('header.document.filename'), given) };
    }
  }
}

function documentName(mapped: string, given: string): string | null {
  const name = mapped !== '' || !given.includes('/') ? mapped : fileNameOf(given);
  return name === '' ? null : name;
}

function buttonOf(view: View, button: TemplateButton, index: number): PreviewButton {
  const key = `button.${String(index)}`;
  const { kind, text } = button;
  switch (kind) {
    case 'url': {
      const suffix = view.value(`${key}.url`);
      const parts = splitPlaceholders(button.url);
      const url = parts.map((part, i) => (i % 2 === 0 ? part : suffix === '' ? `{{${part}}}` : suffix)).join('');
      return { kind, text, url };
    }
    case 'phone_number':
      return { kind, text, phone_number: button.phoneNumber };
    case 'copy_code':
      return { kind, text: text === '' ? 'Copy code' : text, ...optional('code', view.value(`${key}.copy_code`)) };
    case 'otp':
      return { kind, text: text === '' ? 'Copy code' : text, ...optional('code', view.value('body.1')) };
    default:
      return { kind, text };
  }
}

function fill(view: View, place: 'header' | 'body', text: string): string {
  const parts = splitPlaceholders(text);
  return parts
    .map((part, i) => {
      if (i % 2 === 0) return part;
      const value = isPlaceholder(view.template, part) ? view.value(`${place}.${part}`) : '';
      return value === '' ? `{{${part}}}` : value;
    })
    .join('');
}

/** Meta's fixed texts of authentication templates, for lists that do not spell them out. */
function fixedBody(template: Template, securityRecommendation: boolean): string {
  if (template.category !== 'AUTHENTICATION') return '';
  if (isSpanish(template)) {
    const advice = securityRecommendation ? ' Por tu seguridad, no lo compartas.' : '';
    return `Tu código de verificación es *{{1}}*.${advice}`;
  }
  const advice = securityRecommendation ? ' For your security, do not share this code.' : '';
  return `*{{1}}* is your verification code.${advice}`;
}

function footerOf(template: Template): string {
  const footer = template.components.find((component) => component.kind === 'footer');
  if (footer === undefined || footer.text !== '' || footer.codeExpirationMinutes === undefined) return footer?.text ?? '';
  const minutes = String(footer.codeExpirationMinutes);
  return isSpanish(template) ? `Este código caduca en ${minutes} minutos.` : `This code expires in ${minutes} minutes.`;
}

function isSpanish(template: Template): boolean {
  return template.language === 'es' || template.language.startsWith('es_');
}

function optional<K extends string>(key: K, value: string): { readonly [P in K]?: string } {
  const entry: { [P in K]?: string } = {};
  if (value !== '') entry[key] = value;
  return entry;
}
