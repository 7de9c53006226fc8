/**
 * From a template, a mapping and a row to exactly the JSON Meta wants (docs/meta.md, Parameters). The work that is the same for every
 * row is done once: constants and fixed JSON melt together, so that a message costs a look-up, a check and a join per value.
 * The JSON text is the one thing built; `bind` reads it back, so the two can never differ.
 */

import { type Sentence, say, type Text } from '../lib/words/sentence.ts';
import { isConstant, type Mapping } from './mapping.ts';
import type { Template } from './template.ts';
import { prepareValue, type ValueFaultCode } from './value-rules.ts';
import { type Piece, planTemplate, type TemplateVariable, type TextLimit } from './variables.ts';

/** A recipient's data: column name -> cell. */
export type Row = Readonly<Record<string, string>>;

/** Why a row cannot be sent: which variable, from which column when it comes from one, and what to do. */
export interface BindFault {
  readonly key: string;
  readonly column?: string;
  readonly code: BindFaultCode;
  readonly message: Text;
}

export type BindFaultCode = ValueFaultCode | 'variable_unmapped' | 'text_too_long';

export type Bound =
  | { readonly ok: true; readonly components: unknown[] }
  | { readonly ok: false; readonly faults: readonly BindFault[] };

export type BoundJson =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly faults: readonly BindFault[] };

export interface CompiledTemplate {
  /** The columns it reads, each once. */
  readonly columns: readonly string[];
  /** What is wrong with every row, whatever stands in it: unmapped variables, constants that cannot be sent. */
  readonly everyRow: readonly BindFault[];
  /** Empty when the row can be sent: all an import needs to know. */
  readonly faults: (row: Row) => readonly BindFault[];
  readonly bind: (row: Row) => Bound;
  /** The components as JSON text, `[]` when the template needs none. */
  readonly bindJson: (row: Row) => BoundJson;
  /** The whole `template` object as JSON text: name, language, and components unless there are none. */
  readonly templateJson: (row: Row) => BoundJson;
}

/** A variable filled from a column, and its place in the values of a row. */
interface Slot {
  readonly variable: TemplateVariable;
  readonly column: string;
}

/** What a row's values came to; `texts` for the limits, `json` for the message. */
interface Values {
  readonly texts: string[];
  readonly json: string[];
  readonly faults: readonly BindFault[];
}

const NO_FAULTS: readonly BindFault[] = [];

/** @param leavesAt milliseconds: when the messages leave, asked for each row. Left out, nothing is over. */
export function compileTemplate(template: Template, mapping: Mapping, leavesAt?: () => number): CompiledTemplate {
  const plan = planTemplate(template);
  const slots: Slot[] = [];
  const constants = new Map<string, { text: string; json: string }>();
  const always: BindFault[] = [];
  for (const variable of plan.variables) {
    const source = mapping[variable.key];
    if (source === undefined) {
      if (variable.required) always.push({ key: variable.key, code: 'variable_unmapped', message: unmappedMessage(variable) });
    } else if (isConstant(source)) {
      const prepared = prepareValue(withFileName(variable, mapping), source.value, leavesAt?.());
      if (prepared.ok) constants.set(variable.key, prepared);
      else always.push({ key: variable.key, code: prepared.code, message: prepared.message });
    } else {
      slots.push({ variable: withFileName(variable, mapping), column: source.column });
    }
  }
  const limits = plan.limits.flatMap((limit) => compileLimit(limit, slots, constants, always));
  const tree = compilePiece(plan.components, slots, constants);
  const head = `{"name":${JSON.stringify(template.name)},"language":{"code":${JSON.stringify(template.language)}}`;

  const read = (row: Row): Values => readRow(row, slots, { limits, always, at: leavesAt?.() });
  const bindJson = (row: Row): BoundJson => {
    const { faults, json } = read(row);
    if (faults.length > 0) return { ok: false, faults };
    return { ok: true, json: render(tree, json) || '[]' };
  };
  return {
    columns: [...new Set(slots.map((slot) => slot.column))],
    everyRow: always,
    faults: (row) => read(row).faults,
    bindJson,
    bind: (row) => {
      const bound = bindJson(row);
      return bound.ok ? { ok: true, components: parseList(bound.json) } : bound;
    },
    templateJson: (row) => {
      const { faults, json } = read(row);
      if (faults.length > 0) return { ok: false, faults };
      const components = render(tree, json);
      return { ok: true, json: components === '' ? `${head}}` : `${head},"components":${components}}` };
    },
  };
}

/** A document takes its file name from its address when nothing else is to name it. */
function withFileName(variable: TemplateVariable, mapping: Mapping): TemplateVariable {
  return variable.kind === 'document' && mapping[`${variable.key}.filename`] === undefined
    ? { ...variable, namesFile: true }
    : variable;
}

function unmappedMessage(variable: TemplateVariable): Sentence {
  return say('server.templates.value-yet-map', { label: variable.label, key: variable.key });
}

interface RowRules {
  readonly limits: readonly CompiledLimit[];
  readonly always: readonly BindFault[];
  readonly at: number | undefined;
}

function readRow(row: Row, slots: readonly Slot[], { limits, always, at }: RowRules): Values {
  const count = slots.length;
  const texts = new Array<string>(count);
  const json = new Array<string>(count);
  let faults: BindFault[] | undefined = always.length === 0 ? undefined : [...always];
  for (let i = 0; i < count; i++) {
    const slot = slots[i];
    if (slot === undefined) continue;
    const cell: unknown = row[slot.column];
    const prepared = prepareValue(slot.variable, typeof cell === 'string' ? cell : '', at);
    if (prepared.ok) {
      texts[i] = prepared.text;
      json[i] = prepared.json;
    } else {
      texts[i] = '';
      json[i] = '';
      faults ??= [];
      faults.push({ key: slot.variable.key, column: slot.column, code: prepared.code, message: prepared.message });
    }
  }
  for (const limit of limits) {
    const fault = checkLimit(limit, texts, slots);
    if (fault !== undefined) (faults ??= []).push(fault);
  }
  return { texts, json, faults: faults ?? NO_FAULTS };
}

