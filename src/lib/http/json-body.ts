import type { App } from './fastify-types.ts';

/**
 * Many clients name a Content-Type also where they send nothing. No bytes are no body: a route that takes none does its work, and
 * one that needs one says so itself. Anything else is read as Fastify reads it, names that would poison an object refused.
 */
export function readJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') done(null, undefined);
    // Answers through `done` alone.
    else void parse(request, body, done);
  });
}
