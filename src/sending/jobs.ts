import type { Db } from '../lib/db/db.ts';
import type { PeriodicJob } from '../lib/jobs/periodic.ts';
import { BEAT_MS, beat, giveUp, type ProcessFacts, signsOfLife } from '../lib/jobs/processes.sql.ts';
import { createSilenceWatch } from '../lib/jobs/silent-processes.ts';
import { completeIfDone } from '../lifecycle/campaign.sql.ts';
import { expireLeases } from '../lifecycle/claim.sql.ts';

export interface ProcessJobDeps {
  readonly db: Db;
  readonly slot: number;
  readonly self: ProcessFacts;
  /** The number under which this process claims from now on. */
  readonly onNumber: (number: number) => void;
  /** So many processes send. */
  readonly onWorkers: (workers: number) => void;
  readonly onGone: (process: number) => void;
}

const LOOK_MS = 5_000;

/** Signs of life: one's own, and those of the others, whose leases end with them. */
export function processJobs({ db, slot, self, onNumber, onWorkers, onGone }: ProcessJobDeps): PeriodicJob[] {
  const silence = createSilenceWatch();
  return [
    {
      name: 'heartbeat',
      everyMs: BEAT_MS,
      run: async () => {
        onNumber(await beat(db, self));
      },
    },
    {
      // Each process looks, those that only answer as well: when every worker has died, what they left is settled all the same.
      name: 'dead processes',
      everyMs: LOOK_MS,
      run: async () => {
        const signs = await signsOfLife(db);
        onWorkers(signs.filter((sign) => sign.role !== 'api').length);
        for (const sign of silence.look(signs)) if (await giveUp(db, sign)) onGone(sign.number);
        for (;;) {
          const { expired, campaignIds } = await expireLeases(db, { everyone: false, slot });
          for (const id of campaignIds) await completeIfDone(db, id);
          if (expired === 0) break;
        }
      },
    },
  ];
}
