/**
 * What became of one recipient's message. Exactly one of these boxes at every moment; their sum is `total_recipients`.
 *
 * The order is the rank within an attempt (PROTOCOL §2): a report moves a message only to a later entry. The database enum
 * `message_status` has the same order; a test compares the two.
 */
export const MESSAGE_STATUSES = [
  'pending',
  'cancelled',
  'skipped',
  'sending',
  'unknown',
  'held',
  'accepted',
  'sent',
  'failed',
  'delivered',
  'read',
] as const;

export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export type ByStatus = Record<MessageStatus, number>;

const RANK = new Map<MessageStatus, number>(MESSAGE_STATUSES.map((status, rank) => [status, rank]));

export function rankOf(status: MessageStatus): number {
  return RANK.get(status) ?? 0;
}

/** What a report of this attempt makes of a message: the higher of the two, so that doubles and disorder change nothing. */
export function advance(current: MessageStatus, reported: MessageStatus): MessageStatus {
  return rankOf(reported) > rankOf(current) ? reported : current;
}

/** Nothing of this kind is left when a campaign is completed. */
export const OPEN_STATUSES = ['pending', 'sending'] as const satisfies readonly MessageStatus[];

/** May still move after completion, by a webhook: their number is `open_outcomes`. */
export const UNSETTLED_STATUSES = ['unknown', 'held', 'accepted', 'sent'] as const satisfies readonly MessageStatus[];

export function zeroByStatus(): ByStatus {
  return Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, 0])) as ByStatus;
}

/** The identity of one send on the wire: which message, and which attempt at it. */
export interface AttemptKey {
  readonly campaignId: number;
  readonly messageId: number;
  readonly attempt: number;
}

/**
 * `biz_opaque_callback_data` of a send, echoed by Meta in every status of it (cloud-api.md §0.3; at most 512 characters).
 * Begins with the installation, so that two systems on one number never settle each other's messages.
 */
export function callbackData(installation: string, key: AttemptKey): string {
  return `${installation}.${String(key.campaignId)}.${String(key.messageId)}.${String(key.attempt)}`;
}

/** What the database's smallint holds. */
const MAX_ATTEMPT = 32_767;

/** The attempt a status speaks of, or undefined when the data is not of this installation. */
export function parseCallbackData(installation: string, data: string): AttemptKey | undefined {
  const match = /^([0-9a-z]+)\.(\d{1,9})\.(\d{1,9})\.(\d{1,5})$/.exec(data);
  if (match?.[1] !== installation) return undefined;
  const attempt = Number(match[4]);
  return attempt > MAX_ATTEMPT ? undefined : { campaignId: Number(match[2]), messageId: Number(match[3]), attempt };
}
