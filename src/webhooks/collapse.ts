/** Many statuses of one message become one report, so that the database applies each message once. Pure. */
import { type AttemptKey, rankOf } from '../lifecycle/message.ts';
import type { Report } from '../lifecycle/report.sql.ts';
import { CAUSE_UNKNOWN_CODE } from '../whatsapp/errors.ts';
import type { MetaError } from '../whatsapp/send-outcome.ts';
import type { StatusReport } from '../whatsapp/webhook-status.ts';

/** A status that is known to be of one of our attempts. */
export interface Matched {
  readonly key: AttemptKey;
  readonly status: StatusReport;
  /** Undefined where Meta does not name the person by a number. */
  readonly person: number | undefined;
  /** What it costs if delivered; undefined when this status says nothing of it. */
  readonly priceMicros: number | undefined;
}

const NO_REASON: MetaError = { code: CAUSE_UNKNOWN_CODE, message: 'Meta gave no reason' };

/**
 * One report for each attempt and id, whatever the order and number of its statuses: the highest rank, the earliest time of each kind,
 * the last pricing told. Rounds: in each, a message appears once; a second attempt of it comes in the next.
 */
export function collapse(matched: readonly Matched[]): Report[][] {
  // By numbers and not by one text of all three: this is done for every status there is.
  const byCampaign = new Map<number, Map<number, Report[]>>();
  const rounds: Report[][] = [];
  for (const one of matched) {
    const { campaignId, messageId, attempt } = one.key;
    let byMessage = byCampaign.get(campaignId);
    if (byMessage === undefined) byCampaign.set(campaignId, (byMessage = new Map<number, Report[]>()));
    const report = toReport(one);
    const attempts = byMessage.get(messageId);
    if (attempts === undefined) byMessage.set(messageId, [report]);
    else {
      // Two ids of one attempt: at most one of them is ours, and which one the row tells.
      const known = attempts.findIndex((other) => other.attempt === attempt && other.wamid === report.wamid);
      if (known === -1) attempts.push(report);
      else attempts[known] = merge(attempts[known] ?? report, report);
    }
  }
  for (const byMessage of byCampaign.values()) {
    for (const attempts of byMessage.values()) for (const [n, report] of attempts.entries()) (rounds[n] ??= []).push(report);
  }
  return rounds;
}

/** Every field in every report: objects of one shape are cheap. */
function toReport({ key, status, person, priceMicros }: Matched): Report {
  const at = Math.floor(status.timestamp.getTime() / 1000);
  const is = status.status;
  const error = is === 'failed' ? (status.errors[0] ?? NO_REASON) : undefined;
  return {
    campaignId: key.campaignId,
    messageId: key.messageId,
    attempt: key.attempt,
    person: person ?? 0,
    status: is,
    wamid: status.wamid,
    sentAt: is === 'sent' ? at : undefined,
    deliveredAt: is === 'delivered' ? at : undefined,
    readAt: is === 'read' ? at : undefined,
    failedAt: is === 'failed' ? at : undefined,
    errorCode: error?.code,
    pricingType: status.pricing?.type,
    pricingCategory: status.pricing?.category,
    priceMicros,
    event: error === undefined ? undefined : { kind: 'failed', data: { ...error, via: 'webhook' } },
  };
}

function merge(a: Report, b: Report): Report {
  const higher = rankOf(b.status) > rankOf(a.status) ? b : a;
  return {
    campaignId: a.campaignId,
    messageId: a.messageId,
    attempt: a.attempt,
    person: a.person,
    status: higher.status,
    wamid: higher.wamid ?? a.wamid ?? b.wamid,
    sentAt: earlier(a.sentAt, b.sentAt),
    deliveredAt: earlier(a.deliveredAt, b.deliveredAt),
    readAt: earlier(a.readAt, b.readAt),
    failedAt: earlier(a.failedAt, b.failedAt),
    errorCode: cause(a.errorCode, b.errorCode),
    pricingType: b.pricingType ?? a.pricingType,
    pricingCategory: b.pricingCategory ?? a.pricingCategory,
    priceMicros: b.priceMicros ?? a.priceMicros,
    event: a.event ?? b.event,
  };
}

/** Any reason is better than none; of two the smaller, so that the order of arrival makes no difference. */
function cause(a: number | undefined, b: number | undefined): number | undefined {
  if (a === CAUSE_UNKNOWN_CODE) return b ?? a;
  return b === CAUSE_UNKNOWN_CODE ? (a ?? b) : earlier(a, b);
}

/** The smaller of the two. */
function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
