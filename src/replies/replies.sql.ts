import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';

export interface NewInbound {
  readonly id: string;
  readonly person: number | undefined;
  readonly phoneNumberId: string;
  readonly type: string;
  readonly body: string | undefined;
  readonly payload: unknown;
  readonly contextWamid: string | undefined;
  readonly sentAt: Date;
}

/** How long after a message somebody who writes without quoting is taken to answer it. */
const ANSWER_DAYS = 7;

/**
 * Stores what people wrote, once each, tied to the campaign message they answer: the one they quote, else the last one we sent them.
 *
 * @returns the ids that are new.
 */
export async function storeInbound(sql: Sql, messages: readonly NewInbound[]): Promise<Set<string>> {
  if (messages.length === 0) return new Set();
  const { rows } = await sql.query<{ id: string }>(
    `insert into inbound_messages (id, person, phone_number_id, type, body, payload, context_wamid, sent_at, campaign_id, message_id)
     select t.*, a.campaign_id, a.id
     from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::timestamptz[])
       as t (id, person, phone_number_id, type, body, payload, context_wamid, sent_at)
     left join lateral (
       select m.campaign_id, m.id
       from recipients r cross join lateral (select * from messages where campaign_id = r.campaign_id and id = r.id offset 0) m
       where r.person = t.person and m.accepted_at is not null
         and (m.wamid = t.context_wamid or m.accepted_at > t.sent_at - $9 * interval '1 day')
       order by (m.wamid = t.context_wamid) desc nulls last, m.accepted_at desc limit 1
     ) a on true
     on conflict (id) do nothing
     returning id`,
    [
      messages.map((m) => m.id),
      messages.map((m) => m.person ?? null),
      messages.map((m) => m.phoneNumberId),
      messages.map((m) => m.type),
      messages.map((m) => m.body ?? null),
      messages.map((m) => jsonbText(m.payload)),
      messages.map((m) => m.contextWamid ?? null),
      messages.map((m) => m.sentAt),
      ANSWER_DAYS,
    ],
  );
  return new Set(rows.map((row) => row.id));
}

export interface InboundRow {
  readonly id: string;
  readonly person: number | null;
  readonly type: string;
  readonly body: string | null;
  readonly campaign_id: number | null;
  readonly message_id: number | null;
  readonly sent_at: Date;
  readonly received_at: Date;
}

export async function listInbound(
  sql: Sql,
  filter: {
    readonly campaignId?: number | undefined;
    readonly person?: number | undefined;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<{ messages: InboundRow[]; total: number }> {
  const { rows } = await sql.query<InboundRow & { total: number }>(
    `select id, person, type, body, campaign_id, message_id, sent_at, received_at, count(*) over () as total
     from inbound_messages
     where ($1::int is null or campaign_id = $1) and ($2::bigint is null or person = $2)
     order by received_at desc, id limit $3 offset $4`,
    [filter.campaignId ?? null, filter.person ?? null, filter.limit, filter.offset],
  );
  return { messages: rows, total: rows[0]?.total ?? 0 };
}
