/**
 * What the queue may carry: alarms, never facts. A job says where to look; what is to be done stands in the database, so a job
 * that is lost is found again by the sweep and one that comes twice finds nothing left to do (docs/decisions/0001).
 */
export type Job =
  /** Claim and send one slice of a campaign. A campaign runs on a few lanes, so that one claims while another sends. */
  | { readonly kind: 'send'; readonly campaignId: number; readonly lane: number }
  /** Apply webhooks that have been stored. */
  | { readonly kind: 'apply'; readonly lane: number };

export type JobKind = Job['kind'];

/** The same work has the same id: a second one while the first waits is no second job. No `:` (BullMQ refuses it). */
export function jobId(job: Job): string {
  return job.kind === 'send' ? `send.${String(job.campaignId)}.${String(job.lane)}` : `apply.${String(job.lane)}`;
}

/** What a handler says of the time after: nothing more to do for now, or again in so many milliseconds. */
export type Next = { readonly againInMs: number } | undefined;
