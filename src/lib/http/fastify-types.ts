import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Scope } from './actor.ts';

/** The server as the routes see it: schemas are zod, and what they say is what the handler gets. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** Who may call a route: everybody, or whoever has this scope. Every route says so next to its schema, or it is not registered. */
export type Access = 'public' | Scope;

/** What a schema of zod cannot say of an operation, as OpenAPI says it. */
export interface OperationDoc {
  /** Of 200, where it is no JSON. */
  readonly answer?: {
    readonly type: string;
    readonly description: string;
    readonly schema: object;
    /** It is a download with a name. */
    readonly filename?: boolean;
  };
  readonly querystring?: object;
  readonly headers?: object;
  readonly body?: object;
}

export const CSV_FILE: OperationDoc = {
  answer: {
    type: 'text/csv',
    description: 'The file, in UTF-8 with a byte order mark',
    schema: { type: 'string' },
    filename: true,
  },
};

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
    /** The stream may be opened with `?ticket=`. */
    readonly ticket?: boolean;
    /** Honours Idempotency-Key (idempotency.ts). */
    readonly idempotent?: boolean;
    /** The body is a form with a file (OpenAPI only; the route reads the stream). */
    readonly upload?: boolean;
    /** OpenAPI only. */
    readonly describe?: OperationDoc;
  }
}
