import { z } from 'zod';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { iso, NoContent, Time } from '../lib/http/schemas.ts';
import { LOGIN_LIMIT } from '../lib/http/security.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  disableSecondFactor,
  renewRecoveryCodes,
  type SecondFactorDeps,
  secondFactorOf,
} from './second-factor.ts';

const Password = z.string().min(1).max(500);
const Code = z.string().trim().min(6).max(40).describe('Six figures of the app, or a recovery code');
const RecoveryCodes = z.object({
  recovery_codes: z.array(z.string()).describe('Each logs in once in the place of the app. Shown this once; print them'),
});

export function secondFactorRoutes(app: App, deps: SecondFactorDeps): void {
  const limited = { access: 'read', rateLimit: LOGIN_LIMIT } as const;

  app.get(
    '/api/v1/auth/second-factor',
    {
      config: { access: 'read' },
      schema: {
        tags: ['access'],
        summary: "Whether one's own login asks for a second factor",
        response: { 200: z.object({ enabled: z.boolean(), enabled_at: Time.nullable(), recovery_codes_left: z.int() }) },
      },
    },
    async (request) => {
      const { enabled, enabledAt, recoveryCodesLeft } = await secondFactorOf(deps, actorOf(request));
      return { enabled, enabled_at: iso(enabledAt), recovery_codes_left: recoveryCodesLeft };
    },
  );

  app.post(
    '/api/v1/auth/second-factor',
    {
      config: limited,
      schema: {
        tags: ['access'],
        summary: 'Begin to set up a second factor; nothing changes until it is confirmed',
        description: 'Asked again before it is confirmed, it makes another secret and the earlier one is worth nothing.',
        body: z.strictObject({ password: Password }),
        response: {
          200: z.object({
            secret: z.string().describe('To be typed into an authenticator app (base32)'),
            otpauth_url: z.string().describe('The same as a link, to be shown as a QR code'),
          }),
        },
      },
    },
    async (request, reply) => {
      const { secret, url } = await beginSecondFactor(deps, actorOf(request), request.body.password);
      reply.header('cache-control', 'no-store');
      return { secret, otpauth_url: url };
    },
  );

  app.post(
    '/api/v1/auth/second-factor/confirm',
    {
      config: limited,
      schema: {
        tags: ['access'],
        summary: 'Confirm it with a code of the app; from now on logging in asks for one, and all other sessions end',
        body: z.strictObject({ code: Code }),
        response: { 200: RecoveryCodes },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { recovery_codes: await confirmSecondFactor(deps, actorOf(request), request.body.code) };
    },
  );

  app.post(
    '/api/v1/auth/second-factor/recovery-codes',
    {
      config: limited,
      schema: {
        tags: ['access'],
        summary: 'New recovery codes; the earlier ones stop working',
        body: z.strictObject({ code: Code }),
        response: { 200: RecoveryCodes },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { recovery_codes: await renewRecoveryCodes(deps, actorOf(request), request.body.code) };
    },
  );

  app.post(
    '/api/v1/auth/second-factor/disable',
    {
      config: limited,
      schema: {
        tags: ['access'],
        summary: 'Log in by password alone again',
        body: z.strictObject({ password: Password, code: Code }),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await disableSecondFactor(deps, actorOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
}
