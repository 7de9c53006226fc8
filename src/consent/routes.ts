import { z } from 'zod';
import type { ServerDeps } from '../app/server-deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { iso, OffsetPage, offsetList, Time } from '../lib/http/schemas.ts';
import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { phoneText } from '../recipients/schema.ts';
import { isSuppressed, liftSuppression, listSuppressions, type StoredSuppression, suppress } from './opt-outs.sql.ts';

const SCOPES = ['all', 'marketing'] as const;

const OptOutSchema = z
  .object({
    phone: z.string(),
    scope: z.enum(SCOPES).describe('all: is never written to; marketing: not with marketing templates'),
    source: z.string(),
    detail: z.record(z.string(), z.unknown()).describe('The proof'),
    since: Time,
  })
  .meta({ id: 'OptOut' });

const PhoneText = z.string().trim().min(1).max(40);

export function suppressionRoutes(app: App, deps: ServerDeps): void {
  const { db, defaultCountry } = deps;

  app.get(
    '/api/v1/opt-outs',
    {
      config: { access: 'read' },
      schema: {
        tags: ['people'],
        summary: 'Who must not be written to, the newest first',
        querystring: OffsetPage.extend({ phone: PhoneText.optional() }),
        response: { 200: offsetList(OptOutSchema) },
      },
    },
    async (request) => {
      const { phone, limit, offset } = request.query;
      const person = phone === undefined ? undefined : readPhone(phone, defaultCountry).person;
      const { suppressions, total } = await listSuppressions(db, { person, limit, offset });
      return { data: suppressions.map(present), total, limit, offset };
    },
  );

  app.post(
    '/api/v1/opt-outs',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['people'],
        summary: 'Never write to this person again; holds at once, in running campaigns too',
        body: z.strictObject({
          phone: PhoneText,
          scope: z.enum(SCOPES).default('all'),
          note: z.string().trim().max(500).optional(),
        }),
        response: { 201: OptOutSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { phone, scope, note } = request.body;
      const { person, digits } = readPhone(phone, defaultCountry);
      const detail = { by: actor.name, ...(note === undefined ? {} : { note }) };
      const entry = { person, phone: digits, scope, source: 'operator', detail, since: new Date() };
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        await db.tx(async (sql) => {
          await suppress(sql, [entry]);
          await recordAudit(sql, actor, { action: 'optout.add', detail: { scope } });
        });
        const stored = (await listSuppressions(db, { person, limit: 2, offset: 0 })).suppressions.find(
          (known) => known.scope === scope,
        );
        return { status: 201, body: present(stored ?? { ...entry, lifted_at: null }) };
      });
    },
  );

  app.delete(
    '/api/v1/opt-outs/:phone',
    {
      config: { access: 'write' },
      schema: {
        tags: ['people'],
        summary: 'This person may be written to again; the proof of the opt-out is kept',
        params: z.object({ phone: PhoneText }),
        querystring: z.object({ scope: z.enum(SCOPES).default('all') }),
        response: { 200: z.object({ phone: z.string(), still_opted_out: z.boolean() }) },
      },
    },
    async (request) => {
      const { person, phone } = readPhone(request.params.phone, defaultCountry);
      const { scope } = request.query;
      await db.tx(async (sql) => {
        if (!(await liftSuppression(sql, person, scope, new Date()))) {
          throw new Problem('not_found', `${phone} is not on the list of opt-outs with the scope "${scope}".`);
        }
        await recordAudit(sql, actorOf(request), { action: 'optout.lift', detail: { scope } });
      });
      return { phone, still_opted_out: await isSuppressed(db, person, true) };
    },
  );
}

function readPhone(text: string, defaultCountry: string | undefined): { person: number; digits: number; phone: string } {
  const parsed = parsePhone(text, defaultCountry);
  if (parsed.ok) return parsed;
  throw new Problem('invalid_phone_number', parsed.message, { errors: [{ field: 'phone', message: parsed.message }] });
}

function present(entry: StoredSuppression): z.output<typeof OptOutSchema> {
  return {
    phone: phoneText(entry.phone),
    scope: entry.scope,
    source: entry.source,
    detail: { ...entry.detail },
    since: iso(entry.since),
  };
}
