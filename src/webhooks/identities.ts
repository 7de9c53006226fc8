/** Who is behind which user id: learnt from every payload that shows both names of somebody (consent/person-ids.sql.ts). */
import { type PersonId, storeIdsOfMessages, storePersonIds } from '../consent/person-ids.sql.ts';
import type { Sql } from '../lib/db/db.ts';
import { adoptReplies, type ReplyDeps } from '../replies/store-replies.ts';
import type { WebhookItem } from '../whatsapp/webhook.ts';
import type { Matched } from './collapse.ts';

/** From what names phone and id together. */
export async function learnFromItems(deps: ReplyDeps, sql: Sql, items: readonly WebhookItem[]): Promise<void> {
  const pairs = new Map<string, PersonId>();
  for (const item of items) {
    const { waId, userIds, at } = pairOf(item);
    const phone = Number(waId);
    if (userIds.length === 0 || !Number.isSafeInteger(phone) || phone <= 0) continue;
    for (const userId of userIds) {
      const known = pairs.get(userId);
      if (known === undefined || known.seenAt < at)
        pairs.set(userId, { userId, person: deps.personOf(phone), phone, seenAt: at });
    }
  }
  await adoptReplies(sql, await storePersonIds(sql, [...pairs.values()]));
}

/** From statuses that hide the phone: the message is ours, and we know to whom it was sent. */
export async function learnFromMatches(sql: Sql, matched: readonly Matched[]): Promise<void> {
  const seen = matched.flatMap(({ key: { campaignId, messageId }, status }) => {
    if (status.recipientId !== undefined) return [];
    return present(status.recipientUserId, status.recipientParentUserId).map((userId) => ({
      userId,
      campaignId,
      messageId,
      seenAt: status.timestamp,
    }));
  });
  await adoptReplies(sql, await storeIdsOfMessages(sql, seen));
}

interface Pair {
  readonly waId: string | undefined;
  readonly userIds: readonly string[];
  readonly at: Date;
}

function pairOf(item: WebhookItem): Pair {
  switch (item.kind) {
    case 'contact':
      return { waId: item.waId, userIds: item.userIds, at: item.at };
    case 'status':
      return { waId: item.recipientId, userIds: present(item.recipientUserId, item.recipientParentUserId), at: item.timestamp };
    case 'inbound':
      return { waId: item.from, userIds: present(item.fromUserId, item.fromParentUserId), at: item.timestamp };
    case 'preference':
      return { waId: item.waId, userIds: present(item.userId, item.parentUserId), at: item.timestamp };
    default:
      return NO_PAIR;
  }
}

const NO_PAIR: Pair = { waId: undefined, userIds: [], at: new Date(0) };

function present(...ids: readonly (string | undefined)[]): string[] {
  return ids.filter((id) => id !== undefined);
}
