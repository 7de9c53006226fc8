import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../lib/db/db.ts';
import { type Actor, actorOf } from '../lib/http/actor.ts';
import type { App, OperationDoc } from '../lib/http/fastify-types.ts';
import { CampaignParams, filterText } from '../lib/http/schemas.ts';
import type { LiveEvent, Streams } from '../lib/http/sse.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import type { Subscription } from './hub.ts';

const StreamQuery = z.object({
  ticket: filterText(200).optional().describe('From POST /api/v1/events/ticket; works once, for a minute'),
  lastEventId: z
    .string()
    .max(200)
    .optional()
    .transform((id) => (id === '' ? undefined : id))
    .describe('As the header Last-Event-ID, for EventSource in programs that cannot set it; the header wins'),
});

function eventsOf(schema: object): OperationDoc {
  return {
    answer: {
      type: 'text/event-stream',
      description: 'Events without a name; the `data` of each is JSON of this shape',
      schema,
    },
  };
}

const EVENT_TYPE = { type: 'string', enum: ['snapshot', 'update'], description: 'The first one is the whole state' };

const CAMPAIGN_EVENT = eventsOf({
  allOf: [
    { $ref: '#/components/schemas/CampaignStats' },
    { type: 'object', required: ['type'], properties: { type: EVENT_TYPE } },
  ],
});

const CAMPAIGNS_EVENT = eventsOf({
  type: 'object',
  required: ['type', 'campaigns'],
  properties: {
    type: EVENT_TYPE,
    campaigns: { type: 'array', items: { $ref: '#/components/schemas/Campaign' }, description: 'Those that have changed' },
  },
});

export interface LiveRouteDeps {
  readonly db: Db;
  readonly hub: { subscribe(request: Subscription): AsyncIterable<LiveEvent> };
  /** Opens one event stream, once, within a minute. */
  readonly issueTicket: (actor: Actor) => Promise<{ readonly ticket: string; readonly expires_in: number }>;
  /** Asked now and then of whoever holds a stream open. */
  readonly stillValid: (actor: Actor) => Promise<boolean>;
}

export function eventRoutes(app: App, deps: LiveRouteDeps, streams: Streams): void {
  const serve = async (
    request: FastifyRequest<{ Querystring: z.output<typeof StreamQuery> }>,
    reply: FastifyReply,
    campaignId: number | undefined,
  ): Promise<void> => {
    const actor = actorOf(request);
    const given = request.headers['last-event-id'];
    const lastEventId = typeof given === 'string' ? given : request.query.lastEventId;
    await streams.serve(request, reply, {
      source: (signal) => deps.hub.subscribe({ campaignId, lastEventId, signal }),
      check: () => deps.stillValid(actor),
    });
  };

  app.get(
    '/api/v1/events/campaigns/:id/stream',
    {
      config: { access: 'read', ticket: true, describe: CAMPAIGN_EVENT },
      schema: {
        tags: ['events'],
        summary: 'One campaign, live',
        description:
          'text/event-stream. The first event is the whole state, then changes, at most five a second. Default event name, JSON in `data`.',
        params: CampaignParams,
        querystring: StreamQuery,
      },
    },
    async (request, reply) => {
      await getCampaign(deps.db, request.params.id);
      await serve(request, reply, request.params.id);
    },
  );

  app.get(
    '/api/v1/events/campaigns/stream',
    {
      config: { access: 'read', ticket: true, describe: CAMPAIGNS_EVENT },
      schema: {
        tags: ['events'],
        summary: 'All campaigns, live',
        description: 'text/event-stream, as for one campaign.',
        querystring: StreamQuery,
      },
    },
    async (request, reply) => {
      await serve(request, reply, undefined);
    },
  );

  app.post(
    '/api/v1/events/ticket',
    {
      config: { access: 'read' },
      schema: {
        tags: ['events'],
        summary: 'A ticket for EventSource, which cannot send a header',
        response: { 201: z.object({ ticket: z.string(), expires_in: z.int().describe('Seconds') }) },
      },
    },
    async (request, reply) => reply.code(201).send(await deps.issueTicket(actorOf(request))),
  );
}
