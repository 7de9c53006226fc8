/** The slow rounds, on a clock of their own so that nothing waits for them: forgetting people, backups, sweeping the embedded database. */

import { purgeAccess } from '../auth/auth.sql.ts';
import type { CampaignDeps } from '../campaigns/preflight.ts';
import type { Config } from '../config/config.ts';
import type { Db } from '../lib/db/db.ts';
import { sweepTable, wornTables } from '../lib/db/vacuum.ts';
import type { Round } from '../lib/jobs/periodic.ts';
import type { Logger } from '../lib/log.ts';
import { runningCampaigns } from '../lifecycle/campaign.sql.ts';
import { forgetLateAnswers } from '../lifecycle/forget-recipient.sql.ts';
import { createAlarmWatch, readAlarms } from '../operations/alarms.ts';
import { pruneAccountEvents } from '../operations/retention.sql.ts';
import { forgetPeople } from '../operations/retention.ts';
import type { Backups } from './backup.ts';

const MINUTE = 60_000;
const CHUNK = 2_000;

/** A table is swept when a fifth of it is dead and nobody sends; while somebody does, only when it is as dead as alive. */
const DEAD_SHARE = { idle: 0.2, busy: 1 };

export interface UpkeepParts {
  readonly db: Db;
  readonly config: Config;
  readonly log: Logger;
  readonly campaigns: CampaignDeps;
  readonly backups: Backups | undefined;
  /** Aborted when the process stops: long work ends between two of its steps. */
  readonly signal: AbortSignal;
}

export function upkeepRounds(parts: UpkeepParts): Round[] {
  const { db, config, log, campaigns, backups, signal } = parts;
  const watchAlarms = createAlarmWatch({
    read: () => readAlarms(db, config.whatsapp.mode),
    onRaised: (alarm) => {
      log.error({ alarm: alarm.code }, alarm.message);
    },
    onCleared: (code) => {
      log.info({ alarm: code }, 'the alarm is over');
    },
  });
  const rounds: Round[] = [
    { name: 'alarms', everyMs: MINUTE / 2, run: watchAlarms },
    { name: 'sessions and answers', everyMs: 60 * MINUTE, run: () => purgeAccess(db) },
    {
      name: 'account events',
      everyMs: 60 * MINUTE,
      run: () => untilNone(() => pruneAccountEvents(db, config.retention.webhookDays, CHUNK), signal),
    },
  ];
  // Answers that were out while their person was erased.
  rounds.push({ name: 'erased people', everyMs: MINUTE, run: () => forgetLateAnswers(db) });
  const days = config.retention.campaignDays;
  if (days !== undefined)
    rounds.push({ name: 'forgetting people', everyMs: 60 * MINUTE, run: () => forget(campaigns, days, log, signal) });
  if (backups !== undefined) rounds.push({ name: 'backup', everyMs: MINUTE, run: () => backUp(backups, log) });
  if (db.kind === 'pglite') rounds.push({ name: 'sweeping', everyMs: MINUTE, run: () => sweep(parts) });
  return rounds;
}

async function forget(campaigns: CampaignDeps, days: number, log: Logger, signal: AbortSignal): Promise<void> {
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

/** PGlite has no autovacuum (DESIGN §3): without this a table grows with every change of its rows. */
async function sweep({ db, config, log, signal }: UpkeepParts): Promise<void> {
  const busy = (await runningCampaigns(db, config.whatsapp.mode)).length > 0;
  for (const { table, dead, live } of await wornTables(db, busy ? DEAD_SHARE.busy : DEAD_SHARE.idle)) {
    if (signal.aborted) return;
    const begun = performance.now();
    await sweepTable(db, table);
    log.info({ table, dead, live, ms: Math.round(performance.now() - begun) }, 'table swept');
  }
}

async function untilNone(chunk: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await chunk()) > 0);
}
