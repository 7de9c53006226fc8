import { metaErrorFrom } from './outcome.ts';
import type { MetaError } from './send-outcome.ts';
import { asDate, asId, asObject, asText, type ChangeContext, type JsonObject, objectsIn } from './wire.ts';

export type ReportedStatus = 'sent' | 'delivered' | 'read' | 'failed';

/** What became of one message of ours (docs/meta.md, Statuses). In no order, more than once, and some never. */
export interface StatusReport {
  readonly kind: 'status';
  readonly wamid: string;
  readonly status: ReportedStatus;
  readonly timestamp: Date;
  readonly callbackData?: string;
  /** WhatsApp's id of the person, which may differ from the number written to; absent for people behind a username. */
  readonly recipientId?: string;
  readonly recipientUserId?: string;
  readonly recipientParentUserId?: string;
  readonly phoneNumberId?: string;
  /** On `sent` and on one of delivered and read: never to be overwritten by its absence. */
  readonly pricing?: Pricing;
  /** Of a failed one; seen empty, so a reader needs a word for "failed without a reason". */
  readonly errors: readonly MetaError[];
  readonly raw: JsonObject;
}

export interface Pricing {
  /** regular, free_customer_service, free_entry_point. Absent before July 2025. */
  readonly type?: string;
  readonly category?: string;
  /** PMP; CBP before July 2025. */
  readonly model?: string;
  /** To be removed by Meta: only where `type` is absent. */
  readonly billable?: boolean;
  /** What it really cost, where Meta says it: as written, in whole units of its currency. */
  readonly amount?: number;
  readonly currency?: string;
}

/** A voice message played has been read; no other box exists for it. */
const STATUSES: ReadonlyMap<unknown, ReportedStatus> = new Map<unknown, ReportedStatus>([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['played', 'read'],
  ['failed', 'failed'],
]);

const NO_ERRORS: readonly MetaError[] = [];

/** Written out instead of assembled: a webhook may carry a thousand of these. */
export function readStatus(item: JsonObject, { phoneNumberId, at }: ChangeContext): StatusReport | undefined {
  const wamid = asText(item['id']);
  const status = STATUSES.get(item['status']);
  if (wamid === undefined || status === undefined) return undefined;
  const callbackData = asText(item['biz_opaque_callback_data']);
  const recipientId = asId(item['recipient_id']);
  const recipientUserId = asText(item['recipient_user_id']);
  const recipientParentUserId = asText(item['recipient_parent_user_id']) ?? asText(item['parent_recipient_user_id']);
  const pricing = readPricing(asObject(item['pricing']));
  return {
    kind: 'status',
    wamid,
    status,
    timestamp: asDate(item['timestamp']) ?? at,
    ...(callbackData === undefined ? {} : { callbackData }),
    ...(recipientId === undefined ? {} : { recipientId }),
    ...(recipientUserId === undefined ? {} : { recipientUserId }),
    ...(recipientParentUserId === undefined ? {} : { recipientParentUserId }),
    ...(phoneNumberId === undefined ? {} : { phoneNumberId }),
    ...(pricing === undefined ? {} : { pricing }),
    errors: item['errors'] === undefined ? NO_ERRORS : objectsIn(item['errors']).flatMap((error) => metaErrorFrom(error) ?? []),
    raw: item,
  };
}

function readPricing(pricing: JsonObject | undefined): Pricing | undefined {
  if (pricing === undefined) return undefined;
  const type = asText(pricing['type']);
  const category = asText(pricing['category']);
  const model = asText(pricing['pricing_model']);
  const billable = pricing['billable'];
  const cost = asObject(pricing['cost']);
  const amount = cost?.['amount'];
  const currency = asText(cost?.['currency']);
  return {
    ...(type === undefined ? {} : { type }),
    ...(category === undefined ? {} : { category }),
    ...(model === undefined ? {} : { model }),
    ...(typeof billable === 'boolean' ? { billable } : {}),
    ...(typeof amount === 'number' && currency !== undefined ? { amount, currency } : {}),
  };
}
