import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Scope } from './actor.ts';

/** The server as the routes see it: schemas are zod, and what they say is what the handler gets. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** Who may call a route: everybody, or whoever has this scope. Every route says so next to its schema, or it is not registered. */
export type Access = 'public' | Scope;

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
    /** The stream may be opened with `?ticket=`. */
    readonly ticket?: boolean;
    /** Honours Idempotency-Key (idempotency.ts). */
    readonly idempotent?: boolean;
    /** The body is a form with a file (OpenAPI only; the route reads the stream). */
    readonly upload?: boolean;
  }
}
