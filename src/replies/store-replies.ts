/** What people write back: stored once, tied to the message they answer; a word or tap of opting out holds from now on. */
import { optOutScope } from '../consent/opt-out-words.ts';
import { resume, type Suppression, suppress } from '../consent/opt-outs.sql.ts';
import type { Sql } from '../lib/db/db.ts';
import type { DeliveryDeps } from '../webhooks/deps.ts';
import type { PreferenceChange, WebhookItem } from '../whatsapp/webhook.ts';
import type { InboundMessage } from '../whatsapp/webhook-inbound.ts';
import { storeInbound } from './replies.sql.ts';

export async function storeInboundItems(deps: DeliveryDeps, sql: Sql, items: readonly WebhookItem[]): Promise<void> {
  const inbound = new Map<string, InboundMessage>();
  for (const item of items) if (item.kind === 'inbound') inbound.set(item.id, item);
  const added = await storeInbound(
    sql,
    [...inbound.values()].map((message) => ({
      id: message.id,
      person: personOf(deps, message.from),
      phoneNumberId: message.phoneNumberId ?? deps.phoneNumberId,
      type: message.type,
      body: message.text,
      payload: message.raw,
      contextWamid: message.contextWamid,
      sentAt: message.timestamp,
    })),
  );
  const optOuts = [...inbound.values()].filter((message) => added.has(message.id)).flatMap((message) => optOutOf(deps, message));
  await suppress(sql, optOuts);
  for (const item of items) if (item.kind === 'preference') await applyPreference(deps, sql, item);
}

function optOutOf(deps: DeliveryDeps, message: InboundMessage): Suppression[] {
  const digits = digitsOf(message.from);
  const scope = optOutScope(message.payload) ?? optOutScope(message.text);
  if (digits === undefined || scope === undefined) return [];
  const isTap = message.type === 'button' || message.type === 'interactive';
  return [
    {
      person: deps.personOf(digits),
      phone: digits,
      scope,
      source: isTap ? 'button' : 'keyword',
      detail: { inbound_id: message.id, said: message.text ?? message.payload },
      since: message.timestamp,
    },
  ];
}

/** A choice made inside WhatsApp (cloud-api.md §6.6): the newest timestamp wins. */
async function applyPreference(deps: DeliveryDeps, sql: Sql, change: PreferenceChange): Promise<void> {
  const digits = digitsOf(change.waId);
  if (digits === undefined) return;
  const person = deps.personOf(digits);
  const detail = { category: change.category, detail: change.detail };
  const word: Suppression = { person, phone: digits, scope: 'marketing', source: 'preferences', detail, since: change.timestamp };
  if (change.value === 'stop') await suppress(sql, [word]);
  else if (change.value === 'resume' || change.value === 'signup') await resume(sql, word);
}

function personOf(deps: DeliveryDeps, waId: string | undefined): number | undefined {
  const digits = digitsOf(waId);
  return digits === undefined ? undefined : deps.personOf(digits);
}

function digitsOf(waId: string | undefined): number | undefined {
  const digits = Number(waId);
  return Number.isSafeInteger(digits) && digits > 0 ? digits : undefined;
}
