/** The entry of the audit trail, to be written by the verb in the transaction of its deed; the verb does not know who called. */

import type { FastifyRequest } from 'fastify';
import type { Witness } from '../campaigns/deps.ts';
import type { Sql } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import { type AuditAction, recordAudit } from './record-audit.ts';

/** @param detail what is known before the deed; what the deed came to is added. */
export function witnessOf(request: FastifyRequest, action: string, detail: NonNullable<AuditAction['detail']> = {}): Witness {
  const actor = actorOf(request);
  return (sql, campaignId, found) => recordAudit(sql, actor, { action, campaignId, detail: { ...detail, ...found } });
}

/** Of what concerns no single campaign. */
export function witnessOfAll(
  request: FastifyRequest,
  action: string,
): (sql: Sql, detail?: AuditAction['detail']) => Promise<void> {
  const actor = actorOf(request);
  return (sql, detail) => recordAudit(sql, actor, { action, ...(detail === undefined ? {} : { detail }) });
}
