/** The embedded database does not wait for the disk: what a start does after the machine, and not only the process, went down. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { didMachineGoDown, markRunning, markStopped } from '../../src/lib/db/clean-stop.ts';
import { claim } from '../../src/lifecycle/claim.sql.ts';
import { markForgotten } from '../../src/operations/after-restore.ts';
import { openTestDb } from '../support/db.ts';
import { assertCountersAddUp, filled, makeCampaign, messagesOf, statusOf, talliesOf } from '../support/factories.ts';
import { openHouse } from '../support/house.ts';

test('the machine went down if a run of another boot was never stopped; a killed process, or a clean stop, is none', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mark-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  mkdirSync(join(folder, 'database', 'base'), { recursive: true });
  writeFileSync(join(folder, 'database', 'base', '1'), 'x');
  assert.equal(didMachineGoDown(folder, 'monday'), false);
  markRunning(folder, 'monday');
  assert.equal(didMachineGoDown(folder, 'monday'), false);
  assert.equal(didMachineGoDown(folder, 'tuesday'), true);
  markStopped(folder, join(folder, 'database'));
  assert.equal(didMachineGoDown(folder, 'tuesday'), false);
  markRunning(folder, 'booted 1700000000');
  assert.equal(didMachineGoDown(folder, 'booted 1700000030'), false);
  assert.equal(didMachineGoDown(folder, 'booted 1700000300'), true);
});

test('of a long list only those are in doubt who could have been next in the forgotten minute', async (t) => {
  const db = await openTestDb(t);
  const fast = await makeCampaign(db, { people: 400 });
  const slow = await makeCampaign(db, { people: 400, messagesPerSecond: 1 });
  await claim(db, { campaignId: fast, mode: 'sandbox', limit: 5, category: 'UTILITY', leaseSeconds: 60, slot: 0 });
  const draft = await makeCampaign(db, { people: 2, status: 'draft' });
  const result = await markForgotten(db, 4);
  assert.deepEqual(result, { paused: [fast, slow], asking: [draft], unknown: 5 + 244 + 61 });
  for (const [id, counts] of [
    [fast, { pending: 151, unknown: 249 }],
    [slow, { pending: 339, unknown: 61 }],
  ] as const) {
    assert.equal(await statusOf(db, id), 'paused');
    assert.deepEqual(filled((await talliesOf(db, id)).byStatus), counts);
    await assertCountersAddUp(db, id);
  }
  // The first of the list, in whose order they leave.
  const doubted = (await messagesOf(db, slow)).filter(({ status }) => status === 'unknown').map(({ id }) => id);
  assert.deepEqual([doubted[0], doubted.at(-1)], [1, 61]);
});

test('a start after a power cut holds what had started and goes on; a start after a clean stop or a killed process changes nothing', async (t) => {
  const house = await openHouse({ WHATSAPP_MESSAGES_PER_SECOND: '1' });
  t.after(async () => {
    await house.stop();
    house.remove();
  });
  const made = await house.call('POST', '/api/v1/campaigns', {
    name: 'Uno',
    template_name: 'bienvenida',
    template_language: 'es',
  });
  const id = String(made.json['id']);
  const rows = Array.from({ length: 200 }, (_, i) => `+5730012${String(10_000 + i)},Ana,Ruiz`);
  await house.upload(Number(id), ['Recipient-Phone-Number,variable_1,variable_2', ...rows].join('\n'));
  assert.equal((await house.call('POST', `/api/v1/campaigns/${id}/start`)).status, 200);
  assert.equal((await house.call('POST', `/api/v1/campaigns/${id}/pause`)).status, 200);
  const mark = join(house.dataDir, '.running');
  assert.ok(existsSync(mark));
  const standing = async () => {
    const { json } = await house.call('GET', `/api/v1/campaigns/${id}`);
    const { pending = 0, unknown = 0 } = json['by_status'] as Record<string, number>;
    return { status: json['status'], because: (json['pause_reason'] as { code: string }).code, pending, unknown };
  };
  const before = await standing();
  assert.equal(before.because, 'operator');

  await house.restart({ boot: 'tuesday' });
  assert.deepEqual(await standing(), before);
  await house.restart({
    boot: 'tuesday',
    before: () => {
      writeFileSync(mark, 'tuesday');
    },
  });
  assert.deepEqual(await standing(), before);

  await house.restart({
    boot: 'tuesday',
    before: () => {
      writeFileSync(mark, 'monday');
    },
  });
  const after = await standing();
  assert.deepEqual([after.status, after.because], ['paused', 'restored']);
  assert.equal(after.unknown - before.unknown, 61);
  assert.equal(before.pending - after.pending, 61);
  assert.equal((await house.call('POST', `/api/v1/campaigns/${id}/resume`)).status, 200);
});
