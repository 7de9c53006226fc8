/** What is written down of a send. Pure. */
import type { AttemptKey } from '../lifecycle/message.ts';
import type { Report } from '../lifecycle/report.sql.ts';
import type { BindFault } from '../templates/compile.ts';
import type { SendOutcome } from '../whatsapp/send-outcome.ts';
import type { Decision } from './retry.ts';

/** Our own code for a row that cannot be filled; Meta's are positive. */
export const ROW_FAULT_CODE = -2;

export function rowFault(key: AttemptKey, faults: readonly BindFault[]): Report {
  return { ...key, status: 'failed', errorCode: ROW_FAULT_CODE, event: { kind: 'failed', data: { faults } } };
}

export function reportOf(key: AttemptKey, decision: Decision, outcome: SendOutcome): Report {
  switch (decision.kind) {
    case 'accepted':
    case 'held':
      // Written out: of every message sent, and copying with a spread costs several times as much.
      return {
        campaignId: key.campaignId,
        messageId: key.messageId,
        attempt: key.attempt,
        status: decision.kind,
        wamid: decision.wamid,
      };
    case 'unknown':
      return {
        ...key,
        status: 'unknown',
        reason: decision.reason,
        event: { kind: 'unknown', data: { reason: decision.reason } },
      };
    case 'failed':
      return {
        ...key,
        status: 'failed',
        errorCode: decision.error.code,
        event: { kind: 'failed', data: { ...decision.error, via: 'response' } },
      };
    case 'again': {
      const cause = decision.error ?? (outcome.kind === 'not_sent' ? { reason: outcome.reason } : {});
      const event = { kind: 'retry', data: { ...cause, again_in_ms: Math.round(decision.afterMs) } };
      // The code counts where the campaign has ended meanwhile and the message fails instead.
      const errorCode = decision.error?.code;
      return { ...key, status: 'pending', afterMs: decision.afterMs, countsAsRetry: decision.countsAsRetry, errorCode, event };
    }
  }
}
