import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ADMIN_KEY, openHouse, until } from '../support/house.ts';
import { assertHeldAndHarmless, cli, openWorld, startCampaign, untilCompleted } from '../support/restore-drill.ts';

const PEOPLE = 120;
const root = mkdtempSync(join(tmpdir(), 'backup-live-'));
const restoredDir = join(root, 'restored');
const world = await openWorld();
after(async () => {
  await world.stop();
  rmSync(root, { recursive: true, force: true });
});

test('a backup of a running campaign, restored after more has been sent, writes to nobody twice', async () => {
  // So slow that the backup falls into the middle on any machine.
  const slow = await openHouse({ ...world.settings, WHATSAPP_MESSAGES_PER_SECOND: '1' });
  world.listenTo(slow);
  const id = await startCampaign(slow, PEOPLE);
  await until('some have left', async () => ((await world.ledger()).accepted > 2 ? true : undefined));
  const file = join(root, 'monday.tar.gz');
  const saved = await cli(['backup', '--out', file, '--url', slow.app.url, '--key', ADMIN_KEY]);
  assert.equal(saved.code, 0, saved.err);
  assert.ok(existsSync(file));
  await slow.stop();
  const house = await openHouse({ ...world.settings, DATA_DIR: slow.dataDir, WHATSAPP_MESSAGES_PER_SECOND: '500' });
  world.listenTo(house);
  assert.equal((await untilCompleted(house, id))['messages_sent'], PEOPLE);
  const metrics = (await house.call('GET', '/metrics')).text;
  assert.match(metrics, /whatsapp_sender_posts_total\{mode="sandbox",outcome="accepted"\} [1-9]/);
  assert.match(metrics, /whatsapp_sender_campaigns\{mode="sandbox",status="completed"\} 1/);
  assert.match(metrics, /whatsapp_sender_database_up 1/);
  await house.stop();
  house.remove();
  slow.remove();

  const restored = await cli(['restore', file], { DATA_DIR: restoredDir });
  assert.equal(restored.code, 0, restored.err);
  assert.match(restored.out, /1 started campaign paused/);
  const second = await openHouse({ ...world.settings, DATA_DIR: restoredDir });
  try {
    await assertHeldAndHarmless(second, id);
    assert.deepEqual(await world.ledger(), { accepted: PEOPLE, repeated_person: 0 });
    const again = await cli(['restore', file], { DATA_DIR: restoredDir });
    assert.equal(again.code, 1);
    assert.match(again.err, /A running process uses/);
  } finally {
    await second.stop();
    second.remove();
  }
});

test('with no server running, the backup is taken from the folder', async () => {
  const file = join(root, 'cold.tar.gz');
  const saved = await cli(['backup', '--out', file], { DATA_DIR: restoredDir, PORT: '1' });
  assert.equal(saved.code, 0, saved.err);
  const restored = await cli(['restore', file, '--json'], { DATA_DIR: join(root, 'third') });
  assert.equal(restored.code, 0, restored.err);
  assert.equal((JSON.parse(restored.out) as { unknown: number }).unknown, 0);
});
