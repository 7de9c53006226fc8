/**
 * Sends campaigns a slice at a time: claim and mark (committed) -> pace -> POST once -> record.
 * What order matters: nothing is written to a socket before its mark is committed, and nothing is claimed beyond what leaves in
 * the next moment, so a kill leaves at most two slices in doubt.
 * What a crash leaves: messages in `sending`; the next start (or the lease) makes them `unknown`, and their webhooks settle them.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../lib/db/db.ts';
import type { Next } from '../lib/jobs/job.ts';
import { within } from '../lib/wait.ts';
import { completeIfDone } from '../lifecycle/campaign.sql.ts';
import type { RunMode } from '../lifecycle/campaign.ts';
import { type Claimed, claim, nextDue, SLICE_SECONDS } from '../lifecycle/claim.sql.ts';
import { slotBeside } from '../lifecycle/counters.sql.ts';
import type { AttemptKey, Origin } from '../lifecycle/message.ts';
import type { Report } from '../lifecycle/report.sql.ts';
import type { Pacer } from '../numbers/pacer.ts';
import type { SendOutcome } from '../whatsapp/send-outcome.ts';
import { createFollow, type Follow } from './after-outcome.ts';
import { createRuns, type Runs } from './campaign-cache.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import type { SendingPlan } from './message-body.ts';
import type { Recorder } from './recorder.ts';
import { type Decision, decide, type RetryPolicy } from './retry.ts';
import { reportOf, rowFault } from './to-report.ts';

export interface SenderDeps extends Origin {
  readonly db: Db;
  readonly mode: RunMode;
  readonly slot: number;
  readonly retry: RetryPolicy;
  readonly recorder: Recorder;
  /** The pace of a sending number. */
  readonly pacerFor: (phoneNumberId: string) => Promise<Pacer>;
  /** Keeps the messages of one campaign that has its own pace apart in this process too, when they are late for their moments. */
  readonly campaignPacer: (campaignId: number, messagesPerSecond: number) => Pacer;
  /** `onLeave` is called when the bytes are written, which may be a moment after the grant of the pace. */
  readonly post: (input: {
    phoneNumberId: string;
    body: string;
    signal: AbortSignal;
    onLeave: () => void;
  }) => Promise<SendOutcome>;
  /** The canonical key of a person, for the suppression list (lib/phone/parse.ts). */
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
  return new SlicedSender(deps);
}

