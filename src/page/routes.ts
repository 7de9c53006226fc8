import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthDeps } from '../auth/api-keys.ts';
import { sessionOf } from '../auth/guard.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { readerLanguage } from '../lib/http/language.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { Language } from '../lib/words/words.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { documentFor, FAVICON, missingPage, readPage, type Theme } from './page.ts';

/** Addresses of the page, each with all that stands below it. The page itself decides what is shown there (web/src/app/router.tsx). */
const ADDRESSES = [
  'login',
  'invitation',
  'campaigns',
  'templates',
  'opt-outs',
  'replies',
  'system',
  'activity',
  'settings',
] as const;

/** Everything from here, no script or style in the document, and no text that a script could take for markup. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export type PageHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export interface PageRouteDeps extends Pick<AuthDeps, 'authMode'> {
  readonly appName: string;
  readonly version: string;
  readonly mode: RunMode;
}

/** @returns the document for whoever asks by a browser for an address that nothing has: the page says so, with a way back. */
export function pageRoutes(app: App, deps: PageRouteDeps): PageHandler {
  const page = readPage();
  const open = { config: { access: 'public' }, schema: { hide: true } } as const;

  const serve: PageHandler = async (request, reply) => {
    const { appName: name, version, mode, authMode } = deps;
    const facts = { name, version, mode, session: authMode === 'none' || sessionOf(request) !== undefined };
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', CSP)
      .header('cache-control', 'no-store')
      .header('vary', 'accept-language, cookie')
      .send(page === undefined ? missingPage(name) : documentFor(page, readerOf(request), facts));
  };
  app.get('/', open, serve);
  for (const address of ADDRESSES) {
    app.get(`/${address}`, open, serve);
    app.get(`/${address}/*`, open, serve);
  }

  app.get('/assets/:name', open, async (request, reply) => {
    const { name } = request.params as { name: string };
    const file = page?.files.get(name);
    if (file === undefined) throw new Problem('not_found', say('server.app.file-load-page', { name }));
    const accepted = request.headers['accept-encoding'] ?? '';
    const encoding =
      file.br !== undefined && /\bbr\b/.test(accepted)
        ? 'br'
        : file.gz !== undefined && /\bgzip\b/.test(accepted)
          ? 'gz'
          : undefined;
    if (encoding !== undefined) reply.header('content-encoding', encoding === 'gz' ? 'gzip' : 'br');
    return reply
      .type(file.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding')
      .send(encoding === undefined ? file.bytes : file[encoding]);
  });

  app.get('/favicon.ico', open, async (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(FAVICON),
  );
  return serve;
}

/** Chosen on the page and kept in cookies, so that the first picture is already right; else as the browser asks. */
function readerOf(request: FastifyRequest): { language: Language; theme: Theme | undefined } {
  const { wasend_theme: theme } = request.cookies;
  return { language: readerLanguage(request), theme: theme === 'light' || theme === 'dark' ? theme : undefined };
}
