/**
 * Sends campaigns a slice at a time: claim and mark (committed) -> pace -> POST once -> record.
 * What order matters: nothing is written to a socket before its mark is committed, and nothing is claimed beyond what leaves in
 * the next moment, so a kill leaves at most two slices in doubt.
 * What a crash leaves: messages in `sending`; the next start (or the lease) makes them `unknown`, and their webhooks settle them.
 */
import { type Breaker, createBreaker } from '../domain/breaker.ts';
import type { RunMode } from '../domain/campaign.ts';
import type { Next } from '../domain/job.ts';
import type { AttemptKey } from '../domain/message.ts';
import type { MetaError, SendOutcome } from '../domain/outcome.ts';
import { type Decision, decide, type RetryPolicy } from '../domain/retry.ts';
import { completeIfDone, findCampaign } from '../store/campaigns.ts';
import { type Claimed, claim, nextDue } from '../store/claims.ts';
import type { Db } from '../store/db.ts';
import type { Report } from '../store/reports.ts';
import { pauseRunning } from '../store/stops.ts';
import { suppress } from '../store/suppressions.ts';
import { breakerReason, stopFor } from './effects.ts';
import { createInFlight } from './in-flight.ts';
import type { Pacer } from './pacer.ts';
import { planCampaign, type SendingPlan } from './plan.ts';
import type { Recorder } from './recorder.ts';

