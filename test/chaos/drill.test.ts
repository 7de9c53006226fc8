import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ensureBuilt, root } from '../../scripts/setup.mjs';

before(() => {
  ensureBuilt();
});

test('the drill kills its own process, prints an account that adds up and ends with 0', () => {
  const done = spawnSync(
    process.execPath,
    [join(root, 'dist', 'cli', 'main.js'), 'drill', '--people', '250', '--kills', '2', '--seed', '5', '--json'],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(done.status, 0, done.stdout + done.stderr);
  const report = JSON.parse(done.stdout) as Record<string, unknown>;
  assert.deepEqual(
    {
      ok: report['ok'],
      people: report['people'],
      kills: report['kills'],
      repeated: report['repeated'],
      lost: report['lost'],
      faults: report['faults'],
    },
    { ok: true, people: 250, kills: 2, repeated: 0, lost: 0, faults: [] },
  );
});

test('what the build leaves can be called by its name, as npx and npm link do', { skip: process.platform === 'win32' }, () => {
  const done = spawnSync(join(root, 'dist', 'cli', 'main.js'), ['--version'], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.error?.message ?? done.stderr);
});
