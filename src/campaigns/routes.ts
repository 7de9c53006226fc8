import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, requireRight } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { oneAtATime } from '../lib/http/one-at-a-time.ts';
import { CampaignParams, filterText, Id, NoContent, OffsetPage, offsetList, Time } from '../lib/http/schemas.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { CAMPAIGN_STATUSES, type CampaignStatus } from '../lifecycle/campaign.ts';
import { readChart } from '../lifecycle/counters.sql.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import { noteLook, type Versions } from '../lifecycle/looked-at.ts';
import { decimalOf } from '../pricing/money.ts';
import { amountOf } from '../pricing/schema.ts';
import { PreviewAnswer } from '../templates/schema.ts';
import { versionId } from '../templates/version.ts';
import { countByState } from './campaign-counts.sql.ts';
import { confirmVersion, scheduleCampaign, unscheduleCampaign } from './control.ts';
import { campaignCosts } from './costs.ts';
import { createCampaign, removeCampaign, updateCampaign } from './edit.ts';
import { type CampaignDeps, preflight, scheduleDoubts, valueDoubts } from './preflight.ts';
import { previewCampaign } from './preview-campaign.ts';
import {
  CampaignChanges,
  CampaignSchema,
  CostsSchema,
  NewCampaign,
  PreflightSchema,
  ScheduledCampaign,
  StatsSchema,
  type VersionsSchema,
  warningsOf,
} from './schema.ts';
import { campaignStats, viewCampaign, viewCampaigns } from './stats.ts';

const SORTS = ['created_at', 'name', 'status', 'started_at'] as const;

const ListQuery = OffsetPage.extend({
  status: filterText(200)
    .optional()
    .describe('One status, or several with commas')
    .transform((text) => (text === undefined ? undefined : text.split(',').map((part) => part.trim())))
    .pipe(z.array(z.enum(CAMPAIGN_STATUSES)).optional()),
  search: filterText(200).optional().describe('Part of the name, or of the name of its template'),
  sort: z
    .enum(SORTS.flatMap((field) => [field, `-${field}` as const]))
    .default('-created_at')
    .describe('Field; with - in front the other way round'),
});

const CountsByStatus = z
  .object(Object.fromEntries(CAMPAIGN_STATUSES.map((status) => [status, z.int()])) as Record<CampaignStatus, z.ZodInt>)
  .describe('Campaigns in each state; `search` counts, `status` does not');

export function campaignRoutes(app: App, deps: CampaignDeps): void {
  editRoutes(app, deps);
  figureRoutes(app, deps);
}

