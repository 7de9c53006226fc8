import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './fastify-types.ts';

const require = createRequire(import.meta.url);

/** Beside this file where it was built; run from its source, in the package. */
const BUILT_BUNDLE = new URL('redoc.standalone.js', import.meta.url);

/** Swagger UI writes a style into its page; everything comes from here. */
const SWAGGER_CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/** ReDoc makes its styles while it runs and searches in a worker made of a blob. */
const REDOC_CSP =
  "default-src 'none'; script-src 'self'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const OPENAPI = '/api/openapi.json';

/** The OpenAPI file and two ways to read it, all served from here. */
export async function serveDocs(app: App, options: { readonly appName: string }): Promise<void> {
  let text: string | undefined;
  app.get(OPENAPI, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text);
  });

  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: SWAGGER_CSP,
    uiConfig: { url: OPENAPI, deepLinking: true, persistAuthorization: false, docExpansion: 'list' },
    theme: { title: `${options.appName} – API` },
    indexPrefix: '',
  });

  // The bundle fetches its maker's sign from elsewhere; nothing here comes from elsewhere.
  const bundle = (await readFile(redocBundle(), 'utf8')).replace(
    'https://cdn.redoc.ly/redoc/logo-mini.svg',
    'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E',
  );
  app.get('/api/redoc/redoc.standalone.js', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'public, max-age=86400').send(bundle),
  );
  const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(options.appName)} – API</title><style>body{margin:0}</style></head>
<body><redoc spec-url="${OPENAPI}" hide-download-button></redoc><script src="/api/redoc/redoc.standalone.js"></script></body>
</html>`;
  app.get('/api/redoc', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', REDOC_CSP).send(page),
  );
}

function redocBundle(): string | URL {
  if (existsSync(BUILT_BUNDLE)) return BUILT_BUNDLE;
  return require.resolve('redoc/bundles/redoc.standalone.js');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
