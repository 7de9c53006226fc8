import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { openHouse, until } from '../support/house.ts';
import { assertHeldAndHarmless, cli, openWorld, run, startCampaign, untilCompleted } from '../support/restore-drill.ts';
import { needsPostgres } from '../support/servers.ts';

const PEOPLE = 120;
const server = needsPostgres();
const tools =
  server.skip === false && (await run('pg_dump', ['--version']).catch(() => undefined)) === undefined
    ? 'no pg_dump'
    : server.skip;

test('pg_dump during a running campaign, pg_restore and "restored": nobody is written to twice', { skip: tools }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'backup-pg-'));
  const world = await openWorld();
  const admin = openPostgres({ connectionString: server.url, max: 1 });
  const name = `drill_${String(process.pid)}`;
  const urlOf = (database: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    return url.href;
  };
  after(async () => {
    await world.stop();
    for (const database of [name, `${name}_restored`]) await admin.query(`drop database if exists ${database} with (force)`);
    await admin.close();
    rmSync(root, { recursive: true, force: true });
  });
  await admin.query(`create database ${name}`);
  // So slow that the dump falls into the middle on any machine.
  const slow = await openHouse({ ...world.settings, DATABASE_URL: urlOf(name), WHATSAPP_MESSAGES_PER_SECOND: '1' });
  world.listenTo(slow);
  const id = await startCampaign(slow, PEOPLE);
  await until('some have left', async () => ((await world.ledger()).accepted > 2 ? true : undefined));
  const file = join(root, 'monday.dump');
  const dumped = await run('pg_dump', ['--format=custom', `--file=${file}`, urlOf(name)]);
  assert.equal(dumped.code, 0, dumped.err);
  await slow.stop();
  slow.remove();
  const house = await openHouse({ ...world.settings, DATABASE_URL: urlOf(name), WHATSAPP_MESSAGES_PER_SECOND: '500' });
  world.listenTo(house);
  await untilCompleted(house, id);
  await house.stop();
  house.remove();

  await admin.query(`create database ${name}_restored`);
  const loaded = await run('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${urlOf(`${name}_restored`)}`, file]);
  assert.equal(loaded.code, 0, loaded.err);
  const target = { DATABASE_URL: urlOf(`${name}_restored`) };
  // The dump says that a process was alive a moment ago; the command waits for nobody and says so.
  const restored = await until(
    'the dead process counts as dead',
    async () => {
      const done = await cli(['restored', '--yes', '--json'], target);
      return done.code === 0 ? done : undefined;
    },
    120_000,
  );
  assert.deepEqual((JSON.parse(restored.out) as { paused_campaigns: number[] }).paused_campaigns, [id]);
  const second = await openHouse({ ...world.settings, ...target });
  try {
    await assertHeldAndHarmless(second, id);
    assert.deepEqual(await world.ledger(), { accepted: PEOPLE, repeated_person: 0 });
  } finally {
    await second.stop();
    second.remove();
  }
});
