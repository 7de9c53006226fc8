// The set-up that `npm start` and `npm test` do by themselves. When nothing has changed it costs a few milliseconds.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const OLDEST_NODE = [20, 19];

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(
    `This needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. Get a current one from https://nodejs.org.`,
  );
  process.exit(1);
}

/** @param {string} path @returns {number} 0 when there is no such file */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Runs a tool quietly; its words are shown only when it fails. */
function run(doing, command, args) {
  console.log(`${doing} …`);
  const begun = Date.now();
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) {
    console.log(`${doing}: done in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    return;
  }
  // Ctrl-C during the set-up: nothing to explain.
  if (done.signal === 'SIGINT' || done.status === 130) process.exit(130);
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  console.error(`${doing} failed${done.error ? `: ${done.error.message}` : ''}. Fix what is said above and start again.`);
  process.exit(1);
}

/** What npm noted down when it last installed says the same as the lock file. */
function installMatchesLock(installedPath, lockPath) {
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  for (const [path, wanted] of Object.entries(JSON.parse(readFileSync(lockPath, 'utf8')).packages)) {
    if (path === '' || wanted.link) continue;
    const present = installed[path];
    if (present === undefined ? !wanted.optional && !wanted.peer && !wanted.devOptional : present.version !== wanted.version)
      return false;
  }
  return true;
}

/** The packages of package-lock.json. Dates decide at once; when they differ, the contents do, so that a `git checkout` costs no install. */
export function ensureInstalled() {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (changedAt(installed) >= changedAt(lock)) return;
  if (existsSync(installed) && installMatchesLock(installed, lock)) {
    utimesSync(installed, new Date(), new Date());
    return;
  }
  // Inside `npm start` npm tells where it is itself; the same npm then installs.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm?.endsWith('.js')) run('Installing packages', process.execPath, [npm, ...args]);
  else run('Installing packages', process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}

/** Newest change under a folder; folders count too, since a removed file changes nothing else. */
function newestIn(folder) {
  let newest = changedAt(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : changedAt(path));
  }
  return newest;
}

/** One thing to build: rebuilt when anything it is made of is newer than its stamp. */
const BUILDS = [
  {
    doing: 'Building the server',
    from: ['src', 'scripts/compile.mjs', 'tsconfig.json', 'package-lock.json'],
    output: 'dist',
    stamp: join('dist', '.built'),
    proof: join('dist', 'cli', 'main.js'),
    tool: ['scripts/compile.mjs', 'dist', 'src'],
    // One file of a package whose own packages, some 70 MB, are not needed where the program runs.
    copies: { 'node_modules/redoc/bundles/redoc.standalone.js': 'dist/lib/http/redoc.standalone.js' },
  },
  {
    doing: 'Building the page',
    from: [
      'web',
      'locales',
      'client',
      'src/lib/words/po.ts',
      'scripts/build-page.mjs',
      'scripts/page-config.mjs',
      'package-lock.json',
    ],
    output: join('dist', 'web'),
    stamp: join('dist', 'web', '.built'),
    proof: join('dist', 'web', 'index.html'),
    tool: ['--import', './scripts/ts.mjs', 'scripts/build-page.mjs'],
    copies: {},
  },
];

export function ensureBuilt({ force = false } = {}) {
  for (const build of BUILDS) {
    const stamp = join(root, build.stamp);
    const sources = build.from.map((name) => join(root, name)).filter((path) => existsSync(path));
    const newest = Math.max(...sources.map((path) => (statSync(path).isDirectory() ? newestIn(path) : changedAt(path))));
    // Without its result the builder's own notes cannot be believed either.
    const anew = force || !existsSync(join(root, build.proof));
    if (!anew && changedAt(stamp) > newest) continue;
    // The stamp carries the time before the build: what is edited meanwhile is built next time.
    const begun = new Date();
    if (anew) rmSync(join(root, build.output), { recursive: true, force: true });
    run(build.doing, process.execPath, build.tool);
    for (const [from, to] of Object.entries(build.copies)) copyFileSync(join(root, from), join(root, to));
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, '');
    utimesSync(stamp, begun, begun);
  }
  // What npx and npm link call by its name; the compiler knows nothing of that.
  chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
}
