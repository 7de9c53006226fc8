import { isObject, type JsonObject } from './json.ts';

/** What the simulator may be told to do differently while it runs (`POST /_sim/config`). Times in milliseconds, shares from 0 to 1. */
export interface SimConfig {
  /** Delay of every answer of the messages endpoint. */
  latency: { min_ms: number; max_ms: number };
  /** `messages_per_second` null: 80 or 1000, by the number's throughput level. `burst` null: one second's worth. */
  throughput: { enforce: boolean; messages_per_second: number | null; burst: number | null };
  pair: { enforce: boolean; burst: number; seconds: number };
  /** People one portfolio may reach in a rolling 24 h; which code tells it is not known (docs/meta.md, What is not known), so it can be chosen. */
  portfolio: { limit: number | null; code: number };
  /** Delays count from acceptance. */
  statuses: { sent_ms: Range; delivered_ms: Range; read_ms: Range; mix: Record<string, number> };
  /** Share of sends refused with this code, e.g. `{"131000": 0.01}`. */
  http_errors: Record<string, number>;
  webhooks: {
    /** Most updates in one POST (Meta: 1000). */
    batch: number;
    concurrency: number;
    /** A batch waits this long for more. */
    linger_ms: number;
    /** Share of statuses sent a second time. */
    duplicate: number;
    /** Share of messages whose statuses arrive in another order than they happened. */
    shuffle: number;
    /** Share of messages whose first status arrives before their own HTTP answer. */
    before_response: number;
    /** Nothing leaves while true; everything stays owed. */
    paused: boolean;
    contacts: boolean;
    timeout_ms: number;
    retry_first_ms: number;
    retry_factor: number;
    retry_max_ms: number;
    retry_window_ms: number;
  };
  /** Numbers ending in 000 and four known digits have a fate of their own. */
  magic_numbers: boolean;
  /** `wa_id` differs from the number for Brazil, Mexico and Argentina (docs/meta.md, Numbers of people and user ids). */
  wa_id_quirks: boolean;
  /** Business-scoped user ids in answers and webhooks. */
  user_ids: boolean;
  /** Free-form messages fail with 131047 unless the person wrote in the last 24 h. */
  service_window: boolean;
  /** After `after` sends of one template the rest is held, then released or dropped (docs/meta.md, What happens to a template). */
  pacing: { after: number | null; decide_ms: number; decision: string };
  /** `valid` null: any token but the others. */
  tokens: { valid: string[] | null; expired: string[]; wrong: string[]; forbidden: string[] };
  template_review: { decision: string; after_ms: number };
  /** Calls an hour to the management endpoints before 80007. */
  management_calls_per_hour: number;
}

export type Range = readonly [number, number];

export type ConfigPatch = {
  [K in keyof SimConfig]?: SimConfig[K] extends unknown[] | Record<string, number>
    ? SimConfig[K]
    : SimConfig[K] extends object
      ? Partial<SimConfig[K]>
      : SimConfig[K];
};

export function defaultConfig(): SimConfig {
  return {
    latency: { min_ms: 0, max_ms: 0 },
    throughput: { enforce: true, messages_per_second: null, burst: null },
    pair: { enforce: true, burst: 45, seconds: 6 },
    portfolio: { limit: null, code: 131048 },
    statuses: { sent_ms: [300, 1000], delivered_ms: [1000, 3000], read_ms: [2000, 8000], mix: { read: 0.7, delivered: 0.3 } },
    http_errors: {},
    webhooks: {
      batch: 100,
      concurrency: 8,
      linger_ms: 0,
      duplicate: 0,
      shuffle: 0,
      before_response: 0,
      paused: false,
      contacts: true,
      timeout_ms: 10_000,
      retry_first_ms: 1000,
      retry_factor: 2,
      retry_max_ms: 60_000,
      retry_window_ms: 7 * 24 * 3600 * 1000,
    },
    magic_numbers: true,
    wa_id_quirks: false,
    user_ids: true,
    service_window: true,
    pacing: { after: null, decide_ms: 5000, decision: 'release' },
    tokens: { valid: null, expired: ['expired'], wrong: ['wrong', 'invalid'], forbidden: ['forbidden'] },
    template_review: { decision: 'APPROVED', after_ms: 500 },
    management_calls_per_hour: 5000,
  };
}

