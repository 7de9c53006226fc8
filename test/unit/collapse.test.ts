import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { english, translate } from '../../src/lib/words/sentence.ts';
import { LANGUAGES } from '../../src/lib/words/words.ts';
import { collapse, type Matched } from '../../src/webhooks/collapse.ts';
import { adviceFor, CAUSE_UNKNOWN_CODE, titleFor } from '../../src/whatsapp/errors.ts';
import type { ReportedStatus } from '../../src/whatsapp/webhook-status.ts';

function matched(
  messageId: number,
  attempt: number,
  status: ReportedStatus,
  seconds: number,
  over: { price?: number; code?: number } = {},
): Matched {
  return {
    key: { campaignId: 1, messageId, attempt },
    status: {
      kind: 'status',
      wamid: `wamid.${String(messageId)}.${String(attempt)}`,
      status,
      timestamp: new Date(seconds * 1_000),
      errors: over.code === undefined ? [] : [{ code: over.code, message: 'x' }],
      raw: {},
    },
    person: undefined,
    priceMicros: over.price,
  };
}

test('many statuses of one attempt become one report: the highest, with the time of each and the price once told', () => {
  const [[report] = []] = collapse([
    matched(1, 1, 'read', 30),
    matched(1, 1, 'sent', 10, { price: 900 }),
    matched(1, 1, 'delivered', 20),
    matched(1, 1, 'sent', 10),
  ]);
  assert.deepEqual(
    [report?.status, report?.sentAt, report?.deliveredAt, report?.readAt, report?.priceMicros],
    ['read', 10, 20, 30, 900],
  );
});

test('a failure keeps its code and its words, whatever outranks it', () => {
  const [[report] = []] = collapse([matched(1, 1, 'failed', 20, { code: 131026 }), matched(1, 1, 'delivered', 30)]);
  assert.deepEqual([report?.status, report?.errorCode, report?.event?.kind], ['delivered', 131026, 'failed']);
});

test('a failure without a reason is of unknown cause, and any reason told besides takes its place, in either order', () => {
  const codeOf = (...all: Matched[]): number | undefined => collapse(all)[0]?.[0]?.errorCode;
  const bare = matched(1, 1, 'failed', 20);
  const told = matched(1, 1, 'failed', 21, { code: 131026 });
  assert.equal(codeOf(bare), CAUSE_UNKNOWN_CODE);
  assert.deepEqual([codeOf(bare, told), codeOf(told, bare)], [131026, 131026]);
  assert.equal(english(titleFor(CAUSE_UNKNOWN_CODE)), 'Cause unknown');
  for (const language of LANGUAGES) assert.doesNotMatch(translate(adviceFor(CAUSE_UNKNOWN_CODE), language), /token/i);
});

test('a message is once in each round, and nothing is lost', () => {
  const one = fc.record({
    messageId: fc.integer({ min: 1, max: 4 }),
    attempt: fc.integer({ min: 1, max: 3 }),
    status: fc.constantFrom('sent', 'delivered', 'read', 'failed'),
    at: fc.integer({ min: 1, max: 99 }),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), (statuses) => {
      const rounds = collapse(statuses.map((s) => matched(s.messageId, s.attempt, s.status, s.at)));
      for (const round of rounds) assert.equal(new Set(round.map((report) => report.messageId)).size, round.length);
      const told = (ids: readonly { messageId: number; attempt: number }[]): string[] =>
        [...new Set(ids.map((id) => `${String(id.messageId)}.${String(id.attempt)}`))].sort();
      assert.deepEqual(told(rounds.flat()), told(statuses));
    }),
  );
});

test('the order of the statuses makes no difference to what is reported', () => {
  const all = [
    matched(1, 1, 'sent', 10, { price: 900 }),
    matched(1, 1, 'delivered', 20, { price: 900 }),
    matched(1, 1, 'read', 30),
    matched(1, 1, 'failed', 25, { code: 131026 }),
  ];
  const expected = collapse(all);
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      assert.deepEqual(collapse(shuffled), expected);
    }),
  );
});
