import { type Refusal, refuse } from './graph-error.ts';
import type { JsonObject } from './json.ts';

export interface TemplateButton extends JsonObject {
  type: string;
  text?: string;
  url?: string;
}

export interface TemplateComponent extends JsonObject {
  type: string;
  format?: string;
  text?: string;
  buttons?: TemplateButton[];
  cards?: { components: TemplateComponent[] }[];
  limited_time_offer?: { text?: string; has_expiration?: boolean };
}

export interface Template extends JsonObject {
  id: string;
  name: string;
  language: string;
  status: string;
  category: string;
  parameter_format: 'POSITIONAL' | 'NAMED';
  components: TemplateComponent[];
  quality_score: { score: string; date: number };
  rejected_reason: string;
  last_updated_time: string;
}

export interface TemplatePage {
  readonly data: JsonObject[];
  readonly paging: JsonObject;
}

const DEFAULT_FIELDS = [
  'name',
  'parameter_format',
  'components',
  'language',
  'status',
  'category',
  'sub_category',
  'previous_category',
  'id',
];
const FILTERS = ['status', 'category', 'language'] as const;

/** The templates of the account, by id and by name + language. A change puts another object in its place: compiled checks hang on the object. */
export class TemplateStore {
  readonly #byId = new Map<string, Template>();
  readonly #byName = new Map<string, Map<string, Template>>();

  constructor(templates: readonly Template[]) {
    for (const template of templates) this.put(template);
  }

  put(template: Template): void {
    this.#byId.set(template.id, template);
    const languages = this.#byName.get(template.name) ?? new Map<string, Template>();
    this.#byName.set(template.name, languages.set(template.language, template));
  }

  remove(template: Template): void {
    this.#byId.delete(template.id);
    this.#byName.get(template.name)?.delete(template.language);
  }

  replaceAll(templates: readonly Template[]): void {
    this.#byId.clear();
    this.#byName.clear();
    for (const template of templates) this.put(template);
  }

  byId(id: string): Template | undefined {
    return this.#byId.get(id);
  }

  find(name: string, language: string): Template | undefined {
    return this.#byName.get(name)?.get(language);
  }

  byName(name: string): Template[] {
    return this.all().filter((template) => template.name === name);
  }

  all(): Template[] {
    return [...this.#byId.values()];
  }

  nextId(): string {
    let highest = 0n;
    for (const id of this.#byId.keys()) if (BigInt(id) > highest) highest = BigInt(id);
    return String(highest + 1n);
  }

  /** `GET /{waba}/message_templates` (docs/meta.md, Templates): filters, fields, and cursors; `paging.next` only when there is more. */
  list(query: URLSearchParams, base: string): TemplatePage | Refusal {
    const matching = this.all().filter((template) => matches(template, query));
    const limit = Math.min(Math.max(Math.trunc(Number(query.get('limit') ?? 25)) || 25, 1), 1000);
    const start = startOf(matching, query, limit);
    if (start === undefined) return refuse(131059);
    const slice = matching.slice(start, start + limit);
    const paging: JsonObject = {};
    const [first, last] = [slice[0], slice.at(-1)];
    if (first !== undefined && last !== undefined) {
      const cursors = { before: cursorOf(first), after: cursorOf(last) };
      paging['cursors'] = cursors;
      if (start + limit < matching.length) paging['next'] = pageUrl(base, query, 'after', cursors.after);
      if (start > 0) paging['previous'] = pageUrl(base, query, 'before', cursors.before);
    }
    return { data: slice.map((template) => pick(template, query.get('fields'))), paging };
  }
}

export function isRefusal(value: TemplatePage | Refusal): value is Refusal {
  return 'code' in value;
}

function matches(template: Template, query: URLSearchParams): boolean {
  const name = query.get('name');
  if (name !== null && template.name !== name) return false;
  const words = query.get('name_or_content')?.toLowerCase();
  if (words !== undefined && !template.name.includes(words) && !JSON.stringify(template.components).toLowerCase().includes(words))
    return false;
  for (const filter of FILTERS) {
    const wanted = query.get(filter);
    if (wanted !== null && !values(wanted).some((value) => value.toLowerCase() === template[filter].toLowerCase())) return false;
  }
  const quality = query.get('quality_score');
  return quality === null || values(quality).includes(template.quality_score.score);
}

/** `A`, `A,B` or `["A","B"]`. */
function values(text: string): string[] {
  return text.replaceAll(/[[\]"\s]/g, '').split(',');
}

function cursorOf(template: Template): string {
  return Buffer.from(`c:${template.id}`).toString('base64url');
}

function startOf(list: readonly Template[], query: URLSearchParams, limit: number): number | undefined {
  const after = query.get('after');
  const before = query.get('before');
  if (after === null && before === null) return 0;
  const id = /^c:(\d+)$/.exec(Buffer.from(after ?? before ?? '', 'base64url').toString('latin1'))?.[1];
  const at = list.findIndex((template) => template.id === id);
  if (at < 0) return undefined;
  return after === null ? Math.max(0, at - limit) : at + 1;
}

function pageUrl(base: string, query: URLSearchParams, key: 'after' | 'before', cursor: string): string {
  const next = new URLSearchParams(query);
  next.delete('after');
  next.delete('before');
  next.set(key, cursor);
  return `${base}?${next.toString()}`;
}

/** The fields asked for, nested selections (`health_status{…}`) taken whole; `id` always comes. */
export function pick(object: JsonObject, fields: string | null, usual: readonly string[] = DEFAULT_FIELDS): JsonObject {
  const names =
    fields === null || fields === ''
      ? usual
      : fields
          .replaceAll(/\{[^}]*\}/g, '')
          .split(',')
          .map((name) => name.trim());
  const picked: JsonObject = {};
  for (const name of names) if (object[name] !== undefined && name !== 'id') picked[name] = object[name];
  picked['id'] = object['id'];
  return picked;
}

/** Names of the variables of a text in order of appearance, once each. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([^{}\s]+)\s*\}\}/g)].map((match) => match[1] ?? ''))];
}
