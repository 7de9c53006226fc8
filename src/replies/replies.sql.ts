import type { Doubt } from '../consent/opt-out-matcher.ts';
import type { Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';

export interface NewInbound {
  readonly id: string;
  readonly person: number | undefined;
  /** Of somebody whose phone is hidden. */
  readonly userId: string | undefined;
  readonly name: string | undefined;
  readonly phoneNumberId: string;
  readonly type: string;
  readonly body: string | undefined;
  readonly payload: unknown;
  readonly contextWamid: string | undefined;
  readonly sentAt: Date;
  readonly consent: 'opted_out' | 'doubtful' | undefined;
  readonly doubt: Doubt | undefined;
  readonly standby: boolean;
}

/** How long after a message somebody who writes without quoting is taken to answer it. */
const ANSWER_DAYS = 7;

/**
 * Stores what people wrote, once each, tied to the campaign message they answer: the one they quote, else the last one we sent them.
 *
 * @returns those that are new, with the campaign they answer.
 */
export async function storeInbound(sql: Sql, messages: readonly NewInbound[]): Promise<Map<string, number | null>> {
  if (messages.length === 0) return new Map();
  const { rows } = await sql.query<{ id: string; campaign_id: number | null }>(
    `insert into inbound_messages
       (id, person, user_id, name, phone_number_id, type, body, payload, context_wamid, sent_at, consent, doubt, standby, campaign_id, message_id)
     select t.*, a.campaign_id, a.id
     from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::timestamptz[],
                 $11::text[], $12::text[], $13::boolean[])
       as t (id, person, user_id, name, phone_number_id, type, body, payload, context_wamid, sent_at, consent, doubt, standby)
     left join lateral (
       select m.campaign_id, m.id
       from recipients r cross join lateral (select * from messages where campaign_id = r.campaign_id and id = r.id offset 0) m
       where r.person = t.person and m.accepted_at is not null
         and (m.wamid = t.context_wamid or m.accepted_at > t.sent_at - $14 * interval '1 day')
       order by (m.wamid = t.context_wamid) desc nulls last, m.accepted_at desc limit 1
     ) a on true
     on conflict (id) do nothing
     returning id, campaign_id`,
    [
      messages.map((m) => m.id),
      messages.map((m) => m.person ?? null),
      messages.map((m) => m.userId ?? null),
      messages.map((m) => m.name ?? null),
      messages.map((m) => m.phoneNumberId),
      messages.map((m) => m.type),
      messages.map((m) => m.body ?? null),
      messages.map((m) => jsonbText(m.payload)),
      messages.map((m) => m.contextWamid ?? null),
      messages.map((m) => m.sentAt),
      messages.map((m) => m.consent ?? null),
      messages.map((m) => m.doubt ?? null),
      messages.map((m) => m.standby),
      ANSWER_DAYS,
    ],
  );
  return new Map(rows.map((row) => [row.id, row.campaign_id]));
}

/** To whom a message of ours was sent; needs the person it may have been, by whom messages are indexed. */
export async function findQuoted(
  sql: Sql,
  wanted: readonly { readonly wamid: string; readonly person: number }[],
): Promise<Map<string, { readonly person: number; readonly phone: number }>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await sql.query<{ wamid: string; person: number; phone: number }>(
    `select w.wamid, found.person, found.phone from unnest($1::text[], $2::bigint[]) as w (wamid, person)
     cross join lateral (
       select r.person, r.phone from recipients r
       cross join lateral (select wamid from messages where campaign_id = r.campaign_id and id = r.id offset 0) m
       where r.person = w.person and m.wamid = w.wamid limit 1) found`,
    [wanted.map((w) => w.wamid), wanted.map((w) => w.person)],
  );
  return new Map(rows.map(({ wamid, person, phone }) => [wamid, { person, phone }]));
}

export interface UnknownSender {
  readonly id: string;
  readonly user_id: string;
  readonly type: string;
  readonly body: string | null;
  readonly payload: unknown;
  readonly sent_at: Date;
  readonly consent: string | null;
  readonly doubt: Doubt | null;
}

/** What came under these ids while nobody knew whose they are. */
export async function takeRepliesOfIds(sql: Sql, userIds: readonly string[]): Promise<UnknownSender[]> {
  const { rows } = await sql.query<UnknownSender>(
    `select id, user_id, type, body, payload, sent_at, consent, doubt from inbound_messages
     where person is null and user_id = any($1) order by sent_at for update`,
    [userIds],
  );
  return rows;
}

export async function giveReplyToPerson(sql: Sql, id: string, person: number, consent: string | null): Promise<void> {
  await sql.query(
    `update inbound_messages set person = $2, consent = $3, doubt = case when $3 = 'doubtful' then doubt end where id = $1`,
    [id, person, consent],
  );
}

