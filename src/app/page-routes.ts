import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../lib/http/fastify-types.ts';
import { canSend } from '../operations/readiness.ts';
import { FAVICON, homePage, invitationPage, type Language, languageOf, type PageFacts } from './page.ts';
import type { ServerDeps } from './server-deps.ts';

export function pageRoutes(app: App, deps: ServerDeps): void {
  const serve = async (
    request: FastifyRequest,
    reply: FastifyReply,
    page: (language: Language, facts: PageFacts) => string,
    ready: boolean,
  ): Promise<FastifyReply> => {
    const nonce = randomBytes(16).toString('base64');
    const csp = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
    const { appName, version, mode } = deps;
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', csp)
      .header('cache-control', 'no-store')
      .header('vary', 'accept-language')
      .send(page(languageOf(request.headers['accept-language']), { appName, version, mode, isReady: ready, nonce }));
  };

  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) =>
    serve(request, reply, homePage, await canSend(deps)),
  );

  app.get('/invitation', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) =>
    serve(request, reply, invitationPage, true),
  );

  app.get('/favicon.ico', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(FAVICON),
  );
}
