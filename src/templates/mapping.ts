import { many } from '../lib/plural.ts';
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
  readonly message: string;
}

export function isConstant(source: Source): source is { readonly value: string } {
  return 'value' in source;
}

const SHAPE = 'Write it as {"column": "name of the column"} or {"value": "fixed text"}.';

/** Reads a mapping given from outside. Only its shape: whether it fits a template and a file is checkMapping's. Never throws. */
export function parseMapping(raw: unknown): ParsedMapping {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    const message = 'The mapping must be an object from variable to source, for example {"body.1": {"column": "variable_1"}}.';
    return { ok: false, faults: [{ key: '', code: 'mapping_unreadable', message }] };
  }
  const sources: [string, Source][] = [];
  const faults: MappingFault[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const source = parseSource(value);
    if (typeof source === 'string') faults.push({ key, code: 'mapping_unreadable', message: `"${key}": ${source}` });
    else sources.push([key, source]);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, mapping: Object.fromEntries(sources) };
}

function parseSource(raw: unknown): Source | string {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return `its source must be an object. ${SHAPE}`;
  const names = Object.keys(raw);
  if (names.length !== 1) return `its source must say exactly one thing. ${SHAPE}`;
  if ('column' in raw) {
    if (typeof raw.column !== 'string' || raw.column === '') return `the column must be a name. ${SHAPE}`;
    return { column: raw.column };
  }
  if ('value' in raw) {
    if (typeof raw.value === 'number') return { value: String(raw.value) };
    if (typeof raw.value !== 'string') return `the value must be text. ${SHAPE}`;
    return { value: raw.value };
  }
  return `"${String(names[0])}" is not a kind of source. ${SHAPE}`;
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
  if (typeof parameters !== 'object') return unreadable('Parameters must be a list of texts, or an object from name to text.');
  const variables = planTemplate(template).variables;
  const sources: [string, Source][] = [];
  const faults: MappingFault[] = [];
  for (const [name, raw] of Object.entries(parameters)) {
    const value = scalar(raw);
    const variable =
      variables.find(({ key }) => key === name) ?? variables.find(({ key }) => key.slice(key.indexOf('.') + 1) === name);
    if (variable === undefined) faults.push({ key: name, code: 'key_unknown', message: unknownKeyMessage(name, variables) });
    else if (value === undefined)
      faults.push({ key: name, code: 'mapping_unreadable', message: `The value of "${name}" must be text.` });
    else sources.push([variable.key, { value }]);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, mapping: Object.fromEntries(sources) };
}

function mappingOfList(template: Template, parameters: readonly unknown[]): ParsedMapping {
  const order = variableOrder(template);
  if (parameters.length !== order.length) {
    const wanted = order.length === 0 ? '' : `: ${order.map(({ key }) => key).join(', ')}`;
    const message = `The template "${template.name}" takes ${many(order.length, 'parameter')}${wanted}. ${String(parameters.length)} ${parameters.length === 1 ? 'was' : 'were'} given.`;
    return { ok: false, faults: [{ key: '', code: 'parameters_count', message }] };
  }
  const sources: [string, Source][] = [];
  for (const [i, raw] of parameters.entries()) {
    const value = scalar(raw);
    const key = order[i]?.key ?? '';
    if (value === undefined) return unreadable(`Parameter ${String(i + 1)} (${key}) must be text.`);
    sources.push([key, { value }]);
  }
  return { ok: true, mapping: Object.fromEntries(sources) };
}

function unreadable(message: string): ParsedMapping {
  return { ok: false, faults: [{ key: '', code: 'mapping_unreadable', message }] };
}

function scalar(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : undefined;
}

export function unknownKeyMessage(key: string, variables: readonly TemplateVariable[]): string {
  if (variables.length === 0) return `"${key}": this template takes no values. Remove it.`;
  return `"${key}" is not a variable of this template. Its variables are: ${variables.map((variable) => variable.key).join(', ')}.`;
}
