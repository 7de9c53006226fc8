/** The HTTP door: what is registered where, and in which order. Everything a request meets stands on this page. */

import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { auditRoutes } from '../audit/routes.ts';
import { keyRoutes } from '../auth/api-key-routes.ts';
import { guard } from '../auth/guard.ts';
import { type LoginRouteDeps, loginRoutes } from '../auth/login-routes.ts';
import { secondFactorRoutes } from '../auth/second-factor-routes.ts';
import { sessionRoutes } from '../auth/session-routes.ts';
import { peopleRoutes, type UserRouteDeps } from '../auth/user-routes.ts';
import { type ControlRouteDeps, controlRoutes } from '../campaigns/control-routes.ts';
import { campaignRoutes } from '../campaigns/routes.ts';
import { type SendTestRouteDeps, sendTestRoutes } from '../campaigns/send-test-routes.ts';
import { optOutRoutes } from '../consent/routes.ts';
import { LIMITS, type Limits } from '../lib/http/body-limits.ts';
import { closeGracefully } from '../lib/http/closing.ts';
import { serveDocs } from '../lib/http/docs-pages.ts';
import { handleError } from '../lib/http/errors.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { readJson } from '../lib/http/json-body.ts';
import { speakLanguages } from '../lib/http/language.ts';
import { notFoundHandler, RouteBook } from '../lib/http/not-found.ts';
import { describeApi } from '../lib/http/openapi.ts';
import { believedProxies } from '../lib/http/proxies.ts';
import { leaveForms } from '../lib/http/receive-form.ts';
import { secure } from '../lib/http/security.ts';
import { tolerantSerializer } from '../lib/http/serializer.ts';
import { cutOffSlowBodies } from '../lib/http/slow-bodies.ts';
import { Streams } from '../lib/http/sse.ts';
import { refuseAddress, refuseConnection, refuseOddHeads } from '../lib/http/unreadable-request.ts';
import type { Language } from '../lib/words/words.ts';
import { eventRoutes, type LiveRouteDeps } from '../live/routes.ts';
import { type BackupRouteDeps, backupRoutes } from '../operations/backup-routes.ts';
import { type ErasureRouteDeps, erasureRoutes } from '../operations/erasure-routes.ts';
import { type HealthRouteDeps, healthRoutes } from '../operations/health-routes.ts';
import { type JournalRouteDeps, journalRoutes } from '../operations/journal-routes.ts';
import { recountRoutes } from '../operations/recount-routes.ts';
import { type StatusRouteDeps, systemRoutes } from '../operations/status-routes.ts';
import { pageRoutes } from '../page/routes.ts';
import { draftRoutes } from '../recipients/draft-routes.ts';
import { exportRoutes } from '../recipients/export-routes.ts';
import { recipientRoutes } from '../recipients/routes.ts';
import { type UploadRouteDeps, uploadRemovalRoutes, uploadRoutes } from '../recipients/upload-routes.ts';
import { replyRoutes } from '../replies/routes.ts';
import { templateRoutes } from '../templates/routes.ts';
import type { SyncTemplatesDeps } from '../templates/sync.ts';
import { type WebhookRouteDeps, webhookRoutes } from '../webhooks/routes.ts';

/** Largest body that is not a file. */
const BODY_LIMIT = 1024 * 1024;
/** How often Node looks for late heads. */
const CHECK_MS = 10_000;

/** What the routes need, all in one: each states its part beside its first use case, app/services.ts builds it. */
export interface ServerServices
  extends LoginRouteDeps,
    UserRouteDeps,
    ControlRouteDeps,
    UploadRouteDeps,
    SendTestRouteDeps,
    SyncTemplatesDeps,
    LiveRouteDeps,
    WebhookRouteDeps,
    StatusRouteDeps,
    HealthRouteDeps,
    JournalRouteDeps,
    ErasureRouteDeps,
    BackupRouteDeps {
  /** How many proxies in front are believed, or which. */
  readonly trustProxy: number | readonly string[];
  readonly corsOrigins: readonly string[];
  /** Of readers who ask for none that is known; English where it is not given. */
  readonly language?: Language;
  /** Where they differ from LIMITS. */
  readonly limits?: Partial<Limits>;
}

export async function buildServer(deps: ServerServices): Promise<App> {
  const logger: FastifyBaseLogger = deps.log;
  const limits: Limits = { ...LIMITS, ...deps.limits };
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'req_id' }),
    trustProxy: believedProxies(deps.trustProxy),
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
  app.setSerializerCompiler(tolerantSerializer(deps.log));
  app.setErrorHandler(handleError);
  speakLanguages(app, deps.language ?? 'en');

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
  await describeApi(app, deps);

  // Apart from everything else: no cookies, headers or rights on the busiest road, and its own reading of bodies.
  await app.register(async (webhooks) => {
    webhookRoutes(webhooks.withTypeProvider<ZodTypeProvider>(), deps, limits.webhookBytes);
  });
  await app.register(async (rest) => {
    await everythingElse(rest.withTypeProvider<ZodTypeProvider>(), deps, book, new Streams(limits.heartbeatMs));
  });
  return app;
}

async function everythingElse(app: App, deps: ServerServices, book: RouteBook, streams: Streams): Promise<void> {
  const publicOrigin = deps.publicUrl === undefined ? undefined : new URL(deps.publicUrl).origin;
  await secure(app, { corsOrigins: deps.corsOrigins, https: deps.publicUrl?.startsWith('https:') === true });
  leaveForms(app);
  readJson(app);
  guard(app, { auth: deps, publicOrigin, corsOrigins: deps.corsOrigins });
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
  app.setNotFoundHandler(notFoundHandler(book));

  closeGracefully(app, () => {
    streams.close();
  });

  await serveDocs(app, deps);
  pageRoutes(app, deps);
  healthRoutes(app, deps, streams);
  loginRoutes(app, deps);
  sessionRoutes(app, deps);
  secondFactorRoutes(app, deps);
  peopleRoutes(app, deps);
  keyRoutes(app, deps);
  auditRoutes(app, deps);
  campaignRoutes(app, deps);
  controlRoutes(app, deps);
  recipientRoutes(app, deps);
  uploadRoutes(app, deps);
  draftRoutes(app, deps);
  uploadRemovalRoutes(app, deps);
  exportRoutes(app, deps);
  templateRoutes(app, deps);
  sendTestRoutes(app, deps);
  eventRoutes(app, deps, streams);
  optOutRoutes(app, deps);
  replyRoutes(app, deps);
  systemRoutes(app, deps);
  journalRoutes(app, deps);
  recountRoutes(app, deps);
  backupRoutes(app, deps);
  erasureRoutes(app, deps);
}

function isDocsAsset(url: string): boolean {
  return url === '/api/docs' || url.startsWith('/api/docs/');
}
