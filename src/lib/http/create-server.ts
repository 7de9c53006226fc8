/** An HTTP server before it has a route: how heads and bodies are read, what is refused, what each answer carries and what is logged. */
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import type { Language } from '../words/words.ts';
import type { Limits } from './body-limits.ts';
import { handleError } from './errors.ts';
import type { App } from './fastify-types.ts';
import { speakLanguages } from './language.ts';
import { RouteBook } from './not-found.ts';
import { believedProxies } from './proxies.ts';
import { tolerantSerializer } from './serializer.ts';
import { closeRefusedUploads, cutOffSlowBodies } from './slow-bodies.ts';
import { refuseAddress, refuseConnection, refuseOddHeads } from './unreadable-request.ts';

export interface HttpOptions {
  readonly log: Logger;
  /** How many proxies in front are believed, or which. */
  readonly trustProxy: number | readonly string[];
  /** Of readers who ask for none that is known. */
  readonly language: Language;
  readonly limits: Limits;
}

/** Largest body that is not a file. */
const BODY_LIMIT = 1024 * 1024;
/** How often Node looks for late heads. */
const CHECK_MS = 10_000;

/** @returns the server, and the book of its routes: each says who may call it, or it is not registered. */
export function createServer({ log, trustProxy, language, limits }: HttpOptions): {
  readonly app: App;
  readonly book: RouteBook;
} {
  const logger: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'req_id' }),
    trustProxy: believedProxies(trustProxy),
    bodyLimit: BODY_LIMIT,
    // Longer than a proxy's, so that it is the proxy that closes an idle connection and no request meets a closing one.
    keepAliveTimeout: 75_000,
    // Node's would count a whole upload; see slow-bodies.ts.
    requestTimeout: 0,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseConnection,
    // A missing Host is refused in refuseOddHeads.
    http: {
      requireHostHeader: false,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.min(limits.headersMs, CHECK_MS),
    },
    forceCloseConnections: 'idle',
    // Node keeps random bytes in stock for these: asking the system for each costs more than all else of a small request.
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(tolerantSerializer(log));
  app.setErrorHandler(handleError);
  speakLanguages(app, language);

  const book = new RouteBook();
  // For whoever wants to know all routes, as the test that tries each without a key.
  app.decorate('routes', book);
  app.addHook('onRoute', (route) => {
    book.add(route);
    // As in bodies, a misspelt name is refused: a filter that is silently ignored gives everything.
    const { schema } = route;
    if (schema?.querystring instanceof z.ZodObject) route.schema = { ...schema, querystring: schema.querystring.strict() };
    if (route.config?.access !== undefined || route.method === 'OPTIONS' || isDocsAsset(route.url)) return;
    throw new Error(`${[route.method].flat().join()} ${route.url} does not say who may call it`);
  });
  refuseOddHeads(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  cutOffSlowBodies(app, limits);
  closeRefusedUploads(app);
  return { app, book };
}

/** One line an answer; questions only where somebody looks closely. */
export function logAnswers(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      path: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (request.method === 'GET' || request.method === 'HEAD') request.log.debug(line, 'answered');
    else request.log.info(line, 'answered');
  });
}

function isDocsAsset(url: string): boolean {
  return url === '/api/docs' || url.startsWith('/api/docs/');
}
