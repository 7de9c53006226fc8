import { z } from 'zod';
import { actorOf, ROLES } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { Id, iso, Time } from '../lib/http/schemas.ts';
import { say } from '../lib/words/sentence.ts';
import type { AuthDeps } from './api-keys.ts';
import { listPeople, type Person } from './auth.sql.ts';
import { invitationUrl } from './links.ts';
import { resetSecondFactor } from './second-factor.ts';
import { changePerson, type Invitation, inviteAgain, invitePerson } from './users.ts';

const PersonSchema = z
  .object({
    id: z.int(),
    name: z.string(),
    role: z.enum(ROLES),
    status: z.enum(['invited', 'active', 'disabled']),
    created_by: z.string().nullable(),
    created_at: Time,
    last_login_at: Time.nullable(),
    second_factor: z.boolean().describe('Logging in asks for a code as well'),
  })
  .meta({ id: 'Person' });

const Invited = PersonSchema.extend({
  invitation_url: z.string().describe('Works once; send it to this person only. It is not shown again'),
  invitation_expires_at: Time,
});

const ONCE =
  'A repeated Idempotency-Key makes no second link and is refused with 409: the first one is not stored and cannot be shown again.';
const ALREADY_SHOWN = say('server.auth.link-shown-once');

export interface UserRouteDeps extends AuthDeps {
  /** PUBLIC_URL. */
  readonly publicUrl: string | undefined;
}

export function peopleRoutes(app: App, deps: UserRouteDeps): void {
  const { db } = deps;
  const invited = (person: Person, invitation: Invitation, origin: string): z.output<typeof Invited> => ({
    ...present(person),
    invitation_url: invitationUrl(deps.publicUrl ?? origin, invitation.token),
    invitation_expires_at: iso(invitation.expiresAt),
  });

  app.get(
    '/api/v1/people',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Who may log in',
        response: { 200: z.object({ data: z.array(PersonSchema), total: z.int() }) },
      },
    },
    async () => {
      const data = (await listPeople(db)).map(present);
      return { data, total: data.length };
    },
  );

  app.post(
    '/api/v1/people',
    {
      config: { access: 'admin', idempotent: true },
      schema: {
        tags: ['access'],
        summary: 'Invite somebody by link',
        description: ONCE,
        body: z.strictObject({ name: z.string().trim().min(1).max(100), role: z.enum(ROLES) }),
        response: { 201: Invited },
      },
    },
    async (request, reply) => {
      return answerOnce(db, request, reply, { lost: 'ask', shownOnce: ALREADY_SHOWN }, async () => {
        const { person, invitation } = await invitePerson(deps, actorOf(request), request.body);
        return { status: 201, body: invited(person, invitation, `${request.protocol}://${request.host}`) };
      });
    },
  );

  app.post(
    '/api/v1/people/:id/invitation',
    {
      config: { access: 'admin', idempotent: true },
      schema: {
        tags: ['access'],
        summary: 'A new link, for a lost one or a lost password',
        description: ONCE,
        params: z.object({ id: Id }),
        response: { 201: Invited },
      },
    },
    async (request, reply) => {
      // The newest link is the only one that works, so making one twice leaves one.
      return answerOnce(db, request, reply, { lost: 'again', shownOnce: ALREADY_SHOWN }, async () => {
        const { person, invitation } = await inviteAgain(deps, actorOf(request), request.params.id);
        return { status: 201, body: invited(person, invitation, `${request.protocol}://${request.host}`) };
      });
    },
  );

  app.put(
    '/api/v1/people/:id',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Change a role, disable or enable; disabling ends all sessions of the person',
        params: z.object({ id: Id }),
        body: z.strictObject({ role: z.enum(ROLES).optional(), disabled: z.boolean().optional() }),
        response: { 200: PersonSchema },
      },
    },
    async (request) => present(await changePerson(deps, actorOf(request), request.params.id, request.body)),
  );

  app.delete(
    '/api/v1/people/:id/second-factor',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Take the second factor away from somebody who has lost it; ends all sessions of the person',
        params: z.object({ id: Id }),
        response: { 200: PersonSchema },
      },
    },
    async (request) => present(await resetSecondFactor(deps, actorOf(request), request.params.id)),
  );
}

function present(person: Person): z.output<typeof PersonSchema> {
  return {
    id: person.id,
    name: person.name,
    role: person.role,
    status: person.disabled_at !== null ? 'disabled' : person.has_password ? 'active' : 'invited',
    created_by: person.created_by,
    created_at: iso(person.created_at),
    last_login_at: iso(person.last_login_at),
    second_factor: person.has_second_factor,
  };
}
