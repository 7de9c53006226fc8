import { type Account, displayDigits, type PhoneNumber } from './account.ts';
import type { SimConfig } from './config.ts';
import { webhookError } from './graph-error.ts';
import type { Ledger } from './ledger.ts';
import { DELIVERED, FAILED, NEVER, READ, SENT, SLOTS } from './outcomes.ts';
import { hashDigits, type Random } from './random.ts';

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

/** Business-scoped user id: country, a dot, letters and digits (docs/meta.md, Numbers of people and user ids). */
export function userId(wa: number): string {
  const digits = String(wa);
  const country = COUNTRIES.find(([prefix]) => digits.startsWith(prefix))?.[1] ?? 'US';
  return `${country}.${String(10_000_000_000 + hashDigits(wa))}${String(wa % 10_000_000)}`;
}

function metadataJson(number: PhoneNumber): string {
  return `{"display_phone_number":"${displayDigits(number)}","phone_number_id":"${number.id}"}`;
}

function contactJson(wa: number, userIds: boolean): string {
  return `{"profile":{"name":${JSON.stringify(profileName(wa))}},"wa_id":"${String(wa)}"${userIds ? `,"user_id":"${userId(wa)}"` : ''}}`;
}

function statusJson(ledger: Ledger, row: number, slot: number, wamid: string, userIds: boolean): string {
  const wa = ledger.wa(row);
  const callback = ledger.callback(row);
  let json = `{"id":"${wamid}","status":"${SLOTS[slot] ?? 'sent'}","timestamp":"${String(Math.floor(ledger.happenedAt(row, slot) / 1000))}","recipient_id":"${String(wa)}"`;
  if (userIds) json += `,"recipient_user_id":"${userId(wa)}"`;
  if (callback !== undefined) json += `,"biz_opaque_callback_data":${JSON.stringify(callback)}`;
  if (slot === FAILED) json += `,"errors":[${webhookError(ledger.code(row))}]`;
  else if (isPriced(ledger, row, slot)) json += `,"pricing":${pricingJson(ledger.label(row)?.category ?? 'service')}`;
  return `${json}}`;
}

function pricingJson(category: string): string {
  return `{"billable":true,"pricing_model":"PMP","type":"regular","category":"${category}"}`;
}

/** On `sent` and on one of delivered and read (docs/meta.md, Statuses). */
function isPriced(ledger: Ledger, row: number, slot: number): boolean {
  return slot === SENT || slot === DELIVERED || (slot === READ && ledger.delay(row, DELIVERED) === NEVER);
}

/** Something owed to the receiver: a status is `row * 4 + slot`, an event `-id`. */
export type Item = number;

interface PayloadDeps {
  readonly ledger: Ledger;
  readonly account: Account;
  readonly config: () => SimConfig;
  readonly random: Random;
  readonly wamid: (row: number) => string;
}

/**
 * The updates of a batch, spread over entries, changes and statuses as Meta does, so that a receiver that reads only the first
 * of each loses something.
 */
export function payloadOf(
  deps: PayloadDeps,
  items: readonly Item[],
  events: ReadonlyMap<number, { readonly json: string }>,
): string {
  const entries: string[] = [];
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    if (item < 0) {
      const event = events.get(-item);
      if (event !== undefined) entries.push(event.json);
      continue;
    }
    const number = deps.ledger.number(Math.floor(item / 4));
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [item]);
    else group.push(item);
  }
  for (const [number, group] of groups) addEntries(deps, number, group, entries);
  return `{"object":"whatsapp_business_account","entry":[${entries.join(',')}]}`;
}

function addEntries(deps: PayloadDeps, numberIndex: number, items: readonly Item[], entries: string[]): void {
  const { ledger, account, random } = deps;
  const number = account.numbers.find((other) => other.id === ledger.numbers[numberIndex]) ?? account.numbers[0];
  if (number === undefined) return;
  let changes: string[] = [];
  for (let at = 0; at < items.length; ) {
    const size = items.length === 1 ? 1 : 1 + Math.floor(random() * 20);
    changes.push(changeJson(deps, number, items.slice(at, at + size)));
    at += size;
    if (at >= items.length || random() < 0.3) {
      entries.push(`{"id":"${account.waba.id}","changes":[${changes.join(',')}]}`);
      changes = [];
    }
  }
}

function changeJson(deps: PayloadDeps, number: PhoneNumber, items: readonly Item[]): string {
  const { ledger, wamid } = deps;
  const config = deps.config();
  const contacts: string[] = [];
  const statuses: string[] = [];
  for (const item of items) {
    const row = Math.floor(item / 4);
    const slot = item % 4;
    statuses.push(statusJson(ledger, row, slot, wamid(row), config.user_ids));
    if (config.webhooks.contacts && slot !== FAILED) contacts.push(contactJson(ledger.wa(row), config.user_ids));
  }
  const who = contacts.length > 0 ? `"contacts":[${contacts.join(',')}],` : '';
  return `{"value":{"messaging_product":"whatsapp","metadata":${metadataJson(number)},${who}"statuses":[${statuses.join(',')}]},"field":"messages"}`;
}
