import type { Account, PhoneNumber } from './account.ts';
import type { SimConfig } from './config.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { Label, Ledger } from './ledger.ts';
import type { Limits } from './limits.ts';
import type { MediaStore } from './media.ts';
import type { Random } from './random.ts';
import type { TemplateCheck } from './template-check.ts';
import type { Template, TemplateStore } from './templates.ts';
import type { Webhooks } from './webhooks.ts';

/** Everything one simulator knows. The parts live in their own files; this is what the endpoints are handed. */
export interface World {
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly templates: TemplateStore;
  readonly account: Account;
  readonly faults: Faults;
  readonly media: MediaStore;
  readonly webhooks: Webhooks;
  readonly journal: Journal | undefined;
  readonly random: Random;
  seed: number;
  config: SimConfig;
  /** Eight hex digits in every wamid of this run. */
  run: string;
  readonly url: () => string;
  readonly trace: () => string;
  readonly counts: Counts;
  /** What a template costs to check, worked out once; forgotten with the template object it hangs on. */
  readonly compiled: WeakMap<Template, CompiledTemplate>;
  readonly pacing: Map<string, Pacing>;
  /** Magic numbers that refuse only once. */
  readonly refusedOnce: Set<string>;
  /** Templates, account and media to disk. */
  readonly save: () => void;
  /** After everything that arrived in this turn of the event loop, so that answers leave together. */
  readonly endOfTurn: (then: () => void) => void;
  readonly later: (ms: number, then: () => void) => void;
}

export interface CompiledTemplate {
  readonly check: TemplateCheck;
  readonly label: Label;
  readonly labelMarketing: Label;
}

export interface Pacing {
  sent: number;
  state: 'counting' | 'holding' | 'released' | 'dropped';
}

export interface Counts {
  requests: number;
  refused: Record<string, number>;
  managementCalls: number;
  managementHour: number;
  /** By percent, made once. */
  readonly usageHeaders: string[];
}

export function findNumber(world: World, id: string): PhoneNumber | undefined {
  const numbers = world.account.numbers;
  for (const number of numbers) if (number.id === id) return number;
  return undefined;
}
