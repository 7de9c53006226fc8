import { z } from 'zod';
import { liftStop, stopEverything } from '../campaigns/control.ts';
import type { CampaignDeps } from '../campaigns/preflight.ts';
import { WaitingSchema } from '../campaigns/schema.ts';
import { viewCampaigns, waitingFor } from '../campaigns/stats.ts';
import type { Db } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { readerLanguage } from '../lib/http/language.ts';
import { digits, iso, Time, Words } from '../lib/http/schemas.ts';
import { livingProcesses } from '../lib/jobs/processes.sql.ts';
import { readInstallation } from '../lifecycle/pause.sql.ts';
import { findBreaker } from '../numbers/circuit-breaker.sql.ts';
import { findNumber } from '../numbers/numbers.sql.ts';
import { countReplies } from '../replies/replies.sql.ts';
import { webhookBacklog } from '../webhooks/journal.sql.ts';
import { readSignatures } from '../webhooks/signatures.sql.ts';
import { AccountStatusSchema, accountStatus } from './account-status.ts';
import { pastAlarms } from './alarms.sql.ts';
import { ALARM_CODES, readAlarms } from './alarms.ts';
import type { ProcessState } from './process-state.ts';

const StatusSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    mode: z.enum(['sandbox', 'live']),
    stopped_at: Time.nullable().describe('Set while everything is stopped'),
    number: z.object({
      phone_number_id: z.string(),
      display_phone_number: z.string().nullable(),
      verified_name: z.string().nullable(),
      status: z.string().nullable(),
      quality: z.string().nullable(),
      throughput_level: z.string().nullable(),
      messaging_limit: z.string().nullable(),
      synced_at: Time.nullable(),
    }),
    account: AccountStatusSchema,
    pace: z
      .object({
        sent_per_second: z.number().describe('Over all campaigns, in the last minute'),
        messages_per_second: z.number().describe('What the number may send now'),
        ceiling: z.number(),
        slowed_until: Time.nullable(),
      })
      .nullable(),
    waiting: WaitingSchema,
    processes: z.array(
      z.object({ id: z.string(), role: z.string(), host: z.string(), pid: z.int(), started_at: Time, seen_at: Time }),
    ),
    webhooks: z.object({
      pending: z.int(),
      stuck: z.int(),
      last_received_at: Time.nullable(),
      last_good_at: Time.nullable().describe(
        'When the last of this mode came; those of the sandbox do not count while sending for real',
      ),
      refused: z
        .object({ count: z.int(), last_at: Time.nullable() })
        .describe('Whose signature did not fit, since the last one that did'),
    }),
    disk: z.object({ free_bytes: z.int() }).nullable().describe('Where the data folder of the process that answers is'),
    backups: z
      .object({
        every_hours: z.number().nullable().describe('null: none are made by themselves'),
        keep: z.int(),
        last_at: Time.nullable(),
        last_bytes: z.int().nullable(),
      })
      .nullable()
      .describe('Of the embedded database; null where a PostgreSQL server keeps the data and makes them itself'),
    queue: z.record(z.string(), z.unknown()),
    alarms: z.array(z.object({ code: z.enum(ALARM_CODES), message: Words })).describe('What is wrong now, in words'),
    badges: z
      .object({ unread_replies: z.int(), doubtful_replies: z.int().describe('That somebody has to decide') })
      .describe('What waits for a person'),
  })
  .meta({ id: 'Status' });

const AlarmSchema = z
  .object({
    id: z.int(),
    code: z.string(),
    message: z.string().describe('As it was said when it began'),
    began_at: Time,
    ended_at: Time.nullable().describe('null while it goes on'),
  })
  .meta({ id: 'PastAlarm' });

export interface StatusRouteDeps extends CampaignDeps {
  readonly appName: string;
  readonly version: string;
  /** What only the running process knows: its pace, its queue. */
  readonly processState: () => Promise<ProcessState>;
}

