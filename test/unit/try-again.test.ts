import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_TRIES, nextTry } from '../../src/webhooks/try-again.ts';

test('a webhook that cannot be applied waits longer each time, half an hour in all, before it is left alone', () => {
  const waits = Array.from({ length: MAX_TRIES }, (_, tries) => nextTry(new TypeError('odd'), tries));
  assert.ok(waits.every(({ free }) => !free));
  for (let n = 1; n < waits.length; n++) assert.ok((waits[n]?.afterSeconds ?? 0) >= (waits[n - 1]?.afterSeconds ?? 0));
  assert.ok(waits.slice(0, -1).reduce((sum, { afterSeconds }) => sum + afterSeconds, 0) >= 15 * 60);
});

test('tables that are not as this program knows them are waited for without an end, and looked at every minute', () => {
  const missing = Object.assign(new Error('column "x" does not exist'), { code: '42703' });
  assert.deepEqual(nextTry(missing, MAX_TRIES - 1), { afterSeconds: 60, free: true });
  assert.deepEqual(nextTry(missing, 0), { afterSeconds: 5, free: false });
  // The value's own fault is not.
  assert.equal(nextTry(Object.assign(new Error('out of range'), { code: '22003' }), MAX_TRIES - 1).free, false);
});
