/**
 * Sends campaigns a slice at a time: claim and mark (committed) -> pace -> POST once -> record.
 * What order matters: nothing is written to a socket before its mark is committed, and nothing is claimed beyond what leaves in
 * the next moment, so a kill leaves at most two small slices in doubt. Whoever cannot leave within moments goes back to waiting.
 * What a crash leaves: messages in `sending`; the next start (or whoever finds this process silent) makes them `unknown`, and their
 * webhooks settle them.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../lib/db/db.ts';
import type { Next } from '../lib/jobs/job.ts';
import { within } from '../lib/wait.ts';
import { completeIfDone } from '../lifecycle/campaign.sql.ts';
import { type Claimed, claim, nextDue, SLICE_SECONDS } from '../lifecycle/claim.sql.ts';
import { slotBeside } from '../lifecycle/counters.sql.ts';
import type { AttemptKey, Origin } from '../lifecycle/message.ts';
import type { Report } from '../lifecycle/report.sql.ts';
import { spendingReason } from '../lifecycle/stop.ts';
import type { Pacer } from '../numbers/pacer.ts';
import type { SpendingCap } from '../pricing/money.ts';
import { UNREACHABLE_CODE } from '../whatsapp/error-table.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { SendOutcome } from '../whatsapp/send-outcome.ts';
import { createFollow, type Follow, optOutOf } from './after-outcome.ts';
import { createRuns, type Runs } from './campaign-cache.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import type { SendingPlan } from './message-body.ts';
import type { AnswerKind, OutageWatch } from './outage-watch.ts';
import type { Recorder } from './recorder.ts';
import { type Decision, decide, isServersFault, type RetryPolicy } from './retry.ts';
import { reportOf, rowFault } from './to-report.ts';

export interface SenderDeps extends Origin {
  readonly db: Db;
  readonly mode: RunMode;
  readonly slot: number;
  readonly retry: RetryPolicy;
  readonly recorder: Recorder;
  readonly outages: OutageWatch;
  /** The number under which this process claims; undefined where it is the only one. */
  readonly claimant: () => number | undefined;
  /** Processes that send, this one included. */
  readonly workers: () => number;
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
  /** What a message of a category costs now, by the first digits of the number. */
  readonly prices: (category: string) => Readonly<Record<string, number>>;
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
  recall(campaignIds: readonly number[]): void;
  /** Nothing may leave from this number for now: what is claimed but has not left goes back. */
  holdBack(phoneNumberId: string): void;
  inFlight(): number;
  /** Gives back what has not left, waits `graceMs` for what has, then leaves the rest `unknown`. */
  stop(graceMs: number): Promise<void>;
}

/** Some 12 ms of work at full speed. Of two lanes it is all that a kill leaves in doubt beyond what was on the wire. */
const MAX_SLICE = 50;
/** Longer than a POST may take in all (connect 10 s, answer 40 s), so that a living process never loses a lease. */
const LEASE_SECONDS = 120;
/**
 * So long a claimed message may wait for its moment, then it goes back. Below the silence after which the others give a process up
 * (lib/jobs/processes.sql.ts): one that was frozen and wakes posts nothing it had claimed before.
 */
const WAIT_MS = 2_000;
const MOST_WAIT_MS = 10_000;
/** A number that is held back is looked at again after this. */
const HELD_MS = 500;
/** In a moment: an answer must come first, or the allowance must grow. */
const SOON_MS = 50;
/** Answers that may wait to be written down: two of the recorder's batches. A crash makes unknowns of them. */
const MAX_UNWRITTEN = 2_000;
/** What a stop waits beyond its grace for the outcomes to be written. */
const LAST_WORDS_MS = 5_000;
interface UnderWay {
  readonly campaignId: number;
  /** Known once the campaign was looked at. */
  phoneNumberId?: string;
  readonly done: Promise<unknown>;
}

