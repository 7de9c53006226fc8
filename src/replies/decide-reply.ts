/** A person decides what a doubtful reply meant. One transaction: the decision, what holds from now on, and who said so. */

import { recordAudit } from '../audit/record-audit.ts';
import { liftSuppression, suppress } from '../consent/opt-outs.sql.ts';
import type { Db } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { findReply, type InboundRow, isStillDoubtful, lockReply, storeDecision } from './replies.sql.ts';

export interface Decision {
  readonly id: string;
  readonly optOut: boolean;
  readonly scope: 'all' | 'marketing';
  readonly reason: string | undefined;
  /** Whose reply it is, where its sender is hidden. */
  readonly sender: { readonly person: number; readonly digits: number } | undefined;
}

export async function decideReply(db: Db, decision: Decision, actor: Actor): Promise<InboundRow> {
  return db.tx(async (sql) => {
    const { id, optOut, scope, reason } = decision;
    await lockReply(sql, id);
    const reply = await findReply(sql, id);
    if (reply === undefined) throw new Problem('not_found', say('server.replies.reply', { id }));
    const person = reply.person ?? decision.sender?.person;
    if (optOut && person === undefined) {
      throw new Problem('invalid_request', say('server.replies.phone-sender-hidden'), {
        errors: [{ field: 'phone', message: say('server.replies.missing') }],
      });
    }
    await storeDecision(sql, id, { optOut, person, by: actor.name });
    const since = new Date();
    const detail = {
      inbound_id: id,
      said: reply.body,
      reason: reason ?? null,
      ...(reply.campaign_id === null ? {} : { campaign_id: reply.campaign_id }),
    };
    if (person !== undefined) {
      const phone = decision.sender?.digits ?? person;
      if (optOut) await suppress(sql, [{ person, phone, scope, source: 'decided', actor: actor.name, detail, since }]);
      if (optOut || !(await isStillDoubtful(sql, person)))
        await liftSuppression(sql, { person, scope: 'doubtful', source: 'decided', actor: actor.name, detail, since });
    }
    await recordAudit(sql, actor, { action: 'reply.decide', detail: { opt_out: optOut, scope } });
    return (await findReply(sql, id)) ?? reply;
  });
}
