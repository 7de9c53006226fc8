/**
 * What an outcome means beyond its own message: a person is written to no more, the number slows down, campaigns pause.
 * Order: the first is committed together with the outcome, since nobody would tell it again. The others follow it: a crash in between costs at
 * most a later pause, because the next refusal says the same.
 */

import type { Suppression } from '../consent/opt-outs.sql.ts';
import type { Db } from '../lib/db/db.ts';
import type { PauseReason } from '../lifecycle/campaign.ts';
import type { AttemptKey } from '../lifecycle/message.ts';
import { pauseRunning } from '../lifecycle/pause.sql.ts';
import { breakerReason, type Stop, type StopTarget, stopReason, stopScope } from '../lifecycle/stop.ts';
import { heldUntilItsEnd, holdCategory } from '../numbers/account-notices.sql.ts';
import { RESTRICTED_CODES } from '../numbers/account-notices.ts';
import type { Pacer } from '../numbers/pacer.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { SendingPlan } from './message-body.ts';
import type { Decision } from './retry.ts';

/** Whom this outcome says we must not write to, to be committed with it. */
export function optOutOf(
  decision: Decision,
  { campaignId, messageId }: AttemptKey,
  who: () => { readonly person: number; readonly phone: number },
): Suppression | undefined {
  if (decision.kind !== 'failed' || decision.suppress === undefined) return undefined;
  const detail = { campaign_id: campaignId, message_id: messageId };
  return { ...who(), scope: decision.suppress, source: `error_${String(decision.error.code)}`, detail, since: new Date() };
}

export interface FollowDeps {
  readonly db: Db;
  readonly pacerFor: (phoneNumberId: string) => Promise<Pacer>;
  /** Processes that send, this one included. */
  readonly workers: () => number;
}

export interface Follow {
  /** Undefined when nothing follows, as after nearly every message. */
  decision(plan: SendingPlan, decision: Decision): Promise<void> | undefined;
  /** For a reason that no single outcome tells. */
  pause(campaignId: number, reason: PauseReason): Promise<void>;
  forget(campaignId: number): void;
}

/** @param recall told of every campaign that was paused here. */
export function createFollow(deps: FollowDeps, recall: (campaignIds: readonly number[]) => void): Follow {
  const breakers = new Map<number, Breaker>();

  /** Whether this one trips the breaker of its campaign. */
  const trips = (campaignId: number, decision: Decision): boolean => {
    if (decision.kind === 'again') return false;
    const breaker = breakers.get(campaignId) ?? createBreaker(deps.workers());
    breakers.set(campaignId, breaker);
    return breaker.note(decision.kind === 'failed' ? decision.error.code : undefined) !== undefined;
  };

  const consequences = async ({ target }: SendingPlan, decision: Decision, tripped: boolean): Promise<void> => {
    const { slowNumber, hold, stop } = decision;
    if (slowNumber !== undefined) (await deps.pacerFor(target.phoneNumberId)).slowDown(slowNumber);
    if (hold !== undefined) await holdCategory(deps.db, target, hold);
    if (stop !== undefined && !(await endsByItself(deps.db, stop, target)))
      recall(await pauseRunning(deps.db, stopScope(stop, target), stopReason(stop)));
    if (!tripped || decision.kind !== 'failed') return;
    const { campaignId } = target;
    breakers.delete(campaignId);
    recall(await pauseRunning(deps.db, { scope: 'campaign', campaignId }, breakerReason(decision.error)));
  };

  return {
    decision(plan, decision) {
      const tripped = trips(plan.target.campaignId, decision);
      const { slowNumber, hold, stop } = decision;
      const isOrdinary = slowNumber === undefined && hold === undefined && stop === undefined && decision.kind !== 'failed';
      return isOrdinary ? undefined : consequences(plan, decision, tripped);
    },
    async pause(campaignId, reason) {
      recall(await pauseRunning(deps.db, { scope: 'campaign', campaignId }, reason));
    },
    forget(campaignId) {
      breakers.delete(campaignId);
    },
  };
}

/** Refused because of a restriction whose end Meta has told: the claim waits for it, and nobody has to resume. */
async function endsByItself(db: Db, { scope, error }: Stop, target: StopTarget): Promise<boolean> {
  if (scope !== 'account' || !RESTRICTED_CODES.includes(error.code)) return false;
  return heldUntilItsEnd(db, target);
}