/** Keys of a mix beside error codes. */
export const FATES = ['read', 'delivered', 'sent', 'none', 'read_without_delivered', 'failed_after_delivered'] as const;
export type Fate = (typeof FATES)[number];

const NULLABLE_NUMBER = new Set(['throughput.messages_per_second', 'throughput.burst', 'portfolio.limit', 'pacing.after']);
const SHARES = new Set(['webhooks.duplicate', 'webhooks.shuffle', 'webhooks.before_response']);
const AT_LEAST_ONE = new Set([
  'webhooks.batch',
  'webhooks.concurrency',
  'webhooks.retry_factor',
  'webhooks.timeout_ms',
  'pair.burst',
]);
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'pacing.decision': ['release', 'drop', 'wait'],
  'template_review.decision': ['APPROVED', 'REJECTED', 'PENDING'],
};

/** The configuration with the patch in it, or what is wrong with the patch. Nothing is half applied. */
export function patchConfig(current: SimConfig, patch: unknown): { config: SimConfig } | { faults: string[] } {
  if (!isObject(patch)) return { faults: ['the body must be a JSON object'] };
  const faults: string[] = [];
  const config = mergeObject(current as unknown as JsonObject, patch, '', faults) as unknown as SimConfig;
  return faults.length > 0 ? { faults } : { config };
}

function mergeObject(current: JsonObject, patch: JsonObject, path: string, faults: string[]): JsonObject {
  const merged: JsonObject = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (!(key in current)) {
      faults.push(`${at} is not a setting; known here: ${Object.keys(current).join(', ')}`);
      continue;
    }
    merged[key] = mergeValue(current[key], value, at, faults);
  }
  return merged;
}

function mergeValue(current: unknown, value: unknown, at: string, faults: string[]): unknown {
  if (at === 'statuses.mix')
    return checkWeights(value, at, faults, (key) => (FATES as readonly string[]).includes(key) || /^\d+$/.test(key));
  if (at === 'http_errors') return checkWeights(value, at, faults, (key) => /^\d+$/.test(key));
  if (at.startsWith('statuses.')) return checkRange(value, at, faults);
  if (at.startsWith('tokens.')) return checkTokens(value, at, faults);
  if (isObject(current)) {
    if (isObject(value)) return mergeObject(current, value, at, faults);
    faults.push(`${at} must be an object`);
    return current;
  }
  const fault = scalarFault(current, value, at);
  if (fault === undefined) return value;
  faults.push(`${at} ${fault}`);
  return current;
}

function scalarFault(current: unknown, value: unknown, at: string): string | undefined {
  if (NULLABLE_NUMBER.has(at) && (value === null || isAmount(value))) return undefined;
  const choices = CHOICES[at];
  if (choices !== undefined)
    return typeof value === 'string' && choices.includes(value) ? undefined : `must be one of ${choices.join(', ')}`;
  if (typeof current === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (!isAmount(value)) return NULLABLE_NUMBER.has(at) ? 'must be a number from 0 up, or null' : 'must be a number from 0 up';
  if (SHARES.has(at) && value > 1) return 'must be a share from 0 to 1';
  if (AT_LEAST_ONE.has(at) && value < 1) return 'must be at least 1';
  if (at === 'webhooks.batch' && value > 1000) return 'must be at most 1000, as with Meta';
  return undefined;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function checkRange(value: unknown, at: string, faults: string[]): unknown {
  if (isAmount(value)) return [value, value];
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!isAmount(low) || !isAmount(high) || high < low) faults.push(`${at} must be a number of milliseconds or [least, most]`);
  return value;
}

function checkWeights(value: unknown, at: string, faults: string[], known: (key: string) => boolean): unknown {
  if (!isObject(value)) faults.push(`${at} must be an object of shares`);
  else
    for (const [key, share] of Object.entries(value))
      if (!known(key) || !isAmount(share))
        faults.push(`${at}.${key} must be a known key (${FATES.join(', ')} or an error code) with a share from 0 up`);
  return value;
}

function checkTokens(value: unknown, at: string, faults: string[]): unknown {
  if (value === null && at === 'tokens.valid') return value;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) faults.push(`${at} must be a list of tokens`);
  return value;
}
