import { isKnownCode, type Refusal, refuse } from './graph-error.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Random } from './random.ts';

/** What a rule of `POST /_sim/faults` does to a send it matches. */
export type FaultAction =
  | { readonly kind: 'answer'; readonly refusal: Refusal }
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'delay' };

export interface Fault {
  readonly id: number;
  readonly to: string | undefined;
  readonly prefix: string | undefined;
  readonly suffix: string | undefined;
  readonly template: string | undefined;
  readonly phoneNumberId: string | undefined;
  readonly share: number;
  readonly delayMs: number;
  readonly action: FaultAction;
  left: number;
  hits: number;
}

export class Faults {
  #rules: Fault[] = [];
  #nextId = 1;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get empty(): boolean {
    return this.#rules.length === 0;
  }

  add(body: unknown): Fault | string {
    const parsed = parseFault(body, this.#nextId);
    if (typeof parsed === 'string') return parsed;
    this.#nextId += 1;
    this.#rules.push(parsed);
    return parsed;
  }

  /** The first rule that fits, used up by one. */
  match(digits: string, template: string | undefined, phoneNumberId: string): Fault | undefined {
    for (const rule of this.#rules) {
      if (rule.left <= 0) continue;
      if (rule.to !== undefined && rule.to !== digits) continue;
      if (rule.prefix !== undefined && !digits.startsWith(rule.prefix)) continue;
      if (rule.suffix !== undefined && !digits.endsWith(rule.suffix)) continue;
      if (rule.template !== undefined && rule.template !== template) continue;
      if (rule.phoneNumberId !== undefined && rule.phoneNumberId !== phoneNumberId) continue;
      if (rule.share < 1 && this.#random() >= rule.share) continue;
      rule.left -= 1;
      rule.hits += 1;
      return rule;
    }
    return undefined;
  }

  remove(id: number): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((rule) => rule.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  list(): JsonObject[] {
    return this.#rules.map((rule) => describeFault(rule));
  }
}

export function describeFault(rule: Fault): JsonObject {
  return {
    id: rule.id,
    match: {
      to: rule.to,
      prefix: rule.prefix,
      suffix: rule.suffix,
      template: rule.template,
      phone_number_id: rule.phoneNumberId,
      share: rule.share,
    },
    action:
      rule.action.kind === 'answer'
        ? 'answer'
        : rule.action.kind === 'delay'
          ? 'delay'
          : `${rule.action.kind}_${rule.action.when}`,
    delay_ms: rule.delayMs,
    times_left: Number.isFinite(rule.left) ? rule.left : null,
    hits: rule.hits,
  };
}

const KNOWN_KEYS = new Set(['match', 'answer', 'action', 'code', 'times', 'delay_ms']);
const KNOWN_MATCH = new Set(['to', 'number', 'prefix', 'suffix', 'template', 'phone_number_id', 'share']);
const ACTIONS: Readonly<Record<string, FaultAction>> = {
  hang: { kind: 'hang', when: 'after' },
  hang_after: { kind: 'hang', when: 'after' },
  hang_before: { kind: 'hang', when: 'before' },
  reset_before: { kind: 'reset', when: 'before' },
  reset_after: { kind: 'reset', when: 'after' },
  reset: { kind: 'reset', when: 'after' },
  delay: { kind: 'delay' },
};

function parseFault(body: unknown, id: number): Fault | string {
  if (!isObject(body))
    return 'the body must be a JSON object: {"match":{…},"code":131000} or {"match":{…},"action":"reset_after"}';
  for (const key of Object.keys(body))
    if (!KNOWN_KEYS.has(key)) return `${key} is not known; known: ${[...KNOWN_KEYS].join(', ')}`;
  const match = body['match'] ?? {};
  if (!isObject(match)) return 'match must be an object';
  for (const key of Object.keys(match))
    if (!KNOWN_MATCH.has(key)) return `match.${key} is not known; known: ${[...KNOWN_MATCH].join(', ')}`;
  const action = parseAction(body);
  if (typeof action === 'string') return action;
  const number = (value: unknown, usual: number): number => (typeof value === 'number' && value >= 0 ? value : usual);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    id,
    to: text(match['to'] ?? match['number'])?.replaceAll(/\D/g, ''),
    prefix: text(match['prefix'])?.replaceAll(/\D/g, ''),
    suffix: text(match['suffix'])?.replaceAll(/\D/g, ''),
    template: text(match['template']),
    phoneNumberId: text(match['phone_number_id']),
    share: number(match['share'], 1),
    delayMs: number(body['delay_ms'], 0),
    action,
    left: number(body['times'], Number.POSITIVE_INFINITY),
    hits: 0,
  };
}

function parseAction(body: JsonObject): FaultAction | string {
  const { code, answer, action } = body as { code?: unknown; answer?: unknown; action?: unknown };
  if (typeof code === 'number')
    return isKnownCode(code)
      ? { kind: 'answer', refusal: refuse(code) }
      : `code ${String(code)} has no text here: give "answer":{"status":…,"body":…}`;
  if (isObject(answer)) {
    const content = answer['body'];
    const isJson = typeof content !== 'string';
    const refusal: Refusal = {
      status: typeof answer['status'] === 'number' ? answer['status'] : 500,
      code: 0,
      message: '',
      type: '',
      body: {
        contentType:
          typeof answer['content_type'] === 'string'
            ? answer['content_type']
            : isJson
              ? 'application/json; charset=UTF-8'
              : 'text/html; charset=utf-8',
        text: typeof content === 'string' ? content : JSON.stringify(content ?? {}),
      },
    };
    return { kind: 'answer', refusal };
  }
  if (action === undefined && typeof body['delay_ms'] === 'number') return { kind: 'delay' };
  const known = typeof action === 'string' ? ACTIONS[action] : undefined;
  return known ?? `give "code", "answer":{"status","body"}, "delay_ms", or "action": one of ${Object.keys(ACTIONS).join(', ')}`;
}
