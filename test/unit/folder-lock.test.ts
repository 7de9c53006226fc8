import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lockFolder } from '../../src/lib/db/folder-lock.ts';

const skip = process.platform === 'win32' ? 'unix sockets' : false;
const ROOT = new URL('../../', import.meta.url).pathname;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'lock-'));
  t.after(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

/** A process that locks each folder it is told of, and says whether it got it. */
function starter(t: TestContext): { child: ChildProcess; lock(path: string): Promise<boolean> } {
  const program = `
    const { lockFolder } = await import('./src/lib/db/folder-lock.ts');
    process.on('message', async (path) => process.send(await lockFolder(path) !== undefined));
    process.send('ready');`;
  const child = spawn(process.execPath, ['--import', './scripts/ts.mjs', '--input-type=module', '-e', program], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ready = once(child, 'message');
  return {
    child,
    async lock(path) {
      await ready;
      child.send(path);
      const [got] = (await once(child, 'message')) as [boolean];
      return got;
    },
  };
}

test('a second locker is refused until the first lets go', { skip }, async (t) => {
  const path = folder(t);
  const first = await lockFolder(path);
  assert.ok(first);
  assert.equal(await lockFolder(path), undefined);
  await first.release();
  const again = await lockFolder(path);
  assert.ok(again);
  await again.release();
});

test('another name of the same folder is the same lock', { skip }, async (t) => {
  const path = folder(t);
  const first = await lockFolder(path);
  assert.ok(first);
  assert.equal(await lockFolder(`${path}/../${path.split('/').at(-1) ?? ''}`), undefined);
  await first.release();
});

test('a folder whose name is too long for a socket is locked as well', { skip }, async (t) => {
  const path = join(folder(t), 'x'.repeat(120));
  const first = await lockFolder(path);
  assert.ok(first);
  assert.equal(await lockFolder(path), undefined);
  await first.release();
});

test('the lock of a killed process is free at once', { skip }, async (t) => {
  const path = folder(t);
  const { child, lock } = starter(t);
  assert.equal(await lock(path), true);
  assert.equal(await lockFolder(path), undefined);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const mine = await lockFolder(path);
  assert.ok(mine);
  await mine.release();
});

test("of several starters on a dead process's lock exactly one wins, fifty times", { skip }, async (t) => {
  const dead = starter(t);
  const paths = Array.from({ length: 50 }, () => folder(t));
  for (const path of paths) assert.equal(await dead.lock(path), true);
  dead.child.kill('SIGKILL');
  await once(dead.child, 'exit');
  const starters = [starter(t), starter(t), starter(t), starter(t)];
  for (const path of paths) {
    const got = await Promise.all(starters.map((one) => one.lock(path)));
    assert.equal(got.filter(Boolean).length, 1, `won: ${got.join(', ')}`);
    assert.equal(readdirSync(path).length, 1, 'what the dead one and the losers left is gone');
  }
});
