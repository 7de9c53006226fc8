import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  backoffMs,
  type Decision,
  decide,
  decideWebhookFailure,
  MAX_FREE_SENDS,
  type RetryContext,
} from '../../src/sending/retry.ts';
import { META_ERRORS } from '../../src/whatsapp/error-table.ts';
import type { MetaError, SendOutcome } from '../../src/whatsapp/send-outcome.ts';

const policy = { maxAttempts: 3, delaySeconds: 60, multiplier: 2, maxDelaySeconds: 3600 };

function context(change: Partial<RetryContext> = {}): RetryContext {
  return { retries: 0, attempt: 1, policy, random: () => 0.5, ...change };
}

function refused(code: number, change: Partial<RetryContext> = {}, rest: Partial<MetaError> = {}): Decision {
  return decide({ kind: 'rejected', error: { code, message: 'm', ...rest } }, context(change));
}

function again(decision: Decision): Extract<Decision, { kind: 'again' }> {
  assert.ok(decision.kind === 'again');
  return decision;
}

test('accepted and held keep the wamid and ask for nothing more', () => {
  assert.deepEqual(decide({ kind: 'accepted', wamid: 'w', held: false, waId: '1' }, context()), {
    kind: 'accepted',
    wamid: 'w',
    waId: '1',
  });
  assert.deepEqual(decide({ kind: 'accepted', wamid: 'w', held: true }, context()), { kind: 'held', wamid: 'w' });
});

test('an unknown outcome is never again, whatever its reason and however many retries are left', () => {
  for (const reason of ['timeout_headers', 'connection_reset', 'http_503_unreadable']) {
    assert.deepEqual(decide({ kind: 'unknown', reason }, context()), { kind: 'unknown', reason });
  }
});

test('a transient error comes again with a growing delay and uses up retries, then fails', () => {
  const delays = [0, 1, 2].map((retries) => again(refused(131000, { retries, random: () => 0 })).afterMs);
  assert.deepEqual(delays, [30_000, 60_000, 120_000]);
  assert.equal(again(refused(131000)).countsAsRetry, true);
  assert.equal(refused(131000, { retries: 3 }).kind, 'failed');
  assert.equal(refused(131000, { policy: { ...policy, maxAttempts: 0 } }).kind, 'failed');
});

test('a general fault is repeated at most twice', () => {
  assert.equal(refused(1, { retries: 1 }).kind, 'again');
  assert.equal(refused(1, { retries: 2 }).kind, 'failed');
});

test('the delay stays between half and the whole of the exponential one, and below the cap', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (retries, draw) => {
      const full = Math.min(60 * 2 ** retries, 3600) * 1000;
      const ms = backoffMs(policy, retries, () => draw);
      assert.ok(ms >= full / 2 && ms <= full);
    }),
  );
});

test('trouble of Meta’s slows the number a little without stopping it', () => {
  const decision = again(refused(131016));
  assert.deepEqual(decision.slowNumber, { seconds: 0, factor: 0.9, code: 131016 });
});

test('a template still syncing waits ten minutes', () => {
  assert.equal(again(refused(134101)).afterMs, 600_000);
});

test('Meta’s own waiting time is kept, up to an hour', () => {
  assert.equal(again(refused(131000, {}, { retryAfterSeconds: 300 })).afterMs, 300_000);
  assert.equal(again(refused(80007, {}, { retryAfterSeconds: 1200 })).slowNumber?.seconds, 1200);
  assert.equal(again(refused(80007, {}, { retryAfterSeconds: 1e9 })).slowNumber?.seconds, 3600);
});

test('a limit of the number slows it and costs the message no retry', () => {
  for (const code of [130429, 4, 80007, 613, 429, 131057]) {
    const decision = again(refused(code, { retries: 3, attempt: 50 }));
    assert.equal(decision.countsAsRetry, false, String(code));
    assert.ok((decision.slowNumber?.seconds ?? 0) > 0, String(code));
    assert.equal(decision.stop, undefined, String(code));
    assert.ok(decision.afterMs >= (decision.slowNumber?.seconds ?? 0) * 1000, String(code));
  }
});

test('a message refused a thousand times for a limit fails in the end', () => {
  assert.equal(refused(130429, { attempt: MAX_FREE_SENDS }).kind, 'failed');
  assert.equal(refused(131056, { attempt: MAX_FREE_SENDS }).kind, 'failed');
});

test('reports of spam slow the number for an hour, and stop the account when the same message meets them again', () => {
  const first = again(refused(131048));
  assert.deepEqual([first.slowNumber?.seconds, first.countsAsRetry, first.stop], [3600, true, undefined]);
  assert.equal(again(refused(131048, { retries: 1 })).stop?.scope, 'account');
});

