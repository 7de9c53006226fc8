import assert from 'node:assert/strict';
import type { CampaignDeps } from '../../src/campaigns/preflight.ts';
import type { Db, Sql } from '../../src/lib/db/db.ts';
import { findCampaign, insertCampaign, moveCampaign } from '../../src/lifecycle/campaign.sql.ts';
import type { CampaignStatus } from '../../src/lifecycle/campaign.ts';
import { noTallies, readTallies, recount, type Tallies } from '../../src/lifecycle/counters.sql.ts';
import { type ByStatus, MESSAGE_STATUSES, type MessageStatus } from '../../src/lifecycle/message.ts';
import type { RunMode } from '../../src/whatsapp/mode.ts';
import { BIENVENIDA } from './templates.ts';

export const NUMBER = '106540352242922';
export const WABA = '102290129340398';
const MAPPING = { 'body.1': { column: 'variable_1' }, 'body.2': { column: 'variable_2' } };

/** Each test database has people of its own; nobody is on two lists unless a test says so. */
let lastPerson = 573_000_000_000;
export function newPerson(): number {
  return ++lastPerson;
}

export interface Person {
  readonly person: number;
  readonly data?: Readonly<Record<string, string>>;
}

export interface CampaignShape {
  readonly people?: number | readonly Person[];
  readonly status?: CampaignStatus;
  readonly mode?: RunMode;
  readonly phoneNumberId?: string;
  readonly template?: unknown;
  readonly templateName?: string;
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly batchSize?: number;
  readonly delay?: number;
  readonly messagesPerSecond?: number;
  readonly budgetMicros?: number;
}

/** A campaign as the upload and the start leave it: its people are published, counted and pending. @returns its id. */
export async function makeCampaign(db: Db, shape: CampaignShape = {}): Promise<number> {
  return db.tx(async (sql) => {
    const { id } = await insertCampaign(sql, {
      kind: 'campaign',
      name: 'Prueba',
      description: null,
      mode: shape.mode ?? 'sandbox',
      phone_number_id: shape.phoneNumberId ?? NUMBER,
      template_name: shape.templateName ?? 'bienvenida',
      template_language: 'es',
      mapping: shape.mapping ?? MAPPING,
      batch_size: shape.batchSize ?? null,
      delay_between_batches: shape.delay ?? 0,
      messages_per_second: shape.messagesPerSecond ?? null,
      budget_micros: shape.budgetMicros ?? null,
      currency: 'USD',
      created_by: null,
    });
    await addPeople(sql, id, shape.people ?? 1);
    await moveTo(sql, id, shape.status ?? 'running', shape.template ?? BIENVENIDA.raw);
    return id;
  });
}

export async function addPeople(sql: Sql, campaignId: number, people: NonNullable<CampaignShape['people']>): Promise<void> {
  const list = typeof people === 'number' ? Array.from({ length: people }, () => ({ person: newPerson() })) : people;
  if (list.length === 0) return;
  const upload = await sql.query<{ id: number }>(
    `insert into uploads (campaign_id, status, columns, total_rows, valid_rows, published_at)
     values ($1, 'published', '{Recipient-Phone-Number,variable_1,variable_2}', $2, $2, clock_timestamp()) returning id`,
    [campaignId, list.length],
  );
  const first = ((await findCampaign(sql, campaignId))?.published_through ?? 0) + 1;
  const ids = list.map((_, i) => first + i);
  const data = list.map((one: Person) => JSON.stringify(one.data ?? { variable_1: 'Ana', variable_2: 'Ruiz' }));
  await sql.query(
    `insert into recipients (campaign_id, id, person, phone, upload_id, row, data)
     select $1, id, person, person, $4, id + 1, data from unnest($2::int[], $3::bigint[], $5::jsonb[]) as t (id, person, data)`,
    [campaignId, ids, list.map((one) => one.person), upload.rows[0]?.id, data],
  );
  await sql.query(`insert into messages (campaign_id, id, status) select $1, unnest($2::int[]), 'pending'`, [campaignId, ids]);
  await sql.query(
    `insert into tallies (campaign_id, what, key, slot, n) values ($1, 'box', 'pending', 0, $2)
     on conflict (campaign_id, what, key, slot) do update set n = tallies.n + excluded.n`,
    [campaignId, list.length],
  );
  await sql.query('update campaigns set published_through = $2 where id = $1', [campaignId, first + list.length - 1]);
}

