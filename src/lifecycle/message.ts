/**
 * What became of one recipient's message. Exactly one of these boxes at every moment; their sum is `total_recipients`.
 *
 * The order is the rank within an attempt (docs/state-machines.md, A message): a report moves a message only to a later entry. The database enum
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

/** Whose message it is: the installation, and the life of its database. */
export interface Origin {
  readonly installationId: string;
  /** New at each restore; null in the first life. */
  readonly epoch: string | null;
}

/**
 * `biz_opaque_callback_data` of a send, echoed by Meta in every status of it (at most 512 characters).
 * Begins with the installation, so that two systems on one number never settle each other's messages, and ends with the life of its
 * database, because a restored one gives the same numbers once more.
 */
export function callbackData({ installationId, epoch }: Origin, key: AttemptKey): string {
  const data = `${installationId}.${String(key.campaignId)}.${String(key.messageId)}.${String(key.attempt)}`;
  return epoch === null ? data : `${data}.${epoch}`;
}

/** What the database's smallint holds. */
const MAX_ATTEMPT = 32_767;

const FORM = /^([0-9a-z]+)\.(\d{1,9})\.(\d{1,9})\.(\d{1,5})(?:\.([0-9a-z]{1,12}))?$/;

/** The attempt a status speaks of and the life it is of, or undefined when the data is not of this installation. */
export function parseCallbackData(
  installationId: string,
  data: string,
): { readonly key: AttemptKey; readonly epoch: string | null } | undefined {
  const match = FORM.exec(data);
  if (match?.[1] !== installationId) return undefined;
  const attempt = Number(match[4]);
  if (attempt > MAX_ATTEMPT) return undefined;
  return { key: { campaignId: Number(match[2]), messageId: Number(match[3]), attempt }, epoch: match[5] ?? null };
}

/** Made by this program, whichever installation it was. */
export function isCallbackData(data: string): boolean {
  return FORM.test(data);
}
