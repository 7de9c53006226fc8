import type { Fate, SimConfig } from './config.ts';
import { between, mix, type Random, seededRandom } from './random.ts';

/** Not planned. */
export const NEVER = 0xffffffff;

export const SLOTS = ['sent', 'delivered', 'read', 'failed'] as const;
export const SENT = 0;
export const DELIVERED = 1;
export const READ = 2;
export const FAILED = 3;

/** When each status of a message leaves, in milliseconds after acceptance. */
export interface Plan {
  delays: [sent: number, delivered: number, read: number, failed: number];
  code: number;
  duplicate: boolean;
  beforeResponse: boolean;
}

/** What a magic number does to the HTTP exchange. */
export type Exchange =
  | { readonly kind: 'refuse'; readonly code: number; readonly once?: boolean }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'empty'; readonly status: number }
  | { readonly kind: 'garbled' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' };

type WebhookFate = Fate | 'duplicated' | 'shuffled' | 'before_response' | number;

/** The last four digits, when the three before them are 000. Documented in docs/simulator.md; a test compares the two. */
export const MAGIC_EXCHANGES: Readonly<Record<string, Exchange>> = {
  '1000': { kind: 'refuse', code: 131000 },
  '1004': { kind: 'refuse', code: 4 },
  '1016': { kind: 'refuse', code: 131016 },
  '1026': { kind: 'refuse', code: 131026 },
  '1030': { kind: 'refuse', code: 131030 },
  '1031': { kind: 'refuse', code: 131031 },
  '1042': { kind: 'refuse', code: 131042 },
  '1048': { kind: 'refuse', code: 131048 },
  '1050': { kind: 'refuse', code: 131050 },
  '1056': { kind: 'refuse', code: 131056 },
  '1057': { kind: 'refuse', code: 131057 },
  '1190': { kind: 'refuse', code: 190 },
  '1368': { kind: 'refuse', code: 368 },
  '1807': { kind: 'refuse', code: 80007 },
  '9429': { kind: 'refuse', code: 130429, once: true },
  '9500': { kind: 'refuse', code: 131000, once: true },
  '4290': { kind: 'empty', status: 429 },
  '5000': { kind: 'empty', status: 500 },
  '5200': { kind: 'garbled' },
  '5503': { kind: 'html', status: 503 },
  '3000': { kind: 'slow', ms: 3000 },
  '6666': { kind: 'reset', when: 'before' },
  '7777': { kind: 'reset', when: 'after' },
  '8888': { kind: 'hang' },
};

export const MAGIC_FATES: Readonly<Record<string, WebhookFate>> = {
  '0026': 131026,
  '0042': 131042,
  '0049': 131049,
  '0050': 131050,
  '0053': 131053,
  '0072': 130472,
  '0099': 131000,
  '9900': 'none',
  '9901': 'sent',
  '9902': 'delivered',
  '9903': 'read',
  '9904': 'read_without_delivered',
  '9905': 'failed_after_delivered',
  '9906': 'duplicated',
  '9907': 'shuffled',
  '9908': 'before_response',
};

export function magicSuffix(digits: string): string | undefined {
  return digits.length >= 8 && digits.endsWith('000', digits.length - 4) ? digits.slice(-4) : undefined;
}

/**
 * The fate of message number `row`: a pure function of seed, row, number and configuration, whatever the clock says.
 * `forced` (a bad media link, a closed window) beats the mix but not the magic number.
 */
export function planOf(config: SimConfig, seed: number, row: number, digits: string, forced: number | undefined): Plan {
  const random = seededRandom(mix(seed, row));
  const suffix = config.magic_numbers ? magicSuffix(digits) : undefined;
  const magic = suffix === undefined ? undefined : MAGIC_FATES[suffix];
  const drawn = draw(config.statuses.mix, random());
  const special = magic === 'duplicated' || magic === 'shuffled' || magic === 'before_response' ? magic : undefined;
  const fate = special === undefined ? ((magic as Fate | number | undefined) ?? forced ?? drawn) : 'read';
  const plan = planFate(fate, config, random);
  plan.duplicate = special === 'duplicated' || chance(config.webhooks.duplicate, random);
  plan.beforeResponse = special === 'before_response' || chance(config.webhooks.before_response, random);
  if (special === 'shuffled') plan.delays = turnRound(plan.delays);
  else if (chance(config.webhooks.shuffle, random)) plan.delays = shuffled(plan.delays, random);
  return plan;
}

function chance(share: number, random: Random): boolean {
  return share > 0 && random() < share;
}

/** Shares are weights: they need not add up to one. */
function draw(weights: Readonly<Record<string, number>>, at: number): Fate | number {
  let total = 0;
  for (const key in weights) total += weights[key] ?? 0;
  let left = at * total;
  for (const key in weights) {
    left -= weights[key] ?? 0;
    if (left < 0) return /^\d+$/.test(key) ? Number(key) : (key as Fate);
  }
  return 'delivered';
}

function planFate(fate: Fate | number, config: SimConfig, random: Random): Plan {
  const { sent_ms, delivered_ms, read_ms } = config.statuses;
  const sent = between(random, sent_ms[0], sent_ms[1]);
  const delivered = Math.max(sent, between(random, delivered_ms[0], delivered_ms[1]));
  const read = Math.max(delivered, between(random, read_ms[0], read_ms[1]));
  const plan = (s: number, d: number, r: number, f: number, code = 0): Plan => ({
    delays: [s, d, r, f],
    code,
    duplicate: false,
    beforeResponse: false,
  });
  if (typeof fate === 'number') return plan(NEVER, NEVER, NEVER, sent, fate);
  switch (fate) {
    case 'none':
      return plan(NEVER, NEVER, NEVER, NEVER);
    case 'sent':
      return plan(sent, NEVER, NEVER, NEVER);
    case 'delivered':
      return plan(sent, delivered, NEVER, NEVER);
    case 'read':
      return plan(sent, delivered, read, NEVER);
    case 'read_without_delivered':
      return plan(sent, NEVER, read, NEVER);
    case 'failed_after_delivered':
      return plan(sent, delivered, NEVER, read, 131026);
  }
}

type Delays = Plan['delays'];

/** The same moments, given to other statuses: what happened last may be told first. */
function shuffled(delays: Delays, random: Random): Delays {
  const slots = [0, 1, 2, 3].filter((slot) => delays[slot] !== NEVER);
  const times = slots.map((slot) => delays[slot] ?? NEVER);
  for (let i = times.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [times[i], times[j]] = [times[j] ?? NEVER, times[i] ?? NEVER];
  }
  const result: Delays = [...delays];
  for (const [i, slot] of slots.entries()) result[slot] = times[i] ?? NEVER;
  return result;
}

function turnRound(delays: Delays): Delays {
  const [sent, delivered, read, failed] = delays;
  return [read, delivered, sent, failed];
}
