/**
 * Fires what is due, once, whoever runs. A schedule missed by more than its grace is not fired at three in the morning: it stays
 * scheduled and asks (PROTOCOL §1).
 */
import { askForAttention, dueCampaigns } from '../store/campaigns.ts';
import { fireSchedule } from './control.ts';
import type { CampaignDeps } from './deps.ts';

export async function fireDue(deps: CampaignDeps, graceMinutes: number): Promise<void> {
  for (const { id, lateSeconds } of await dueCampaigns(deps.db)) {
    if (lateSeconds > graceMinutes * 60) {
      const late = Math.round(lateSeconds / 60);
      await askForAttention(deps.db, id, `Its time passed ${String(late)} minutes ago while nothing was running. Start it now, give it a new time, or cancel it.`);
    } else {
      await fireSchedule(deps, id);
    }
  }
}
