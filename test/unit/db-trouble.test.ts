import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPassingTrouble } from '../../src/lib/db/db.ts';

function coded(code: string, message = 'x'): Error {
  return Object.assign(new Error(message), { code });
}

test('a lost connection, a restart, a full disk and a lost race pass by themselves', () => {
  for (const code of [
    '08006',
    '57P01',
    '57P03',
    '53100',
    '53300',
    '40P01',
    '40001',
    '58030',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
  ]) {
    assert.equal(isPassingTrouble(coded(code)), true, code);
  }
  for (const message of [
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
  ]) {
    assert.equal(isPassingTrouble(new Error(message)), true, message);
  }
});

test('a statement that is wrong, values that do not fit and a fault of our own do not pass', () => {
  for (const code of ['22P02', '23505', '42601', '54000', 'XX000']) assert.equal(isPassingTrouble(coded(code)), false, code);
  assert.equal(isPassingTrouble(new TypeError('undefined is not a function')), false);
  assert.equal(isPassingTrouble('nothing'), false);
});
