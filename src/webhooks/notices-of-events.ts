/** What an event of the account or the number means for sending: what stands from now on, and what no longer does. */

import { type NoticeChange, nameNotices, reviewNotice } from '../numbers/account-notices.ts';
import type { AccountEvent, NumberEvent, Restriction } from '../whatsapp/webhook-events.ts';

const DAY_MS = 86_400_000;
/** Meta tells no end of these, so they are shown for a while. */
const SHOWN_DAYS = 30;
/** Each message that comes as to a bystander says it anew. */
const STANDBY_DAYS = 1;

export function noticesOfAccount(event: AccountEvent): NoticeChange[] {
  switch (event.field) {
    case 'account_update':
      return [...ofEvent(event), ...ofViolation(event), ...ofRestrictions(event)];
    case 'account_review_update':
      return event.decision === undefined ? [] : [reviewNotice(event.decision)];
    case 'account_alerts':
      return ofAlert(event);
    case 'security':
      return event.event === undefined
        ? []
        : [{ kind: 'stands', code: 'account_security', subject: event.event, until: after(event.at, SHOWN_DAYS) }];
    default:
      return [];
  }
}

function ofEvent({ event, banState, banDate, at }: AccountEvent): NoticeChange[] {
  switch (event) {
    case 'DISABLED_UPDATE':
      return ofBan(banState, banDate);
    case 'ACCOUNT_DELETED':
      return [{ kind: 'stands', code: 'account_disabled', holds: 'all', detail: { reason: 'ACCOUNT_DELETED' } }];
    case 'ACCOUNT_OFFBOARDED':
      return [{ kind: 'stands', code: 'account_offboarded', holds: 'all' }];
    case 'ACCOUNT_RECONNECTED':
      return [
        { kind: 'lifted', code: 'account_offboarded' },
        { kind: 'lifted', code: 'partner_removed' },
      ];
    case 'PARTNER_REMOVED':
      return [{ kind: 'stands', code: 'partner_removed', until: after(at, SHOWN_DAYS) }];
    case 'PARTNER_ADDED':
    case 'PARTNER_APP_INSTALLED':
      return [{ kind: 'lifted', code: 'partner_removed' }];
    default:
      return [];
  }
}

function ofBan(state: string | undefined, date = ''): NoticeChange[] {
  switch (state) {
    case 'SCHEDULE_FOR_DISABLE':
      return [{ kind: 'stands', code: 'account_disable_scheduled', detail: { date } }];
    case 'DISABLE':
    case 'DISABLED':
      return [
        { kind: 'stands', code: 'account_disabled', holds: 'all', detail: { date } },
        { kind: 'lifted', code: 'account_disable_scheduled' },
      ];
    case 'REINSTATE':
      return [
        { kind: 'lifted', code: 'account_disabled' },
        { kind: 'lifted', code: 'account_disable_scheduled' },
      ];
    default:
      return [];
  }
}

/** The ladder of utility templates that are no utility: warned, then capped, then all of them are marketing. */
function ofViolation({ violation, restrictions, at }: AccountEvent): NoticeChange[] {
  switch (violation) {
    case undefined:
      return [];
    case 'UTILITY_TEMPLATE_ABUSE':
      return restrictions === undefined ? [{ kind: 'stands', code: 'utility_warned', until: after(at, SHOWN_DAYS) }] : [];
    case 'UTILITY_TEMPLATE_ABUSE_RATE_LIMIT':
      return restrictions === undefined
        ? [{ kind: 'stands', code: 'utility_capped', holds: 'utility', until: after(at, 7) }]
        : [];
    case 'UTILITY_TEMPLATE_ABUSE_UNBAN':
      return [{ kind: 'lifted', code: 'utility_as_marketing' }];
    case 'UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY':
      return [{ kind: 'lifted', code: 'utility_capped' }];
    default:
      return [{ kind: 'stands', code: 'account_violation', subject: violation, until: after(at, SHOWN_DAYS) }];
  }
}

/** An event of restrictions that names none says that they are lifted. */
function ofRestrictions({ event, violation, restrictions }: AccountEvent): NoticeChange[] {
  if (restrictions !== undefined) return restrictions.map(ofRestriction);
  return event === 'ACCOUNT_RESTRICTION' && violation === undefined ? [{ kind: 'lifted', code: 'account_restricted' }] : [];
}

function ofRestriction({ type, expiresAt: until }: Restriction): NoticeChange {
  switch (type) {
    case 'RESTRICTED_BIZ_INITIATED_MESSAGING':
      return { kind: 'stands', code: 'account_restricted', subject: type, holds: 'all', until };
    case 'RESTRICTED_UTILITY_TEMPLATES':
      return { kind: 'stands', code: 'utility_as_marketing', holds: 'utility', until };
    case 'RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING':
      return { kind: 'stands', code: 'utility_capped', holds: 'utility', until };
    default:
      return { kind: 'stands', code: 'account_restricted', subject: type, until };
  }
}

const OVER: ReadonlySet<string | undefined> = new Set(['NONE', 'RESOLVED', 'INACTIVE', 'DISMISSED', 'CLOSED']);

function ofAlert({ alert, at }: AccountEvent): NoticeChange[] {
  if (alert === undefined) return [];
  const { type: subject, severity = '', status, description = '' } = alert;
  if (OVER.has(status)) return [{ kind: 'lifted', code: 'account_alert', subject }];
  const detail = { severity, reason: description };
  return [{ kind: 'stands', code: 'account_alert', subject, until: after(at, SHOWN_DAYS), detail }];
}

export function noticesOfNumber({ field, decision, requestedName = '', reason = '' }: NumberEvent): NoticeChange[] {
  if (field !== 'phone_number_name_update' || decision === undefined) return [];
  return nameNotices(decision, { name: requestedName, reason: reason === 'NONE' ? '' : reason });
}

export function standbyNotice(at: Date): NoticeChange {
  return { kind: 'stands', code: 'on_standby', until: after(at, STANDBY_DAYS) };
}

function after(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY_MS);
}
