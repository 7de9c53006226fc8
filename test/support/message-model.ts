/**
 * What must become of a message, in plain TypeScript and apart from the SQL: the model against which the store is tested.
 * Follows docs/state-machines.md one message at a time; whoever changes a rule changes it here and there, or the tests say so.
 */

import type { CampaignStatus } from '../../src/lifecycle/campaign.ts';
import { type MessageStatus, rankOf } from '../../src/lifecycle/message.ts';
import type { Report } from '../../src/lifecycle/report.sql.ts';
import { CAUSE_UNKNOWN_CODE } from '../../src/whatsapp/errors.ts';

export interface ModelMessage {
  status: MessageStatus;
  attempt: number;
  retries: number;
  /** A retry that may not leave yet. */
  waits: boolean;
  wamid: string | null;
  everAccepted: boolean;
  sentAt: number | null;
  deliveredAt: number | null;
  readAt: number | null;
  failedAt: number | 'now' | null;
  error: number | null;
  price: number | null;
  /** Attempts known to have failed. */
  readonly failed: Set<number>;
  /** Older attempts that turned out to have reached the person too. */
  readonly incidents: Set<number>;
}

export function freshMessage(): ModelMessage {
  return {
    status: 'pending',
    attempt: 0,
    retries: 0,
    waits: false,
    wamid: null,
    everAccepted: false,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    failedAt: null,
    error: null,
    price: null,
    failed: new Set(),
    incidents: new Set(),
  };
}

const WENT_OUT: readonly MessageStatus[] = ['held', 'accepted', 'sent', 'delivered', 'read'];
const ARRIVED: readonly MessageStatus[] = ['delivered', 'read'];
const IDLE: readonly MessageStatus[] = ['pending', 'cancelled', 'skipped'];

export function claimModel(m: ModelMessage, optedOut: boolean): void {
  m.waits = false;
  if (optedOut) {
    m.status = 'skipped';
    return;
  }
  m.status = 'sending';
  m.attempt++;
  m.wamid = null;
}

export function putBackModel(m: ModelMessage): void {
  Object.assign(m, { status: 'pending', waits: false, retries: 0, error: null, failedAt: null, sentAt: null, price: null });
}

export function applyModel(m: ModelMessage, report: Report, campaign: CampaignStatus): void {
  if (report.attempt > m.attempt) return;
  const isOlder = report.attempt < m.attempt && !(report.wamid !== undefined && report.wamid === m.wamid);
  const isIdle = IDLE.includes(m.status);
  const wentOut = WENT_OUT.includes(report.status);
  const arrived = ARRIVED.includes(report.status);
  if (isOlder && !isIdle) {
    if (arrived || ((wentOut || report.sentAt !== undefined) && !m.failed.has(report.attempt))) m.incidents.add(report.attempt);
    return;
  }
  const before = m.status;
  const after = nextStatus(m, report, campaign, isIdle, arrived);
  if (isIdle && after === before) return;
  m.status = after;
  if (wentOut || report.wamid !== undefined) m.everAccepted = true;
  m.wamid = report.wamid ?? m.wamid;
  m.price = report.priceMicros ?? m.price;
  m.sentAt = min(m.sentAt, report.sentAt);
  m.waits = after === 'pending' && (report.afterMs ?? 0) > 0;
  if (after === 'pending' && report.countsAsRetry === true) m.retries++;
  if (ARRIVED.includes(after)) m.deliveredAt = min(min(m.deliveredAt, report.deliveredAt), report.readAt);
  if (after === 'read') m.readAt = min(m.readAt, report.readAt);
  const failsNow =
    (report.status === 'failed' || report.failedAt !== undefined) && (after === 'failed' || ARRIVED.includes(after));
  if (after === 'failed' || failsNow) {
    m.failedAt =
      report.failedAt === undefined
        ? (m.failedAt ?? 'now')
        : m.failedAt === 'now'
          ? report.failedAt
          : min(m.failedAt, report.failedAt);
    if (failsNow || before !== 'failed')
      m.error = min(cause(m.error), cause(report.errorCode) ?? undefined) ?? CAUSE_UNKNOWN_CODE;
  }
  if (report.event?.kind === 'failed' && (before !== after || failsNow)) m.failed.add(report.attempt);
}

function nextStatus(m: ModelMessage, report: Report, campaign: CampaignStatus, isIdle: boolean, arrived: boolean): MessageStatus {
  if (report.status === 'pending') {
    if (m.status !== 'sending' && m.status !== 'unknown') return m.status;
    if (campaign === 'running' || campaign === 'paused') return 'pending';
    return campaign === 'cancelled' ? 'cancelled' : 'failed';
  }
  if (isIdle && (report.status === 'unknown' || (m.failed.has(report.attempt) && !arrived))) return m.status;
  return rankOf(report.status) > rankOf(m.status) ? report.status : m.status;
}

function min(a: number | 'now' | null, b: number | undefined): number | null {
  const known = a === 'now' ? null : a;
  if (b === undefined) return known;
  return known === null ? b : Math.min(known, b);
}

/** No reason is no error code that could stand against one. */
function cause(code: number | null | undefined): number | null {
  return code === undefined || code === CAUSE_UNKNOWN_CODE ? null : code;
}
