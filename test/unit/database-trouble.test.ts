import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseTrouble } from '../../src/lib/db/database-trouble.ts';

function coded(code: string, more: object = {}): Error {
  return Object.assign(new Error('x'), { code, ...more });
}

test('a lost connection, a restart and a full disk mean that the database is away', () => {
  for (const code of ['08006', '57P01', '57P03', '53100', '53300', '58030'])
    assert.equal(databaseTrouble(coded(code)), 'away', code);
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT'])
    assert.equal(databaseTrouble(coded(code, { syscall: 'connect' })), 'away', code);
  for (const message of [
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
    'the embedded database stopped (exit code 1)',
  ])
    assert.equal(databaseTrouble(new Error(message)), 'away', message);
});

test('a host name of two addresses that both refuse is away too', () => {
  const refused = coded('ECONNREFUSED', { syscall: 'connect' });
  assert.equal(databaseTrouble(Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' })), 'away');
});

test('a lost race and a cancelled statement are beaten by others', () => {
  for (const code of ['40P01', '40001', '57014']) assert.equal(databaseTrouble(coded(code)), 'beaten', code);
});

test('a statement that is wrong, values that do not fit, a missing file and a fault of our own are no trouble of the database', () => {
  for (const code of ['22P02', '23505', '42601', '54000', 'XX000']) assert.equal(databaseTrouble(coded(code)), undefined, code);
  assert.equal(databaseTrouble(coded('ENOENT', { syscall: 'open' })), undefined);
  assert.equal(databaseTrouble(new TypeError('undefined is not a function')), undefined);
  assert.equal(databaseTrouble('nothing'), undefined);
});
