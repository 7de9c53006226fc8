import { type PeriodicJob, untilNone } from '../lib/jobs/periodic.ts';
import type { ApplyDeps } from './apply.ts';
import { pruneWebhooks, requeueGivenUpByOthers, webhookBacklog } from './journal.sql.ts';
import { giveUpUnmatched, retryUnmatched } from './unmatched.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

export interface WebhookJobDeps extends ApplyDeps {
  /** Webhooks are stored: apply them. */
  readonly wakeApply: () => void;
}

/** In days; people are forgotten only where a setting says so. */
export interface Keeping {
  readonly webhookDays: number;
  readonly campaignDays: number | undefined;
}

/** Webhooks whose wake-up was lost, those that could not be applied yet, and those that are old enough to go. */
export function webhookJobs(deps: WebhookJobDeps, { webhookDays, campaignDays }: Keeping): PeriodicJob[] {
  const { db } = deps;
  return [
    {
      name: 'webhooks',
      everyMs: 5 * SECOND,
      run: async () => {
        if ((await webhookBacklog(db)).pending > 0) deps.wakeApply();
      },
    },
    { name: 'webhooks given up by another version', everyMs: 5 * MINUTE, run: () => requeueGivenUpByOthers(db, deps.version) },
    { name: 'unmatched statuses', everyMs: 5 * SECOND, run: () => retryUnmatched(deps) },
    { name: 'old unmatched statuses', everyMs: 60 * MINUTE, run: () => untilNone(() => giveUpUnmatched(db)) },
    {
      name: 'webhook journal',
      everyMs: 60 * MINUTE,
      run: () => untilNone(() => pruneWebhooks(db, webhookDays, campaignDays !== undefined)),
    },
  ];
}
