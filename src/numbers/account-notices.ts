/** What Meta may say of the account and its number, and what of it holds sending back. */

import { endingSoon } from '../whatsapp/graph-versions.ts';
import type { SendingNumber } from './numbers.sql.ts';

/** Stored until they are lifted or over (account-notices.sql.ts). */
const TOLD_CODES = [
  'account_disabled',
  'account_disable_scheduled',
  'account_restricted',
  'account_violation',
  'account_review',
  'account_offboarded',
  'account_alert',
  'account_security',
  'partner_removed',
  'name_refused',
  'utility_warned',
  'utility_capped',
  'utility_as_marketing',
  'health_blocked',
  'health_limited',
  'payment_missing',
  'on_standby',
] as const;

/** Seen from what is known of the number and the settings; never stored a second time. */
const SEEN_CODES = ['quality_red', 'number_not_connected', 'graph_version_ends'] as const;

export const NOTICE_CODES = [...TOLD_CODES, ...SEEN_CODES] as const;

export type NoticeCode = (typeof NOTICE_CODES)[number];
export type ToldCode = (typeof TOLD_CODES)[number];

/** What may not be sent meanwhile: everything, or templates of one category. */
export const HOLDS = ['all', 'utility', 'marketing', 'authentication'] as const;
export type Hold = (typeof HOLDS)[number];

/** `info` is only shown; the others are alarms, and `stop` holds something back. */
export type NoticeLevel = 'stop' | 'warn' | 'info';

export interface Notice {
  readonly code: NoticeCode;
  readonly subject: string;
  readonly holds: Hold | null;
  readonly since: Date;
  /** When it ends by itself; null = when Meta lifts it. */
  readonly until: Date | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One thing that Meta has told: it stands from now on, or no longer. */
export type NoticeChange =
  | {
      readonly kind: 'stands';
      readonly code: ToldCode;
      readonly subject?: string;
      readonly holds?: Hold;
      readonly until?: Date | undefined;
      readonly detail?: Readonly<Record<string, unknown>>;
    }
  /** Of every subject, unless one is named. */
  | { readonly kind: 'lifted'; readonly code: ToldCode; readonly subject?: string };

/** Meta's refusals while an account is restricted: by themselves they name no end. */
export const RESTRICTED_CODES: readonly number[] = [368, 131031];

export function levelOf({ code, holds, detail }: Pick<Notice, 'code' | 'holds' | 'detail'>): NoticeLevel {
  if (holds !== null) return 'stop';
  if (code === 'account_alert' && detail['severity'] === 'INFORMATIONAL') return 'info';
  return 'warn';
}

/** What follows from the facts of the number and from the version of Graph that is asked. */
export function seenNotices(
  number: Pick<SendingNumber, 'quality' | 'status' | 'synced_at'> | undefined,
  graphVersion: string | undefined,
  now: Date,
): Notice[] {
  const since = number?.synced_at ?? now;
  const seen = (code: NoticeCode, detail: Notice['detail'], until: Date | null = null): Notice => {
    return { code, subject: '', holds: null, since, until, detail };
  };
  const notices: Notice[] = [];
  if (number?.quality === 'RED') notices.push(seen('quality_red', {}));
  if (number?.status !== undefined && number.status !== null && number.status !== 'CONNECTED')
    notices.push(seen('number_not_connected', { status: number.status }));
  const ends = graphVersion === undefined ? undefined : endingSoon(graphVersion, now);
  if (graphVersion !== undefined && ends !== undefined)
    notices.push(seen('graph_version_ends', { version: graphVersion, date: ends.toISOString().slice(0, 10) }));
  return notices;
}

/** The first that keeps templates of this category from being sent. */
export function holding<T extends Pick<Notice, 'holds'>>(notices: readonly T[], category: string | undefined): T | undefined {
  return notices.find(({ holds }) => holds === 'all' || (holds !== null && holds === category?.toLowerCase()));
}

/** A text of the catalogues (locales/*.po) with what it names. */
export interface NoticeText {
  readonly sentence: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What it means and what to do. */
export function noticeText({
  code,
  subject,
  holds,
  until,
  detail,
}: Pick<Notice, 'code' | 'subject' | 'holds' | 'until' | 'detail'>): NoticeText {
  const facts = Object.entries(detail).filter(([, value]) => typeof value === 'string' && value !== '') as [string, string][];
  // A text says "none" where Meta named nothing.
  const values = { reason: 'none', date: 'none', name: '', hold: holds ?? 'none', ...Object.fromEntries(facts) };
  return {
    sentence: `server.account.${code.replaceAll('_', '-')}${code === 'account_restricted' && holds === null ? '-otherwise' : ''}`,
    values: { ...values, subject, until: until === null ? 'open' : until.toISOString() },
  };
}

/** From a webhook, or as the account itself says it when asked. */
export function reviewNotice(decision: string): NoticeChange {
  if (decision === 'APPROVED') return { kind: 'lifted', code: 'account_review' };
  const detail = { reason: decision };
  const isRefused = decision === 'REJECTED' || decision === 'DISAPPROVED';
  return { kind: 'stands', code: 'account_review', detail, ...(isRefused ? { holds: 'all' as const } : {}) };
}

/** From a webhook, or as the number itself says it. */
export function nameNotices(decision: string, detail: Readonly<Record<string, string>>): NoticeChange[] {
  if (decision === 'DECLINED' || decision === 'REJECTED') return [{ kind: 'stands', code: 'name_refused', detail }];
  return decision === 'APPROVED' || decision === 'AVAILABLE_WITHOUT_REVIEW' ? [{ kind: 'lifted', code: 'name_refused' }] : [];
}
