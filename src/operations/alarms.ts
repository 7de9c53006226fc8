/**
 * What is wrong now and nobody has noticed: told in GET /api/v1/status, in the log when it begins and ends, and to Prometheus.
 * Reads only; holds nothing that a crash could lose.
 */

import type { Sql } from '../lib/db/db.ts';
import { SILENT_SECONDS } from '../lib/jobs/processes.sql.ts';
import { type Sentence, say, together } from '../lib/words/sentence.ts';
import { levelOf, NOTICE_CODES, type Notice, noticeText } from '../numbers/account-notices.ts';
import { type AccountScope, readAccountState } from '../numbers/account-state.ts';
import { readSigns, type Signs } from './metrics.sql.ts';

export const ALARM_CODES = [
  'webhooks_silent',
  'webhooks_refused',
  'webhooks_behind',
  'webhooks_stuck',
  'no_worker',
  'opt_out_of_unknown',
  'meta_outage',
  'redis_refuses',
  // What Meta says of the account and the number.
  ...NOTICE_CODES,
] as const;

export type AlarmCode = (typeof ALARM_CODES)[number];

export interface Alarm {
  readonly code: AlarmCode;
  readonly message: Sentence;
}

/** Meta tells `sent` of an accepted message within seconds; after five minutes without a word the way back is broken. */
const SILENT_MINUTES = 5;
const LOOK_BACK_MINUTES = 24 * 60;
/** A few may be held back by Meta without a word. */
const ENOUGH = 5;
const BEHIND_SECONDS = 60;

/** What Meta says of the account, and what is wrong here. */
export async function readAlarms(sql: Sql, scope: AccountScope): Promise<Alarm[]> {
  const { notices } = await readAccountState(sql, scope);
  const signs = alarmsOf(
    await readSigns(sql, {
      mode: scope.mode,
      window: { from: LOOK_BACK_MINUTES, until: SILENT_MINUTES },
      aliveSeconds: SILENT_SECONDS,
    }),
  );
  return [...signs, ...alarmsOfNotices(notices)];
}

/** One a code, whatever number of alerts or restrictions stand under it. */
function alarmsOfNotices(notices: readonly Notice[]): Alarm[] {
  const alarms = new Map<AlarmCode, Alarm>();
  for (const notice of notices) {
    if (levelOf(notice) === 'info') continue;
    const before = alarms.get(notice.code);
    const message = noticeText(notice);
    alarms.set(notice.code, { code: notice.code, message: before === undefined ? message : together(before.message, message) });
  }
  return [...alarms.values()];
}

export function alarmsOf(signs: Signs): Alarm[] {
  const alarms: Alarm[] = [];
  const raise = (code: AlarmCode, message: Sentence): void => {
    alarms.push({ code, message });
  };
  if (signs.untold >= ENOUGH) {
    const last = signs.last_webhook_at?.toISOString();
    const since = last === undefined ? say('server.operations.no-webhook-ever') : say('server.operations.last-webhook', { last });
    raise('webhooks_silent', say('server.operations.webhooks-silent', { since }));
  }
  if (signs.refused_webhooks >= ENOUGH) {
    raise('webhooks_refused', say('server.alarm.webhooks-refused', { count: signs.refused_webhooks }));
  }
  if ((signs.oldest_pending_seconds ?? 0) > BEHIND_SECONDS) {
    const seconds = Math.round(signs.oldest_pending_seconds ?? 0);
    raise('webhooks_behind', say('server.operations.webhooks-behind', { seconds }));
  }
  if (signs.stuck > 0) raise('webhooks_stuck', say('server.operations.webhooks-stuck', { count: signs.stuck }));
  if (signs.running > 0 && signs.workers === 0) raise('no_worker', say('server.operations.no-worker'));
  if (signs.unknown_stops > 0) {
    raise('opt_out_of_unknown', say('server.operations.opt-out-of-unknown', { count: signs.unknown_stops }));
  }
  if (signs.redis_fault !== null) {
    raise('redis_refuses', say('server.alarm.redis-refuses', { fault: signs.redis_fault }));
  }
  if (signs.outages > 0) {
    const since = signs.outage_since?.toISOString() ?? '';
    raise('meta_outage', say('server.operations.meta-outage', { since, lost: signs.outage_lost }));
  }
  return alarms;
}

/** Tells an alarm once when it begins and once when it ends. */
export function createAlarmWatch(deps: {
  readonly read: () => Promise<readonly Alarm[]>;
  readonly onRaised: (alarm: Alarm) => void;
  readonly onCleared: (code: AlarmCode) => void;
}): () => Promise<void> {
  let raised = new Set<AlarmCode>();
  return async () => {
    const now = await deps.read();
    const codes = new Set(now.map((alarm) => alarm.code));
    for (const alarm of now) if (!raised.has(alarm.code)) deps.onRaised(alarm);
    for (const code of raised) if (!codes.has(code)) deps.onCleared(code);
    raised = codes;
  };
}
