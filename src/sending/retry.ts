/**
 * The one place where the outcome of a send becomes "again at T" or final (docs/state-machines.md, A message).
 *
 * Again only when Meta surely did not take the message: a readable Graph error, a 429, or a connection that never came about.
 * A lost answer is `unknown` and stays so; a failure told by webhook is never repeated by itself.
 */
import type { Stop } from '../lifecycle/stop.ts';
import { UNREACHABLE_CODE } from '../whatsapp/error-table.ts';
import { type MetaErrorRule, metaErrorRule } from '../whatsapp/errors.ts';
import type { MetaError, SendOutcome } from '../whatsapp/send-outcome.ts';

export interface RetryPolicy {
  /** How often a message of a transient error is repeated (MAX_RETRY_ATTEMPTS); 0 = never. */
  readonly maxAttempts: number;
  readonly delaySeconds: number;
  readonly multiplier: number;
  readonly maxDelaySeconds: number;
}

export interface RetryContext {
  /** Retries this message has used up so far. */
  readonly retries: number;
  /** Number of the send that came to this outcome, from 1. Grows with free repeats too. */
  readonly attempt: number;
  readonly policy: RetryPolicy;
  /** In [0, 1), for the jitter. */
  readonly random: () => number;
}

/** The number stops for `seconds`, then goes on at `factor` of its rate: for `slowDown` of pacing.ts. */
export interface NumberSlowdown {
  readonly seconds: number;
  readonly factor: number;
  /** Meta's code for it, or UNREACHABLE_CODE: told to whoever asks why the number stands still. */
  readonly code: number;
}

/** Templates of a category wait on the number, at least so long. */
export interface CategoryHold {
  readonly category: 'utility';
  readonly seconds: number;
}

interface Effects {
  readonly slowNumber?: NumberSlowdown;
  readonly hold?: CategoryHold;
  readonly stop?: Stop;
}

export type Decision = Effects &
  (
    | { readonly kind: 'accepted' | 'held'; readonly wamid: string; readonly waId?: string }
    /** Back to pending, due in `afterMs`. `countsAsRetry`: one of the policy's attempts is used up. */
    | { readonly kind: 'again'; readonly afterMs: number; readonly error?: MetaError; readonly countsAsRetry: boolean }
    | { readonly kind: 'failed'; readonly error: MetaError; readonly suppress?: 'all' | 'marketing' }
    | { readonly kind: 'unknown'; readonly reason: string }
  );

/**
 * Free repeats end here. A number that is told to slow down a thousand times for one message is not being slowed down but
 * refused, so the message fails with that error and a person may send it again.
 */
export const MAX_FREE_SENDS = 1000;

/**
 * A machine without network must not fail people, so this bound is only a guard of the attempt counter (a smallint): at one try
 * a minute it is three weeks.
 */
export const MAX_UNREACHABLE_SENDS = 30_000;

/** A cap on a category counts the last 24 hours, so it opens little by little: asked once an hour. */
const UTILITY_HOLD: CategoryHold = { category: 'utility', seconds: 3600 };

/** A message whose campaign or account was paused waits this long, so that it cannot be claimed again before the pause is seen. */
const STOPPED_WAIT_MS = 5000;
const UNREACHABLE_CAP_SECONDS = 60;
/** 4^6 s, a little over an hour: longer waits for one person help nobody (docs/meta.md, Limits, pair rate). */
const PAIR_EXPONENT_CAP = 6;
/** Retry-After and Meta's own estimate are believed up to here; beyond, asking once an hour is cheap. */
const MAX_STOP_SECONDS = 3600;

export function decide(outcome: SendOutcome, context: RetryContext): Decision {
  switch (outcome.kind) {
    case 'accepted':
      return {
        kind: outcome.held ? 'held' : 'accepted',
        wamid: outcome.wamid,
        ...(outcome.waId === undefined ? {} : { waId: outcome.waId }),
      };
    case 'unknown':
      return { kind: 'unknown', reason: outcome.reason };
    case 'not_sent':
      return unreachable(outcome.reason, context);
    case 'rejected':
      return rejected(outcome.error, metaErrorRule(outcome.error), context);
  }
}

/** Meta's own service failed, whoever the message was for: enough of these in a row, and nobody else should try for a while. */
export function isServersFault(error: MetaError): boolean {
  return metaErrorRule(error).action === 'retry';
}

/** What follows from a `failed` status. The message itself has failed for good; only others may still be spared or slowed. */
export function decideWebhookFailure(error: MetaError): Effects & { readonly suppress?: 'all' | 'marketing' } {
  const rule = metaErrorRule(error);
  const stop = stopOf(rule, error);
  return {
    ...(rule.suppress === undefined ? {} : { suppress: rule.suppress }),
    ...(stop === undefined ? {} : { stop }),
    ...(rule.action === 'slow_number' ? { slowNumber: slowdownOf(rule, error) } : {}),
    ...(rule.action === 'hold_utility' ? { hold: UTILITY_HOLD } : {}),
  };
}

