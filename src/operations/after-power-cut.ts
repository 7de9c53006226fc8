/**
 * The machine went down under a running process, and the embedded database does not wait for the disk: what it did in its last moments it may
 * have forgotten, above all who was written to. Before anything else starts; the mark of this run is written when all of it is done, so that
 * a second cut in between begins again.
 */
import { didMachineGoDown, markRunning } from '../lib/db/clean-stop.ts';
import type { Db } from '../lib/db/db.ts';
import type { Logger } from '../lib/log.ts';
import { findNumber } from '../numbers/numbers.sql.ts';
import { ratePerSecond } from '../numbers/pace.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { markForgotten } from './after-restore.ts';

export interface PowerCutDeps {
  readonly db: Db;
  readonly log: Logger;
  readonly dataDir: string;
  /** Which boot of the machine this is. */
  readonly boot: string;
  readonly mode: RunMode;
  readonly phoneNumberId: string;
  /** Messages a second that the settings allow at most. */
  readonly ceiling: number | undefined;
}

export async function settleAfterPowerCut(deps: PowerCutDeps): Promise<void> {
  const { db, log, dataDir, boot } = deps;
  if (didMachineGoDown(dataDir, boot)) {
    const { paused, asking, unknown } = await markForgotten(db, await possiblePace(deps));
    log.warn(
      { paused_campaigns: paused, asking_campaigns: asking, unknown },
      'The machine went down while this program was at work, and its last moments may be forgotten: started campaigns are paused, drafts and schedules ask, and whoever may have been written to in the last minute is "unknown". Webhooks settle some of them; look at the rest, then resume.',
    );
  }
  markRunning(dataDir, boot);
}

/** As many a second as may have left from the number of these settings. */
async function possiblePace({ db, mode, phoneNumberId, ceiling }: PowerCutDeps): Promise<number> {
  const number = await findNumber(db, mode, phoneNumberId);
  return ratePerSecond({ throughputLevel: number?.throughput_level, ceiling });
}
