/** The routes: what is registered where, and in which order. Everything a request meets stands here or in lib/http/create-server.ts. */

import cookie from '@fastify/cookie';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { auditRoutes } from '../audit/routes.ts';
import { keyRoutes } from '../auth/api-key-routes.ts';
import type { AuthDeps } from '../auth/api-keys.ts';
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
import { compressAnswers } from '../lib/http/compress.ts';
import { createServer, type HttpOptions, logAnswers } from '../lib/http/create-server.ts';
import { serveDocs } from '../lib/http/docs-pages.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { readJson } from '../lib/http/json-body.ts';
import { notFoundHandler, type RouteBook } from '../lib/http/not-found.ts';
import { describeApi } from '../lib/http/openapi.ts';
import { leaveForms } from '../lib/http/receive-form.ts';
import { secure } from '../lib/http/security.ts';
import { Streams } from '../lib/http/sse.ts';
import type { Language } from '../lib/words/words.ts';
import { eventRoutes, type LiveRouteDeps } from '../live/routes.ts';
import { type BackupRouteDeps, backupRoutes } from '../operations/backup-routes.ts';
import { type ErasureRouteDeps, erasureRoutes } from '../operations/erasure-routes.ts';
import { type HealthRouteDeps, healthRoutes } from '../operations/health-routes.ts';
import { type JournalRouteDeps, journalRoutes } from '../operations/journal-routes.ts';
import { recountRoutes } from '../operations/recount-routes.ts';
import { type StatusRouteDeps, systemRoutes } from '../operations/status-routes.ts';
import { pageRoutes } from '../page/routes.ts';
import { spendingRoutes } from '../pricing/routes.ts';
import type { SpendingDeps } from '../pricing/set-limits.ts';
import { draftRoutes } from '../recipients/draft-routes.ts';
import { exportRoutes } from '../recipients/export-routes.ts';
import { optOutImportRoutes } from '../recipients/opt-out-import-routes.ts';
import { recipientRoutes } from '../recipients/routes.ts';
import { type UploadRouteDeps, uploadRemovalRoutes, uploadRoutes } from '../recipients/upload-routes.ts';
import { replyRoutes } from '../replies/routes.ts';
import { templateRoutes } from '../templates/routes.ts';
import type { SyncTemplatesDeps } from '../templates/sync.ts';
import { type WebhookRouteDeps, webhookRoutes } from '../webhooks/routes.ts';

/** What the routes need, all in one: each states its part beside its first use case, app/http-services.ts builds it. */
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
    BackupRouteDeps,
    SpendingDeps,
    Pick<HttpOptions, 'log' | 'trustProxy'> {
  readonly corsOrigins: readonly string[];
  /** Of readers who ask for none that is known; English where it is not given. */
  readonly language?: Language;
  /** Where they differ from LIMITS. */
  readonly limits?: Partial<Limits>;
}

export async function buildServer(deps: ServerServices): Promise<App> {
  const limits: Limits = { ...LIMITS, ...deps.limits };
  const { app, book } = createServer({ ...deps, language: deps.language ?? 'en', limits });
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

export interface WorkerServices extends HealthRouteDeps, AuthDeps, Pick<HttpOptions, 'log' | 'trustProxy'> {
  readonly language?: Language;
}

/** Of a worker: is it alive, is it ready, and its own figures for Prometheus. Nothing else. */
export async function buildWorkerServer(deps: WorkerServices): Promise<App> {
  const { app, book } = createServer({ ...deps, language: deps.language ?? 'en', limits: LIMITS });
  await app.register(cookie);
  guard(app, { auth: deps, publicOrigin: undefined, corsOrigins: [] });
  app.setNotFoundHandler(notFoundHandler(book));
  closeGracefully(app, () => undefined);
  healthRoutes(app, deps, new Streams(LIMITS.heartbeatMs));
  return app;
}

async function everythingElse(app: App, deps: ServerServices, book: RouteBook, streams: Streams): Promise<void> {
  const publicOrigin = deps.publicUrl === undefined ? undefined : new URL(deps.publicUrl).origin;
  await secure(app, { corsOrigins: deps.corsOrigins, https: deps.publicUrl?.startsWith('https:') === true });
  leaveForms(app);
  readJson(app);
  guard(app, { auth: deps, publicOrigin, corsOrigins: deps.corsOrigins });
  logAnswers(app);
  compressAnswers(app);
  closeGracefully(app, () => {
    streams.close();
  });

  await serveDocs(app, deps);
  app.setNotFoundHandler(notFoundHandler(book, pageRoutes(app, deps)));
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
  optOutImportRoutes(app, deps);
  spendingRoutes(app, deps);
  replyRoutes(app, deps);
  systemRoutes(app, deps);
  journalRoutes(app, deps);
  recountRoutes(app, deps);
  backupRoutes(app, deps);
  erasureRoutes(app, deps);
}
