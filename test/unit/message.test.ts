import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  callbackData,
  isCallbackData,
  MESSAGE_STATUSES,
  OPEN_STATUSES,
  parseCallbackData,
  rankOf,
  UNSETTLED_STATUSES,
  zeroByStatus,
} from '../../src/lifecycle/message.ts';

test('the rank lets failed give way to delivered and sent to failed', () => {
  const order = ['pending', 'sending', 'unknown', 'held', 'accepted', 'sent', 'failed', 'delivered', 'read'] as const;
  assert.deepEqual(
    [...order].sort((a, b) => rankOf(a) - rankOf(b)),
    order,
  );
});

test('open, unsettled and final statuses are every status once', () => {
  const final = ['skipped', 'cancelled', 'failed', 'delivered', 'read'];
  assert.deepEqual([...OPEN_STATUSES, ...UNSETTLED_STATUSES, ...final].sort(), [...MESSAGE_STATUSES].sort());
  assert.deepEqual(Object.keys(zeroByStatus()), [...MESSAGE_STATUSES]);
});

test('callback data comes back as the attempt it was made of', () => {
  const id = fc.integer({ min: 1, max: 999_999_999 });
  const attempt = fc.integer({ min: 1, max: 32_767 });
  fc.assert(
    fc.property(id, id, attempt, (campaignId, messageId, n) => {
      const key = { campaignId, messageId, attempt: n };
      for (const epoch of [null, '4f1c9e02aa']) {
        const data = callbackData({ installationId: 'abc12345', epoch }, key);
        assert.ok(data.length <= 512);
        assert.deepEqual(parseCallbackData('abc12345', data), { key, epoch });
        assert.equal(isCallbackData(data), true);
        assert.equal(parseCallbackData('other123', data), undefined);
      }
    }),
  );
});

test("callback data that is not ours, or that the database could not hold, is nobody's", () => {
  for (const data of [
    '',
    'abc12345',
    'abc12345.1.2',
    'abc12345.1.2.3.4.5',
    'abc12345.1.2.3.',
    'abc12345.1.2.x',
    'abc12345.1.2.32768',
    'abc12345.9999999999.1.1',
    'ABC12345.1.2.3',
    ' abc12345.1.2.3',
    'order-77',
  ]) {
    assert.equal(parseCallbackData('abc12345', data), undefined, data);
  }
});
