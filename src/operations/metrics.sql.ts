import type { Sql } from '../lib/db/db.ts';
import type { CampaignStatus } from '../lifecycle/campaign.ts';
import type { MessageStatus } from '../lifecycle/message.ts';
import { ASIDE } from '../webhooks/journal.sql.ts';
import type { RunMode } from '../whatsapp/mode.ts';

/** What the database knows of how things go; one statement that reads no message, whatever there is stored. */
export interface Gauges {
  readonly campaigns: readonly { readonly mode: RunMode; readonly status: CampaignStatus; readonly n: number }[];
  /** Of campaigns that have started and are not settled. */
  readonly open: readonly { readonly mode: RunMode; readonly status: MessageStatus; readonly n: number }[];
  readonly webhooks: {
    readonly pending: number;
    readonly stuck: number;
    /** Null = none waits. */
    readonly oldest_seconds: number | null;
    readonly last_seconds: number | null;
    readonly items: Readonly<Record<string, number>>;
  };
  /** Of each role the number alive and the youngest sign of life. */
  readonly processes: readonly { readonly role: string; readonly alive: number; readonly seconds: number }[];
}

const GAUGES = `
select
  (select coalesce(jsonb_agg(t), '[]') from (
     select mode, status, count(*) as n from campaigns where kind = 'campaign' and deleted_at is null group by 1, 2) t) as campaigns,
  (select coalesce(jsonb_agg(t), '[]') from (
     select c.mode, b.key as status, sum(b.n) as n from campaigns c join tallies b on b.campaign_id = c.id and b.what = 'box'
     where c.settled_at is null and c.started_at is not null and c.deleted_at is null group by 1, 2) t) as open,
  jsonb_build_object(
    'pending', (select count(*) from webhook_pending where not ${ASIDE}),
    'stuck', (select count(*) from webhook_pending where ${ASIDE}),
    'oldest_seconds', (select extract(epoch from clock_timestamp() - e.received_at) from webhook_pending p join webhook_events e on e.id = p.id
                       where not ${ASIDE} order by p.id limit 1),
    'last_seconds', (select extract(epoch from clock_timestamp() - received_at) from webhook_events order by id desc limit 1),
    'items', (select coalesce(jsonb_object_agg(what, n), '{}') from webhook_counts)) as webhooks,
  (select coalesce(jsonb_agg(t), '[]') from (
     select role, count(*) filter (where seen_at > clock_timestamp() - $1 * interval '1 second') as alive,
            extract(epoch from clock_timestamp() - max(seen_at)) as seconds from processes group by 1) t) as processes`;

export async function readGauges(sql: Sql, aliveSeconds: number): Promise<Gauges> {
  const { rows } = await sql.query<Gauges>(GAUGES, [aliveSeconds]);
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}

/** What tells whether something has gone quiet that should not be. */
export interface Signs {
  readonly running: number;
  readonly workers: number;
  /** Messages accepted so long ago that Meta has surely had time to tell more of them, and no webhook has come since. */
  readonly untold: number;
  readonly last_webhook_at: Date | null;
  readonly oldest_pending_seconds: number | null;
  readonly stuck: number;
  /** Opt-outs of people whose phone is hidden and not known yet: nobody is on the list for them. */
  readonly unknown_stops: number;
  /** Numbers on which nothing leaves because Meta does not answer, and how many people their outages have made unknown. */
  readonly outages: number;
  readonly outage_lost: number;
  readonly outage_since: Date | null;
  /** Webhooks whose signature did not fit since the last one that did, while they still come. */
  readonly refused_webhooks: number;
  /** Why Redis takes no writes of some living process. */
  readonly redis_fault: string | null;
}

/** @param window minutes ago: messages accepted after `from` and before `until`. */
export async function readSigns(
  sql: Sql,
  options: {
    readonly mode: RunMode;
    readonly window: { readonly from: number; readonly until: number };
    readonly aliveSeconds: number;
  },
): Promise<Signs> {
  const { rows } = await sql.query<Signs>(
    `select
       (select count(*) from campaigns where status = 'running' and mode = $1 and deleted_at is null) as running,
       (select count(*) from processes where role in ('worker', 'all') and seen_at > clock_timestamp() - $4 * interval '1 second') as workers,
       (select coalesce(sum(t.n), 0)::bigint from campaigns c join tallies t on t.campaign_id = c.id and t.what = 'minute.accepted'
        where c.settled_at is null and c.started_at is not null and c.mode = $1
          and t.key >= to_char((clock_timestamp() - $2 * interval '1 minute') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')
          and t.key < to_char((clock_timestamp() - $3 * interval '1 minute') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')
          and t.key > coalesce(to_char(last.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), '')) as untold,
       last.received_at as last_webhook_at,
       (select extract(epoch from clock_timestamp() - e.received_at)::float8 from webhook_pending p join webhook_events e on e.id = p.id
        where not ${ASIDE} order by p.id limit 1) as oldest_pending_seconds,
       (select count(*) from webhook_pending where ${ASIDE}) as stuck,
       (select count(*) from inbound_messages where consent = 'doubtful' and person is null) as unknown_stops,
       coalesce((select refused_since_good from webhook_signatures
                 where mode = $1 and refused_at > clock_timestamp() - interval '1 day'), 0) as refused_webhooks,
       (select redis_fault from processes where redis_fault is not null and gone_at is null
          and seen_at > clock_timestamp() - $4 * interval '1 second' order by seen_at desc limit 1) as redis_fault,
       outage.n as outages, outage.lost as outage_lost, outage.since as outage_since
     from (select count(*) as n, coalesce(sum(b.lost), 0)::bigint as lost, min(b.since) as since
           from circuit_breakers b where b.mode = $1 and b.state = 'open') outage
     left join lateral (select received_at from webhook_events order by id desc limit 1) last on true`,
    [options.mode, options.window.from, options.window.until, options.aliveSeconds],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}