export function systemRoutes(app: App, deps: StatusRouteDeps): void {
  const { db } = deps;

  app.get(
    '/api/v1/status',
    {
      config: { access: 'read' },
      schema: { tags: ['system'], summary: 'Mode, number, pace, processes, webhooks', response: { 200: StatusSchema } },
    },
    async () => {
      const { phoneNumberId } = deps;
      const installation = await readInstallation(db);
      const number = await findNumber(db, deps.mode, phoneNumberId);
      const webhooks = await webhookBacklog(db);
      const processes = await livingProcesses(db);
      const signatures = await readSignatures(db, deps.mode);
      const { pace, queue, diskFree, backups } = await deps.processState();
      return {
        name: deps.appName,
        version: deps.version,
        mode: deps.mode,
        stopped_at: iso(installation.stopped_at),
        number: {
          phone_number_id: phoneNumberId,
          display_phone_number: number?.display_phone_number ?? null,
          verified_name: number?.verified_name ?? null,
          status: number?.status ?? null,
          quality: number?.quality ?? null,
          throughput_level: number?.throughput_level ?? null,
          messaging_limit: number?.messaging_limit ?? null,
          synced_at: iso(number?.synced_at ?? null),
        },
        account: await accountStatus(db, deps),
        pace: pace === null ? null : { ...pace, sent_per_second: await sentPerSecond(db) },
        waiting: waitingFor(await findBreaker(db, deps.mode, phoneNumberId)),
        processes: processes.map(({ id, role, host, pid, started_at: startedAt, seen_at: seenAt }) => ({
          id,
          role,
          host,
          pid,
          started_at: iso(startedAt),
          seen_at: iso(seenAt),
        })),
        webhooks: {
          pending: webhooks.pending,
          stuck: webhooks.stuck,
          last_received_at: iso(webhooks.last_received_at),
          last_good_at: iso(signatures.good_at),
          refused: { count: signatures.refused_since_good, last_at: iso(signatures.refused_at) },
        },
        disk: diskFree === undefined ? null : { free_bytes: diskFree },
        backups:
          backups === undefined
            ? null
            : {
                every_hours: backups.everyHours ?? null,
                keep: backups.keep,
                last_at: iso(backups.last?.madeAt ?? null),
                last_bytes: backups.last?.bytes ?? null,
              },
        queue: { ...queue },
        badges: await badges(db),
        alarms: (await readAlarms(db, deps)).map((alarm) => ({ ...alarm })),
      };
    },
  );

  app.get(
    '/api/v1/alarms',
    {
      config: { access: 'read' },
      schema: {
        tags: ['system'],
        summary: 'What was wrong, from when until when: what goes on first, then the newest',
        querystring: z.object({ limit: digits(1, 500).default(50) }),
        response: { 200: z.object({ data: z.array(AlarmSchema) }) },
      },
    },
    async (request) => ({
      data: (await pastAlarms(db, request.query.limit)).map(
        ({ began_at: began, ended_at: ended, message, message_es: es, ...alarm }) => ({
          message: readerLanguage(request) === 'es' ? es : message,
          ...alarm,
          began_at: iso(began),
          ended_at: iso(ended),
        }),
      ),
    }),
  );

  app.post(
    '/api/v1/stop-everything',
    {
      config: { access: 'write' },
      schema: {
        tags: ['system'],
        summary: 'Pause every campaign on every number at once, and let none start',
        response: { 200: z.object({ stopped_at: Time.nullable(), paused_campaigns: z.array(z.int()) }) },
      },
    },
    async (request) => {
      const paused = await stopEverything(deps, actorOf(request));
      return { stopped_at: iso((await readInstallation(db)).stopped_at), paused_campaigns: paused };
    },
  );

  app.post(
    '/api/v1/lift-stop',
    {
      config: { access: 'send' },
      schema: {
        tags: ['system'],
        summary: 'Let campaigns start again; the paused ones are resumed one by one, by a person',
        response: { 200: z.object({ stopped_at: Time.nullable() }) },
      },
    },
    async (request) => {
      await liftStop(deps, actorOf(request));
      return { stopped_at: iso((await readInstallation(db)).stopped_at) };
    },
  );
}

async function badges(db: Db): Promise<{ unread_replies: number; doubtful_replies: number }> {
  const { unread, doubtful } = await countReplies(db);
  return { unread_replies: unread, doubtful_replies: doubtful };
}

/** Measured, while `messages_per_second` is what would be allowed. */
async function sentPerSecond(db: Db): Promise<number> {
  const { data } = await viewCampaigns(db, {
    statuses: ['running'],
    sort: 'created_at',
    descending: true,
    limit: 200,
    offset: 0,
  });
  return Math.round(data.reduce((sum, campaign) => sum + campaign.rate_per_minute, 0) / 6) / 10;
}
