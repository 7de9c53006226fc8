import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Account,
  type CampaignFact,
  drawAccount,
  type LedgerEntry,
  type PersonFact,
} from '../../src/cli/drill/reconciliation.ts';
import { type MessageStatus, zeroByStatus } from '../../src/lifecycle/message.ts';

function person(id: number, status: MessageStatus, more: Partial<PersonFact> = {}): PersonFact {
  const hasLeft = !['pending', 'cancelled', 'skipped', 'sending', 'unknown'].includes(status);
  return {
    id,
    phone: `+57300000000${String(id)}`,
    status,
    attempt: 1,
    wamid: hasLeft ? `wamid.${String(id)}` : null,
    errorCode: status === 'failed' ? 131026 : null,
    reason: status === 'unknown' ? 'process_lost' : null,
    priceMicros: status === 'delivered' || status === 'read' ? 10 : null,
    ...more,
  };
}

function campaign(people: readonly PersonFact[], more: Partial<CampaignFact> = {}): CampaignFact {
  const byStatus = zeroByStatus();
  for (const { status } of people) byStatus[status]++;
  return {
    id: 1,
    status: 'completed',
    by_status: byStatus,
    costMicros: people.reduce((sum, { priceMicros }) => sum + (priceMicros ?? 0), 0),
    messagesSent: people.filter(({ wamid }) => wamid !== null).length,
    duplicateIncidents: 0,
    people,
    ...more,
  };
}

function entry(id: number, final: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    wamid: `wamid.${String(id)}`,
    to: `+57300000000${String(id)}`,
    callback: `ab12.1.${String(id)}.1`,
    final,
    errorCode: final === 'failed' ? 131026 : null,
    acceptedAt: 0,
    told: final !== 'accepted',
    ...more,
  };
}

function kinds(account: Account): string[] {
  return account.faults.map(({ kind }) => kind);
}

test('people who stand where the ledger says add up', () => {
  const people = [person(1, 'read'), person(2, 'failed'), person(3, 'delivered'), person(4, 'accepted')];
  const account = drawAccount(
    [campaign(people)],
    [entry(1, 'read'), entry(2, 'failed'), entry(3, 'delivered'), entry(4, 'accepted')],
  );
  assert.deepEqual(account.faults, []);
  assert.equal(account.ok, true);
  assert.deepEqual([account.people, account.accepted, account.repeated, account.lost], [4, 4, 0, 0]);
});

test('a person whom the simulator accepted twice is told, whatever the attempt', () => {
  const account = drawAccount(
    [campaign([person(1, 'read', { attempt: 2, wamid: 'wamid.9' })])],
    [entry(1, 'read'), entry(1, 'read', { wamid: 'wamid.9', callback: 'ab12.1.1.2' })],
  );
  assert.deepEqual(kinds(account), ['written_twice']);
  assert.equal(account.repeated, 1);
});

test('a person who still waits in a completed campaign was forgotten; in a paused one not', () => {
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'pending')])], [])), ['left_out']);
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'pending')], { status: 'paused' })], [])), []);
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'cancelled')])], [])), ['left_out']);
});

test('unknown is allowed for whom the simulator never had, and is a fault for whom it told', () => {
  const never = drawAccount([campaign([person(1, 'unknown')])], []);
  assert.deepEqual([never.ok, never.unknownNeverAccepted.length], [true, 1]);
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'unknown')])], [entry(1, 'read')])), ['not_settled']);
  const silent = drawAccount([campaign([person(1, 'unknown')])], [entry(1, 'accepted')]);
  assert.deepEqual([silent.ok, silent.unknownNeverTold.length], [true, 1]);
});

test('a box, an id, an attempt or an error that differs from the ledger is told', () => {
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'sent')])], [entry(1, 'read')])), ['wrong_box']);
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'read', { wamid: 'wamid.8' })])], [entry(1, 'read')])), [
    'wrong_wamid',
  ]);
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'read', { attempt: 2 })])], [entry(1, 'read')])), ['wrong_attempt']);
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'failed', { errorCode: 1 })])], [entry(1, 'failed')])), [
    'wrong_error',
  ]);
});

test('a message that the simulator never had, and one that nobody sent, are told', () => {
  assert.deepEqual(kinds(drawAccount([campaign([person(1, 'read')])], [])), ['invented']);
  assert.deepEqual(kinds(drawAccount([campaign([])], [entry(1, 'read')])), ['stranger']);
  assert.deepEqual(kinds(drawAccount([campaign([])], [entry(1, 'read', { callback: null })])), ['stranger']);
});

test('a counter or a cost that differs from the people is told', () => {
  const people = [person(1, 'read')];
  const ledger = [entry(1, 'read')];
  assert.deepEqual(kinds(drawAccount([campaign(people, { by_status: zeroByStatus() })], ledger)), ['wrong_counter']);
  assert.deepEqual(kinds(drawAccount([campaign(people, { messagesSent: 2 })], ledger)), ['wrong_counter']);
  assert.deepEqual(kinds(drawAccount([campaign(people, { costMicros: 11 })], ledger)), ['wrong_cost']);
  assert.deepEqual(kinds(drawAccount([campaign(people, { duplicateIncidents: 1 })], ledger)), ['duplicate_incident']);
});
