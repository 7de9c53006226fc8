import { collectDefaultMetrics, Gauge } from 'prom-client';
import { z } from 'zod';
import type { ServerDeps } from '../deps.ts';
import type { App } from '../fastify-types.ts';
import { workerCount } from '../readiness.ts';
import type { Streams } from '../sse.ts';

const Live = z.object({ status: z.literal('ok') });
const Ready = z.object({
  status: z.enum(['ready', 'not_ready']),
  mode: z.enum(['sandbox', 'live']),
  checks: z.object({ database: z.enum(['ok', 'away']), worker: z.enum(['ok', 'missing', 'unknown']) }),
});

export function healthRoutes(app: App, deps: Pick<ServerDeps, 'db' | 'mode' | 'metrics'>, streams: Streams): void {
  app.get(
    '/health/live',
    { config: { access: 'public' }, schema: { tags: ['system'], summary: 'This process answers', response: { 200: Live } } },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/health/ready',
    {
      config: { access: 'public' },
      schema: { tags: ['system'], summary: 'Database there, a worker alive; 503 when not', response: { 200: Ready, 503: Ready } },
    },
    async (request, reply) => {
      const workers = await workerCount(deps.db).catch((error: unknown) => {
        request.log.warn({ err: error }, 'the database cannot be reached');
        return undefined;
      });
      const ready = workers !== undefined && workers > 0;
      const worker = workers === undefined ? 'unknown' : workers > 0 ? 'ok' : 'missing';
      reply.header('cache-control', 'no-store');
      if (!ready) reply.header('retry-after', '5');
      return reply.code(ready ? 200 : 503).send({
        status: ready ? 'ready' : 'not_ready',
        mode: deps.mode,
        checks: { database: workers === undefined ? 'away' : 'ok', worker },
      });
    },
  );

  if (deps.metrics.getSingleMetric('process_cpu_user_seconds_total') === undefined)
    collectDefaultMetrics({ register: deps.metrics });
  if (deps.metrics.getSingleMetric(STREAMS) === undefined) {
    new Gauge({
      name: STREAMS,
      help: 'Browsers and programs that follow live updates',
      registers: [deps.metrics],
      collect() {
        this.set(streams.count);
      },
    });
  }
  app.get(
    '/metrics',
    { config: { access: 'read' }, schema: { tags: ['system'], summary: 'For Prometheus (with a read key as bearer token)' } },
    async (_request, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  );
}

const STREAMS = 'whatsapp_sender_live_streams';
