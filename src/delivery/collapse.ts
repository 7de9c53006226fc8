/** Many statuses of one message become one report, so that the database applies each message once (PROTOCOL §3). Pure. */
import { type AttemptKey, rankOf } from '../domain/message.ts';
import type { MetaError } from '../domain/outcome.ts';
import type { Report } from '../store/reports.ts';
import type { StatusReport } from '../whatsapp/webhook-status.ts';

/** A status that is known to be of one of our attempts. */
export interface Matched {
  readonly key: AttemptKey;
  readonly status: StatusReport;
  /** What it costs if delivered; undefined when this status says nothing of it. */
  readonly priceMicros: number | undefined;
}

const NO_REASON: MetaError = { code: 0, message: 'Meta gave no reason' };

/**
 * One report for each attempt, whatever the order and number of its statuses: the highest rank, the earliest time of each kind,
 * the last pricing told. Rounds: in each, a message appears once; a second attempt of it comes in the next.
 */
export function collapse(matched: readonly Matched[]): Report[][] {
  const byAttempt = new Map<string, Report>();
  for (const one of matched) {
    const id = `${String(one.key.campaignId)}.${String(one.key.messageId)}.${String(one.key.attempt)}`;
    const report = toReport(one);
    const known = byAttempt.get(id);
    byAttempt.set(id, known === undefined ? report : merge(known, report));
  }
  const rounds: Report[][] = [];
  const seen: Set<string>[] = [];
  for (const report of byAttempt.values()) {
    const id = `${String(report.campaignId)}.${String(report.messageId)}`;
    let round = seen.findIndex((set) => !set.has(id));
    if (round === -1) {
      round = rounds.length;
      rounds.push([]);
      seen.push(new Set());
    }
    rounds[round]?.push(report);
    seen[round]?.add(id);
  }
  return rounds;
}

function toReport({ key, status, priceMicros }: Matched): Report {
  const at = Math.floor(status.timestamp.getTime() / 1000);
  const base = {
    ...key,
    status: status.status,
    wamid: status.wamid,
    pricingType: status.pricing?.type,
    pricingCategory: status.pricing?.category,
    priceMicros,
  };
  switch (status.status) {
    case 'sent':
      return { ...base, sentAt: at };
    case 'delivered':
      return { ...base, deliveredAt: at };
    case 'read':
      return { ...base, readAt: at };
    case 'failed': {
      const error = status.errors[0] ?? NO_REASON;
      return { ...base, failedAt: at, errorCode: error.code, event: { kind: 'failed', data: { ...error, via: 'webhook' } } };
    }
  }
}

function merge(a: Report, b: Report): Report {
  const higher = rankOf(b.status) > rankOf(a.status) ? b : a;
  return {
    ...a,
    status: higher.status,
    wamid: higher.wamid ?? a.wamid ?? b.wamid,
    sentAt: earlier(a.sentAt, b.sentAt),
    deliveredAt: earlier(a.deliveredAt, b.deliveredAt),
    readAt: earlier(a.readAt, b.readAt),
    failedAt: earlier(a.failedAt, b.failedAt),
    errorCode: earlier(a.errorCode, b.errorCode),
    pricingType: b.pricingType ?? a.pricingType,
    pricingCategory: b.pricingCategory ?? a.pricingCategory,
    priceMicros: b.priceMicros ?? a.priceMicros,
    event: a.event ?? b.event,
  };
}

/** The smaller of the two; of two error codes too, so that the order of arrival makes no difference. */
function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
