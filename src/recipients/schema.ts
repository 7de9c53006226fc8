/** One message as the API shows it, with or without its history: of a campaign's person, and of a test send. */
import { z } from 'zod';
import { iso, Time, Words } from '../lib/http/schemas.ts';
import { phoneText } from '../lib/phone/parse.ts';
import { MESSAGE_STATUSES } from '../lifecycle/message.ts';
import { adviceFor, titleFor } from '../whatsapp/errors.ts';
import type { MessageEventRow, RecipientRow } from './recipients.sql.ts';

export const RecipientSchema = z
  .object({
    id: z.int().describe('Within the campaign'),
    phone: z.string().describe('Empty for somebody who has been erased: nothing but the count is left of them'),
    row: z.int().describe('Line of the file'),
    data: z.record(z.string(), z.string()).describe('The columns of the file'),
    status: z.enum(MESSAGE_STATUSES),
    attempt: z.int(),
    next_attempt_at: Time.nullable(),
    accepted_at: Time.nullable(),
    sent_at: Time.nullable(),
    delivered_at: Time.nullable(),
    read_at: Time.nullable(),
    failed_at: Time.nullable(),
    wamid: z.string().nullable(),
    error: z.object({ code: z.int(), title: Words, advice: Words }).nullable(),
    reason: z.string().nullable().describe('Why it was skipped, or why its outcome is unknown'),
    price: z.number().nullable(),
  })
  .meta({ id: 'Recipient' });

export const HistorySchema = RecipientSchema.extend({
  history: z.array(
    z.object({ at: Time, attempt: z.int().nullable(), kind: z.string(), data: z.record(z.string(), z.unknown()) }),
  ),
  replies: z.array(z.object({ id: z.string(), type: z.string(), body: z.string().nullable(), sent_at: Time })),
}).meta({ id: 'RecipientHistory' });

export function presentRecipient(row: RecipientRow): z.output<typeof RecipientSchema> {
  return {
    id: row.id,
    phone: row.phone === 0 ? '' : phoneText(row.phone),
    row: row.row,
    data: { ...row.data },
    status: row.status,
    attempt: row.attempt,
    next_attempt_at: row.due === '-infinity' ? null : iso(new Date(row.due)),
    accepted_at: iso(row.accepted_at),
    sent_at: iso(row.sent_at),
    delivered_at: iso(row.delivered_at),
    read_at: iso(row.read_at),
    failed_at: iso(row.failed_at),
    wamid: row.wamid,
    // What failed and arrived all the same is no failure any more; the history keeps it.
    error:
      row.error_code === null || row.status === 'delivered' || row.status === 'read'
        ? null
        : {
            code: row.error_code,
            title: titleFor(row.error_code),
            advice: adviceFor(row.error_code),
          },
    reason: row.reason,
    price: row.price_micros === null || row.status === 'failed' ? null : row.price_micros / 1e6,
  };
}

interface Moment {
  readonly at: string;
  readonly attempt: number | null;
  readonly kind: string;
  readonly data: Record<string, unknown>;
}

/**
 * Ordinary progress stands in the row, everything else in the events: told together, in the order of time. Meta tells whole seconds
 * by a clock of her own, so a step is never placed before the one it follows, whatever its time says.
 */
export function historyOf(row: RecipientRow, events: readonly MessageEventRow[]): Moment[] {
  const placed: { readonly place: number; readonly moment: Moment }[] = [];
  const step = (kind: string, at: Date | null, after: number): number => {
    if (at === null) return after;
    const place = Math.max(at.getTime(), after);
    placed.push({ place, moment: { at: iso(at), attempt: null, kind, data: {} } });
    return place;
  };
  const accepted = step('accepted', row.accepted_at, 0);
  const sent = step('sent', row.sent_at, accepted);
  const delivered = step('delivered', row.delivered_at, sent);
  step('read', row.read_at, delivered);
  step('failed', row.failed_at, sent);
  for (const { at, attempt, kind, data } of events)
    placed.push({ place: at.getTime(), moment: { at: iso(at), attempt, kind, data: { ...data } } });
  return placed.sort((a, b) => a.place - b.place).map(({ moment }) => moment);
}