test('the pair limit makes only this person wait, four times longer each time', () => {
  const waits = [1, 2, 3, 4].map((attempt) => again(refused(131056, { attempt, random: () => 0 })));
  assert.deepEqual(
    waits.map(({ afterMs }) => afterMs),
    [1000, 4000, 16_000, 64_000],
  );
  assert.ok(
    waits.every(({ slowNumber, stop, countsAsRetry }) => slowNumber === undefined && stop === undefined && !countsAsRetry),
  );
  assert.ok(again(refused(131056, { attempt: 500 })).afterMs <= 5_200_000);
});

test('what everyone would meet pauses the campaign, the template or the account, and the message stays queued', () => {
  for (const [code, scope] of [
    [132000, 'campaign'],
    [132015, 'template'],
    [190, 'account'],
  ] as const) {
    const decision = again(refused(code));
    assert.deepEqual([decision.stop?.scope, decision.stop?.error.code], [scope, code]);
    assert.equal(decision.countsAsRetry, false);
    assert.ok(decision.afterMs > 0);
  }
});

test('a fault of this row’s fails the row and pauses nothing', () => {
  const decision = refused(132018, {}, { details: 'Param text cannot have new-line/tab characters' });
  assert.deepEqual([decision.kind, decision.stop], ['failed', undefined]);
});

test('an ambiguous fault pauses the campaign once; the second time it is this row’s', () => {
  const first = again(refused(100));
  assert.deepEqual([first.stop?.scope, first.countsAsRetry], ['campaign', true]);
  const second = refused(100, { retries: 1 });
  assert.deepEqual([second.kind, second.stop], ['failed', undefined]);
});

test('a person who said no fails and is suppressed; one who had enough for today only fails', () => {
  assert.deepEqual(refused(131050), { kind: 'failed', error: { code: 131050, message: 'm' }, suppress: 'marketing' });
  assert.deepEqual(refused(130403), { kind: 'failed', error: { code: 130403, message: 'm' }, suppress: 'all' });
  assert.deepEqual(refused(131049), { kind: 'failed', error: { code: 131049, message: 'm' } });
});

test('a network that is down fails nobody: they wait up to a minute, use up no retry, and the number stops for seconds', () => {
  for (const attempt of [1, 2, 5, 100, 5000]) {
    const decision = again(decide({ kind: 'not_sent', reason: 'connection_refused' }, context({ retries: 3, attempt })));
    assert.equal(decision.countsAsRetry, false);
    assert.ok(decision.afterMs > 0 && decision.afterMs <= 60_000);
    assert.ok((decision.slowNumber?.seconds ?? 0) >= 1 && (decision.slowNumber?.seconds ?? 0) <= 5);
    assert.equal(decision.stop, undefined);
  }
});

test('weeks without a connection fail with a code of our own, which may be sent again', () => {
  const decision = decide({ kind: 'not_sent', reason: 'name_not_found' }, context({ attempt: 30_000 }));
  assert.deepEqual(decision, { kind: 'failed', error: { code: -1, message: 'name_not_found' } });
});

test('a failure told by webhook is never again, but may suppress, stop or slow', () => {
  const told = (code: number): ReturnType<typeof decideWebhookFailure> => decideWebhookFailure({ code, message: 'm' });
  assert.deepEqual(told(131050), { suppress: 'marketing' });
  assert.equal(told(131042).stop?.scope, 'account');
  assert.equal(told(132015).stop?.scope, 'template');
  assert.equal(told(131048).slowNumber?.seconds, 3600);
  for (const code of [131000, 131026, 131049, 130472, 131053]) assert.deepEqual(told(code), {}, String(code));
});

test('only a readable refusal, a 429 or a failed connection ever leads to another send', () => {
  const codes = fc.oneof(fc.integer(), fc.constantFrom(...META_ERRORS.map(({ code }) => code)));
  const error = fc.record(
    {
      code: codes,
      message: fc.string(),
      details: fc.string(),
      httpStatus: fc.integer({ min: 200, max: 599 }),
      isTransient: fc.boolean(),
    },
    { requiredKeys: ['code', 'message'] },
  );
  const outcome: fc.Arbitrary<SendOutcome> = fc.oneof(
    fc.record({ kind: fc.constant('accepted' as const), wamid: fc.string(), held: fc.boolean() }),
    fc.record({ kind: fc.constant('unknown' as const), reason: fc.string() }),
    fc.record({ kind: fc.constant('rejected' as const), error }),
    fc.record({ kind: fc.constant('not_sent' as const), reason: fc.string() }),
  );
  fc.assert(
    fc.property(outcome, fc.nat(10), fc.integer({ min: 1, max: 40_000 }), (one, retries, attempt) => {
      const decision = decide(one, context({ retries, attempt }));
      if (decision.kind === 'again') {
        assert.ok(one.kind === 'rejected' || one.kind === 'not_sent');
        assert.ok(Number.isFinite(decision.afterMs) && decision.afterMs > 0);
      }
      if (one.kind === 'unknown') assert.equal(decision.kind, 'unknown');
      if (decision.kind === 'failed') assert.equal(decision.stop, undefined);
    }),
  );
});
