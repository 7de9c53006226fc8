import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { z } from 'zod';
import { secretPrint } from '../auth/secrets.ts';
import type { App } from '../lib/http/fastify-types.ts';
import type { Streams } from '../lib/http/sse.ts';
import { workersAmong } from '../lib/jobs/processes.sql.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { processesInTime, type ReadinessDeps, withOtherSecret } from './readiness.ts';

const Live = z.object({ status: z.literal('ok') });
const Ready = z.object({
  status: z.enum(['ready', 'not_ready']),
  mode: z.enum(['sandbox', 'live']),
  checks: z.object({
    database: z.enum(['ok', 'away']),
    worker: z
      .enum(['ok', 'missing', 'unknown'])
      .describe('missing: nothing is sent until one is started; webhooks and pages work'),
    redis: z
      .enum(['ok', 'away', 'none'])
      .describe(
        'away: it is not there, or takes no writes (the alarm says why): nothing is sent until it does; webhooks and pages work',
      ),
    secret: z
      .enum(['ok', 'differs', 'unknown'])
      .describe('differs: another living process signs with another SECRET_KEY and refuses the logins of this one'),
  }),
});

export interface HealthRouteDeps extends ReadinessDeps {
  readonly mode: RunMode;
  readonly metrics: Registry;
  readonly secretKey: string;
}

export function healthRoutes(app: App, deps: HealthRouteDeps, streams: Streams): void {
  const print = secretPrint(deps.secretKey);
  app.get(
    '/health/live',
    { config: { access: 'public' }, schema: { tags: ['system'], summary: 'This process answers', response: { 200: Live } } },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/health/ready',
    {
      config: { access: 'public' },
      schema: {
        tags: ['system'],
        summary: 'This process can do its work: the database is there; 503 when not',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (request, reply) => {
      const processes = await processesInTime(deps.db).catch((error: unknown) => {
        request.log.warn({ err: error }, 'the database cannot be reached');
        return undefined;
      });
      const workers = processes === undefined ? undefined : workersAmong(processes);
      // Readiness is this process': with every worker down, whoever receives Meta's webhooks must not be taken out of service too.
      const ready = processes !== undefined;
      const worker = workers === undefined ? 'unknown' : workers > 0 ? 'ok' : 'missing';
      reply.header('cache-control', 'no-store');
      if (!ready) reply.header('retry-after', '5');
      return reply.code(ready ? 200 : 503).send({
        status: ready ? 'ready' : 'not_ready',
        mode: deps.mode,
        // Of the rest of the system. None of it is a reason to be taken out of service; what is wrong there is an alarm.
        checks: {
          database: processes === undefined ? 'away' : 'ok',
          worker,
          redis: deps.redisFault === undefined ? 'none' : deps.redisFault() === undefined ? 'ok' : 'away',
          secret: processes === undefined ? 'unknown' : withOtherSecret(processes, print).length > 0 ? 'differs' : 'ok',
        },
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
    {
      config: {
        access: 'metrics',
        describe: { answer: { type: 'text/plain', description: 'In the text format of Prometheus', schema: { type: 'string' } } },
      },
      schema: { tags: ['system'], summary: 'For Prometheus (with a key that may `metrics` as bearer token)' },
    },
    async (_request, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  );
}

const STREAMS = 'whatsapp_sender_live_streams';
