import { z } from 'zod';
import { BLOCKS } from '../consent/erased-people.sql.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { type ErasureDeps, type ErasureInput, erasePerson } from './erase-person.ts';

const ErasureBody = z.strictObject({
  phone: z.string().trim().min(1).max(40).optional(),
  user_id: z.string().trim().min(1).max(150).optional().describe('Of somebody who hides the phone'),
  block: z
    .boolean()
    .default(true)
    .describe('True: nobody writes to them again, whoever uploads them. False: only what they have said themselves still holds'),
});

const ErasureSchema = z
  .object({
    blocks: z.enum(BLOCKS).describe('What is not sent to them any more'),
    recipients: z.int().describe('Rows of campaigns; they stay, and are counted, without anything of the person'),
    not_sent: z.int().describe('Of these, whoever had not been written to and now will not be'),
    replies: z.int(),
    opt_outs: z.int().describe('Reduced to a digest that still blocks'),
    refused_rows: z.int(),
    drafts: z.int().describe('Unpublished uploads that held them, or were still being read: given up, with the kept file'),
    webhooks: z.int().describe('Of the journal'),
  })
  .meta({ id: 'Erasure' });

export interface ErasureRouteDeps extends ErasureDeps {
  readonly defaultCountry: string | undefined;
}

export function erasureRoutes(app: App, deps: ErasureRouteDeps): void {
  app.post(
    '/api/v1/erasures',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['people'],
        summary: 'Forget a person everywhere; what was said about not writing to them still holds',
        description:
          'Lists, replies, opt-outs, refused rows, unpublished uploads, kept answers, the audit log and the journal of webhooks. The figures of campaigns stay as they are. Give `phone` or `user_id`. The same call again does what an interrupted one left. Backups and what was exported are yours to delete; a restored backup is erased again by itself at the next start.',
        body: ErasureBody,
        response: { 200: ErasureSchema },
      },
    },
    async (request) =>
      erasePerson(deps, { person: personIn(request.body, deps.defaultCountry), block: request.body.block }, actorOf(request)),
  );
}

function personIn(
  { phone, user_id: userId }: z.output<typeof ErasureBody>,
  defaultCountry: string | undefined,
): ErasureInput['person'] {
  if ((phone === undefined) === (userId === undefined)) {
    throw new Problem('invalid_request', say('server.operations.give-either-phone'), {
      errors: [{ field: 'phone', message: say('server.operations.one-phone-user') }],
    });
  }
  if (userId !== undefined) return { userId };
  const parsed = parsePhone(phone ?? '', defaultCountry);
  if (parsed.ok) return parsed;
  throw new Problem('invalid_phone_number', parsed.message, { errors: [{ field: 'phone', message: parsed.message }] });
}
