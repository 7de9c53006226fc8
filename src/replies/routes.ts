import { z } from 'zod';
import { DOUBTS } from '../consent/opt-out-matcher.ts';
import { PhoneText, Reason, Scope } from '../consent/schema.ts';
import type { Db } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { filterText, Id, iso, OffsetPage, offsetList, Time, Words } from '../lib/http/schemas.ts';
import { type Phone, parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { decideReply } from './decide-reply.ts';
import { whyDoubtful } from './doubt.ts';
import { countReplies, findReply, type InboundRow, listInbound, markReplyRead } from './replies.sql.ts';

export interface ReplyRouteDeps {
  readonly db: Db;
  readonly defaultCountry: string | undefined;
}

const ReplySchema = z
  .object({
    id: z.string(),
    phone: z.string().nullable().describe('null while somebody hides it behind a username'),
    user_id: z.string().nullable().describe("WhatsApp's id of the person for this business"),
    name: z.string().nullable().describe('As they call themselves in WhatsApp'),
    type: z.string(),
    body: z.string().nullable(),
    campaign_id: z.int().nullable().describe('The campaign it answers'),
    campaign_name: z.string().nullable(),
    recipient_id: z.int().nullable(),
    sent_at: Time,
    received_at: Time,
    read_at: Time.nullable().describe('When somebody of us read it'),
    doubtful: z
      .object({ code: z.enum(DOUBTS), why: Words })
      .nullable()
      .describe('It may be an opt-out: until somebody decides, this person gets no marketing'),
    decision: z
      .object({ opt_out: z.boolean(), by: z.string().nullable(), at: Time })
      .nullable()
      .describe('What a person made of a doubtful one'),
    opted_out: Scope.nullable().describe('How the person stands now, whatever this message said'),
    asked_to_stop: z.boolean().describe('This message is an opt-out, by its words or by decision'),
  })
  .meta({ id: 'Reply' });

const Counts = z.object({ unread: z.int(), doubtful: z.int() }).describe('Of all replies, whatever the filter');
const ReplyParams = z.object({ id: z.string().min(1).max(400) });
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export function replyRoutes(app: App, { db, defaultCountry }: ReplyRouteDeps): void {
  app.get(
    '/api/v1/replies',
    {
      config: { access: 'read' },
      schema: {
        tags: ['people'],
        summary: 'What people wrote, the newest first',
        querystring: OffsetPage.extend({
          campaign_id: Id.optional(),
          phone: filterText(40).optional(),
          unread: Flag.optional(),
          doubtful: Flag.optional().describe('Those that somebody has to decide'),
          opted_out: Flag.optional().describe('Those that are an opt-out'),
          search: z.string().trim().min(1).max(100).optional().describe('In the text, the name or the number'),
        }),
        response: { 200: offsetList(ReplySchema).extend({ counts: Counts }) },
      },
    },
    async (request) => {
      const { campaign_id: campaignId, phone, unread, doubtful, opted_out: optedOut, search, limit, offset } = request.query;
      const person = phone === undefined ? undefined : readPhone(phone, defaultCountry).person;
      const filter = { campaignId, person, unread, doubtful, optedOut, search, limit, offset };
      const { messages, total } = await listInbound(db, filter);
      return { data: messages.map(present), total, limit, offset, counts: await countReplies(db) };
    },
  );

  app.post(
    '/api/v1/replies/:id/read',
    {
      config: { access: 'write' },
      schema: { tags: ['people'], summary: 'Somebody has read it', params: ReplyParams, response: { 200: ReplySchema } },
    },
    async (request) => {
      await markReplyRead(db, request.params.id);
      return present(await mustFindReply(db, request.params.id));
    },
  );

  app.post(
    '/api/v1/replies/:id/decide',
    {
      config: { access: 'send', idempotent: true },
      schema: {
        tags: ['people'],
        summary: 'Decide whether a reply is an opt-out',
        description:
          'Also for one that was not doubtful: a "no" that only a person understands. Deciding that it is none lifts what held this person back from marketing, but no opt-out.',
        params: ReplyParams,
        body: z.strictObject({
          opt_out: z.boolean(),
          scope: Scope.default('all'),
          reason: Reason.optional(),
          phone: PhoneText.optional().describe('Of a sender whose phone is hidden, once you know it'),
        }),
        response: { 200: ReplySchema },
      },
    },
    async (request, reply) => {
      const { opt_out: optOut, scope, reason, phone } = request.body;
      const sender = phone === undefined ? undefined : readPhone(phone, defaultCountry);
      const decision = { id: request.params.id, optOut, scope, reason, sender };
      return answerOnce(db, request, reply, { lost: 'again' }, async () => ({
        status: 200,
        body: present(await decideReply(db, decision, actorOf(request))),
      }));
    },
  );
}

async function mustFindReply(db: Db, id: string): Promise<InboundRow> {
  const reply = await findReply(db, id);
  if (reply === undefined) throw new Problem('not_found', say('server.replies.reply', { id }));
  return reply;
}

function readPhone(text: string, defaultCountry: string | undefined): Phone {
  const parsed = parsePhone(text, defaultCountry);
  if (parsed.ok) return parsed;
  throw new Problem('invalid_phone_number', parsed.message, { errors: [{ field: 'phone', message: parsed.message }] });
}

function present(row: InboundRow): z.output<typeof ReplySchema> {
  return {
    id: row.id,
    phone: row.person === null ? null : `+${String(row.person)}`,
    user_id: row.user_id,
    name: row.name,
    type: row.type,
    body: row.body,
    campaign_id: row.campaign_id,
    campaign_name: row.campaign_name,
    recipient_id: row.message_id,
    sent_at: iso(row.sent_at),
    received_at: iso(row.received_at),
    read_at: iso(row.read_at),
    doubtful: row.consent === 'doubtful' && row.doubt !== null ? { code: row.doubt, why: whyDoubtful(row.doubt) } : null,
    decision:
      row.decided_at === null ? null : { opt_out: row.consent === 'decided_out', by: row.decided_by, at: iso(row.decided_at) },
    opted_out: row.opted_out,
    asked_to_stop: row.consent === 'opted_out' || row.consent === 'decided_out',
  };
}
