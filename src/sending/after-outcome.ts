/**
 * What an outcome means beyond its own message: the number slows down, a person is written to no more, campaigns pause.
 * Order: the message's outcome is committed first, so a crash in between costs at most a later pause, never an outcome.
 */

import { suppress } from '../consent/opt-outs.sql.ts';
import type { Db } from '../lib/db/db.ts';
import type { Claimed } from '../lifecycle/claim.sql.ts';
import { pauseRunning } from '../lifecycle/pause.sql.ts';
import { breakerReason, stopReason, stopScope } from '../lifecycle/stop.ts';
import type { Pacer } from '../numbers/pacer.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { SendingPlan } from './message-body.ts';
import type { Decision } from './retry.ts';

export interface FollowDeps {
  readonly db: Db;
  readonly pacerFor: (phoneNumberId: string) => Promise<Pacer>;
  readonly personOf: (phone: number) => number;
  /** Processes that send, this one included. */
  readonly workers: () => number;
}

export interface Follow {
  /** Undefined when nothing follows, as after nearly every message. */
  decision(plan: SendingPlan, message: Claimed, decision: Decision): Promise<void> | undefined;
  forget(campaignId: number): void;
}

/** @param halt told of every campaign that was paused here. */
export function createFollow(deps: FollowDeps, halt: (campaignIds: readonly number[]) => void): Follow {
  const breakers = new Map<number, Breaker>();

  const suppressPerson = async (
    plan: SendingPlan,
    { id, phone }: Claimed,
    code: number,
    scope: 'all' | 'marketing',
  ): Promise<void> => {
    const detail = { campaign_id: plan.target.campaignId, message_id: id };
    const person = deps.personOf(phone);
    await suppress(deps.db, [{ person, phone, scope, source: `error_${String(code)}`, detail, since: new Date() }]);
  };

  /** Whether this one trips the breaker of its campaign. */
  const trips = (campaignId: number, decision: Decision): boolean => {
    if (decision.kind === 'again') return false;
    const breaker = breakers.get(campaignId) ?? createBreaker(deps.workers());
    breakers.set(campaignId, breaker);
    return breaker.note(decision.kind === 'failed' ? decision.error.code : undefined) !== undefined;
  };

  const consequences = async (plan: SendingPlan, message: Claimed, decision: Decision, tripped: boolean): Promise<void> => {
    const { target } = plan;
    const { slowNumber, stop } = decision;
    if (slowNumber !== undefined) (await deps.pacerFor(target.phoneNumberId)).slowDown(slowNumber);
    if (decision.kind === 'failed' && decision.suppress !== undefined) {
      await suppressPerson(plan, message, decision.error.code, decision.suppress);
    }
    if (stop !== undefined) halt(await pauseRunning(deps.db, stopScope(stop, target), stopReason(stop)));
    if (!tripped || decision.kind !== 'failed') return;
    const { campaignId } = target;
    breakers.delete(campaignId);
    halt(await pauseRunning(deps.db, { scope: 'campaign', campaignId }, breakerReason(decision.error)));
  };

  return {
    decision(plan, message, decision) {
      const tripped = trips(plan.target.campaignId, decision);
      const isOrdinary = decision.slowNumber === undefined && decision.stop === undefined && decision.kind !== 'failed';
      return isOrdinary ? undefined : consequences(plan, message, decision, tripped);
    },
    forget(campaignId) {
      breakers.delete(campaignId);
    },
  };
}
