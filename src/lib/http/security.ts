import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { Problem } from '../problem.ts';
import { say } from '../words/sentence.ts';
import { networkOf } from './client-network.ts';
import type { App } from './fastify-types.ts';

export interface SecurityOptions {
  readonly corsOrigins: readonly string[];
  /** PUBLIC_URL begins with https: cookies are Secure and browsers are told to stay on https. */
  readonly https: boolean;
}

/** Headers, cross-origin rules and cookies for everything but the webhook. */
export async function secure(app: App, options: SecurityOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        ...(options.https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: options.https ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    crossOriginEmbedderPolicy: false,
  });
  await app.register(cors, {
    origin: options.corsOrigins.length === 0 ? false : [...options.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id'],
    exposedHeaders: ['retry-after', 'idempotency-replayed', 'content-disposition', 'x-request-id'],
    // Other pages bring a key of their own; the cookie is for ours.
    credentials: false,
    maxAge: 600,
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    keyGenerator: (request) => networkOf(request.ip),
    errorResponseBuilder: () => new Problem('too_many_requests', say('server.http.too-many-tries')),
  });
}

/** For logging in and for using links: enough for a person, not for guessing. */
export const LOGIN_LIMIT = { max: 10, timeWindow: '1 minute' } as const;

/**
 * The same for one name from wherever: an address is easily changed. Counted in the database, so that it holds over all processes
 * together. It holds up only those who were never logged in from their browser: whoever attacks a name cannot shut its owner out.
 */
export const NAME_LIMIT = { max: 20, windowSeconds: 60 } as const;
