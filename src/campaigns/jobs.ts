import { type PeriodicJob, untilNone } from '../lib/jobs/periodic.ts';
import {
  cancelledWithPending,
  completeIfDone,
  purgeDeleted,
  runningCampaigns,
  settleCampaigns,
  stoppedAndDone,
} from '../lifecycle/campaign.sql.ts';
import { cancelPending } from '../lifecycle/claim.sql.ts';
import type { CampaignDeps } from './preflight.ts';
import { fireDue } from './schedule.ts';
import { pauseWhereTemplateChanged } from './watch-template.ts';

const SECOND = 1_000;
/** After so many days a campaign waits for no more statuses. */
const OPEN_OUTCOME_DAYS = 30;

/** What time alone moves in a campaign, and what a crash or a lost wake-up left half done. */
export function campaignJobs(deps: CampaignDeps, scheduleGraceMinutes: number): PeriodicJob[] {
  const { db, slot } = deps;
  return [
    { name: 'schedules', everyMs: SECOND, run: () => fireDue(deps, scheduleGraceMinutes) },
    { name: 'changed templates', everyMs: 5 * SECOND, run: () => pauseWhereTemplateChanged(deps) },
    {
      name: 'running campaigns',
      everyMs: 5 * SECOND,
      run: async () => {
        deps.wake(await runningCampaigns(db, deps.mode));
      },
    },
    {
      name: 'cancelled campaigns',
      everyMs: 5 * SECOND,
      run: async () => {
        for (const id of await cancelledWithPending(db)) await untilNone(() => cancelPending(db, id, slot));
      },
    },
    {
      name: 'stopped in their last moment',
      everyMs: 5 * SECOND,
      run: async () => {
        for (const id of await stoppedAndDone(db)) await completeIfDone(db, id);
      },
    },
    { name: 'settling', everyMs: 10 * SECOND, run: () => settleCampaigns(db, OPEN_OUTCOME_DAYS) },
    { name: 'deleted campaigns', everyMs: 60 * SECOND, run: () => untilNone(() => purgeDeleted(db)) },
  ];
}