/** The person goes by another id from now on; nobody knows the phone yet. */
export async function renameUnknownSender(sql: Sql, oldIds: readonly string[], newId: string): Promise<void> {
  await sql.query('update inbound_messages set user_id = $2 where person is null and user_id = any($1)', [oldIds, newId]);
}

export interface InboundRow {
  readonly id: string;
  readonly person: number | null;
  readonly user_id: string | null;
  readonly name: string | null;
  readonly type: string;
  readonly body: string | null;
  readonly campaign_id: number | null;
  readonly campaign_name: string | null;
  readonly message_id: number | null;
  readonly sent_at: Date;
  readonly received_at: Date;
  readonly read_at: Date | null;
  readonly consent: 'opted_out' | 'doubtful' | 'decided_out' | 'decided_stays' | null;
  readonly doubt: Doubt | null;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  /** How the person stands now, whatever this message said. */
  readonly opted_out: 'all' | 'marketing' | null;
}

const SHOWN = `
  select i.id, i.person, i.user_id, i.name, i.type, i.body, i.campaign_id, i.message_id, i.sent_at, i.received_at, i.read_at, i.consent,
         i.doubt, i.decided_at, i.decided_by, (select c.name from campaigns c where c.id = i.campaign_id) as campaign_name,
         (select s.scope from suppressions s where s.person = i.person and s.lifted_at is null and s.scope <> 'doubtful' order by s.scope limit 1)
           as opted_out`;

export interface ReplyFilter {
  readonly campaignId?: number | undefined;
  readonly person?: number | undefined;
  readonly unread?: boolean | undefined;
  readonly doubtful?: boolean | undefined;
  readonly optedOut?: boolean | undefined;
  readonly search?: string | undefined;
}

export async function listInbound(
  sql: Sql,
  filter: ReplyFilter & { readonly limit: number; readonly offset: number },
): Promise<{ messages: InboundRow[]; total: number }> {
  const { rows } = await sql.query<InboundRow & { total: number }>(
    `${SHOWN}, count(*) over () as total
     from inbound_messages i
     where ($1::int is null or i.campaign_id = $1) and ($2::bigint is null or i.person = $2)
       and ($3::boolean is null or (i.read_at is null) = $3) and ($4::boolean is null or (i.consent = 'doubtful') is true = $4)
       and ($5::boolean is null or (i.consent in ('opted_out', 'decided_out')) is true = $5)
       and ($6::text is null or position(lower($6) in lower(coalesce(i.body, ''))) > 0 or position(lower($6) in lower(coalesce(i.name, ''))) > 0
            or position($6 in coalesce(i.person::text, '')) > 0)
     order by i.received_at desc, i.id limit $7 offset $8`,
    [
      filter.campaignId ?? null,
      filter.person ?? null,
      filter.unread ?? null,
      filter.doubtful ?? null,
      filter.optedOut ?? null,
      filter.search ?? null,
      filter.limit,
      filter.offset,
    ],
  );
  return { messages: rows, total: rows[0]?.total ?? 0 };
}

export async function findReply(sql: Sql, id: string): Promise<InboundRow | undefined> {
  const { rows } = await sql.query<InboundRow>(`${SHOWN} from inbound_messages i where i.id = $1`, [id]);
  return rows[0];
}

export async function lockReply(sql: Sql, id: string): Promise<boolean> {
  const { rowCount } = await sql.query('select from inbound_messages where id = $1 for update', [id]);
  return rowCount === 1;
}

export async function countReplies(sql: Sql): Promise<{ unread: number; doubtful: number }> {
  const { rows } = await sql.query<{ unread: number; doubtful: number }>(
    `select (select count(*) from inbound_messages where read_at is null) as unread,
            (select count(*) from inbound_messages where consent = 'doubtful') as doubtful`,
  );
  return rows[0] ?? { unread: 0, doubtful: 0 };
}

export async function markReplyRead(sql: Sql, id: string): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update inbound_messages set read_at = coalesce(read_at, clock_timestamp()) where id = $1',
    [id],
  );
  return rowCount === 1;
}

export async function storeDecision(
  sql: Sql,
  id: string,
  decision: { readonly optOut: boolean; readonly person: number | undefined; readonly by: string },
): Promise<void> {
  await sql.query(
    `update inbound_messages
     set consent = case when $2 then 'decided_out' else 'decided_stays' end, decided_at = clock_timestamp(), decided_by = $3,
         read_at = coalesce(read_at, clock_timestamp()), person = coalesce(person, $4)
     where id = $1`,
    [id, decision.optOut, decision.by, decision.person ?? null],
  );
}

/** Something else this person said is still undecided. */
export async function isStillDoubtful(sql: Sql, person: number): Promise<boolean> {
  const { rowCount } = await sql.query(`select from inbound_messages where person = $1 and consent = 'doubtful' limit 1`, [
    person,
  ]);
  return rowCount > 0;
}