/** Listing, making, changing, deleting. */
function editRoutes(app: App, deps: CampaignDeps): void {
  const { db } = deps;
  const schedule = async (request: FastifyRequest, id: number, at: Date) =>
    warningsOf(await scheduleDoubts(deps, await scheduleCampaign(deps, { id, at }, actorOf(request))));

  app.get(
    '/api/v1/campaigns',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'Campaigns',
        querystring: ListQuery,
        response: { 200: offsetList(CampaignSchema).extend({ counts_by_status: CountsByStatus }) },
      },
    },
    async (request) => {
      const { limit, offset, status, search, sort } = request.query;
      const name = sort.replace(/^-/, '');
      const { data, total } = await viewCampaigns(db, {
        statuses: status,
        search,
        sort: SORTS.find((known) => known === name) ?? 'created_at',
        descending: sort.startsWith('-'),
        limit,
        offset,
      });
      return { data, total, limit, offset, counts_by_status: await countByState(db, search === '' ? undefined : search) };
    },
  );

  app.post(
    '/api/v1/campaigns',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'Make a campaign',
        description: 'With `scheduled_at` it starts by itself, which needs the right `send` as well.',
        body: NewCampaign,
        response: { 201: ScheduledCampaign },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      if (typeof request.body.scheduled_at === 'string') requireRight(actor, 'send', say('server.campaigns.starts-by-itself'));
      return answerOnce(db, request, reply, { lost: 'ask' }, async () => {
        const { scheduled_at: scheduledAt, ...input } = request.body;
        const at = futureTime(scheduledAt ?? null);
        const { id } = await createCampaign(deps, input, actor);
        const warnings = at === null ? [] : await schedule(request, id, at);
        reply.header('location', `/api/v1/campaigns/${String(id)}`);
        return { status: 201, body: { ...(await viewCampaign(db, id)), warnings } };
      });
    },
  );

  app.get(
    '/api/v1/campaigns/:id',
    {
      config: { access: 'read' },
      schema: { tags: ['campaigns'], summary: 'One campaign', params: CampaignParams, response: { 200: CampaignSchema } },
    },
    async (request) => viewCampaign(db, request.params.id),
  );

  app.put(
    '/api/v1/campaigns/:id',
    {
      config: { access: 'write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Change the named fields of a draft or scheduled campaign',
        description:
          '`scheduled_at` schedules a draft; `null` takes the schedule back. What changes what will be sent by itself needs the right `send` as well: a schedule, and every other field of a scheduled campaign.',
        params: CampaignParams,
        body: CampaignChanges,
        response: { 200: ScheduledCampaign },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { scheduled_at: scheduledAt, ...changes } = request.body;
      const actor = actorOf(request);
      if (typeof scheduledAt === 'string') requireRight(actor, 'send', say('server.campaigns.starts-by-itself'));
      const at = scheduledAt === undefined ? undefined : futureTime(scheduledAt);
      if (Object.keys(changes).length > 0) {
        await updateCampaign(deps, { id, changes: named(changes), unschedule: at === null }, actor);
      } else if (at === null && (await getCampaign(db, id)).status === 'scheduled') {
        await unscheduleCampaign(deps, id, actor);
      }
      const isFilledAnew = changes.mapping !== undefined || changes.template_name !== undefined;
      const warnings =
        at instanceof Date
          ? await schedule(request, id, at)
          : isFilledAnew
            ? warningsOf(await valueDoubts(deps, await getCampaign(db, id)))
            : [];
      return { ...(await viewCampaign(db, id)), warnings };
    },
  );

  app.delete(
    '/api/v1/campaigns/:id',
    {
      config: { access: 'write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Delete a campaign that has sent nothing',
        params: CampaignParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await removeCampaign(deps, id, actorOf(request));
      return reply.code(204).send(null);
    },
  );
}

/** What a campaign has come to, and what stands in its way. */
function figureRoutes(app: App, deps: CampaignDeps): void {
  const { db } = deps;
  const checking = oneAtATime(say('server.campaigns.preflight'));

  app.get(
    '/api/v1/campaigns/:id/stats',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'The figures, in constant time whatever the size',
        params: CampaignParams,
        response: { 200: StatsSchema },
      },
    },
    async (request) => {
      const stats = await campaignStats(db, request.params.id, deps);
      return { ...stats, failures: [...stats.failures] };
    },
  );

  app.get(
    '/api/v1/campaigns/:id/chart',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'Accepted, delivered, read and failed by minute; minutes without any are left out',
        params: CampaignParams,
        response: { 200: z.object({ data: z.array(ChartMinuteSchema) }) },
      },
    },
    async (request) => {
      await getCampaign(db, request.params.id);
      const chart = await readChart(db, request.params.id);
      // Kept to the minute, told as a full time.
      return { data: chart.map((point) => ({ ...point, minute: point.minute.replace(/^(.{16})Z$/, '$1:00Z') })) };
    },
  );

  app.get(
    '/api/v1/campaigns/:id/preflight',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'What would block or hurt a start',
        params: CampaignParams,
        response: { 200: PreflightSchema },
      },
    },
    async (request, reply) => {
      const campaign = await getCampaign(db, request.params.id);
      const report = await checking(campaign.id, reply, () => preflight(deps, campaign));
      const { versions } = report;
      if (versions !== undefined && report.isWhole) await noteLook(deps, campaign, versions.now, 'look');
      return {
        ready: report.ready,
        checks: [...report.checks],
        mapping: { ...report.mapping },
        recipients: report.recipients,
        ...presentVersions(versions),
        estimated_cost: report.cost === null ? null : report.cost.totalMicros / 1e6,
        estimated_least: amountOf(report.cost?.leastMicros ?? null),
        next_rate_card:
          report.nextCost === null
            ? null
            : { effective_from: report.nextCost.from, estimated_cost: decimalOf(report.nextCost.micros) },
        currency: report.cost?.currency ?? null,
        cost_by_market: (report.cost?.markets ?? []).map(({ market, count, unitMicros, totalMicros }) => ({
          market,
          recipients: count,
          cost_each: unitMicros / 1e6,
          cost: totalMicros / 1e6,
        })),
      };
    },
  );

  app.get(
    '/api/v1/campaigns/:id/costs',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'What it was to cost, what it cost, and why the two differ',
        params: CampaignParams,
        response: { 200: CostsSchema },
      },
    },
    async (request) => {
      const costs = await campaignCosts(db, request.params.id);
      return { ...costs, by_pricing_type: [...costs.by_pricing_type], causes: [...costs.causes] };
    },
  );

  app.get(
    '/api/v1/campaigns/:id/preview',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'A real row of the campaign as the person will see it',
        params: CampaignParams,
        querystring: z.object({ recipient_id: Id.optional().describe('Left out: the first one') }),
        response: { 200: PreviewAnswer },
      },
    },
    async (request) => previewCampaign(deps, { id: request.params.id, recipientId: request.query.recipient_id }),
  );

  app.post(
    '/api/v1/campaigns/:id/confirm',
    {
      config: { access: 'write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Confirm the version a start would send, where it is not the one that was looked at',
        description:
          'Text, category, language, mapping or price have changed since a preview or preflight showed them; the preflight shows both versions. A scheduled or paused campaign needs the right `send` as well.',
        params: CampaignParams,
        body: z.strictObject({
          version: z.string().min(1).max(64).describe('`version` of the preflight that shows the new one'),
        }),
        response: { 200: CampaignSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      await confirmVersion(deps, { id, version: request.body.version }, actorOf(request));
      return viewCampaign(db, id);
    },
  );
}

const ChartMinuteSchema = z.object({ minute: Time, accepted: z.int(), delivered: z.int(), read: z.int(), failed: z.int() });

/** Both sides only where they differ. */
function presentVersions(versions: Versions | undefined): z.output<typeof VersionsSchema> {
  if (versions === undefined) return { version: null, changed: null };
  const { seen, now, differences } = versions;
  return {
    version: versionId(now),
    changed:
      seen === null || differences.length === 0 ? null : { differences: [...differences], seen: { ...seen }, now: { ...now } },
  };
}

/** Only what the request names: absent is not null. */
function named<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Refused before anything else is done, so that no half of a request is carried out. */
function futureTime(text: string | null): Date | null {
  if (text === null) return null;
  const at = new Date(text);
  if (at.getTime() > Date.now()) return at;
  throw new Problem('invalid_request', say('server.campaigns.scheduled-lies-past'), {
    errors: [{ field: 'scheduled_at', message: say('server.auth.must-future') }],
  });
}
