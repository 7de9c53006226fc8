import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { guard } from './auth.ts';
import type { ServerDeps } from './deps.ts';
import { handleError } from './errors.ts';
import type { App } from './fastify-types.ts';
import { healthRoutes } from './routes/health.ts';
import { Streams } from './sse.ts';

export type WorkerServerDeps = Pick<ServerDeps, 'db' | 'log' | 'metrics' | 'mode' | 'access'>;
