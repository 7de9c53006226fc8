import { z } from 'zod';
import { parsePhone } from '../../domain/phone.ts';
import { Problem } from '../../domain/problem.ts';
import { listInbound } from '../../store/inbound.ts';
import type { ServerDeps } from '../deps.ts';
import type { App } from '../fastify-types.ts';
import { phoneText } from '../recipient-schemas.ts';
import { Id, iso, OffsetPage, offsetList, Time } from '../schemas.ts';

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
