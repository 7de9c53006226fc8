/** The states of a campaign and THE table of moves: the API's 409s, the guards in SQL and the drawing in docs/ all come from it. */
import type { Text } from '../lib/words/sentence.ts';

export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled', 'failed'] as const;

export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** Everything that can happen to a campaign, with the states it may happen in and the one it leads to (docs/state-machines.md, A campaign). */
export const MOVES = {
  schedule: { from: ['draft'], to: 'scheduled' },
  unschedule: { from: ['scheduled'], to: 'draft' },
  start: { from: ['draft', 'scheduled'], to: 'running' },
  refuse: { from: ['scheduled'], to: 'failed' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  complete: { from: ['running', 'paused', 'cancelled'], to: 'completed' },
  reopen: { from: ['completed'], to: 'running' },
  cancel: { from: ['scheduled', 'running', 'paused'], to: 'cancelled' },
} as const satisfies Record<string, { readonly from: readonly CampaignStatus[]; readonly to: CampaignStatus }>;

export type CampaignMove = keyof typeof MOVES;

export function mayMove(status: CampaignStatus, move: CampaignMove): boolean {
  return (MOVES[move].from as readonly CampaignStatus[]).includes(status);
}

const UNSENT: readonly CampaignStatus[] = ['draft', 'scheduled'];
const STARTED: readonly CampaignStatus[] = [...UNSENT, 'running', 'paused'];
const UNSENT_OR_PAUSED: readonly CampaignStatus[] = [...UNSENT, 'paused'];

/** What may still change for those who wait in a paused campaign. */
const PAUSED_CHANGES: ReadonlySet<string> = new Set(['mapping', 'looked_at', 'budget_micros']);

/** And while it runs: the next claim looks at it. */
const RUNNING_CHANGES: ReadonlySet<string> = new Set(['budget_micros']);

/** In which states these fields of a campaign may change. */
export function whenChangeable(fields: readonly string[]): readonly CampaignStatus[] {
  if (fields.every((field) => RUNNING_CHANGES.has(field))) return STARTED;
  return fields.every((field) => PAUSED_CHANGES.has(field)) ? UNSENT_OR_PAUSED : UNSENT;
}

/** Undefined for a draft that has not chosen one yet. */
export function templateOf(campaign: {
  readonly template_name: string | null;
  readonly template_language: string | null;
}): { readonly name: string; readonly language: string } | undefined {
  const { template_name: name, template_language: language } = campaign;
  return name === null || language === null ? undefined : { name, language };
}

/** Why a campaign stands still or was refused: data, so that the page can say it in either language. */
export const PAUSE_CODES = [
  'operator',
  'stop_everything',
  'breaker',
  'template',
  'account',
  'payload',
  'budget',
  'monthly_limit',
  'abroad_limit',
  'limit_currency',
  'restored',
  'preflight',
] as const;

export interface PauseReason {
  readonly code: (typeof PAUSE_CODES)[number];
  /** With what to do. */
  readonly message: Text;
  readonly meta_code?: number;
}
