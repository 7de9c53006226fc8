import { z } from 'zod';
import type { Db } from '../lib/db/db.ts';
import { type Actor, actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { Id, iso, Time } from '../lib/http/schemas.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { findCampaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { TEST_MESSAGE } from '../lifecycle/test-send.sql.ts';
import { findRecipient, messageEvents } from '../recipients/recipients.sql.ts';
import { HistorySchema, historyOf, presentRecipient } from '../recipients/schema.ts';
import type { TestSendInput, TestSendResult } from './send-test.ts';

export interface SendTestRouteDeps {
  readonly db: Db;
  /** Of send-test.ts. */
  readonly sendTest: (input: TestSendInput, actor: Actor) => Promise<TestSendResult>;
}

const ParameterValue = z.union([z.string(), z.number().transform(String)]);

const TestSendSchema = z
  .strictObject({
    template_name: z.string().trim().min(1).max(512),
    template_language: z.string().trim().min(2).max(20),
    to: z.string().trim().min(1).max(40).describe('The phone number'),
    parameters: z
      .union([z.array(ParameterValue), z.record(z.string(), ParameterValue)])
      .default([])
      .describe(
        "A list of the required values, the body's first, then the header's text, the buttons', then the rest in the order of `variables`; or an object by their keys, which takes optional ones too",
      ),
  })
  .meta({
    id: 'TestSend',
    example: { template_name: 'bienvenida', template_language: 'es', to: '+573001234567', parameters: ['Juan', 'Pérez'] },
  });

const TestSendResultSchema = z
  .object({
    status: z.string().describe('The box it is in: accepted, sent, …; unknown = the answer was lost, and it is not repeated'),
    to: z.string(),
    wamid: z.string().nullable(),
    campaign_id: z.int().nullable().describe('Of the hidden campaign that carries it'),
    message_id: z.int().nullable(),
  })
  .meta({ id: 'TestSendResult' });

const TestSendRecord = HistorySchema.omit({ id: true, row: true, data: true, phone: true, replies: true })
  .extend({
    campaign_id: z.int().describe('Of the hidden campaign that carries it, as POST answered'),
    message_id: z.int(),
    to: z.string(),
    template_name: z.string(),
    template_language: z.string(),
    created_by: z.string().nullable(),
    created_at: Time,
  })
  .meta({ id: 'TestSendRecord' });

export function sendTestRoutes(app: App, deps: SendTestRouteDeps): void {
  const { db } = deps;
  app.post(
    '/api/v1/templates/send',
    {
      config: { access: 'send', idempotent: true },
      schema: {
        tags: ['templates'],
        summary: 'Send one message to one number, by the road all messages take',
        body: TestSendSchema,
        response: { 200: TestSendResultSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { body } = request;
      const lost = () => ({
        status: 200,
        body: { status: 'unknown', to: body.to, wamid: null, campaign_id: null, message_id: null },
      });
      return answerOnce(db, request, reply, { lost }, async () => {
        const result = await deps.sendTest(body, actor);
        reply.header('location', `/api/v1/templates/send/${String(result.campaign_id)}`);
        return { status: 200, body: result };
      });
    },
  );

  app.get(
    '/api/v1/templates/send/:campaign_id',
    {
      config: { access: 'read' },
      schema: {
        tags: ['templates'],
        summary: 'What became of a test send',
        description:
          'By the `campaign_id` of its answer (`test_id` where it was refused). Settled by webhooks like every message.',
        params: z.object({ campaign_id: Id }),
        response: { 200: TestSendRecord },
      },
    },
    async (request) => testSendRecord(deps, request.params.campaign_id),
  );
}

/** A test send is a hidden campaign of one person: its record is that person's. */
async function testSendRecord({ db }: Pick<SendTestRouteDeps, 'db'>, id: number): Promise<z.output<typeof TestSendRecord>> {
  const campaign = await findCampaign(db, id);
  const row = campaign?.kind === 'test' ? await findRecipient(db, id, TEST_MESSAGE) : undefined;
  const sent = campaign === undefined ? undefined : templateOf(campaign);
  if (campaign === undefined || sent === undefined || row === undefined) {
    throw new Problem('not_found', say('server.campaigns.test-send-look', { id }));
  }
  const record = presentRecipient(row);
  return {
    ...record,
    campaign_id: id,
    message_id: record.id,
    to: record.phone,
    template_name: sent.name,
    template_language: sent.language,
    created_by: campaign.created_by,
    created_at: iso(campaign.created_at),
    history: historyOf(row, await messageEvents(db, id, TEST_MESSAGE)),
  };
}
