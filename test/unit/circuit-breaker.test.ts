import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Answers, afterAnswers, afterQuestion, type Breaker, CLOSED } from '../../src/numbers/circuit-breaker.ts';

const NOW = new Date('2026-11-30T12:00:00Z');

function heard(over: Partial<Answers>): Answers {
  return { good: 0, lost: 0, lostLate: 0, faulty: 0, returned: 0, reason: undefined, silentWith: undefined, ...over };
}

function open(over: Partial<Answers> = {}): Breaker {
  return afterAnswers(CLOSED, heard({ lost: 10, reason: 'reset', ...over }), NOW);
}

describe('the circuit breaker of a number', () => {
  test('is watched after a few lost answers, and stopped after a run of them', () => {
    const watched = afterAnswers(CLOSED, heard({ lost: 2, reason: 'connection_reset' }), NOW);
    assert.deepEqual([watched.state, watched.allowance, watched.reason], ['half_open', 20, 'connection_reset']);
    const stopped = afterAnswers(watched, heard({ lost: 8, reason: 'http_502_unreadable' }), NOW);
    assert.deepEqual([stopped.state, stopped.allowance, stopped.lost], ['open', 0, 10]);
  });

  test('opens at once on silence, and says how many were out', () => {
    const { state, reason, in_air } = afterAnswers(CLOSED, heard({ silentWith: 37 }), NOW);
    assert.deepEqual([state, reason, in_air], ['open', 'silence', 37]);
  });

  test('opens on answers that say the service failed, though nobody is in doubt by them', () => {
    const { state, lost } = afterAnswers(CLOSED, heard({ faulty: 20, reason: 'meta_131016' }), NOW);
    assert.deepEqual([state, lost], ['open', 0]);
  });

  test('lost answers far between are forgiven', () => {
    let breaker = afterAnswers(CLOSED, heard({ lost: 2 }), NOW);
    for (let i = 0; i < 100; i++) breaker = afterAnswers(breaker, heard({ good: 20, lost: i % 3 === 0 ? 1 : 0 }), NOW);
    assert.notEqual(breaker.state, 'open');
    assert.equal(afterAnswers(breaker, heard({ good: 200 }), NOW).state, 'closed');
  });

  test('the allowance grows with good answers and gets back what did not leave', () => {
    const watched = afterAnswers(CLOSED, heard({ lost: 2 }), NOW);
    assert.equal(afterAnswers(watched, heard({ good: 3, returned: 4 }), NOW).allowance, 20 + 6 + 4);
  });

  test('while it is open a lost answer only counts, and a good one asks Meta at once', () => {
    const late = afterAnswers(open(), heard({ lostLate: 5 }), NOW);
    assert.deepEqual([late.state, late.lost], ['open', 15]);
    const { state, probe_at } = afterAnswers(open(), heard({ good: 1 }), new Date(NOW.getTime() + 100));
    assert.deepEqual([state, probe_at?.getTime()], ['open', NOW.getTime() + 100]);
  });

  test('lost answers of before it opened are no reason to open it again', () => {
    const probing = afterQuestion(open());
    assert.deepEqual([probing.state, probing.allowance], ['half_open', 1]);
    const after = afterAnswers(probing, heard({ lostLate: 30, good: 1 }), NOW);
    assert.deepEqual([after.state, after.allowance, after.lost], ['half_open', 3, 40]);
  });

  test('a probe that is lost makes the next one wait twice as long, so that a week costs a dozen people', () => {
    let breaker = open();
    let at = NOW.getTime();
    const end = at + 7 * 86_400_000;
    const waits: number[] = [];
    while (at < end) {
      const asked = breaker.probe_at?.getTime() ?? Number.NaN;
      waits.push(asked - at);
      at = asked;
      breaker = afterAnswers(afterQuestion(breaker), heard({ lost: 1 }), new Date(at));
    }
    assert.deepEqual(waits.slice(0, 5), [1_000, 5_000, 10_000, 20_000, 40_000]);
    assert.ok(breaker.lost <= 10 + 25, String(breaker.lost));
  });

  test('fifty good answers in a row close it', () => {
    const probing = afterQuestion(open());
    const climbing = afterAnswers(probing, heard({ good: 49 }), NOW);
    assert.equal(climbing.state, 'half_open');
    assert.deepEqual(afterAnswers(climbing, heard({ good: 1 }), NOW), CLOSED);
  });

  test('what is told of a number that is well, and is nothing bad, changes nothing', () => {
    assert.deepEqual(afterAnswers(CLOSED, heard({ good: 5, lostLate: 3, returned: 2 }), NOW), CLOSED);
  });
});
