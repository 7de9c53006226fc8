import { z } from 'zod';
import { actorOf, SCOPES } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { Id, iso, Time, TimeIn } from '../lib/http/schemas.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { type AuthDeps, createKey, revokeKey } from './api-keys.ts';
import { type ApiKey, listKeys } from './auth.sql.ts';

const KeySchema = z
  .object({
    id: z.int(),
    name: z.string(),
    prefix: z.string().describe('The first characters, to tell keys apart'),
    scopes: z.array(z.enum(SCOPES)),
    created_by: z.string().nullable(),
    created_at: Time,
    expires_at: Time.nullable(),
    last_used_at: Time.nullable().describe('To the minute'),
    revoked_at: Time.nullable(),
  })
  .meta({ id: 'ApiKey' });

const NewKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .describe(
      'metrics: read /metrics and nothing else · read: look · write: make and change · send: start and send · admin: everything, people and keys included',
    ),
  expires_at: TimeIn.nullable().optional(),
});

const ALREADY_SHOWN = say('server.auth.key-shown-once');

export function keyRoutes(app: App, deps: AuthDeps): void {
  const { db } = deps;

  app.get(
    '/api/v1/keys',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'API keys',
        response: { 200: z.object({ data: z.array(KeySchema), total: z.int() }) },
      },
    },
    async () => {
      const data = (await listKeys(db)).map(present);
      return { data, total: data.length };
    },
  );

  app.post(
    '/api/v1/keys',
    {
      config: { access: 'admin', idempotent: true },
      schema: {
        tags: ['access'],
        summary: 'Make a key; it is shown this once',
        description:
          'A repeated Idempotency-Key makes no second key and is refused with 409: the first one is not stored and cannot be shown again.',
        body: NewKeySchema,
        response: { 201: KeySchema.extend({ key: z.string().describe('The key itself; keep it now, it is not stored') }) },
      },
    },
    async (request, reply) => {
      const { name, scopes, expires_at: expires } = request.body;
      const expiresAt = expires === undefined || expires === null ? null : new Date(expires);
      if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
        throw new Problem('invalid_request', say('server.auth.expires-lies-past'), {
          errors: [{ field: 'expires_at', message: say('server.auth.must-future') }],
        });
      }
      return answerOnce(db, request, reply, { lost: 'ask', shownOnce: ALREADY_SHOWN }, async () => {
        const { apiKey, secret } = await createKey(deps, actorOf(request), { name, scopes, expiresAt });
        return { status: 201, body: { ...present(apiKey), key: secret } };
      });
    },
  );

  app.delete(
    '/api/v1/keys/:id',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Revoke a key; it opens nothing from the next request on',
        params: z.object({ id: Id }),
        response: { 200: KeySchema },
      },
    },
    async (request) => present(await revokeKey(deps, actorOf(request), request.params.id)),
  );
}

function present(key: ApiKey): z.output<typeof KeySchema> {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: [...key.scopes],
    created_by: key.created_by,
    created_at: iso(key.created_at),
    expires_at: iso(key.expires_at),
    last_used_at: iso(key.last_used_at),
    revoked_at: iso(key.revoked_at),
  };
}
