// `npm run guards`: takes each guard of docs/guarantees.md out of a copy of the program, one at a time, and says which test fails without it.
//   npm run guards -- --only "claim: running"    those whose name begins so
// Every guard must be missed by a test. Takes minutes: not part of `npm test` or CI.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GUARDS } from './guards-list.mjs';
import { startPostgres } from './servers.mjs';
import { root } from './setup.mjs';

const { values: flags } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const chosen = GUARDS.filter(({ name }) => flags.only === undefined || flags.only.some((begin) => name.startsWith(begin)));
const TEST_MS = 240_000;

/** Whole copies: a link would lead the tests back to the program as it is. */
const copy = mkdtempSync(join(tmpdir(), 'guards-'));
for (const part of ['src', 'test', 'scripts', 'migrations', 'docs', 'client', 'package.json', 'tsconfig.json'])
  cpSync(join(root, part), join(copy, part), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
const server = await startPostgres();
if (server === undefined) throw new Error('PostgreSQL is not on this machine; the guards need it');

/** @returns {string[]} the names of the tests that fail */
function failing({ test, names }) {
  const pattern = names === undefined ? [] : ['--test-name-pattern', names];
  const run = spawnSync(process.execPath, ['--import', './scripts/ts.mjs', '--test', '--test-reporter=tap', ...pattern, test], {
    cwd: copy,
    encoding: 'utf8',
    timeout: TEST_MS,
    env: { ...process.env, TEST_DATABASE_URL: server.url },
  });
  const failed = [...run.stdout.matchAll(/^ *not ok \d+ - (.*)$/gm)].map((match) => match[1]);
  if (run.status !== 0 && failed.length === 0) failed.push(`${test} does not end`);
  const passed = /^ *ok \d+ - (?!.*# SKIP)/m.test(run.stdout);
  return passed || failed.length > 0 ? failed : [`${test} has no such test`];
}

let survivors = 0;
try {
  const sound = new Set();
  for (const guard of chosen) {
    const { name, file, find, without, test, names } = guard;
    const key = `${test} ${names ?? ''}`;
    if (!sound.has(key)) {
      const before = failing(guard);
      if (before.length > 0) throw new Error(`with every guard in its place: ${before.join('; ')}`);
      sound.add(key);
    }
    const path = join(copy, file);
    const whole = readFileSync(path, 'utf8');
    if (whole.split(find).length !== 2) throw new Error(`${name}: its text must stand once in ${file}`);
    writeFileSync(
      path,
      whole.replace(find, () => without),
    );
    const [first] = failing(guard);
    writeFileSync(path, whole);
    if (first === undefined) survivors++;
    console.log(first === undefined ? `✖ ${name}: nobody misses it` : `✔ ${name}: ${first}`);
  }
} finally {
  await server.stop();
  rmSync(copy, { recursive: true, force: true });
}
console.log(
  survivors === 0
    ? `${chosen.length} guards, each missed by a test`
    : `${survivors} of ${chosen.length} guards are missed by nobody`,
);
process.exit(survivors === 0 ? 0 : 1);