/** A limit with its constants counted; `uses` are places in the values of a row. */
interface CompiledLimit {
  readonly what: Text;
  readonly max: number;
  readonly fixed: number;
  readonly uses: readonly { readonly slot: number; readonly times: number }[];
}

function compileLimit(
  limit: TextLimit,
  slots: readonly Slot[],
  constants: ReadonlyMap<string, { text: string }>,
  always: BindFault[],
): CompiledLimit[] {
  let fixed = limit.fixed;
  const uses: { slot: number; times: number }[] = [];
  for (const { key, times } of limit.uses) {
    const slot = slots.findIndex((candidate) => candidate.variable.key === key);
    if (slot >= 0) uses.push({ slot, times });
    else fixed += times * (constants.get(key)?.text.length ?? 0);
  }
  if (uses.length > 0) return [{ what: limit.what, max: limit.max, fixed, uses }];
  const key = limit.uses[0]?.key;
  if (fixed > limit.max && key !== undefined)
    always.push({ key, code: 'text_too_long', message: tooLongMessage(limit.what, fixed, limit.max) });
  return [];
}

function checkLimit(limit: CompiledLimit, texts: readonly string[], slots: readonly Slot[]): BindFault | undefined {
  let total = limit.fixed;
  let longest = limit.uses[0]?.slot ?? 0;
  for (const { slot, times } of limit.uses) {
    const length = texts[slot]?.length ?? 0;
    total += times * length;
    if (length > (texts[longest]?.length ?? 0)) longest = slot;
  }
  const culprit = slots[longest];
  if (total <= limit.max || culprit === undefined) return undefined;
  const message = tooLongMessage(limit.what, total, limit.max);
  return { key: culprit.variable.key, column: culprit.column, code: 'text_too_long', message };
}

function tooLongMessage(what: Text, length: number, max: number): Sentence {
  return say('server.templates.would-characters-long', { what, length, max });
}

/** A Piece with constants melted in and slots numbered. */
type Tree =
  | { readonly type: 'json'; readonly text: string }
  | { readonly type: 'slot'; readonly slot: number; readonly certain: boolean }
  | { readonly type: 'seq'; readonly parts: readonly Tree[] }
  | { readonly type: 'list'; readonly open: string; readonly items: readonly Tree[]; readonly close: string };

function compilePiece(piece: Piece, slots: readonly Slot[], constants: ReadonlyMap<string, { json: string }>): Tree | undefined {
  switch (piece.type) {
    case 'json':
      return piece;
    case 'slot': {
      const slot = slots.findIndex((candidate) => candidate.variable.key === piece.key);
      if (slot >= 0) return { type: 'slot', slot, certain: slots[slot]?.variable.required === true };
      const json = constants.get(piece.key)?.json ?? '';
      return json === '' ? undefined : { type: 'json', text: json };
    }
    case 'seq': {
      const parts = piece.parts.map((part) => compilePiece(part, slots, constants));
      return parts.every((part) => part !== undefined) ? melt(parts) : undefined;
    }
    case 'list': {
      const items = piece.items.map((item) => compilePiece(item, slots, constants)).filter((item) => item !== undefined);
      if (items.length === 0) return undefined;
      const { open, close } = piece;
      if (!items.every(isCertain)) return { type: 'list', open, items, close };
      const comma: Tree = { type: 'json', text: ',' };
      const joined = items.flatMap((item, i) => (i === 0 ? [item] : [comma, item]));
      return melt([{ type: 'json', text: open }, ...joined, { type: 'json', text: close }]);
    }
  }
}

/** There in every row that has no fault. */
function isCertain(tree: Tree): boolean {
  switch (tree.type) {
    case 'json':
      return true;
    case 'slot':
      return tree.certain;
    case 'seq':
      return tree.parts.every(isCertain);
    case 'list':
      return tree.items.some(isCertain);
  }
}

/** A sequence in a sequence is one sequence, and neighbouring texts are one text. */
function melt(parts: readonly Tree[]): Tree {
  const flat: Tree[] = [];
  for (const part of parts.flatMap((inner) => (inner.type === 'seq' ? inner.parts : [inner]))) {
    const last = flat.at(-1);
    if (part.type === 'json' && last?.type === 'json') flat[flat.length - 1] = { type: 'json', text: last.text + part.text };
    else flat.push(part);
  }
  const only = flat[0];
  return flat.length === 1 && only !== undefined ? only : { type: 'seq', parts: flat };
}

/** '' when absent; see Piece. */
function render(tree: Tree | undefined, json: readonly string[]): string {
  if (tree === undefined) return '';
  switch (tree.type) {
    case 'json':
      return tree.text;
    case 'slot':
      return json[tree.slot] ?? '';
    case 'seq': {
      let text = '';
      for (const part of tree.parts) {
        const rendered = render(part, json);
        if (rendered === '') return '';
        text += rendered;
      }
      return text;
    }
    case 'list': {
      let text = '';
      for (const item of tree.items) {
        const rendered = render(item, json);
        if (rendered !== '') text += text === '' ? rendered : `,${rendered}`;
      }
      return text === '' ? '' : tree.open + text + tree.close;
    }
  }
}

function parseList(json: string): unknown[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value : [];
}
