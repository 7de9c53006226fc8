/**
 * `npm run bench [-- row …] [--quick]`: compiles the program and the measurements as a release is compiled, then runs them.
 * A loader that compiles on the way in adds work to every function call, which would be measured too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'node_modules', '.cache', 'bench');

mkdirSync(built, { recursive: true });
// What the program finds beside itself.
for (const name of ['migrations', 'scripts', 'package.json'])
  if (!existsSync(join(built, name))) symlinkSync(join(root, name), join(built, name));

const compiled = spawnSync(process.execPath, ['scripts/compile.mjs', built, 'src', 'bench'], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
const run = spawnSync(process.execPath, ['--expose-gc', join(built, 'bench', 'run.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
