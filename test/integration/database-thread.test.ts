import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPglite } from '../../src/lib/db/pglite.ts';
import { startCli } from '../support/cli.ts';

test('without the thread of its embedded database a process ends with one sentence and a code, for its supervisor to start it again', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'thread-'));
  t.after(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });
  const preload = new URL('../support/end-database-thread.mjs', import.meta.url).href;
  const env = { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' };
  const server = startCli(['start'], { ...env, NODE_OPTIONS: `--import ${preload}` });
  t.after(() => server.child.kill('SIGKILL'));
  await server.says(/Ctrl-C/);
  server.child.kill('SIGUSR2');
  const { code, stdout, stderr } = await server.done;
  assert.equal(code, 1, stderr);
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('{'));
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0] ?? '', /The embedded database has ended.*this process ends/);

  const again = startCli(['start'], env);
  t.after(() => again.child.kill('SIGKILL'));
  await again.says(/Ctrl-C/);
  again.child.kill('SIGTERM');
  assert.equal((await again.done).code, 0);
});

test('a database that is closed is not gone, and closing one whose thread has ended does not wait for it', async () => {
  const db = await openPglite();
  let gone = false;
  void db.gone.then(() => {
    gone = true;
  });
  await db.query('select 1');
  await db.close();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(gone, false);
});
