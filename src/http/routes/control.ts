import { z } from 'zod';
import { audit } from '../../access/audit.ts';
import {
  cancelCampaign,
  pauseCampaign,
  resumeCampaign,
  scheduleCampaign,
  startCampaign,
  unscheduleCampaign,
} from '../../campaigns/control.ts';
import { duplicateCampaign } from '../../campaigns/manage.ts';
import { sendingDoubts } from '../../campaigns/preflight.ts';
import { leaveUnknown, resendUnknown, retryFailed } from '../../campaigns/resend.ts';
import { viewCampaign } from '../../campaigns/view.ts';
import { actorOf } from '../auth.ts';
import { CampaignSchema, InFlightCampaign, StartedCampaign } from '../campaign-schemas.ts';
import type { ServerDeps } from '../deps.ts';
import type { App } from '../fastify-types.ts';
import { answerOnce } from '../idempotency.ts';
import { CampaignParams, Id, TimeIn } from '../schemas.ts';

const RecipientIds = z.array(Id).min(1).max(10_000).optional().describe('Only these; left out = all');

/** What a person does to a campaign. Each is one guarded change: done before the answer, refused with 409 in the wrong state. */
export function controlRoutes(app: App, deps: ServerDeps): void {
  const { db, campaigns } = deps;

  const run = (name: 'start' | 'resume', summary: string, act: (id: number) => Promise<unknown>): void => {
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
          await act(id);
          await audit(db, actorOf(request), { action: `campaign.${name}`, campaignId: id });
          const warnings = (await sendingDoubts(campaigns)).map(({ code, message }) => ({ code, message }));
          return { status: 200, body: { ...(await viewCampaign(db, id)), warnings } };
        });
      },
    );
  };

  run('start', 'Start; answers once it is durable', (id) => startCampaign(campaigns, id));
  run('resume', 'Go on after a pause', (id) => resumeCampaign(campaigns, id));

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
        await unscheduleCampaign(campaigns, id);
        await audit(db, actorOf(request), { action: 'campaign.unschedule', campaignId: id });
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
        const { inFlight } = await pauseCampaign(campaigns, id);
        await audit(db, actorOf(request), { action: 'campaign.pause', campaignId: id, detail: { in_flight: inFlight } });
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
        await cancelCampaign(campaigns, id);
        await audit(db, actorOf(request), { action: 'campaign.cancel', campaignId: id });
        const view = await viewCampaign(db, id);
        return { status: 200, body: { ...view, in_flight: view.boxes.sending } };
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
        params: CampaignParams,
        body: z.strictObject({ scheduled_at: TimeIn }).meta({ example: { scheduled_at: '2030-01-31T14:00:00Z' } }),
        response: { 200: CampaignSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        await scheduleCampaign(campaigns, id, new Date(request.body.scheduled_at));
        await audit(db, actorOf(request), {
          action: 'campaign.schedule',
          campaignId: id,
          detail: { scheduled_at: request.body.scheduled_at },
        });
        return { status: 200, body: await viewCampaign(db, id) };
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
        const actor = actorOf(request);
        const { messages: retried } = await retryFailed(campaigns, id, actor.name, request.body?.recipient_ids);
        await audit(db, actor, { action: 'campaign.retry', campaignId: id, detail: { retried } });
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
        description: '`close` leaves them unknown for good; `resend` writes to these people again and may reach somebody twice.',
        params: CampaignParams,
        body: z.strictObject({ decision: z.enum(['resend', 'close']), recipient_ids: RecipientIds }),
        response: { 200: CampaignSchema.extend({ decided: z.int() }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { decision, recipient_ids: ids } = request.body;
      return answerOnce(db, request, reply, { lost: 'ask' }, async () => {
        const actor = actorOf(request);
        const decided =
          decision === 'close'
            ? await leaveUnknown(campaigns, id, actor.name, ids)
            : (await resendUnknown(campaigns, id, actor.name, deps.unknownGraceMinutes, ids)).messages;
        await audit(db, actor, { action: 'campaign.resolve_unknown', campaignId: id, detail: { decision, decided } });
        return { status: 200, body: { ...(await viewCampaign(db, id)), decided } };
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
      const actor = actorOf(request);
      return answerOnce(db, request, reply, { lost: 'ask' }, async () => {
        const { id } = await duplicateCampaign(campaigns, request.params.id, request.body?.name, actor.name);
        await audit(db, actor, { action: 'campaign.duplicate', campaignId: id, detail: { of: request.params.id } });
        reply.header('location', `/api/v1/campaigns/${String(id)}`);
        return { status: 201, body: await viewCampaign(db, id) };
      });
    },
  );
}
