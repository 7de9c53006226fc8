/** The HTTP server of a worker: is it alive, is it ready, and its own figures for Prometheus. Nothing else. */
import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AuthDeps } from '../auth/api-keys.ts';
import { guard } from '../auth/guard.ts';
import { LIMITS } from '../lib/http/body-limits.ts';
import { closeGracefully } from '../lib/http/closing.ts';
import { handleError } from '../lib/http/errors.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { Streams } from '../lib/http/sse.ts';
import type { Logger } from '../lib/log.ts';
import { type HealthRouteDeps, healthRoutes } from '../operations/health-routes.ts';

export interface WorkerServices extends HealthRouteDeps, AuthDeps {
  readonly log: Logger;
}

export async function buildWorkerServer(deps: WorkerServices): Promise<App> {
  const logger: FastifyBaseLogger = deps.log;
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1_024,
    requestTimeout: LIMITS.bodyMs,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  closeGracefully(app, () => undefined);
  await app.register(cookie);
  guard(app, { auth: deps, publicOrigin: undefined, corsOrigins: [] });
  healthRoutes(app, deps, new Streams(LIMITS.heartbeatMs));
  return app;
}
