/** The boxes a message can be in: in the order of the bar, each with its sign. Colours stand in styles/states.css (f-…, st …). */
import type { Schemas } from '../api.ts';

export type MessageStatus = keyof Schemas['ByStatus'];

export const BAR_ORDER: readonly MessageStatus[] = [
  'read',
  'delivered',
  'sent',
  'accepted',
  'held',
  'unknown',
  'failed',
  'skipped',
  'cancelled',
  'sending',
  'pending',
];

export const SIGNS: Readonly<Record<MessageStatus, string>> = {
  read: 'ticks',
  delivered: 'ticks',
  sent: 'tick',
  accepted: 'took',
  held: 'held',
  unknown: 'ask',
  failed: 'x',
  skipped: 'skip',
  cancelled: 'minus',
  sending: 'sending',
  pending: 'pending',
};
