/**
 * Fires what is due, once, whoever runs. A schedule missed by more than its grace is not fired at three in the morning: it stays
 * scheduled and asks (PROTOCOL §1).
 */
import { many } from '../lib/plural.ts';
import { askForAttention, dueCampaigns } from '../lifecycle/campaign.sql.ts';
import { fireSchedule } from './control.ts';
import type { CampaignDeps } from './deps.ts';

export async function fireDue(deps: CampaignDeps, graceMinutes: number): Promise<void> {
  const errors: unknown[] = [];
  for (const { id, lateSeconds } of await dueCampaigns(deps.db)) {
    try {
      if (lateSeconds > graceMinutes * 60) await ask(deps, id, Math.round(lateSeconds / 60));
      else await fireSchedule(deps, id);
    } catch (error) {
      // One that cannot be fired must not keep the others from their time.
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'scheduled campaigns could not be fired');
}

function ask(deps: CampaignDeps, id: number, lateMinutes: number): Promise<void> {
  const what = `Its time passed ${many(lateMinutes, 'minute')} ago while nothing was running. Start it now, give it a new time, or cancel it.`;
  return askForAttention(deps.db, id, what);
}