class SlicedSender implements Sender {
  readonly #deps: SenderDeps;
  readonly #runs: Runs;
  readonly #follow: Follow;
  readonly #flights: InFlight;
  readonly #giveUp = new AbortController();
  readonly #underWay = new Map<AbortController, { readonly campaignId: number; readonly done: Promise<unknown> }>();
  #stopping = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#runs = createRuns(deps);
    this.#flights = createInFlight({ answers: deps.maxInFlight, open: deps.maxInFlight + MAX_UNWRITTEN });
    this.#follow = createFollow(deps, (campaignIds) => {
      this.halt(campaignIds);
      deps.tellHalt?.(campaignIds);
    });
  }

  /** Known to halt and stop before it claims: a halt finds every claim that was committed before it. */
  async slice(campaignId: number, lane: number): Promise<Next> {
    if (this.#stopping) return undefined;
    const recall = new AbortController();
    const done = this.#work(campaignId, lane, recall);
    this.#underWay.set(recall, { campaignId, done });
    try {
      return await done;
    } finally {
      this.#underWay.delete(recall);
    }
  }

  halt(campaignIds: readonly number[]): void {
    for (const campaignId of campaignIds) this.#follow.forget(campaignId);
    for (const [recall, { campaignId }] of this.#underWay) {
      if (campaignIds.includes(campaignId)) recall.abort(new Error('halted'));
    }
  }

  inFlight(): number {
    return this.#flights.count();
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const slices = [...this.#underWay];
    for (const [recall] of slices) recall.abort(new Error('stopping'));
    const timer = setTimeout(() => {
      this.#giveUp.abort(new Error('stopping'));
    }, graceMs);
    const over = Promise.allSettled(slices.map(([, { done }]) => done))
      .then(() => this.#flights.empty())
      .then(() => this.#deps.recorder.idle());
    // A database that stays away must not hold up the stop for ever: what it could not take becomes unknown at the next start.
    await within(over, graceMs + LAST_WORDS_MS);
    clearTimeout(timer);
  }

  async #work(campaignId: number, lane: number, recall: AbortController): Promise<Next> {
    const { db, lanes: most, mode, slot, wake } = this.#deps;
    const run = await this.#runs.of(campaignId);
    if (run === undefined) return undefined;
    const { plan, pacers } = run;
    // Nothing is claimed while the number stands still, or before a slow campaign's next moment is near: it would only wait in
    // `sending`, in a place that other campaigns need.
    const stoppedMs = Math.max(...pacers.map((pacer) => pacer.stoppedForMs()));
    if (stoppedMs > SLICE_SECONDS * 1_000) return lane === 0 ? this.#idle(campaignId, stoppedMs) : undefined;
    const rate = Math.min(...pacers.map((pacer) => pacer.rate()));
    // A slow number needs fewer: all lanes together claim what leaves in the next moment (PROTOCOL §1).
    const lanes = Math.min(most, Math.max(1, Math.ceil(rate * SLICE_SECONDS)));
    if (lane >= lanes) return undefined;
    const limit = Math.min(MAX_SLICE, Math.max(1, Math.floor((rate * SLICE_SECONDS) / lanes)));
    const startedAt = { wall: Date.now(), monotonic: performance.now() };
    if (recall.signal.aborted) return undefined;
    const request = {
      campaignId,
      mode,
      limit,
      slot: slotBeside(slot, lane),
      marketing: plan.marketing,
      leaseSeconds: LEASE_SECONDS,
    };
    const { messages, took, frozenVersion } = await claim(db, request);
    // Mended while it was paused: what was claimed goes back, and is claimed anew with the template and mapping of now.
    if (frozenVersion !== undefined && frozenVersion !== plan.frozenVersion) {
      this.#runs.forget(campaignId);
      recall.abort(new Error('mended'));
    }
    if (took === 0) return lane === 0 ? this.#idle(campaignId, 0) : undefined;
    if (lane === 0 && took === limit) for (let other = 1; other < lanes; other++) wake(campaignId, other);
    const onLeave = (): void => {
      for (const pacer of pacers) pacer.left?.();
    };
    await this.#dispatch({ plan, campaignId, pacers, onLeave, recall, startedAt }, messages);
    return { againInMs: 0 };
  }

  /** Nothing to claim: paused, a retry or a batch is due later, answers are still out, or the campaign is done. */
  async #idle(campaignId: number, atLeastMs: number): Promise<Next> {
    const { running, inMs, sending } = await nextDue(this.#deps.db, campaignId);
    if (running && inMs !== undefined) return { againInMs: Math.min(Math.max(inMs, atLeastMs, 5), 5_000) };
    if (running && sending > 0) return { againInMs: 200 };
    if (!running || (await completeIfDone(this.#deps.db, campaignId)) !== undefined) {
      this.#runs.forget(campaignId);
      this.#follow.forget(campaignId);
    }
    return undefined;
  }

  async #dispatch(slice: Slice, messages: readonly Claimed[]): Promise<void> {
    const { recorder, onError } = this.#deps;
    const { signal } = slice.recall;
    const timer = setTimeout(() => {
      slice.recall.abort(new Error('the lease runs out'));
    }, WAIT_MS);
    // Their moments count from the claim, by a clock that never steps; the answer's way makes them later, never earlier.
    const claimedAt = performance.now();
    let next = 0;
    try {
      while (next < messages.length && mayLeave(slice)) {
        await unlessRecalled(this.#flights.room(), signal);
        const sinceMs = performance.now() - claimedAt;
        const soonestMs = (messages[next]?.inMs ?? 0) - sinceMs;
        if (soonestMs > 0) {
          await sleep(soonestMs, undefined, { signal });
          continue;
        }
        const later = messages.findIndex(({ inMs }, i) => i > next && inMs > sinceMs);
        let granted = Math.min((later === -1 ? messages.length : later) - next, this.#flights.free());
        for (const pacer of slice.pacers) granted = await unlessRecalled(pacer.grant(granted, signal), signal);
        if (!mayLeave(slice)) break;
        for (let i = 0; i < granted; i++) {
          const message = messages[next++];
          if (message !== undefined) void this.#send(slice, message);
        }
      }
    } catch (error) {
      if (!signal.aborted) onError(error, 'dispatch');
    } finally {
      clearTimeout(timer);
    }
    // No byte of these was written: they go back as if they had never been claimed. Waited for, so that a stop does not leave them.
    await Promise.all(
      messages.slice(next).map((message) => recorder.record({ ...keyOf(slice, message), status: 'pending', afterMs: 0 })),
    );
  }

  async #send(slice: Slice, message: Claimed): Promise<void> {
    this.#flights.left();
    try {
      const { report, decision } = await this.#post(slice, message);
      await this.#deps.recorder.record(report);
      if (decision !== undefined) await this.#follow.decision(slice.plan, message, decision);
    } catch (error) {
      this.#deps.onError(error, 'send');
    } finally {
      this.#flights.done();
    }
  }

  /** Whatever goes wrong in it, the message gives back its place in the air. */
  async #post(slice: Slice, message: Claimed): Promise<{ report: Report; decision?: Decision }> {
    try {
      const { retry: policy, random, post } = this.#deps;
      const { plan, onLeave } = slice;
      const key = keyOf(slice, message);
      const body = plan.body(message, key);
      if (!body.ok) return { report: rowFault(key, body.faults) };
      const { phoneNumberId } = plan.target;
      const outcome = await post({ phoneNumberId, body: body.json, signal: this.#giveUp.signal, onLeave });
      const decision = decide(outcome, { retries: message.retries, attempt: message.attempt, policy, random });
      return { report: reportOf(key, decision, outcome), decision };
    } finally {
      this.#flights.answered();
    }
  }
}

/** Not paused since the claim, not stopping, and the lease outlives the whole POST. */
function mayLeave({ recall, startedAt }: Slice): boolean {
  return !recall.signal.aborted && Math.max(Date.now() - startedAt.wall, performance.now() - startedAt.monotonic) < WAIT_MS;
}

function keyOf({ campaignId }: Pick<Slice, 'campaignId'>, message: Claimed): AttemptKey {
  return { campaignId, messageId: message.id, attempt: message.attempt };
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
