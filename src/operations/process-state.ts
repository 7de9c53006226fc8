import { statfs } from 'node:fs/promises';
import type { Queue } from '../lib/jobs/queue.ts';
import type { Paces } from '../numbers/pacers.ts';
import type { BackupState, Backups } from './backups.ts';

export interface ProcessState {
  readonly pace: { readonly messages_per_second: number; readonly ceiling: number; readonly slowed_until: string | null } | null;
  readonly queue: Readonly<Record<string, unknown>>;
  readonly diskFree: number | undefined;
  readonly backups: BackupState | undefined;
}

export interface ProcessStateDeps {
  readonly phoneNumberId: string;
  readonly paces: Paces;
  readonly queue: Queue;
  /** Messages that are at Meta, and outcomes that are not written down yet. */
  readonly inFlight: () => number;
  readonly unrecorded: () => number;
  readonly dataDir: string;
  /** Undefined where the database is a server's. */
  readonly backups: Pick<Backups, 'state'> | undefined;
}

/** What only this process knows: the pace it keeps, what it has in hand, and the disk it stands on. */
export async function processState(deps: ProcessStateDeps): Promise<ProcessState> {
  const state = await (await deps.paces.pacerFor(deps.phoneNumberId)).state();
  return {
    pace: {
      messages_per_second: Math.round(state.rate * 100) / 100,
      ceiling: state.ceiling,
      slowed_until: state.stoppedUntilMs > Date.now() ? new Date(state.stoppedUntilMs).toISOString() : null,
    },
    queue: { ...deps.queue.stats(), in_flight: deps.inFlight(), unrecorded: deps.unrecorded() },
    diskFree: await freeBytes(deps.dataDir),
    backups: await deps.backups?.state(),
  };
}

/** Undefined where the system does not tell. */
async function freeBytes(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}
