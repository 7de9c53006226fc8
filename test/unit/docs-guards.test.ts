import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GUARDS } from '../../scripts/guards-list.mjs';

const root = new URL('../../', import.meta.url);

test('docs/guarantees.md lists the guards that npm run guards takes out, and each stands once where it is said to', () => {
  const listed = [...readFileSync(new URL('docs/guarantees.md', root), 'utf8').matchAll(/^\| ([a-z ]+: [^|]+) \|/gm)].map(
    (row) => row[1],
  );
  assert.deepEqual(
    listed,
    GUARDS.map(({ name }) => name),
  );
  for (const { name, file, find } of GUARDS) {
    assert.equal(readFileSync(new URL(file, root), 'utf8').split(find).length, 2, `${name} in ${file}`);
  }
});
