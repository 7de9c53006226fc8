/** Reads both sides of the account: the product through its API, the simulator through its control API. */
import { MESSAGE_STATUSES, type MessageStatus, zeroByStatus } from '../../lifecycle/message.ts';
import type { Answer, JsonApi } from './api.ts';
import type { CampaignFact, LedgerEntry, PersonFact } from './reconciliation.ts';

type Json = Readonly<Record<string, unknown>>;

export async function readLedger(sim: JsonApi): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  let after = '';
  for (;;) {
    const { json } = await must(sim, `/_sim/ledger?limit=10000&after=${after}`);
    for (const item of listOf(json['data'])) entries.push(entryOf(item));
    if (typeof json['next'] !== 'string') return entries;
    after = json['next'];
  }
}

function entryOf(item: Json): LedgerEntry {
  return {
    wamid: String(item['wamid']),
    to: String(item['to']),
    callback: typeof item['biz_opaque_callback_data'] === 'string' ? item['biz_opaque_callback_data'] : null,
    final: String(item['final']),
    errorCode: typeof item['error_code'] === 'number' ? item['error_code'] : null,
    acceptedAt: Date.parse(String(item['accepted_at'])),
    told: listOf(item['statuses']).some((status) => status['acknowledged'] === true),
  };
}

/** Every campaign with everybody on it. */
export async function readCampaigns(api: JsonApi): Promise<CampaignFact[]> {
  const found: CampaignFact[] = [];
  for (let offset = 0; ; offset += 100) {
    const { json } = await must(api, `/api/v1/campaigns?limit=100&offset=${String(offset)}&sort=created_at`);
    const page = listOf(json['data']);
    for (const campaign of page) found.push(await readCampaign(api, Number(campaign['id'])));
    if (page.length < 100) return found;
  }
}

export async function readCampaign(api: JsonApi, id: number): Promise<CampaignFact> {
  const { json } = await must(api, `/api/v1/campaigns/${String(id)}/stats`);
  return {
    id,
    status: String(json['status']),
    by_status: byStatusOf(json['by_status']),
    costMicros: Math.round(Number(json['actual_cost']) * 1e6),
    messagesSent: Number(json['messages_sent']),
    duplicateIncidents: Number(json['duplicate_incidents']),
    people: await readPeople(api, id),
  };
}

export function byStatusOf(value: unknown): CampaignFact['by_status'] {
  const byStatus = zeroByStatus();
  if (isJson(value)) for (const status of MESSAGE_STATUSES) byStatus[status] = Number(value[status] ?? 0);
  return byStatus;
}

async function readPeople(api: JsonApi, id: number): Promise<PersonFact[]> {
  const people: PersonFact[] = [];
  let cursor = '';
  for (;;) {
    const { json } = await must(
      api,
      `/api/v1/campaigns/${String(id)}/recipients?limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const item of listOf(json['data'])) people.push(personOf(item));
    if (typeof json['next_cursor'] !== 'string') return people;
    cursor = json['next_cursor'];
  }
}

function personOf(item: Json): PersonFact {
  const status = MESSAGE_STATUSES.find((known) => known === item['status']);
  if (status === undefined) throw new Error(`a box nobody knows: ${String(item['status'])}`);
  const error = item['error'];
  return {
    id: Number(item['id']),
    phone: String(item['phone']),
    status: status satisfies MessageStatus,
    attempt: Number(item['attempt']),
    wamid: typeof item['wamid'] === 'string' ? item['wamid'] : null,
    errorCode: isJson(error) ? Number(error['code']) : null,
    reason: typeof item['reason'] === 'string' ? item['reason'] : null,
    priceMicros: typeof item['price'] === 'number' ? Math.round(item['price'] * 1e6) : null,
  };
}

async function must(api: JsonApi, path: string): Promise<Answer> {
  const answer = await api.call('GET', path);
  if (answer.status !== 200) throw new Error(`GET ${path} answered ${String(answer.status)}: ${JSON.stringify(answer.json)}`);
  return answer;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isJson) : [];
}