interface Slice {
  readonly plan: SendingPlan;
  readonly campaignId: number;
  readonly pacers: readonly Pacer[];
  readonly onLeave: () => void;
  /** Aborted by a recall, a stop, or a lease that would not outlive the POST: what has not left goes back. */
  readonly recall: AbortController;
  readonly waitMs: number;
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
  readonly #underWay = new Map<AbortController, UnderWay>();
  /** Campaigns without money for the next message and without an answer that could free some, when last looked at. */
  readonly #outOfAnswers = new Set<number>();
  /** Campaigns whose last claim met a limit of money. */
  readonly #capped = new Set<number>();
  #stopping = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#runs = createRuns(deps);
    this.#flights = createInFlight({ answers: deps.maxInFlight, open: deps.maxInFlight + MAX_UNWRITTEN });
    this.#follow = createFollow(deps, (campaignIds) => {
      this.recall(campaignIds);
      deps.tellHalt?.(campaignIds);
    });
  }

  /** Known to `recall` and `stop` before it claims: a recall finds every claim that was committed before it. */
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

  recall(campaignIds: readonly number[]): void {
    for (const campaignId of campaignIds) this.#follow.forget(campaignId);
    for (const [recall, { campaignId }] of this.#underWay) {
      if (campaignIds.includes(campaignId)) recall.abort(new Error('recalled'));
    }
  }

  holdBack(phoneNumberId: string): void {
    for (const [recall, slice] of this.#underWay) {
      if (slice.phoneNumberId === phoneNumberId) recall.abort(new Error('held back'));
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
    const { db, lanes: allLanes, mode, slot, wake, outages, claimant } = this.#deps;
    const run = await this.#runs.of(campaignId);
    if (run === undefined) return undefined;
    const { plan, pacers } = run;
    const { phoneNumberId } = plan.target;
    const underWay = this.#underWay.get(recall);
    if (underWay !== undefined) underWay.phoneNumberId = phoneNumberId;
    // Nothing is claimed while the number stands still, or before a slow campaign's next moment is near: it would only wait in
    // `sending`, in a place that other campaigns need.
    const stoppedMs = Math.max(...pacers.map((pacer) => pacer.stoppedForMs()));
    if (stoppedMs > SLICE_SECONDS * 1_000) return lane === 0 ? this.#idle(campaignId, stoppedMs) : undefined;
    if (outages.isSilent(phoneNumberId)) return lane === 0 ? { againInMs: SOON_MS } : undefined;
    // A slow number needs fewer: all lanes together claim what leaves in the next moment.
    const rate = Math.min(...pacers.map((pacer) => pacer.rate()));
    const lanes = Math.min(allLanes, Math.max(1, Math.ceil(rate * SLICE_SECONDS)));
    if (lane >= lanes) return undefined;
    // In `sending` nobody should wait for the answers of others.
    await unlessRecalled(this.#flights.room(), recall.signal).catch(() => undefined);
    const limit = Math.min(MAX_SLICE, Math.max(1, Math.floor((rate * SLICE_SECONDS) / lanes)));
    const startedAt = { wall: Date.now(), monotonic: performance.now() };
    if (recall.signal.aborted) return { againInMs: SOON_MS };
    const { messages, took, frozenVersion, breaker, isHeld, isAlive, isCapped, short } = await claim(db, {
      campaignId,
      mode,
      limit,
      slot: slotBeside(slot, lane),
      category: plan.category,
      leaseSeconds: LEASE_SECONDS,
      claimant: claimant(),
      prices: this.#deps.prices(plan.category),
      isCapped: this.#capped.has(campaignId),
    });
    outages.found(phoneNumberId, breaker);
    if (isCapped) this.#capped.add(campaignId);
    else this.#capped.delete(campaignId);
    // Mended while it was paused: what was claimed goes back, and is claimed anew with the template and mapping of now.
    if (frozenVersion !== undefined && frozenVersion !== plan.frozenVersion) {
      this.#runs.forget(campaignId);
      recall.abort(new Error('mended'));
    }
    if (took > 0) this.#outOfAnswers.delete(campaignId);
    if (took === 0) {
      if (lane > 0) return undefined;
      if (short !== undefined) return this.#outOfMoney(plan, short);
      return this.#idle(campaignId, breaker === 'open' || isHeld || !isAlive ? HELD_MS : breaker === 'half_open' ? SOON_MS : 0);
    }
    if (lane === 0 && took === limit) for (let other = 1; other < lanes; other++) wake(campaignId, other);
    const onLeave = (): void => {
      for (const pacer of pacers) pacer.left?.();
    };
    const waitMs = Math.min(MOST_WAIT_MS, Math.max(WAIT_MS, (1_000 / rate) * messages.length * 3));
    await this.#dispatch({ plan, campaignId, pacers, onLeave, recall, waitMs, startedAt }, messages);
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
      this.#capped.delete(campaignId);
    }
    return undefined;
  }

  /** Before a limit is passed. Answers that are still out may give money free, so they are waited for. */
  async #outOfMoney({ target }: SendingPlan, short: SpendingCap): Promise<Next> {
    const { campaignId } = target;
    const { running, sending } = await nextDue(this.#deps.db, campaignId);
    if (running && sending > 0) return { againInMs: 200 };
    // The last answer may have come between the claim and this look: only a claim after it knows what it freed.
    if (running && !this.#outOfAnswers.has(campaignId)) {
      this.#outOfAnswers.add(campaignId);
      return { againInMs: 0 };
    }
    this.#outOfAnswers.delete(campaignId);
    await this.#follow.pause(campaignId, spendingReason(short));
    return undefined;
  }

  async #dispatch(slice: Slice, messages: readonly Claimed[]): Promise<void> {
    const { recorder, outages, onError } = this.#deps;
    const { signal } = slice.recall;
    const timer = setTimeout(() => {
      slice.recall.abort(new Error('waited too long'));
    }, slice.waitMs);
    // Their moments count from the claim, by a clock that never steps; the answer's way makes them later, never earlier.
    const claimedAt = performance.now();
    let next = 0;
    try {
      while (next < messages.length && mayLeave(slice)) {
        await unlessRecalled(this.#flights.room(), signal);
        if (outages.isSilent(slice.plan.target.phoneNumberId)) {
          await sleep(SOON_MS, undefined, { signal });
          continue;
        }
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
    // The code counts where the campaign has ended meanwhile, because this process was taken for dead: then it says that they never left.
    const back = messages.slice(next);
    outages.returned(slice.plan.target.phoneNumberId, back.length);
    const errorCode = UNREACHABLE_CODE;
    await Promise.all(
      back.map((message) => recorder.record({ ...keyOf(slice, message), status: 'pending', afterMs: 0, errorCode })),
    );
  }

  async #send(slice: Slice, message: Claimed): Promise<void> {
    this.#flights.left();
    try {
      const { report, decision } = await this.#post(slice, message);
      const who = (): { person: number; phone: number } => ({ person: this.#deps.personOf(message.phone), phone: message.phone });
      await this.#deps.recorder.record(report, decision && optOutOf(decision, report, who));
      if (decision !== undefined) await this.#follow.decision(slice.plan, decision);
    } catch (error) {
      this.#deps.onError(error, 'send');
    } finally {
      this.#flights.done();
    }
  }

  /** Whatever goes wrong in it, the message gives back its place in the air. */
  async #post(slice: Slice, message: Claimed): Promise<{ report: Report; decision?: Decision }> {
    try {
      const { retry: policy, random, post, outages } = this.#deps;
      const { plan, onLeave } = slice;
      const key = keyOf(slice, message);
      const { phoneNumberId } = plan.target;
      const body = plan.body(message, key);
      if (!body.ok) {
        outages.returned(phoneNumberId, 1);
        return { report: rowFault(key, body.faults) };
      }
      const answered = outages.leaves(phoneNumberId);
      const outcome = await post({ phoneNumberId, body: body.json, signal: this.#giveUp.signal, onLeave }).catch(
        (error: unknown) => {
          answered('lost', 'error');
          throw error;
        },
      );
      answered(answerKind(outcome), reasonOf(outcome));
      const decision = decide(outcome, { retries: message.retries, attempt: message.attempt, policy, random });
      return { report: reportOf(key, decision, outcome), decision };
    } finally {
      this.#flights.answered();
    }
  }
}

/** Not recalled since the claim, and so young that nobody can have given up this process meanwhile, however long it was frozen. */
function mayLeave({ recall, waitMs, startedAt }: Slice): boolean {
  return !recall.signal.aborted && Math.max(Date.now() - startedAt.wall, performance.now() - startedAt.monotonic) < waitMs;
}

/** What an outcome tells of Meta's service, whatever it means for the message. */
function answerKind(outcome: SendOutcome): AnswerKind {
  switch (outcome.kind) {
    case 'accepted':
      return 'good';
    case 'unknown':
      return 'lost';
    case 'not_sent':
      return 'never_left';
    case 'rejected':
      return isServersFault(outcome.error) ? 'faulty' : 'good';
  }
}

function reasonOf(outcome: SendOutcome): string | undefined {
  if (outcome.kind === 'unknown') return outcome.reason;
  return outcome.kind === 'rejected' ? `meta_${String(outcome.error.code)}` : undefined;
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
