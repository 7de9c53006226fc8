/**
 * What Meta says of the sending number and its account when asked: quality, throughput, limit, health, review, payment method. Webhooks tell
 * most of it sooner; this finds what was told while nobody listened, and what no webhook tells.
 */

import type { Db } from '../lib/db/db.ts';
import { cannotRead } from '../whatsapp/cannot-read.ts';
import type { MetaClient } from '../whatsapp/client.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { HealthStatus } from '../whatsapp/wire-reads.ts';
import { tellNotices } from './account-notices.sql.ts';
import { type NoticeChange, nameNotices, reviewNotice } from './account-notices.ts';
import { tierOf } from './messaging-limit.ts';
import { upsertNumber } from './numbers.sql.ts';

export interface SyncNumberDeps {
  readonly db: Db;
  readonly meta: MetaClient;
  readonly mode: RunMode;
  readonly phoneNumberId: string;
  readonly wabaId: string;
}

export async function syncNumber(deps: SyncNumberDeps): Promise<void> {
  const { meta, phoneNumberId, wabaId } = deps;
  // Of the moment before the questions: a webhook that comes meanwhile is newer than the answers.
  const askedAt = new Date();
  const [number, health, account, payment] = await Promise.all([
    meta.phoneNumber(phoneNumberId),
    meta.health(phoneNumberId),
    meta.account(wabaId),
    meta.fundingId(wabaId),
  ]);
  if (number.ok) {
    const { displayPhoneNumber, verifiedName, status, qualityRating, throughputLevel, messagingLimit } = number.value;
    await upsertNumber(deps.db, deps.mode, phoneNumberId, {
      display_phone_number: displayPhoneNumber ?? null,
      verified_name: verifiedName ?? null,
      status: status ?? null,
      quality: qualityRating ?? null,
      throughput_level: throughputLevel ?? null,
      messaging_limit: tierOf(messagingLimit) ?? null,
    });
  }
  const { nameStatus, verifiedName = '' } = number.ok ? number.value : {};
  // What could not be asked stays as it was known.
  const changes: NoticeChange[] = [
    ...(nameStatus === undefined ? [] : nameNotices(nameStatus, { name: verifiedName, reason: '' })),
    ...(health.ok ? healthNotices(health.value) : []),
    ...(account.ok && account.value.reviewStatus !== undefined ? [reviewNotice(account.value.reviewStatus)] : []),
    ...(payment.ok ? [paymentNotice(payment.value)] : []),
  ];
  await deps.db.tx((sql) => tellNotices(sql, deps, askedAt, changes));
  if (!number.ok) throw cannotRead(number.error);
}

/** Blocked holds everything until it is asked again and says otherwise. */
function healthNotices({ canSendMessage, entities }: HealthStatus): NoticeChange[] {
  const affected = entities.filter((entity) => entity.canSendMessage !== 'AVAILABLE');
  const reasons = affected.flatMap(({ entityType, errors, additionalInfo }) => [
    ...errors.map(({ description, solution }) => `${entityType}: ${description}${solution === undefined ? '' : ` ${solution}`}`),
    ...additionalInfo.map((info) => `${entityType}: ${info}`),
  ]);
  const detail = { reason: reasons.join(' '), entities: affected };
  const blocked: NoticeChange = { kind: 'lifted', code: 'health_blocked' };
  const limited: NoticeChange = { kind: 'lifted', code: 'health_limited' };
  switch (canSendMessage) {
    case 'BLOCKED':
      return [{ kind: 'stands', code: 'health_blocked', holds: 'all', detail }, limited];
    case 'LIMITED':
      return [blocked, { kind: 'stands', code: 'health_limited', detail }];
    default:
      return [blocked, limited];
  }
}

/** Told and not held: with credit of a partner's Meta may name none, and a refusal for want of payment pauses at the first message. */
function paymentNotice(fundingId: string | null): NoticeChange {
  return fundingId === null ? { kind: 'stands', code: 'payment_missing' } : { kind: 'lifted', code: 'payment_missing' };
}
