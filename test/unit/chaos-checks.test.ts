import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceFaults, pauseFaults } from '../chaos/ledger-checks.ts';

const at = (acceptedAt: number, to = '+573000000001'): { to: string; acceptedAt: number } => ({ to, acceptedAt });

test('the storm sees a second that is too full, wherever it begins, and not one in which the simulator stood still', () => {
  const even = Array.from({ length: 1_000 }, (_, i) => at(i * 10));
  const burst = Array.from({ length: 300 }, () => at(5_500));
  assert.deepEqual(paceFaults(even, 100, []), []);
  assert.equal(paceFaults([...even, ...burst], 100, []).length, 1);
  assert.deepEqual(paceFaults([...even, ...burst], 100, [{ from: 5_400, until: 5_600 }]), []);
});

test('the storm sees what leaves after a pause beyond what was in flight, of that campaign only', () => {
  const pause = { campaign: 1, inFlight: 1, from: 1_000, until: 2_000, phones: new Set([573_000_000_001]) };
  assert.deepEqual(pauseFaults([at(900), at(1_500), at(1_600, '+573000000002'), at(2_500)], [pause]), []);
  assert.equal(pauseFaults([at(1_500), at(1_600)], [pause]).length, 1);
});
