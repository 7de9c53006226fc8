/**
 * The rounds of a process, on three clocks, so that none waits for another kind: signs of life, the work the database tells of,
 * and what asks Meta over the network.
 */

import { hostname } from 'node:os';
import { secretPrint } from '../auth/secrets.ts';
import type { CampaignDeps } from '../campaigns/preflight.ts';
import { fireDue } from '../campaigns/schedule.ts';
import { pauseWhereTemplateChanged } from '../campaigns/watch-template.ts';
import type { Config } from '../config/config.ts';
import type { Db } from '../lib/db/db.ts';
import type { Round } from '../lib/jobs/periodic.ts';
import { BEAT_MS, beat, giveUp, signsOfLife } from '../lib/jobs/processes.sql.ts';
import { createSilenceWatch } from '../lib/jobs/silent-processes.ts';
import {
  cancelledWithPending,
  completeIfDone,
  purgeDeleted,
  runningCampaigns,
  settleCampaigns,
  stoppedAndDone,
} from '../lifecycle/campaign.sql.ts';
import { cancelPending, expireLeases } from '../lifecycle/claim.sql.ts';
import type { Paces } from '../numbers/pacers.ts';
import { type SyncNumberDeps, syncNumber } from '../numbers/sync-number.ts';
import { marketOf } from '../pricing/rate-card.ts';
import { tidyDrafts } from '../recipients/read-draft.ts';
import { finishRemovals } from '../recipients/remove-upload.ts';
import { discardAbandonedUploads } from '../recipients/uploads.sql.ts';
import { type SyncTemplatesDeps, syncTemplates } from '../templates/sync.ts';
import type { ApplyDeps } from '../webhooks/apply.ts';
import { pruneWebhooks, requeueGivenUpByOthers, webhookBacklog } from '../webhooks/journal.sql.ts';
import { giveUpOrphans, retryOrphans } from '../webhooks/unmatched.ts';
import { type Ground, TenancyLost } from './database.ts';
import type { Role } from './role.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const OPEN_OUTCOME_DAYS = 30;
/** An upload that has not moved for so long is of a dead process or a dead line. */
const UPLOAD_IDLE_SECONDS = 300;

export interface LifeParts {
  readonly ground: Ground;
  readonly role: Role;
  readonly slot: number;
  /** The number under which this process claims from now on. */
  readonly onNumber: (number: number) => void;
  readonly onWorkers: (workers: number) => void;
  readonly onLost: (error: unknown) => void;
  readonly onGone: (process: number) => void;
}

export function lifeRounds({ ground, role, slot, onNumber, onWorkers, onLost, onGone }: LifeParts): Round[] {
  const { db, processId } = ground;
  const silence = createSilenceWatch();
  const print = role === 'worker' ? undefined : secretPrint(ground.secretKey);
  const facts = { id: processId, role, host: hostname(), pid: process.pid, secretPrint: print };
  return [
    {
      name: 'heartbeat',
      everyMs: BEAT_MS,
      run: async () => {
        onNumber(await beat(db, facts));
      },
    },
    {
      // Each process looks, those that only answer as well: when every worker has died, what they left is settled all the same.
      name: 'the dead',
      everyMs: 5 * SECOND,
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
    {
      name: 'tenancy',
      everyMs: 4 * SECOND,
      run: async () => {
        try {
          await ground.renewTenancy?.();
        } catch (error) {
          if (!(error instanceof TenancyLost)) throw error;
          onLost(error);
        }
      },
    },
  ];
}

export interface WorkParts {
  readonly db: Db;
  readonly config: Config;
  readonly slot: number;
  readonly campaigns: CampaignDeps;
  readonly delivery: ApplyDeps;
  readonly wakeApply: () => void;
}

/** Each finds again what the queue forgot, and may run in several processes at once and after any crash. */
export function workRounds({ db, config, slot, campaigns, delivery, wakeApply }: WorkParts): Round[] {
  return [
    { name: 'schedules', everyMs: SECOND, run: () => fireDue(campaigns, config.campaign.scheduleGraceMinutes) },
    { name: 'changed templates', everyMs: 5 * SECOND, run: () => pauseWhereTemplateChanged(campaigns) },
    {
      name: 'running campaigns',
      everyMs: 5 * SECOND,
      run: async () => {
        campaigns.wake(await runningCampaigns(db, config.whatsapp.mode));
      },
    },
    {
      name: 'webhooks',
      everyMs: 5 * SECOND,
      run: async () => {
        if ((await webhookBacklog(db)).pending > 0) wakeApply();
      },
    },
    {
      name: 'webhooks given up by another version',
      everyMs: 5 * MINUTE,
      run: () => requeueGivenUpByOthers(db, delivery.version),
    },
    { name: 'orphans', everyMs: 5 * SECOND, run: () => retryOrphans(delivery) },
    {
      name: 'cancelled campaigns',
      everyMs: 5 * SECOND,
      run: async () => {
        for (const id of await cancelledWithPending(db)) await untilNone(() => cancelPending(db, id, slot));
      },
    },
    { name: 'old orphans', everyMs: 60 * MINUTE, run: () => untilNone(() => giveUpOrphans(db)) },
    {
      name: 'stopped in their last moment',
      everyMs: 5 * SECOND,
      run: async () => {
        for (const id of await stoppedAndDone(db)) await completeIfDone(db, id);
      },
    },
    { name: 'settling', everyMs: 10 * SECOND, run: () => settleCampaigns(db, OPEN_OUTCOME_DAYS) },
    { name: 'uploads', everyMs: MINUTE, run: () => discardAbandonedUploads(db, { idleSeconds: UPLOAD_IDLE_SECONDS }) },
    { name: 'unpublished uploads', everyMs: MINUTE, run: () => tidyDrafts({ db }, { idleSeconds: UPLOAD_IDLE_SECONDS }) },
    { name: 'removed uploads', everyMs: MINUTE, run: () => finishRemovals({ db, marketOf }) },
    { name: 'deleted campaigns', everyMs: MINUTE, run: () => untilNone(() => purgeDeleted(db)) },
    {
      name: 'webhook journal',
      everyMs: 60 * MINUTE,
      run: () => untilNone(() => pruneWebhooks(db, config.retention.webhookDays, config.retention.campaignDays !== undefined)),
    },
  ];
}

/** What Meta says of the number and the templates; it may be slow or away, so nothing waits for it. */
export function networkRounds(sync: SyncTemplatesDeps & SyncNumberDeps, paces: Paces): Round[] {
  return [
    {
      name: 'number',
      everyMs: 15 * MINUTE,
      run: async () => {
        await syncNumber(sync);
        await paces.refresh(sync.phoneNumberId);
      },
    },
    { name: 'templates', everyMs: 15 * MINUTE, run: () => syncTemplates(sync) },
  ];
}

async function untilNone(chunk: () => Promise<number>): Promise<void> {
  while ((await chunk()) > 0);
}
