// `npm run check`: format, lint, walls, dead code, types. Each is run, whatever the others say; one line each.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, ensureInstalled, root } from './setup.mjs';

checkNode();
ensureInstalled();

const bin = (name, ...args) => [join('node_modules', name), ...args];
const folders = ['src', 'test', 'bench', 'scripts'].filter((folder) => existsSync(join(root, folder)));
const CHECKS = {
  format: bin('@biomejs/biome/bin/biome', 'check', '--linter-enabled=false', '--max-diagnostics=40', '.'),
  lint: bin('eslint/bin/eslint.js', '--max-warnings=0', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'),
  walls: bin('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', ...folders),
  'dead code': bin('knip/bin/knip.js', '--no-progress'),
  types: bin('typescript/bin/tsc', '-p', '.', '--noEmit'),
};

const chosen = process.argv.slice(2);
let failed = 0;
for (const [name, args] of Object.entries(CHECKS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const begun = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`✔ ${name} (${seconds} s)`);
    continue;
  }
  failed += 1;
  process.stdout.write(`${stdout}${stderr}`);
  console.log(`✖ ${name} (${seconds} s)`);
}
process.exitCode = failed === 0 ? 0 : 1;
