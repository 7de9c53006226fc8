import { z } from 'zod';
import { recordAudit } from '../audit/record-audit.ts';
import { actorOf, ROLES, SCOPES } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { iso, NoContent, Time } from '../lib/http/schemas.ts';
import { LOGIN_LIMIT, NAME_LIMIT } from '../lib/http/security.ts';
import { Problem } from '../lib/problem.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { AuthDeps } from './api-keys.ts';
import { countLoginTry, deleteSessionsOf } from './auth.sql.ts';
import { clearSessionCookie, sessionOf, setSessionCookie } from './guard.ts';
import { keyHash } from './secrets.ts';
import { logIn, logOut, openSession } from './sessions.ts';
import { acceptInvitation, changePassword, describeInvitation } from './users.ts';

const PersonName = z.string().trim().min(1).max(100);
const Password = z.string().min(1).max(500);
const LoggedIn = z.object({ id: z.int(), name: z.string(), role: z.enum(ROLES) });

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

  app.post(
    '/api/v1/auth/login',
    {
      config: limited,
      schema: {
        tags: ['access'],
        summary: 'Log in by name; sets the session cookie',
        body: z.strictObject({ name: PersonName, password: Password }),
        response: { 200: LoggedIn },
      },
    },
    async (request, reply) => {
      const { tries, windowEndsInSeconds } = await countLoginTry(db, nameHash(request.body.name), NAME_LIMIT.windowSeconds);
      if (tries > NAME_LIMIT.max) {
        reply.header('retry-after', String(windowEndsInSeconds));
        throw new Problem('too_many_requests', 'Too many tries under this name in a short time. Wait a minute, then try again.');
      }
      const { person, token } = await logIn(deps, request.body);
      setSessionCookie(reply, token, https);
      return { id: person.id, name: person.name, role: person.role };
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
        body: z.strictObject({ token: z.string().min(1).max(200), name: PersonName.optional(), password: Password }),
        response: { 200: LoggedIn },
      },
    },
    async (request, reply) => {
      const { token, name, password } = request.body;
      const person = await acceptInvitation(deps, { token, name, password });
      setSessionCookie(reply, await openSession(deps, person), https);
      return { id: person.id, name: person.name, role: person.role };
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

/** As the database compares names. */
function nameHash(name: string): Buffer {
  return keyHash(name.toLowerCase());
}
