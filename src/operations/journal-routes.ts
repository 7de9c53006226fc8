import { z } from 'zod';
import { recordAudit } from '../audit/record-audit.ts';
import type { Db } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { TimeIn } from '../lib/http/schemas.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { replayWebhooks, requeueStuckWebhooks } from '../webhooks/journal.sql.ts';

const ReplayBody = z.union([
  z.strictObject({ from: TimeIn, to: TimeIn.describe('Not included') }).describe('All that was received in between'),
  z.strictObject({ stuck: z.literal(true) }).describe('Those that could not be applied and are set aside'),
]);

export interface JournalRouteDeps {
  readonly db: Db;
  /** There are webhooks to apply. */
  readonly wakeApply: () => void;
}

/** The journal of what Meta posted, applied once more: after a mistake was mended, or when something could not be applied. */
export function journalRoutes(app: App, deps: JournalRouteDeps): void {
  const { db } = deps;
  app.post(
    '/api/v1/webhooks/replay',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['webhooks'],
        summary: 'Apply stored webhooks again; what was right stays as it is',
        body: ReplayBody,
        response: { 200: z.object({ queued: z.int() }) },
      },
    },
    async (request) => {
      const { body } = request;
      const queued = await db.tx(async (sql) => {
        const count =
          'stuck' in body
            ? await requeueStuckWebhooks(sql)
            : await replayWebhooks(sql, ...span(new Date(body.from), new Date(body.to)));
        await recordAudit(sql, actorOf(request), { action: 'system.replay_webhooks', detail: { ...body, queued: count } });
        return count;
      });
      deps.wakeApply();
      return { queued };
    },
  );
}

function span(from: Date, to: Date): [Date, Date] {
  if (from < to) return [from, to];
  throw new Problem('invalid_request', say('server.operations.does-lie-before'), {
    errors: [{ field: 'from', message: say('server.operations.must-lie-before') }],
  });
}
