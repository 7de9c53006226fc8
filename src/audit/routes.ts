import { z } from 'zod';
import type { Db } from '../lib/db/db.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { cursorList, digits, filterText, Id, iso, Time, TimeIn } from '../lib/http/schemas.ts';
import { listAudit } from './audit.sql.ts';

const AuditSchema = z
  .object({
    id: z.int(),
    at: Time,
    actor: z.object({ kind: z.enum(['person', 'key', 'local', 'system']), id: z.int().nullable(), name: z.string() }),
    action: z.string(),
    campaign_id: z.int().nullable(),
    campaign_name: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });

const Query = z.object({
  campaign_id: Id.optional(),
  action: filterText(100).optional(),
  actor: filterText(100).optional().describe('In the name of the person or key'),
  since: TimeIn.optional(),
  until: TimeIn.optional(),
  limit: digits(1, 500).default(50),
  cursor: digits(1, Number.MAX_SAFE_INTEGER).optional(),
});

export interface AuditRouteDeps {
  readonly db: Db;
}

export function auditRoutes(app: App, deps: AuditRouteDeps): void {
  app.get(
    '/api/v1/audit',
    {
      config: { access: 'read' },
      schema: {
        tags: ['access'],
        summary: 'Who did what, newest first',
        querystring: Query,
        response: { 200: cursorList(AuditSchema) },
      },
    },
    async (request) => {
      const { campaign_id: campaignId, action, actor, since, until, limit, cursor } = request.query;
      const { entries, total } = await listAudit(deps.db, {
        campaignId,
        action,
        actor,
        since: since === undefined ? undefined : new Date(since),
        until: until === undefined ? undefined : new Date(until),
        before: cursor,
        limit,
      });
      const last = entries.length === limit ? entries.at(-1) : undefined;
      return {
        data: entries.map((entry) => ({
          id: entry.id,
          at: iso(entry.at),
          actor: { kind: entry.actor_kind, id: entry.actor_id, name: entry.actor_name },
          action: entry.action,
          campaign_id: entry.campaign_id,
          campaign_name: entry.campaign_name,
          detail: { ...entry.detail },
        })),
        total,
        limit,
        next_cursor: last === undefined ? null : String(last.id),
      };
    },
  );
}
