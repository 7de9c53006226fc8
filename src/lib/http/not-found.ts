import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Problem } from '../problem.ts';
import { say } from '../words/sentence.ts';
import { sendProblem } from './errors.ts';
import type { Access } from './fastify-types.ts';

export interface KnownRoute {
  readonly url: string;
  readonly methods: readonly string[];
  readonly access: Access | undefined;
}

/** Which methods an address knows: for 405 with Allow instead of a 404 that sends people looking for a typing error. */
export class RouteBook {
  readonly #routes: (KnownRoute & { readonly pattern: RegExp })[] = [];

  add(route: RouteOptions): void {
    if (route.url.includes('*')) return;
    const source = route.url
      .split(/(:[A-Za-z_]+)/)
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('');
    this.#routes.push({
      url: route.url,
      pattern: new RegExp(`^${source}$`),
      methods: [route.method].flat(),
      access: route.config?.access,
    });
  }

  all(): readonly KnownRoute[] {
    return this.#routes;
  }

  methodsOf(path: string): string[] {
    return [...new Set(this.#routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods))].sort();
  }
}

/** A browser that a person sent here, not a program that asks the API. */
function isPerson({ method, headers }: FastifyRequest, path: string): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true && !/^\/(api|assets|health)(\/|$)/.test(path);
}

export function notFoundHandler(book: RouteBook, page?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = book.methodsOf(path);
    if (allowed.length === 0) {
      if (page !== undefined && isPerson(request, path)) return page(request, reply.code(404));
      return sendProblem(request, reply, new Problem('not_found', say('server.http.nothing-addresses-listed', { path })));
    }
    reply.header('allow', allowed.join(', '));
    return sendProblem(
      request,
      reply,
      new Problem(
        'method_not_allowed',
        say('server.http.does-take-only', { path, method: request.method, allowed: allowed.join(', ') }),
      ),
    );
  };
}
