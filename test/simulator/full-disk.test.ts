import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { Journal } from '../../src/simulator/journal.ts';
import { until } from './support.ts';

test('a full disk makes answers late and ends nothing; what was kept is whole once there is room', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  let isMounted = false;
  t.after(() => {
    if (isMounted) execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' });
    isMounted = true;
  } catch {
    t.skip('needs the right to mount a small disk');
    return;
  }
  const filler = join(folder, 'filler');
  writeFileSync(filler, Buffer.alloc(40_000));
  const journal = Journal.open(folder, () => undefined);
  let answered = 0;
  const lines = Array.from({ length: 60 }, (_, i) => `${String(i)} ${'x'.repeat(990)}`);
  for (const line of lines) journal.append(line, () => (answered += 1));
  journal.flush();
  assert.equal(answered, 0, 'nobody is answered for what is not written');
  rmSync(filler);
  await until(() => answered === lines.length);
  journal.close();
  assert.equal(readFileSync(join(folder, 'journal.log'), 'utf8'), `${lines.join('\n')}\n`);
});
