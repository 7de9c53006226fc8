/**
 * What one outcome means for others: who must never be written to again, what has to pause, how fast the number may go on.
 * Order: the message's own outcome is committed first, so a crash in between costs at most a later pause, never an outcome.
 */
import type { PauseReason, RunMode } from '../domain/campaign.ts';
import { adviceFor } from '../domain/meta-error.ts';
import type { MetaError } from '../domain/outcome.ts';
import type { Stop } from '../domain/retry.ts';
import type { Db } from '../store/db.ts';
import { pauseRunning, type StopScope } from '../store/stops.ts';

/** A campaign as far as a stop concerns it. */
export interface StopTarget {
  readonly campaignId: number;
  readonly mode: RunMode;
  readonly phoneNumberId: string;
  readonly templateName: string;
  readonly templateLanguage: string;
}

export async function stopFor(db: Db, stop: Stop, target: StopTarget): Promise<number[]> {
  return pauseRunning(db, scopeOf(stop, target), {
    code: stop.scope === 'campaign' ? 'payload' : stop.scope,
    message: explain(stop.error),
    meta_code: stop.error.code,
  });
}

export function breakerReason(error: MetaError): PauseReason {
  return {
    code: 'breaker',
    message: `Too many messages in a row failed alike, so the rest was held back. ${explain(error)}`,
    meta_code: error.code,
  };
}

function explain(error: MetaError): string {
  const details = error.details === undefined ? error.message : `${error.message}: ${error.details}`;
  return `${adviceFor(error.code, 'en')} (Meta ${String(error.code)}: ${details})`;
}

function scopeOf(stop: Stop, target: StopTarget): StopScope {
  switch (stop.scope) {
    case 'campaign':
      return { scope: 'campaign', campaignId: target.campaignId };
    case 'template':
      return { scope: 'template', mode: target.mode, name: target.templateName, language: target.templateLanguage };
    case 'account':
      return { scope: 'number', mode: target.mode, phoneNumberId: target.phoneNumberId };
  }
}
