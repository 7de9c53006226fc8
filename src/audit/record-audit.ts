import type { Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { insertAudit } from './audit.sql.ts';

export interface AuditAction {
  /** `noun.verb`, as `campaign.start`; docs/api.md lists them. */
  readonly action: string;
  readonly campaignId?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes down who did what. Never a secret and never a list of people in `detail`. */
export async function recordAudit(sql: Sql, actor: Actor, entry: AuditAction): Promise<void> {
  await insertAudit(sql, {
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    action: entry.action,
    campaign_id: entry.campaignId ?? null,
    detail: entry.detail ?? {},
  });
}
