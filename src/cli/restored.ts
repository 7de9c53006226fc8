/** `restored`: tells a database that it is a copy of the past. */

import { insertAudit } from '../audit/audit.sql.ts';
import { markStopped } from '../lib/db/clean-stop.ts';
import type { Db } from '../lib/db/db.ts';
import { migrate } from '../lib/db/migrate.ts';
import { livingProcesses, SILENT_SECONDS } from '../lib/jobs/processes.sql.ts';
import { markRestored } from '../operations/after-restore.ts';
import { confirm } from './confirm.ts';
import { CliError } from './exit.ts';
import { withDatabase } from './migrate.ts';
import { mustLoadSettings } from './settings.ts';
import { many, print, printJson } from './words.ts';

export interface RestoredOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export async function restored({ yes, json }: RestoredOptions): Promise<undefined> {
  const { config } = mustLoadSettings();
  await confirm('Pause every campaign, and set whoever still waits in a started one to "unknown"?', yes);
  const { database, dataDir } = config;
  // More was settled than a power cut asks for: the next start has nothing to do about one.
  const settled = database.kind === 'embedded' ? () => markStopped(dataDir, database.dir) : undefined;
  const work = async (db: Db): Promise<void> => {
    await migrate(db);
    const alive = await livingProcesses(db);
    // The embedded database is this command's alone already: who beat in it is of the past.
    if (config.database.kind === 'postgres' && alive.length > 0) {
      const who = alive.map((each) => `${each.role} ${String(each.pid)} on ${each.host}`).join(', ');
      throw new CliError(
        `Processes work on this database: ${who}. Stop them first (one that was killed counts for ${String(SILENT_SECONDS)} seconds).`,
      );
    }
    const { paused, asking, unknown } = await markRestored(db);
    const detail = { paused_campaigns: paused, asking_campaigns: asking, unknown };
    await insertAudit(db, {
      actor_kind: 'system',
      actor_id: null,
      actor_name: 'command line',
      action: 'system.restored',
      campaign_id: null,
      detail,
    });
    if (json === true) {
      printJson(detail);
      return;
    }
    print(
      `${many(paused.length, 'started campaign')} paused; ${many(asking.length, 'draft or schedule', 'drafts and schedules')} will ask before a start.`,
    );
    print(`${many(unknown, 'person', 'people')} set to "unknown": they may have been written to since the backup.`);
    print(
      'Start the system now. Webhooks that still come settle some of them; decide on the rest with "campaigns decide-unknown".',
    );
  };
  await withDatabase(config, work, settled);
}