/** Takes a draft to the state by the moves there are. */
export async function moveTo(sql: Sql, id: number, status: CampaignStatus, template: unknown = BIENVENIDA.raw): Promise<void> {
  const start = (): Promise<unknown> => moveCampaign(sql, id, 'start', { template });
  const reason = { code: 'operator', message: 'A test paused it.' } as const;
  const schedule = (): Promise<unknown> => moveCampaign(sql, id, 'schedule', { scheduledAt: new Date(Date.now() + 3_600_000) });
  const roads: Record<CampaignStatus, () => Promise<unknown>> = {
    draft: () => Promise.resolve(),
    scheduled: schedule,
    running: start,
    paused: async () => {
      await start();
      await moveCampaign(sql, id, 'pause', { pauseReason: reason });
    },
    completed: async () => {
      await start();
      await moveCampaign(sql, id, 'complete');
    },
    cancelled: async () => {
      await start();
      await moveCampaign(sql, id, 'cancel');
    },
    failed: async () => {
      await schedule();
      await moveCampaign(sql, id, 'refuse', { pauseReason: { code: 'preflight', message: 'A test refused it.' } });
    },
  };
  await roads[status]();
  assert.equal((await findCampaign(sql, id))?.status, status);
}

export async function statusOf(sql: Sql, id: number): Promise<CampaignStatus | undefined> {
  return (await findCampaign(sql, id))?.status;
}

export interface MessageRow {
  readonly campaign_id: number;
  readonly id: number;
  readonly status: MessageStatus;
  readonly attempt: number;
  readonly retries: number;
  readonly due: Date | number;
  readonly lease_until: Date | null;
  readonly accepted_at: Date | null;
  readonly sent_at: Date | null;
  readonly delivered_at: Date | null;
  readonly read_at: Date | null;
  readonly failed_at: Date | null;
  readonly wamid: string | null;
  readonly error_code: number | null;
  readonly reason: string | null;
  readonly pricing_type: string | null;
  readonly pricing_category: string | null;
  readonly price_micros: number | null;
  readonly reserved_micros: number | null;
  readonly reserved_on: unknown;
  readonly abroad: boolean | null;
}

export async function messagesOf(sql: Sql, campaignId: number): Promise<MessageRow[]> {
  const { rows } = await sql.query<MessageRow>('select * from messages where campaign_id = $1 order by id', [campaignId]);
  return rows;
}

export async function messageOf(sql: Sql, campaignId: number, id = 1): Promise<MessageRow> {
  const row = (await messagesOf(sql, campaignId)).find((message) => message.id === id);
  assert.ok(row, `message ${String(id)} of campaign ${String(campaignId)}`);
  return row;
}

export async function eventsOfMessage(
  sql: Sql,
  campaignId: number,
  id = 1,
): Promise<{ kind: string; attempt: number; data: Record<string, unknown> }[]> {
  const { rows } = await sql.query<{ kind: string; attempt: number; data: Record<string, unknown> }>(
    'select kind, attempt, data from message_events where campaign_id = $1 and message_id = $2 order by id',
    [campaignId, id],
  );
  return rows;
}

export async function talliesOf(sql: Sql, campaignId: number): Promise<Tallies> {
  return (await readTallies(sql, [campaignId])).get(campaignId) ?? noTallies();
}

export function sumOf(byStatus: ByStatus): number {
  return MESSAGE_STATUSES.reduce((sum, status) => sum + byStatus[status], 0);
}

/** The boxes that are not empty, for a readable comparison. */
export function filled(byStatus: ByStatus): Partial<ByStatus> {
  return Object.fromEntries(
    MESSAGE_STATUSES.filter((status) => byStatus[status] !== 0).map((status) => [status, byStatus[status]]),
  );
}

