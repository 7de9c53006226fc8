import type { Queue } from '../lib/jobs/queue.ts';
import type { Paces } from '../numbers/pacers.ts';

export interface ProcessState {
  readonly pace: { readonly messages_per_second: number; readonly ceiling: number; readonly slowed_until: string | null } | null;
  readonly queue: Readonly<Record<string, unknown>>;
}

export interface ProcessStateDeps {
  readonly phoneNumberId: string;
  readonly paces: Paces;
  readonly queue: Queue;
  /** Messages that are at Meta, and outcomes that are not written down yet. */
  readonly inFlight: () => number;
  readonly unrecorded: () => number;
}

/** What only this process knows: the pace it keeps, and what it has in hand. */
export async function processState(deps: ProcessStateDeps): Promise<ProcessState> {
  const state = await (await deps.paces.pacerFor(deps.phoneNumberId)).state();
  return {
    pace: {
      messages_per_second: Math.round(state.rate * 100) / 100,
      ceiling: state.ceiling,
      slowed_until: state.stoppedUntilMs > Date.now() ? new Date(state.stoppedUntilMs).toISOString() : null,
    },
    queue: { ...deps.queue.stats(), in_flight: deps.inFlight(), unrecorded: deps.unrecorded() },
  };
}
