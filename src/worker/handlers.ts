import { createApplier } from '../delivery/apply.ts';
import type { DeliveryDeps } from '../delivery/deps.ts';
import type { Job, Next } from '../domain/job.ts';
import type { Sender } from '../sending/sender.ts';

/** Which verb a job wakes. */
export function createHandler(deps: { readonly sender: Sender; readonly delivery: DeliveryDeps }): (job: Job) => Promise<Next> {
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
