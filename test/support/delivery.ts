import type { Db } from '../../src/lib/db/db.ts';
import { type AttemptKey, callbackData } from '../../src/lifecycle/message.ts';
import type { Consequence } from '../../src/webhooks/account-events.ts';
import { type ApplyDeps, applyStored } from '../../src/webhooks/apply.ts';
import { storeWebhooks } from '../../src/webhooks/journal.sql.ts';
import { createWebhookCache } from '../../src/webhooks/webhook-cache.ts';
import { NUMBER } from './factories.ts';
import { INSTALLATION } from './sending.ts';

export interface DeliveryHouse {
  readonly deps: ApplyDeps;
  readonly consequences: Consequence[];
  readonly errors: { readonly error: unknown; readonly what: string }[];
  /** Stores the payloads as Meta posts them, then applies everything there is. */
  post(...payloads: readonly unknown[]): Promise<void>;
  applyAll(): Promise<void>;
}

export function openDelivery(db: Db, over: Partial<ApplyDeps> = {}): DeliveryHouse {
  const consequences: Consequence[] = [];
  const errors: DeliveryHouse['errors'] = [];
  const deps: ApplyDeps = {
    db,
    mode: 'sandbox',
    installationId: INSTALLATION,
    epoch: null,
    version: '1',
    wabaId: '102290129340398',
    phoneNumberId: NUMBER,
    slot: 4,
    webhookCache: createWebhookCache(),
    price: () => ({ currency: 'USD', flatMicros: 12_500 }),
    personOf: (digits) => digits,
    recall: (campaignIds) => consequences.push({ kind: 'recalled', campaignIds }),
    paces: {
      pacerFor: (phoneNumberId) =>
        Promise.resolve({ slowDown: (change) => void consequences.push({ kind: 'slow_number', phoneNumberId, change }) }),
      refresh: (phoneNumberId) => Promise.resolve(void consequences.push({ kind: 'number_changed', phoneNumberId })),
    },
    syncTemplates: () => Promise.resolve(consequences.push({ kind: 'templates_changed' })),
    onError: (error, what) => errors.push({ error, what }),
    ...over,
  };
  const applyAll = async (): Promise<void> => {
    while ((await applyStored(deps)).webhooks > 0);
  };
  return {
    deps,
    consequences,
    errors,
    applyAll,
    async post(...payloads) {
      await storeWebhooks(
        db,
        payloads.map((payload) => (typeof payload === 'string' ? payload : JSON.stringify(payload))),
      );
      await applyAll();
    },
  };
}

/** One change as Meta wraps it. */
export function change(field: string, value: Readonly<Record<string, unknown>>, time = 1_760_000_000): unknown {
  return { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', time, changes: [{ field, value }] }] };
}

export function messages(value: Readonly<Record<string, unknown>>): unknown {
  return change('messages', {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550783881', phone_number_id: NUMBER },
    ...value,
  });
}

export interface StatusShape {
  readonly status: 'sent' | 'delivered' | 'read' | 'failed' | 'played';
  readonly at?: number;
  readonly wamid?: string;
  /** Whom it names; nobody unless given, as of people behind a username. */
  readonly to?: number;
  readonly code?: number;
  readonly pricing?: Readonly<Record<string, unknown>>;
  /** null: Meta echoes none. */
  readonly callback?: string | null;
}

export function statusItem(key: AttemptKey, shape: StatusShape): Record<string, unknown> {
  return {
    id: shape.wamid ?? `wamid.${String(key.campaignId)}.${String(key.messageId)}.${String(key.attempt)}`,
    status: shape.status,
    timestamp: String(shape.at ?? 1_760_000_000),
    ...(shape.to === undefined ? {} : { recipient_id: String(shape.to) }),
    ...(shape.callback === null
      ? {}
      : { biz_opaque_callback_data: shape.callback ?? callbackData({ installationId: INSTALLATION, epoch: null }, key) }),
    ...(shape.pricing === undefined ? {} : { pricing: shape.pricing }),
    ...(shape.code === undefined
      ? {}
      : { errors: [{ code: shape.code, title: 'x', message: 'x', error_data: { details: 'y' } }] }),
  };
}

export function statuses(...items: readonly Record<string, unknown>[]): unknown {
  return messages({ statuses: items });
}

let lastInbound = 0;
export function inbound(from: number, over: Readonly<Record<string, unknown>>, at = 1_760_000_000): unknown {
  return messages({
    contacts: [{ profile: { name: 'Eva' }, wa_id: String(from) }],
    messages: [{ from: String(from), id: `wamid.in.${String(++lastInbound)}`, timestamp: String(at), ...over }],
  });
}

export function text(body: string): { type: 'text'; text: { body: string } } {
  return { type: 'text', text: { body } };
}
