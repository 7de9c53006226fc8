import assert from 'node:assert/strict';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { csvForm, insist } from '../../src/cli/drill/api.ts';
import { byStatusOf, readCampaign } from '../../src/cli/drill/facts.ts';
import { buildWorld, type World } from './world.ts';

const PEOPLE = 400;
const LONG = { withinMs: 300_000, everyMs: 50 };

before(() => {
  ensureBuilt();
});

async function open(t: TestContext): Promise<World> {
  const world = await buildWorld({
    topology: 'embedded',
    rate: 80,
    seed: 3,
    config: {
      magic_numbers: false,
      throughput: { enforce: false },
      statuses: { sent_ms: [10, 50], delivered_ms: [20, 100], read_ms: [30, 200], mix: { read: 1 } },
    },
  });
  t.after(() => world.close());
  return world;
}

async function begin({ api }: World): Promise<number> {
  const made = await api.call('POST', '/api/v1/campaigns', {
    name: 'Before the backup',
    template_name: 'bienvenida',
    template_language: 'es',
  });
  const id = Number(made.json['id']);
  const form = csvForm(
    `telefono,variable_1,variable_2\n${Array.from({ length: PEOPLE }, (_, i) => `+${String(573_000_000_000 + i)},Ana,C`).join('\n')}\n`,
  );
  await api.call('POST', `/api/v1/campaigns/${String(id)}/upload-recipients`, form.body, form.headers);
  assert.equal((await api.call('POST', `/api/v1/campaigns/${String(id)}/start`)).status, 200);
  return id;
}

async function accepted(world: World): Promise<number> {
  return Number((await world.sim.call('GET', '/_sim/state')).json['accepted']);
}

test('a backup restored in the middle of a campaign writes to nobody a second time', async (t) => {
  const world = await open(t);
  const app = world.workers[0]!;
  const id = await begin(world);
  await insist('some to be sent before the backup', async () => ((await accepted(world)) > PEOPLE / 8 ? true : undefined), LONG);
  await app.stop(60_000);
  const atBackup = await accepted(world);
  const [data, copy] = [join(world.folder, 'app'), join(world.folder, 'copy')];
  cpSync(data, copy, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  app.spawn();
  await app.up();
  await insist(
    'more to be sent after it',
    async () => ((await accepted(world)) > atBackup + PEOPLE / 4 ? true : undefined),
    LONG,
  );
  await app.kill();
  const atRestore = await accepted(world);
  assert.ok(atRestore < PEOPLE, 'some still wait, so that the restore has something to do wrong');

  rmSync(data, { recursive: true });
  renameSync(copy, data);
  const told = world.command('app', 'restored', '--yes');
  assert.equal(told.code, 0, told.said);
  app.spawn();
  await app.up();
  assert.equal((await world.api.call('POST', `/api/v1/campaigns/${String(id)}/resume`)).status, 200);
  await insist(
    'the campaign to end',
    async () => {
      const { json } = await world.api.call('GET', `/api/v1/campaigns/${String(id)}/stats`);
      const byStatus = byStatusOf(json['by_status']);
      return json['status'] === 'completed' && byStatus.pending + byStatus.sending === 0 ? true : undefined;
    },
    LONG,
  );

  const { json: summary } = await world.sim.call('GET', '/_sim/ledger/summary');
  assert.equal(summary['repeated_person'], 0);
  assert.equal(summary['accepted'], atRestore, 'whoever waited at the backup is left to a person to decide');
  const campaign = await readCampaign(world.api, id);
  assert.equal(campaign.people.length, PEOPLE);
  assert.equal(campaign.by_status.unknown >= PEOPLE - atRestore, true);
});
