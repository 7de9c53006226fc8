import type { Job, Next } from '../lib/jobs/job.ts';
import type { Sender } from '../sending/sender.ts';
import { type ApplyDeps, createApplier } from '../webhooks/apply.ts';

/** Which verb a job wakes. */
export function createHandler(deps: { readonly sender: Sender; readonly delivery: ApplyDeps }): (job: Job) => Promise<Next> {
  const apply = createApplier(deps.delivery);
  return (job) => {
    switch (job.kind) {
      case 'send':
        return deps.sender.slice(job.campaignId, job.lane);
      case 'apply':
        return apply();
    }
  };
}