export interface SenderDeps {
  readonly db: Db;
  readonly mode: RunMode;
  readonly installationId: string;
  readonly slot: number;
  readonly retry: RetryPolicy;
  readonly recorder: Recorder;
  /** The pace of a sending number. */
  readonly pacerFor: (phoneNumberId: string) => Promise<Pacer>;
  /** The pace of one campaign that has its own, below that of its number. */
  readonly campaignPacer: (campaignId: number, messagesPerSecond: number) => Pacer;
  /** `onLeave` is called when the bytes are written, which may be a moment after the grant of the pace. */
  readonly post: (input: {
    phoneNumberId: string;
    body: string;
    signal: AbortSignal;
    onLeave: () => void;
  }) => Promise<SendOutcome>;
  /** The canonical key of a person, for the suppression list (domain/phone.ts). */
  readonly personOf: (phone: number) => number;
  readonly maxInFlight: number;
  /** Slices of one campaign under way at a time, over all processes. */
  readonly lanes: number;
  readonly wake: (campaignId: number, lane: number) => void;
  /** The sender itself paused these campaigns: other processes hear of it. */
  readonly tellHalt?: (campaignIds: readonly number[]) => void;
  readonly random: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

export interface Sender {
  /** One slice of a campaign. @returns when to look again; undefined = nothing to do until somebody wakes it. */
  slice(campaignId: number, lane: number): Promise<Next>;
  /** These campaigns were paused or cancelled: what is claimed but has not left goes back. */
  halt(campaignIds: readonly number[]): void;
  inFlight(): number;
  /** Gives back what has not left, waits `graceMs` for what has, then leaves the rest `unknown`. */
  stop(graceMs: number): Promise<void>;
}

const SLICE_SECONDS = 0.25;
const MAX_SLICE = 500;
/** Longer than a POST may take in all (connect 10 s, answer 40 s), so that a living process never loses a lease. */
const LEASE_SECONDS = 120;
const POST_SECONDS = 60;
/** So long may a claimed message wait for its moment. */
const WAIT_MS = (LEASE_SECONDS - POST_SECONDS) * 1_000;
/** Answers that may wait to be written down: two of the recorder's batches. A crash makes unknowns of them. */
const MAX_UNWRITTEN = 2_000;
/** What a stop waits beyond its grace for the outcomes to be written. */
const LAST_WORDS_MS = 5_000;
/** Our own code for a row that cannot be filled; Meta's are positive. */
export const ROW_FAULT_CODE = -2;

interface Slice {
  readonly plan: SendingPlan;
  readonly campaignId: number;
  readonly pacers: readonly Pacer[];
  readonly onLeave: () => void;
  /** Aborted by a halt, a stop, or a lease that would not outlive the POST: what has not left goes back. */
  readonly recall: AbortController;
  /** By both clocks: the monotonic one sleeps with the machine, the lease does not. */
  readonly startedAt: { readonly wall: number; readonly monotonic: number };
}

export function createSender(deps: SenderDeps): Sender {
  let stopping = false;
  const giveUp = new AbortController();
  const flights = createInFlight({ answers: deps.maxInFlight, open: deps.maxInFlight + MAX_UNWRITTEN });
  const plans = new Map<number, SendingPlan>();
  const campaignPacers = new Map<number, Pacer>();
  const breakers = new Map<number, Breaker>();
  const underWay = new Map<AbortController, { readonly campaignId: number; readonly done: Promise<unknown> }>();

  const planOf = async (campaignId: number): Promise<SendingPlan | undefined> => {
    const known = plans.get(campaignId);
    if (known !== undefined) return known;
    const campaign = await findCampaign(deps.db, campaignId);
    if (campaign?.status !== 'running' || campaign.mode !== deps.mode) return undefined;
    const plan = planCampaign(campaign, deps.installationId);
    plans.set(campaignId, plan);
    return plan;
  };

  const pacersOf = async (plan: SendingPlan): Promise<Pacer[]> => {
    const number = await deps.pacerFor(plan.target.phoneNumberId);
    if (plan.messagesPerSecond === undefined) return [number];
    const { campaignId } = plan.target;
    const own = campaignPacers.get(campaignId) ?? deps.campaignPacer(campaignId, plan.messagesPerSecond);
    campaignPacers.set(campaignId, own);
    return [own, number];
  };

  /** Known to halt and stop before it claims: a halt finds every claim that was committed before it. */
  const slice = async (campaignId: number, lane: number): Promise<Next> => {
    if (stopping) return undefined;
    const recall = new AbortController();
    const done = work(campaignId, lane, recall);
    underWay.set(recall, { campaignId, done });
    try {
      return await done;
    } finally {
      underWay.delete(recall);
    }
  };

  const work = async (campaignId: number, lane: number, recall: AbortController): Promise<Next> => {
    const plan = await planOf(campaignId);
    if (plan === undefined) return undefined;
    const pacers = await pacersOf(plan);
    // Nothing is claimed while the number stands still: it would only wait in `sending`.
    const stoppedMs = Math.max(...pacers.map((pacer) => pacer.stoppedForMs()));
    if (stoppedMs > SLICE_SECONDS * 1_000) return lane === 0 ? idle(campaignId, stoppedMs) : undefined;
    const rate = Math.min(...pacers.map((pacer) => pacer.rate()));
    // A slow number needs fewer: all lanes together claim what leaves in the next moment (PROTOCOL §1).
    const lanes = Math.min(deps.lanes, Math.max(1, Math.ceil(rate * SLICE_SECONDS)));
    if (lane >= lanes) return undefined;
    const limit = Math.min(MAX_SLICE, Math.max(1, Math.floor((rate * SLICE_SECONDS) / lanes)));
    const startedAt = { wall: Date.now(), monotonic: performance.now() };
    if (recall.signal.aborted) return undefined;
    const { messages, took } = await claim(deps.db, {
      campaignId,
      mode: deps.mode,
      limit,
      marketing: plan.marketing,
      leaseSeconds: LEASE_SECONDS,
      slot: deps.slot,
    });
    if (took === 0) return lane === 0 ? idle(campaignId, 0) : undefined;
    if (lane === 0 && took === limit) for (let other = 1; other < lanes; other++) deps.wake(campaignId, other);
    const onLeave = (): void => {
      for (const pacer of pacers) pacer.left?.();
    };
    await dispatch({ plan, campaignId, pacers, onLeave, recall, startedAt }, messages);
    return { againInMs: 0 };
  };

  /** Nothing to claim: paused, a retry or a batch is due later, answers are still out, or the campaign is done. */
  const idle = async (campaignId: number, atLeastMs: number): Promise<Next> => {
    const { running, inMs, sending } = await nextDue(deps.db, campaignId);
    if (!running) {
      forget(campaignId);
      return undefined;
    }
    if (inMs !== undefined) return { againInMs: Math.min(Math.max(inMs, atLeastMs, 5), 5_000) };
    if (sending > 0) return { againInMs: 200 };
    const done = await completeIfDone(deps.db, campaignId);
    if (done !== undefined) forget(campaignId);
    return undefined;
  };

  const forget = (campaignId: number): void => {
    plans.delete(campaignId);
    campaignPacers.delete(campaignId);
    breakers.delete(campaignId);
  };

  const dispatch = async (work: Slice, messages: readonly Claimed[]): Promise<void> => {
    const { signal } = work.recall;
    const timer = setTimeout(() => {
      work.recall.abort(new Error('the lease runs out'));
    }, WAIT_MS);
    let next = 0;
    try {
      while (next < messages.length && mayLeave(work)) {
        await unlessRecalled(flights.room(), signal);
        let granted = Math.min(messages.length - next, flights.free());
        for (const pacer of work.pacers) granted = await unlessRecalled(pacer.grant(granted, signal), signal);
        if (!mayLeave(work)) break;
        for (let i = 0; i < granted; i++) {
          const message = messages[next++];
          if (message !== undefined) void sendOne(work, message);
        }
      }
    } catch (error) {
      if (!signal.aborted) deps.onError(error, 'dispatch');
    } finally {
      clearTimeout(timer);
    }
    // No byte of these was written: they go back as if they had never been claimed. Waited for, so that a stop does not leave them.
    await Promise.all(
      messages.slice(next).map((message) => deps.recorder.record({ ...keyOf(work, message), status: 'pending', afterMs: 0 })),
    );
  };

  /** Not paused since the claim, not stopping, and the lease outlives the whole POST. */
  const mayLeave = ({ recall, startedAt }: Slice): boolean =>
    !recall.signal.aborted && Math.max(Date.now() - startedAt.wall, performance.now() - startedAt.monotonic) < WAIT_MS;

  const sendOne = async (work: Slice, message: Claimed): Promise<void> => {
    flights.left();
    try {
      const ending = await post(work, message).finally(() => {
        flights.answered();
      });
      await deps.recorder.record(ending.report);
      if (ending.decision !== undefined) await follow(work, message, ending.decision);
    } catch (error) {
      deps.onError(error, 'send');
    } finally {
      flights.done();
    }
  };

  const post = async (work: Slice, message: Claimed): Promise<{ report: Report; decision?: Decision }> => {
    const key = keyOf(work, message);
    const body = work.plan.body(message, key);
    if (!body.ok)
      return {
        report: { ...key, status: 'failed', errorCode: ROW_FAULT_CODE, event: { kind: 'failed', data: { faults: body.faults } } },
      };
    const outcome = await deps.post({
      phoneNumberId: work.plan.target.phoneNumberId,
      body: body.json,
      signal: giveUp.signal,
      onLeave: work.onLeave,
    });
    const decision = decide(outcome, {
      retries: message.retries,
      attempt: message.attempt,
      policy: deps.retry,
      random: deps.random,
    });
    return { report: reportOf(key, decision, outcome), decision };
  };

  /** What the outcome means beyond this message. */
  const follow = async (work: Slice, message: Claimed, decision: Decision): Promise<void> => {
    const { target } = work.plan;
    if (decision.slowNumber !== undefined) (await deps.pacerFor(target.phoneNumberId)).slowDown(decision.slowNumber);
    if (decision.kind === 'failed' && decision.suppress !== undefined) {
      const { error, suppress: scope } = decision;
      const entry = { person: deps.personOf(message.phone), phone: message.phone, scope, source: `error_${String(error.code)}` };
      await suppress(deps.db, [
        { ...entry, detail: { campaign_id: target.campaignId, message_id: message.id }, since: new Date() },
      ]);
    }
    if (decision.stop !== undefined) haltEverywhere(await stopFor(deps.db, decision.stop, target));
    const error = decision.kind === 'failed' ? decision.error : undefined;
    const breaker = breakers.get(target.campaignId) ?? createBreaker();
    breakers.set(target.campaignId, breaker);
    if (error !== undefined && breaker.note(error.code) !== undefined) await trip(target.campaignId, error);
    else if (error === undefined && decision.kind !== 'again') breaker.note(undefined);
  };

  const trip = async (campaignId: number, error: MetaError): Promise<void> => {
    breakers.delete(campaignId);
    haltEverywhere(await pauseRunning(deps.db, { scope: 'campaign', campaignId }, breakerReason(error)));
  };

  const haltEverywhere = (campaignIds: readonly number[]): void => {
    halt(campaignIds);
    deps.tellHalt?.(campaignIds);
  };

  const halt = (campaignIds: readonly number[]): void => {
    for (const [recall, { campaignId }] of underWay) if (campaignIds.includes(campaignId)) recall.abort(new Error('halted'));
  };

  return {
    slice,
    halt,
    inFlight: () => flights.count(),
    async stop(graceMs) {
      stopping = true;
      const slices = [...underWay];
      for (const [recall] of slices) recall.abort(new Error('stopping'));
      const timer = setTimeout(() => {
        giveUp.abort(new Error('stopping'));
      }, graceMs);
      const over = Promise.allSettled(slices.map(([, { done }]) => done))
        .then(() => flights.empty())
        .then(() => deps.recorder.idle());
      // A database that stays away must not hold up the stop for ever: what it could not take becomes unknown at the next start.
      await within(over, graceMs + LAST_WORDS_MS);
      clearTimeout(timer);
    },
  };
}

function keyOf(work: Slice, message: Claimed): AttemptKey {
  return { campaignId: work.campaignId, messageId: message.id, attempt: message.attempt };
}

function reportOf(key: AttemptKey, decision: Decision, outcome: SendOutcome): Report {
  switch (decision.kind) {
    case 'accepted':
    case 'held':
      return { ...key, status: decision.kind, wamid: decision.wamid };
    case 'unknown':
      return {
        ...key,
        status: 'unknown',
        reason: decision.reason,
        event: { kind: 'unknown', data: { reason: decision.reason } },
      };
    case 'failed':
      return {
        ...key,
        status: 'failed',
        errorCode: decision.error.code,
        event: { kind: 'failed', data: { ...decision.error, via: 'response' } },
      };
    case 'again': {
      const cause = decision.error ?? (outcome.kind === 'not_sent' ? { reason: outcome.reason } : {});
      const event = { kind: 'retry', data: { ...cause, again_in_ms: Math.round(decision.afterMs) } };
      // The code counts where the campaign has ended meanwhile and the message fails instead.
      const errorCode = decision.error?.code;
      return { ...key, status: 'pending', afterMs: decision.afterMs, countsAsRetry: decision.countsAsRetry, errorCode, event };
    }
  }
}

/** `wait`, or the recall, whichever comes first: whoever waits in a line behind others goes back at once. */
function unlessRecalled<T>(wait: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('recalled'));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    wait.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
