/** The narrow door of a worker: is it alive, is it ready, and its own figures for Prometheus. Nothing else. */
import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { guard } from '../auth/guard.ts';
import { LIMITS } from '../lib/http/body-limits.ts';
import { closeGracefully } from '../lib/http/closing.ts';
import { handleError } from '../lib/http/errors.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { Streams } from '../lib/http/sse.ts';
import { healthRoutes } from '../operations/health-routes.ts';
import type { ServerDeps } from './server-deps.ts';

export type WorkerServerDeps = Pick<ServerDeps, 'db' | 'log' | 'metrics' | 'mode' | 'access' | 'isRedisThere'>;

export async function buildWorkerServer(deps: WorkerServerDeps): Promise<App> {
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
  guard(app, { access: deps.access, publicOrigin: undefined, corsOrigins: [] });
  healthRoutes(app, deps, new Streams(LIMITS.heartbeatMs));
  return app;
}
