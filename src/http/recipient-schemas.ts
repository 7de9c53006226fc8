/** One message as the API shows it, with or without its history: of a campaign's person, and of a test send. */
import { z } from 'zod';
import { MESSAGE_STATUSES } from '../domain/message.ts';
import { adviceFor, titleFor } from '../domain/meta-error.ts';
import type { MessageEventRow, RecipientRow } from '../store/recipients.ts';
import { iso, Time } from './schemas.ts';

export const RecipientSchema = z
  .object({
    id: z.int().describe('Within the campaign'),
    phone: z.string(),
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
    error: z.object({ code: z.int(), title: z.string(), advice: z.string(), advice_es: z.string() }).nullable(),
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

export function phoneText(digits: number): string {
  return `+${String(digits)}`;
}

export function presentRecipient(row: RecipientRow): z.output<typeof RecipientSchema> {
  return {
    id: row.id,
    phone: phoneText(row.phone),
    row: row.row,
    data: { ...row.data },
    status: row.status,
    attempt: row.attempt,
    next_attempt_at: row.due === '-infinity' ? null : new Date(row.due).toISOString(),
    accepted_at: iso(row.accepted_at),
    sent_at: iso(row.sent_at),
    delivered_at: iso(row.delivered_at),
    read_at: iso(row.read_at),
    failed_at: iso(row.failed_at),
    wamid: row.wamid,
    error:
      row.error_code === null
        ? null
        : {
            code: row.error_code,
            title: titleFor(row.error_code),
            advice: adviceFor(row.error_code, 'en'),
            advice_es: adviceFor(row.error_code, 'es'),
          },
    reason: row.reason,
    price: row.price_micros === null ? null : row.price_micros / 1e6,
  };
}

interface Moment {
  readonly at: string;
  readonly attempt: number | null;
  readonly kind: string;
  readonly data: Record<string, unknown>;
}

/** Ordinary progress stands in the row, everything else in the events: told together, in the order of time. */
export function historyOf(row: RecipientRow, events: readonly MessageEventRow[]): Moment[] {
  const steps = [
    ['accepted', row.accepted_at],
    ['sent', row.sent_at],
    ['delivered', row.delivered_at],
    ['read', row.read_at],
    ['failed', row.failed_at],
  ] as const;
  const moments: Moment[] = steps.flatMap(([kind, at]) =>
    at === null ? [] : [{ at: at.toISOString(), attempt: null, kind, data: {} }],
  );
  for (const event of events)
    moments.push({ at: event.at.toISOString(), attempt: event.attempt, kind: event.kind, data: { ...event.data } });
  return moments.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
