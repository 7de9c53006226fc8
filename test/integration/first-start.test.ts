/** The embedded database of a new folder: unpacked, never made, so that the first start fits a small server. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ABOUT, readEmptyDatabase } from '../../src/lib/db/empty-database.ts';
import { migrate } from '../../src/lib/db/migrate.ts';
import { openPglite } from '../../src/lib/db/pglite.ts';
import { startCli } from '../support/cli.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'first-start-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

test('the empty database that is brought along was made by the PGlite that is installed', async () => {
  const wasm = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), 'pglite.wasm');
  let made: unknown;
  for await (const { entry, body } of readEmptyDatabase()) {
    if (entry.name !== ABOUT) continue;
    let text = '';
    for await (const part of body()) text += part.toString();
    made = JSON.parse(text);
  }
  assert.deepEqual(
    made,
    { program: createHash('sha256').update(readFileSync(wasm)).digest('hex') },
    'run `npm run empty-database` and commit its file',
  );
});

test('a start that was killed while it unpacked the database is begun again by the next one', async (t) => {
  const dir = join(newFolder(t), 'database');
  // Half unpacked, half moved in, and not yet marked as a database.
  mkdirSync(join(dir, '.unpacking', 'base'), { recursive: true });
  writeFileSync(join(dir, '.unpacking', 'postgresql.conf'), 'half of');
  mkdirSync(join(dir, 'base', '1'), { recursive: true });
  writeFileSync(join(dir, 'base', '1', '1259'), 'half of it');
  const db = await openPglite({ dataDir: dir });
  try {
    assert.ok((await migrate(db)).length > 0);
    assert.deepEqual((await db.query('select count(*) as campaigns from campaigns')).rows, [{ campaigns: 0 }]);
    assert.ok(!readdirSync(dir).includes('.unpacking'));
  } finally {
    await db.close();
  }
});

test('a database that is there is left as it is', async (t) => {
  const dir = join(newFolder(t), 'database');
  const first = await openPglite({ dataDir: dir });
  await first.query('create table kept (a int)');
  await first.close();
  const second = await openPglite({ dataDir: dir });
  try {
    assert.deepEqual((await second.query('select count(*) as n from kept')).rows, [{ n: 0 }]);
  } finally {
    await second.close();
  }
});

test('the first start, sandbox and all, takes at most 350 MB at its peak', {
  skip: process.platform !== 'linux' && 'the peak is read from /proc',
}, async (t) => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: { start: string };
  };
  const flags = scripts.start.split(' ').filter((word) => word.startsWith('--'));
  const running = startCli(['start'], { DATA_DIR: newFolder(t), PORT: '0', NODE_OPTIONS: flags.join(' ') });
  await running.says(/Ctrl-C stops it cleanly/);
  const status = readFileSync(`/proc/${String(running.child.pid)}/status`, 'utf8');
  running.child.kill('SIGTERM');
  await running.done;
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  assert.ok(peak > 50 && peak <= 350, `${peak.toFixed(0)} MB`);
});
