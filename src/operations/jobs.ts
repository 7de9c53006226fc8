import type { CampaignDeps } from '../campaigns/preflight.ts';
import { sweepTable, wornTables } from '../lib/db/vacuum.ts';
import { type PeriodicJob, untilNone } from '../lib/jobs/periodic.ts';
import type { Logger } from '../lib/log.ts';
import { english } from '../lib/words/sentence.ts';
import { runningCampaigns } from '../lifecycle/campaign.sql.ts';
import { forgetLateAnswers } from '../lifecycle/forget-recipient.sql.ts';
import { noteAlarms } from './alarms.sql.ts';
import { createAlarmWatch, readAlarms } from './alarms.ts';
import type { Backups } from './backups.ts';
import { pruneAccountEvents } from './retention.sql.ts';
import { forgetPeople } from './retention.ts';

const MINUTE = 60_000;
const CHUNK = 2_000;

/** A table is swept when a fifth of it is dead and nobody sends; while somebody does, only when it is as dead as alive. */
const DEAD_SHARE = { idle: 0.2, busy: 1 };

export interface MaintenanceDeps {
  readonly log: Logger;
  readonly campaigns: CampaignDeps;
  readonly backups: Backups | undefined;
  /** What Meta told is kept so many days. */
  readonly webhookDays: number;
  /** And people so many after the end of their campaign; undefined: for ever. */
  readonly campaignDays: number | undefined;
  /** Aborted when the process stops: long work ends between two of its steps. */
  readonly signal: AbortSignal;
}

/** What is slow and waits for nobody: alarms, forgetting people, backups, sweeping the embedded database. */
export function maintenanceJobs(deps: MaintenanceDeps): PeriodicJob[] {
  const { log, campaigns, backups, webhookDays, campaignDays, signal } = deps;
  const { db } = campaigns;
  const watchAlarms = createAlarmWatch({
    read: async () => {
      const now = await readAlarms(db, campaigns);
      await noteAlarms(db, now);
      return now;
    },
    onRaised: (alarm) => {
      log.error({ alarm: alarm.code }, english(alarm.message));
    },
    onCleared: (code) => {
      log.info({ alarm: code }, 'the alarm is over');
    },
  });
  const jobs: PeriodicJob[] = [
    { name: 'alarms', everyMs: MINUTE / 2, run: watchAlarms },
    {
      name: 'account events',
      everyMs: 60 * MINUTE,
      run: () => untilNone(() => pruneAccountEvents(db, webhookDays, CHUNK), signal),
    },
  ];
  // Answers that were out while their person was erased.
  jobs.push({ name: 'erased people', everyMs: MINUTE, run: () => forgetLateAnswers(db) });
  if (campaignDays !== undefined)
    jobs.push({ name: 'forgetting people', everyMs: 60 * MINUTE, run: () => forget(deps, campaignDays) });
  if (backups !== undefined) jobs.push({ name: 'backup', everyMs: MINUTE, run: () => backUp(backups, log) });
  if (db.kind === 'pglite') jobs.push({ name: 'vacuum', everyMs: MINUTE, run: () => vacuumEmbedded(deps) });
  return jobs;
}

async function forget({ campaigns, log, signal }: MaintenanceDeps, days: number): Promise<void> {
  const { archived, erasedRows } = await forgetPeople(campaigns, {
    days,
    signal,
    onCorrected: (campaignId, differences) => {
      log.error(
        { campaign_id: campaignId, differences },
        'the counters of a campaign were wrong and were put right before its people were erased',
      );
    },
  });
  if (archived.length > 0 || erasedRows > 0)
    log.info({ campaigns: archived, rows: erasedRows }, 'personal data was erased (RETENTION_DAYS)');
}

async function backUp(backups: Backups, log: Logger): Promise<void> {
  const begun = performance.now();
  const path = await backups.saveIfDue();
  if (path !== undefined) log.info({ path, ms: Math.round(performance.now() - begun) }, 'backup written');
}

/** PGlite has no autovacuum: without this a table grows with every change of its rows. */
async function vacuumEmbedded({ campaigns: { db, mode }, log, signal }: MaintenanceDeps): Promise<void> {
  const busy = (await runningCampaigns(db, mode)).length > 0;
  for (const { table, dead, live } of await wornTables(db, busy ? DEAD_SHARE.busy : DEAD_SHARE.idle)) {
    if (signal.aborted) return;
    const begun = performance.now();
    await sweepTable(db, table);
    log.info({ table, dead, live, ms: Math.round(performance.now() - begun) }, 'table swept');
  }
}
