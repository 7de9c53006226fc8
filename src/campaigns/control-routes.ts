import { z } from 'zod';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { CampaignParams, IdInBody, iso, TimeIn } from '../lib/http/schemas.ts';
import { cancelCampaign, pauseCampaign, resumeCampaign, scheduleCampaign, startCampaign, unscheduleCampaign } from './control.ts';
import { duplicateCampaign } from './edit.ts';
import { type CampaignDeps, scheduleDoubts, sendingDoubts } from './preflight.ts';
import { leaveUnknown, resendUnknown, retryFailed } from './resend.ts';
import { CampaignSchema, DecidedCampaign, InFlightCampaign, ScheduledCampaign, StartedCampaign, warningsOf } from './schema.ts';
import { viewCampaign } from './stats.ts';

const RecipientIds = z.array(IdInBody).min(1).max(10_000).optional().describe('Only these; left out = all');

export interface ControlRouteDeps extends CampaignDeps {
  /** UNKNOWN_GRACE_MINUTES. */
  readonly unknownGraceMinutes: number;
}

/** What a person does to a campaign. Each is one guarded change: done before the answer, refused with 409 in the wrong state. */
export function controlRoutes(app: App, deps: ControlRouteDeps): void {
  const { db } = deps;

  const run = (name: 'start' | 'resume', summary: string, act: typeof startCampaign): void => {
    app.post(
      `/api/v1/campaigns/:id/${name}`,
      {
        config: { access: 'send', idempotent: true },
        schema: { tags: ['campaigns'], summary, params: CampaignParams, response: { 200: StartedCampaign } },
      },
      async (request, reply) => {
        const { id } = request.params;
        // Done twice it is done once: the second finds the new state, and says so.
        return answerOnce(db, request, reply, { lost: 'again' }, async () => {
          await act(deps, id, actorOf(request));
          return { status: 200, body: { ...(await viewCampaign(db, id)), warnings: warningsOf(await sendingDoubts(deps)) } };
        });
      },
    );
  };

  run('start', 'Start; answers once it is durable', startCampaign);
  run('resume', 'Go on after a pause', resumeCampaign);

  app.post(
    '/api/v1/campaigns/:id/unschedule',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'Take the schedule back: a draft again',
        params: CampaignParams,
        response: { 200: CampaignSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        await unscheduleCampaign(deps, id, actorOf(request));
        return { status: 200, body: await viewCampaign(db, id) };
      });
    },
  );

  app.post(
    '/api/v1/campaigns/:id/pause',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'Pause; nothing new leaves after the answer',
        params: CampaignParams,
        response: { 200: InFlightCampaign },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        const { inFlight } = await pauseCampaign(deps, id, actorOf(request));
        return { status: 200, body: { ...(await viewCampaign(db, id)), in_flight: inFlight } };
      });
    },
  );

  app.post(
    '/api/v1/campaigns/:id/cancel',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'Cancel for good; whoever has not left is not written to',
        params: CampaignParams,
        response: { 200: InFlightCampaign },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        await cancelCampaign(deps, id, actorOf(request));
        const view = await viewCampaign(db, id);
        return { status: 200, body: { ...view, in_flight: view.by_status.sending } };
      });
    },
  );

  app.post(
    '/api/v1/campaigns/:id/schedule',
    {
      config: { access: 'send', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'Start at a time',
        description: 'What would make it fail at that time, as things stand now, comes with the answer as `warnings`.',
        params: CampaignParams,
        body: z.strictObject({ scheduled_at: TimeIn }).meta({ example: { scheduled_at: '2030-01-31T14:00:00Z' } }),
        response: { 200: ScheduledCampaign },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        const at = new Date(request.body.scheduled_at);
        const campaign = await scheduleCampaign(deps, { id, at }, actorOf(request));
        const warnings = warningsOf(await scheduleDoubts(deps, campaign));
        return { status: 200, body: { ...(await viewCampaign(db, id)), warnings } };
      });
    },
  );

  app.post(
    '/api/v1/campaigns/:id/retry',
    {
      config: { access: 'send', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'Try failed messages again: those whose code allows it and whose waiting time is over',
        params: CampaignParams,
        body: z.strictObject({ recipient_ids: RecipientIds }).nullish(),
        response: { 200: CampaignSchema.extend({ retried: z.int() }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerOnce(db, request, reply, { lost: 'ask' }, async () => {
        const messageIds = request.body?.recipient_ids;
        const { messages: retried } = await retryFailed(deps, { id, messageIds }, actorOf(request));
        return { status: 200, body: { ...(await viewCampaign(db, id)), retried } };
      });
    },
  );

  app.post(
    '/api/v1/campaigns/:id/resolve-unknown',
    {
      config: { access: 'send', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'Decide on messages of unknown outcome, after the grace time',
        description:
          '`close` leaves them in their box for good, where they are not open any more; `resend` writes to these people again and may reach somebody twice. Those still within the grace time are left as they are and told in `within_grace`; when there are no others it is 409 `grace_time_not_over`.',
        params: CampaignParams,
        body: z.strictObject({ decision: z.enum(['resend', 'close']), recipient_ids: RecipientIds }),
        response: { 200: DecidedCampaign },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { decision, recipient_ids: messageIds } = request.body;
      return answerOnce(db, request, reply, { lost: 'ask' }, async () => {
        const decide = decision === 'close' ? leaveUnknown : resendUnknown;
        const wanted = { id, messageIds, graceMinutes: deps.unknownGraceMinutes };
        const { messages: decided, withinGrace } = await decide(deps, wanted, actorOf(request));
        const left = {
          messages: withinGrace.messages,
          first_at: iso(withinGrace.firstAt),
          last_at: iso(withinGrace.lastAt),
        };
        return { status: 200, body: { ...(await viewCampaign(db, id)), decided, within_grace: left } };
      });
    },
  );

  app.post(
    '/api/v1/campaigns/:id/duplicate',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['campaigns'],
        summary: 'A new draft with the same settings and without people',
        params: CampaignParams,
        body: z.strictObject({ name: z.string().trim().min(1).max(200).optional() }).nullish(),
        response: { 201: CampaignSchema },
      },
    },
    async (request, reply) => {
      return answerOnce(db, request, reply, { lost: 'ask' }, async () => {
        const original = { id: request.params.id, name: request.body?.name };
        const { id } = await duplicateCampaign(deps, original, actorOf(request));
        reply.header('location', `/api/v1/campaigns/${String(id)}`);
        return { status: 201, body: await viewCampaign(db, id) };
      });
    },
  );
}
