/**
 * What an outcome means beyond its own message: the number slows down, a person is written to no more, campaigns pause.
 * Order: the message's outcome is committed first, so a crash in between costs at most a later pause, never an outcome.
 */
import { type Breaker, createBreaker } from '../domain/breaker.ts';
import type { Decision } from '../domain/retry.ts';
import { breakerReason, stopReason, stopScope } from '../domain/stop.ts';
import type { Claimed } from '../store/claims.ts';
import type { Db } from '../store/db.ts';
import { pauseRunning } from '../store/stops.ts';
import { suppress } from '../store/suppressions.ts';
import type { Pacer } from './pacer.ts';
import type { SendingPlan } from './plan.ts';

export interface FollowDeps {
  readonly db: Db;
  readonly pacerFor: (phoneNumberId: string) => Promise<Pacer>;
  readonly personOf: (phone: number) => number;
}

export interface Follow {
  decision(plan: SendingPlan, message: Claimed, decision: Decision): Promise<void>;
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

  const watch = async (campaignId: number, decision: Decision): Promise<void> => {
    if (decision.kind === 'again') return;
    const breaker = breakers.get(campaignId) ?? createBreaker();
    breakers.set(campaignId, breaker);
    const error = decision.kind === 'failed' ? decision.error : undefined;
    if (breaker.note(error?.code) === undefined || error === undefined) return;
    breakers.delete(campaignId);
    halt(await pauseRunning(deps.db, { scope: 'campaign', campaignId }, breakerReason(error)));
  };

  return {
    async decision(plan, message, decision) {
      const { target } = plan;
      if (decision.slowNumber !== undefined) (await deps.pacerFor(target.phoneNumberId)).slowDown(decision.slowNumber);
      if (decision.kind === 'failed' && decision.suppress !== undefined) {
        await suppressPerson(plan, message, decision.error.code, decision.suppress);
      }
      const { stop } = decision;
      if (stop !== undefined) halt(await pauseRunning(deps.db, stopScope(stop, target), stopReason(stop)));
      await watch(target.campaignId, decision);
    },
    forget(campaignId) {
      breakers.delete(campaignId);
    },
  };
}
