import { isSentence, type Sentence, say, type Text } from '../lib/words/sentence.ts';
import type { Template } from './template.ts';
import { planTemplate, type TemplateVariable } from './variables.ts';

/** Where the value of one variable comes from: a column of the file, or the same text for everyone. */
export type Source = { readonly column: string } | { readonly value: string };

/** Variable key -> source; kept with the campaign as JSON. */
export type Mapping = Readonly<Record<string, Source>>;

export type ParsedMapping =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly faults: readonly MappingFault[] };

/** What is wrong with a mapping, and what to do about it. `key` is '' when it is about the whole. */
export interface MappingFault {
  readonly key: string;
  readonly column?: string;
  readonly code: string;
  readonly message: Text;
}

export function isConstant(source: Source): source is { readonly value: string } {
  return 'value' in source;
}

const SHAPE = say('server.templates.write');

/** Reads a mapping given from outside. Only its shape: whether it fits a template and a file is checkMapping's. Never throws. */
export function parseMapping(raw: unknown): ParsedMapping {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    const message = say('server.templates.mapping-must-object');
    return { ok: false, faults: [{ key: '', code: 'mapping_unreadable', message }] };
  }
  const sources: [string, Source][] = [];
  const faults: MappingFault[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const source = parseSource(value);
    if (isSentence(source))
      faults.push({ key, code: 'mapping_unreadable', message: say('server.templates.text', { key, source }) });
    else sources.push([key, source]);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, mapping: Object.fromEntries(sources) };
}

function parseSource(raw: unknown): Source | Sentence {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return say('server.templates.source-must-object', { shape: SHAPE });
  const names = Object.keys(raw);
  if (names.length !== 1) return say('server.templates.source-must-say', { shape: SHAPE });
  if ('column' in raw) {
    if (typeof raw.column !== 'string' || raw.column === '') return say('server.templates.column-must-name', { shape: SHAPE });
    return { column: raw.column };
  }
  if ('value' in raw) {
    if (typeof raw.value === 'number') return { value: String(raw.value) };
    if (typeof raw.value !== 'string') return say('server.templates.value-must-text', { shape: SHAPE });
    return { value: raw.value };
  }
  return say('server.templates.kind-source', { names: String(names[0]), shape: SHAPE });
}

/**
 * The required variables in the order in which `variable_1`, `variable_2` … and the array of a test send fill them: the body's,
 * the header's text, the buttons' values, then whatever else the template cannot do without, in the order of the template.
 */
export function variableOrder(template: Template): TemplateVariable[] {
  const required = planTemplate(template).variables.filter((variable) => variable.required);
  const place = (variable: TemplateVariable): number => {
    if (variable.key.startsWith('body.')) return 0;
    if (variable.key.startsWith('header.') && variable.kind === 'text') return 1;
    return variable.key.startsWith('button.') ? 2 : 3;
  };
  return required.sort((a, b) => place(a) - place(b));
}

/**
 * The values of one test send: a list in `variableOrder`, as files with `variable_1` have it, or an object by key (`body.1`) or by bare name
 * (`1`, `first_name`, `image`).
 */
export function mappingOfParameters(template: Template, parameters: unknown): ParsedMapping {
  if (parameters === undefined || parameters === null) return { ok: true, mapping: {} };
  if (Array.isArray(parameters)) return mappingOfList(template, parameters);
  if (typeof parameters !== 'object') return unreadable(say('server.templates.parameters-must-list'));
  const variables = planTemplate(template).variables;
  const sources: [string, Source][] = [];
  const faults: MappingFault[] = [];
  for (const [name, raw] of Object.entries(parameters)) {
    const value = scalar(raw);
    const variable =
      variables.find(({ key }) => key === name) ?? variables.find(({ key }) => key.slice(key.indexOf('.') + 1) === name);
    if (variable === undefined) faults.push({ key: name, code: 'key_unknown', message: unknownKeyMessage(name, variables) });
    else if (value === undefined)
      faults.push({ key: name, code: 'mapping_unreadable', message: say('server.templates.value-must-text-2', { name }) });
    else sources.push([variable.key, { value }]);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, mapping: Object.fromEntries(sources) };
}

function mappingOfList(template: Template, parameters: readonly unknown[]): ParsedMapping {
  const order = variableOrder(template);
  if (parameters.length !== order.length) {
    const keys = order.map(({ key }) => key).join(', ');
    const message = say('server.templates.parameters-count', {
      name: template.name,
      wanted: order.length,
      keys,
      given: parameters.length,
    });
    return { ok: false, faults: [{ key: '', code: 'parameters_count', message }] };
  }
  const sources: [string, Source][] = [];
  for (const [i, raw] of parameters.entries()) {
    const value = scalar(raw);
    const key = order[i]?.key ?? '';
    if (value === undefined) return unreadable(say('server.templates.parameter-must-text', { i: i + 1, key }));
    sources.push([key, { value }]);
  }
  return { ok: true, mapping: Object.fromEntries(sources) };
}

function unreadable(message: Text): ParsedMapping {
  return { ok: false, faults: [{ key: '', code: 'mapping_unreadable', message }] };
}

function scalar(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : undefined;
}

export function unknownKeyMessage(key: string, variables: readonly TemplateVariable[]): Sentence {
  if (variables.length === 0) return say('server.templates.template-takes-values', { key });
  return say('server.templates.variable-template-variables', {
    key,
    variables: variables.map((variable) => variable.key).join(', '),
  });
}