/** In one snapshot: the counters are what a recount gives, minutes included, and the boxes sum to the people on the list. */
export async function assertCountersAddUp(db: Db, campaignId: number): Promise<Tallies> {
  return db.tx(async (sql) => {
    const counted = await talliesOf(sql, campaignId);
    const truth = await recount(sql, campaignId);
    assert.deepEqual(comparable(counted), comparable(truth));
    assert.deepEqual(await countedMinutes(sql, campaignId), await trueMinutes(sql, campaignId));
    const { rows } = await sql.query<{ n: number }>(
      'select count(*) as n from recipients r join campaigns c on c.id = r.campaign_id where c.id = $1 and r.id <= c.published_through',
      [campaignId],
    );
    assert.equal(sumOf(counted.byStatus), rows[0]?.n);
    return counted;
  }, 'repeatable read');
}

function comparable(tallies: Tallies): unknown {
  const { byStatus, everAccepted, costMicros, incidents, errors, spend, priced } = tallies;
  return {
    byStatus: filled(byStatus),
    everAccepted,
    costMicros,
    incidents,
    errors: Object.fromEntries([...errors].sort((a, b) => a[0] - b[0])),
    spend: Object.fromEntries([...spend].sort()),
    priced: Object.fromEntries([...priced].sort()),
  };
}

async function countedMinutes(sql: Sql, campaignId: number): Promise<Record<string, number>> {
  const { rows } = await sql.query<{ k: string; n: number }>(
    `select what || ' ' || key as k, sum(n)::bigint as n from tallies where campaign_id = $1 and what like 'minute.%'
     group by 1 having sum(n) <> 0 order by 1`,
    [campaignId],
  );
  return Object.fromEntries(rows.map((row) => [row.k, row.n]));
}

async function trueMinutes(sql: Sql, campaignId: number): Promise<Record<string, number>> {
  const { rows } = await sql.query<{ k: string; n: number }>(
    `select t.what || ' ' || to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as k, count(*) as n
     from messages m cross join lateral (values ('minute.accepted', m.accepted_at), ('minute.delivered', m.delivered_at),
       ('minute.read', m.read_at), ('minute.failed', m.failed_at)) as t (what, at)
     where m.campaign_id = $1 and t.at is not null group by 1 order by 1`,
    [campaignId],
  );
  return Object.fromEntries(rows.map((row) => [row.k, row.n]));
}

/** What the campaign verbs need, with a note of whom they woke and recalled. */
export function campaignDeps(
  db: Db,
  over: Partial<CampaignDeps> = {},
): CampaignDeps & { readonly woken: number[]; readonly recalled: number[] } {
  const woken: number[] = [];
  const recalled: number[] = [];
  return {
    db,
    mode: 'sandbox',
    phoneNumberId: NUMBER,
    wabaId: WABA,
    defaults: { batchSize: undefined, delayBetweenBatches: 0 },
    price: () => ({ currency: 'USD', flatMicros: 10_000 }),
    nextCard: () => undefined,
    slot: 5,
    paceOf: () => Promise.resolve(undefined),
    wake: (ids) => woken.push(...ids),
    recall: (ids) => recalled.push(...ids),
    ...over,
    woken,
    recalled,
  };
}

export async function storeTemplate(
  db: Db,
  raw: Readonly<Record<string, unknown>> = BIENVENIDA.raw,
  over: { status?: string; quality?: string; metaId?: string; wabaId?: string } = {},
): Promise<void> {
  const status = over.status ?? 'APPROVED';
  await db.query(
    `insert into templates (mode, waba_id, name, language, meta_id, status, category, quality, raw)
     values ('sandbox', $1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (mode, waba_id, name, language) do update set status = excluded.status, quality = excluded.quality, raw = excluded.raw`,
    [
      over.wabaId ?? WABA,
      raw['name'],
      raw['language'],
      over.metaId ?? '1304694804498700',
      status,
      raw['category'],
      over.quality ?? 'GREEN',
      JSON.stringify({ ...raw, status }),
    ],
  );
}
