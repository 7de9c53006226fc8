// `npm run check`: format, lint, walls, dead code, types, the client's types, as many at a time as there are processors. Each is run, whatever the others
// say; one line each.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensureInstalled, root } from './setup.mjs';

checkNode();
ensureInstalled();

const bin = (name, ...args) => [join('node_modules', name), ...args];
const folders = ['src', 'client', 'web', 'test', 'bench', 'scripts'].filter((folder) => existsSync(join(root, folder)));
/** The longest first: beside it there is time for all the others. */
const CHECKS = {
  lint: bin('eslint/bin/eslint.js', '--max-warnings=0', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'),
  types: bin('typescript/bin/tsc', '-p', '.', '--noEmit'),
  'page types': bin('typescript/bin/tsc', '-p', 'web', '--noEmit'),
  walls: bin('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', ...folders),
  'dead code': bin('knip/bin/knip.js', '--no-progress'),
  client: ['--import', './scripts/ts.mjs', 'scripts/client.mjs', '--check'],
  words: ['--import', './scripts/ts.mjs', 'scripts/words.mjs', '--check'],
  format: bin('@biomejs/biome/bin/biome', 'check', '--linter-enabled=false', '--max-diagnostics=40', '.'),
};

/** Nothing of what a check says is shown before its end, so that two at a time do not talk into each other. */
function run(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
    child.once('close', (code) => done({ code, said }));
  });
}

const chosen = process.argv.slice(2);
const waiting = Object.entries(CHECKS).filter(([name]) => chosen.length === 0 || chosen.includes(name));
let failed = 0;

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, args] = next;
    const begun = Date.now();
    const { code, said } = await run(args);
    if (code !== 0) {
      failed += 1;
      process.stdout.write(said);
    }
    console.log(`${code === 0 ? '✔' : '✖'} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
process.exitCode = failed === 0 ? 0 : 1;
