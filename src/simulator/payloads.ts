import { displayDigits, type PhoneNumber } from './account.ts';
import { webhookError } from './graph-error.ts';
import type { Ledger } from './ledger.ts';
import { DELIVERED, FAILED, NEVER, READ, SENT, SLOTS } from './outcomes.ts';
import { hashDigits } from './random.ts';

const NAMES = ['Ana María', 'José Peña', 'Lucía 🌸', 'Iván Núñez', 'Zoë', 'João', 'Nguyễn', 'مريم', 'Sofía', 'Andrés Güell'];
const COUNTRIES: readonly (readonly [prefix: string, country: string])[] = [
  ['57', 'CO'],
  ['55', 'BR'],
  ['54', 'AR'],
  ['56', 'CL'],
  ['52', 'MX'],
  ['51', 'PE'],
  ['34', 'ES'],
  ['44', 'GB'],
  ['91', 'IN'],
];

export function profileName(wa: number): string {
  return NAMES[hashDigits(wa) % NAMES.length] ?? 'Ana';
}

/** Business-scoped user id: country, a dot, letters and digits (cloud-api.md §6.8). */
export function userId(wa: number): string {
  const digits = String(wa);
  const country = COUNTRIES.find(([prefix]) => digits.startsWith(prefix))?.[1] ?? 'US';
  return `${country}.${String(10_000_000_000 + hashDigits(wa))}${String(wa % 10_000_000)}`;
}

export function metadataJson(number: PhoneNumber): string {
  return `{"display_phone_number":"${displayDigits(number)}","phone_number_id":"${number.id}"}`;
}

export function contactJson(wa: number, userIds: boolean): string {
  return `{"profile":{"name":${JSON.stringify(profileName(wa))}},"wa_id":"${String(wa)}"${userIds ? `,"user_id":"${userId(wa)}"` : ''}}`;
}

export function statusJson(ledger: Ledger, row: number, slot: number, wamid: string, userIds: boolean): string {
  const wa = ledger.wa(row);
  const callback = ledger.callback(row);
  let json = `{"id":"${wamid}","status":"${SLOTS[slot] ?? 'sent'}","timestamp":"${String(Math.floor(ledger.happenedAt(row, slot) / 1000))}","recipient_id":"${String(wa)}"`;
  if (userIds) json += `,"recipient_user_id":"${userId(wa)}"`;
  if (callback !== undefined) json += `,"biz_opaque_callback_data":${JSON.stringify(callback)}`;
  if (slot === FAILED) json += `,"errors":[${webhookError(ledger.code(row))}]`;
  else if (isPriced(ledger, row, slot)) json += `,"pricing":${pricingJson(ledger.label(row)?.category ?? 'service')}`;
  return `${json}}`;
}

export function pricingJson(category: string): string {
  return `{"billable":true,"pricing_model":"PMP","type":"regular","category":"${category}"}`;
}

/** On `sent` and on one of delivered and read (cloud-api.md §6.4). */
function isPriced(ledger: Ledger, row: number, slot: number): boolean {
  return slot === SENT || slot === DELIVERED || (slot === READ && ledger.delay(row, DELIVERED) === NEVER);
}
