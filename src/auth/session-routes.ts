import { z } from 'zod';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { Id, iso, NoContent, Time } from '../lib/http/schemas.ts';
import type { AuthDeps } from './api-keys.ts';
import { endOtherSessions, endOwnSession, ownSessions } from './sessions.ts';

const SessionSchema = z
  .object({
    id: z.int(),
    created_at: Time,
    seen_at: Time.describe('To five minutes'),
    expires_at: Time,
    address: z.string().nullable().describe('From where it was opened'),
    agent: z.string().nullable().describe('As the browser names itself'),
    current: z.boolean().describe('The one that asks'),
  })
  .meta({ id: 'Session' });

export function sessionRoutes(app: App, deps: AuthDeps): void {
  app.get(
    '/api/v1/auth/sessions',
    {
      config: { access: 'read' },
      schema: {
        tags: ['access'],
        summary: 'Where one is logged in, the last used first',
        response: { 200: z.object({ data: z.array(SessionSchema), total: z.int() }) },
      },
    },
    async (request) => {
      const data = (await ownSessions(deps, actorOf(request))).map(({ id, address, agent, current, ...times }) => ({
        id,
        created_at: iso(times.created_at),
        seen_at: iso(times.seen_at),
        expires_at: iso(times.expires_at),
        address,
        agent,
        current,
      }));
      return { data, total: data.length };
    },
  );

  app.delete(
    '/api/v1/auth/sessions/:id',
    {
      config: { access: 'read' },
      schema: {
        tags: ['access'],
        summary: "End one of one's own sessions",
        params: z.object({ id: Id }),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await endOwnSession(deps, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/auth/sessions/end-others',
    {
      config: { access: 'read' },
      schema: { tags: ['access'], summary: "End all of one's own sessions but this one", response: { 204: NoContent } },
    },
    async (request, reply) => {
      await endOtherSessions(deps, actorOf(request));
      return reply.code(204).send(null);
    },
  );
}