/** Exponential with equal jitter: half the delay is certain, half is drawn, and the cap is never exceeded. */
export function backoffMs(policy: RetryPolicy, retries: number, random: () => number): number {
  const seconds = Math.min(policy.delaySeconds * policy.multiplier ** retries, policy.maxDelaySeconds);
  return Math.round(seconds * 1000 * (0.5 + random() / 2));
}

function unreachable(reason: string, { attempt, random }: RetryContext): Decision {
  if (attempt >= MAX_UNREACHABLE_SENDS) return { kind: 'failed', error: { code: UNREACHABLE_CODE, message: reason } };
  const policy = { maxAttempts: 0, delaySeconds: 1, multiplier: 2, maxDelaySeconds: UNREACHABLE_CAP_SECONDS };
  return {
    kind: 'again',
    afterMs: backoffMs(policy, attempt, random),
    countsAsRetry: false,
    // Everyone on this number meets the same dead line: without a stop the whole queue would be claimed and put back at full
    // speed. Short, so that sending goes on within seconds of the network's return.
    slowNumber: { seconds: Math.min(2 ** (attempt - 1), 5), factor: 0.8, code: UNREACHABLE_CODE },
  };
}

function rejected(error: MetaError, rule: MetaErrorRule, context: RetryContext): Decision {
  switch (rule.action) {
    case 'retry':
      return transient(error, rule, context);
    case 'slow_number':
      return slowed(error, rule, context);
    case 'slow_pair': {
      if (context.attempt >= MAX_FREE_SENDS) return { kind: 'failed', error };
      const seconds = 4 ** Math.min(context.attempt - 1, PAIR_EXPONENT_CAP);
      // Upwards only: the rule is to wait at least 4^X seconds.
      return { kind: 'again', afterMs: Math.round(seconds * 1000 * (1 + context.random() / 4)), error, countsAsRetry: false };
    }
    case 'hold_utility':
      if (context.attempt >= MAX_FREE_SENDS) return { kind: 'failed', error };
      return { kind: 'again', afterMs: STOPPED_WAIT_MS, error, countsAsRetry: false, hold: UTILITY_HOLD };
    case 'stop_template':
    case 'stop_account':
    case 'stop_campaign':
      return stopped(error, rule, context);
    case 'fail':
    case 'later':
    case 'never':
      return { kind: 'failed', error, ...(rule.suppress === undefined ? {} : { suppress: rule.suppress }) };
  }
}

function transient(error: MetaError, rule: MetaErrorRule, { retries, policy, random }: RetryContext): Decision {
  const slow = rule.slow === undefined ? {} : { slowNumber: { ...rule.slow, code: error.code } };
  if (retries >= Math.min(policy.maxAttempts, rule.maxRetries ?? Infinity)) return { kind: 'failed', error, ...slow };
  const floorMs = Math.max(rule.minDelaySeconds ?? 0, Math.min(error.retryAfterSeconds ?? 0, MAX_STOP_SECONDS)) * 1000;
  return { kind: 'again', afterMs: Math.max(backoffMs(policy, retries, random), floorMs), error, countsAsRetry: true, ...slow };
}

function slowed(error: MetaError, rule: MetaErrorRule, { retries, attempt, random }: RetryContext): Decision {
  const slowNumber = slowdownOf(rule, error);
  if (attempt >= MAX_FREE_SENDS) return { kind: 'failed', error, slowNumber };
  const afterMs = Math.round((slowNumber.seconds + random()) * 1000);
  // 131048 says that people report us. Met again by the same message after its hour, slowing down has not helped: stop
  // (docs/meta.md, Errors).
  const isSpamLimit = error.code === 131048;
  if (isSpamLimit && retries > 0) {
    return { kind: 'again', afterMs, error, countsAsRetry: false, slowNumber, stop: { scope: 'account', error } };
  }
  return { kind: 'again', afterMs, error, countsAsRetry: isSpamLimit, slowNumber };
}

function stopped(error: MetaError, rule: MetaErrorRule, { retries, attempt }: RetryContext): Decision {
  // An ambiguous code that comes back after a person resumed is this row's after all: it must not pause the campaign for ever.
  // If everyone meets it, the breaker pauses.
  if ((rule.unlessThisRow === true && retries > 0) || attempt >= MAX_FREE_SENDS) return { kind: 'failed', error };
  const stop = stopOf(rule, error);
  return {
    kind: 'again',
    afterMs: STOPPED_WAIT_MS,
    error,
    countsAsRetry: rule.unlessThisRow === true,
    ...(stop === undefined ? {} : { stop }),
  };
}

function stopOf(rule: MetaErrorRule, error: MetaError): Stop | undefined {
  switch (rule.action) {
    case 'stop_campaign':
      return { scope: 'campaign', error };
    case 'stop_template':
      return { scope: 'template', error };
    case 'stop_account':
      return { scope: 'account', error };
    default:
      return undefined;
  }
}

function slowdownOf(rule: MetaErrorRule, error: MetaError): NumberSlowdown {
  const { seconds, factor } = rule.slow ?? { seconds: 5, factor: 0.5 };
  return { seconds: Math.max(seconds, Math.min(error.retryAfterSeconds ?? 0, MAX_STOP_SECONDS)), factor, code: error.code };
}
