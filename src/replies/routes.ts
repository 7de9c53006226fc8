import { z } from 'zod';
import type { ServerDeps } from '../app/server-deps.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { Id, iso, OffsetPage, offsetList, Time } from '../lib/http/schemas.ts';
import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { phoneText } from '../recipients/schema.ts';
import { listInbound } from './replies.sql.ts';

const ReplySchema = z
  .object({
    id: z.string(),
    phone: z.string().nullable(),
    type: z.string(),
    body: z.string().nullable(),
    campaign_id: z.int().nullable().describe('The campaign it answers'),
    recipient_id: z.int().nullable(),
    sent_at: Time,
    received_at: Time,
  })
  .meta({ id: 'Reply' });

export function replyRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/v1/replies',
    {
      config: { access: 'read' },
      schema: {
        tags: ['people'],
        summary: 'What people wrote, the newest first',
        querystring: OffsetPage.extend({ campaign_id: Id.optional(), phone: z.string().max(40).optional() }),
        response: { 200: offsetList(ReplySchema) },
      },
    },
    async (request) => {
      const { campaign_id: campaignId, phone, limit, offset } = request.query;
      const parsed = phone === undefined ? undefined : parsePhone(phone, deps.defaultCountry);
      if (parsed?.ok === false) throw new Problem('invalid_phone_number', parsed.message);
      const { messages, total } = await listInbound(deps.db, { campaignId, person: parsed?.person, limit, offset });
      const data = messages.map((message) => ({
        id: message.id,
        phone: message.person === null ? null : phoneText(message.person),
        type: message.type,
        body: message.body,
        campaign_id: message.campaign_id,
        recipient_id: message.message_id,
        sent_at: iso(message.sent_at),
        received_at: iso(message.received_at),
      }));
      return { data, total, limit, offset };
    },
  );
}
