import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBreaker } from '../../src/sending/breaker.ts';

test('twenty failures alike at the beginning trip it, nineteen do not', () => {
  const breaker = createBreaker();
  for (let i = 0; i < 19; i++) assert.equal(breaker.note(131026), undefined);
  assert.equal(breaker.note(131026), 131026);
});

test('one good send among the first twenty keeps it whole', () => {
  const breaker = createBreaker();
  breaker.note(undefined);
  for (let i = 0; i < 40; i++) assert.equal(breaker.note(131026), undefined);
});

test('different codes do not add up', () => {
  const breaker = createBreaker();
  for (let i = 0; i < 60; i++) assert.equal(breaker.note(i % 3), undefined);
});

test('half of the last hundred with one code trip it, and good ones before these hundred are forgotten', () => {
  const breaker = createBreaker();
  for (let i = 0; i < 500; i++) breaker.note(undefined);
  let tripped = 0;
  for (let i = 1; i <= 100 && tripped === 0; i++) if (breaker.note(131047) !== undefined) tripped = i;
  assert.equal(tripped, 50);
});

test('a success never trips it', () => {
  const breaker = createBreaker();
  for (let i = 0; i < 200; i++) assert.equal(breaker.note(undefined), undefined);
});

test('several workers share the first twenty, and none takes a few in a row for everybody', () => {
  const tripsAfter = (workers: number): number => {
    const breaker = createBreaker(workers);
    let sent = 1;
    while (breaker.note(131008) === undefined) sent++;
    return sent;
  };
  assert.deepEqual([tripsAfter(1), tripsAfter(2), tripsAfter(3), tripsAfter(50)], [20, 10, 7, 7]);
});
