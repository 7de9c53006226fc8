import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordAudit } from '../audit/record-audit.ts';
import { actorOf, ROLES, SCOPES } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { iso, NoContent, Time } from '../lib/http/schemas.ts';
import { LOGIN_LIMIT } from '../lib/http/security.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { AuthDeps } from './api-keys.ts';
import { deleteSessionsOf } from './auth.sql.ts';
import { clearSessionCookie, deviceCookie, sessionOf, setDeviceCookie, setSessionCookie } from './guard.ts';
import { deviceOf } from './known-device.ts';
import { type LoggedIn, logIn, logOut, type Origin, openSession } from './sessions.ts';
import { acceptInvitation, changePassword, describeInvitation } from './users.ts';

const PersonName = z.string().trim().min(1).max(100);
const Password = z.string().min(1).max(500);
const Code = z.string().trim().min(6).max(40).optional();
const LoggedInSchema = z.object({ id: z.int(), name: z.string(), role: z.enum(ROLES) });

const Me = z.object({
  kind: z.enum(['person', 'key', 'local', 'system']),
  id: z.int().nullable(),
  name: z.string(),
  role: z.enum(ROLES).nullable().describe('Null for keys'),
  scopes: z.array(z.enum(SCOPES)),
  mode: z.enum(['sandbox', 'live']),
});

export interface LoginRouteDeps extends AuthDeps {
  readonly mode: RunMode;
  /** PUBLIC_URL. */
  readonly publicUrl: string | undefined;
}

export function loginRoutes(app: App, deps: LoginRouteDeps): void {
  const { db } = deps;
  const https = deps.publicUrl?.startsWith('https:') === true;
  const limited = { access: 'public', rateLimit: LOGIN_LIMIT } as const;
  const answer = (reply: FastifyReply, { person, token, device }: LoggedIn): z.output<typeof LoggedInSchema> => {
    setSessionCookie(reply, token, https);
    setDeviceCookie(reply, device, https);
    return { id: person.id, name: person.name, role: person.role };
  };

  app.post(
    '/api/v1/auth/login',
    {
      // A browser that was logged in before has a count of its own: strangers behind the same address do not hold it up.
      config: {
        access: 'public',
        rateLimit: {
          ...LOGIN_LIMIT,
          allowList: (request: FastifyRequest) => deviceOf(deps.secretKey, deviceCookie(request)) !== undefined,
        },
      },
      schema: {
        tags: ['access'],
        summary: 'Log in by name; sets the session cookie',
        description:
          'Whoever has a second factor gives `code` too; without it the answer to a right password is 401 `second_factor_needed`. After five wrong tries each further one waits longer (429, `retry_after`).',
        body: z.strictObject({
          name: PersonName,
          password: Password,
          code: Code.describe('Six figures of the authenticator app, or a recovery code'),
        }),
        response: { 200: LoggedInSchema },
      },
    },
    async (request, reply) => {
      return answer(reply, await logIn(deps, request.body, originOf(request)));
    },
  );

  app.post(
    '/api/v1/auth/logout',
    { config: { access: 'public' }, schema: { tags: ['access'], summary: 'End this session', response: { 204: NoContent } } },
    async (request, reply) => {
      const session = sessionOf(request);
      if (session !== undefined) await logOut(deps, session);
      clearSessionCookie(reply, https);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/auth/me',
    {
      config: { access: 'read' },
      schema: { tags: ['access'], summary: 'Who is calling, and what they may do', response: { 200: Me } },
    },
    async (request) => {
      const { kind, id, name, role, scopes } = actorOf(request);
      return { kind, id, name, role: role ?? null, scopes: [...scopes], mode: deps.mode };
    },
  );

  app.post(
    '/api/v1/auth/password',
    {
      config: { access: 'read', rateLimit: LOGIN_LIMIT },
      schema: {
        tags: ['access'],
        summary: "Change one's own password; all other sessions end",
        body: z.strictObject({ current_password: Password, password: Password }),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const { current_password: current, password: next } = request.body;
      await changePassword(deps, actorOf(request), { current, next, session: sessionOf(request) });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/auth/invitation/look',
    {
      config: limited,
      schema: {
        tags: ['access'],
        summary: 'For whom a link is, without using it',
        body: z.strictObject({ token: z.string().min(1).max(200) }),
        response: {
          200: z.object({
            name: z.string().nullable().describe('Null: the first administrator, who chooses a name'),
            expires_at: Time,
          }),
        },
      },
    },
    async (request) => {
      const { name, expiresAt } = await describeInvitation(deps, request.body.token);
      return { name, expires_at: iso(expiresAt) };
    },
  );

  app.post(
    '/api/v1/auth/invitation',
    {
      config: limited,
      schema: {
        tags: ['access'],
        summary: 'Use a link: set the password and be logged in',
        description:
          'Whoever has a second factor gives `code` too; without it the link is not used up (401 `second_factor_needed`).',
        body: z.strictObject({
          token: z.string().min(1).max(200),
          name: PersonName.optional(),
          password: Password,
          code: Code,
        }),
        response: { 200: LoggedInSchema },
      },
    },
    async (request, reply) => {
      const { token, name, password, code } = request.body;
      const person = await acceptInvitation(deps, { token, name, password, code });
      return answer(reply, await openSession(deps, person, originOf(request)));
    },
  );

  app.post(
    '/api/v1/auth/logout-everywhere',
    {
      config: { access: 'read' },
      schema: { tags: ['access'], summary: "End all of one's own sessions", response: { 204: NoContent } },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      if (actor.kind === 'person' && actor.id !== null) {
        const { id } = actor;
        await db.tx(async (sql) => {
          await deleteSessionsOf(sql, id);
          await recordAudit(sql, actor, { action: 'person.logout_everywhere' });
        });
      }
      clearSessionCookie(reply, https);
      return reply.code(204).send(null);
    },
  );
}

function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, agent: request.headers['user-agent'], device: deviceCookie(request) };
}
