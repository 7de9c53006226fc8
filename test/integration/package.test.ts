/** What `npm pack` gives, unpacked beside its packages in an empty folder: nothing of the clone is needed there. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../scripts/setup.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const installed = join(folder, 'node_modules', 'whatsapp-sender');
const { PATH = '', HOME = '' } = process.env;

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** npm itself, as the one that runs these tests, without asking any registry. */
function npm(args: readonly string[]) {
  return spawnSync('npm', [...args, '--offline'], { cwd: root, encoding: 'utf8', env: { PATH, HOME } });
}

before(() => {
  ensureBuilt();
  const packed = npm(['pack', '--ignore-scripts', '--pack-destination', folder]);
  assert.equal(packed.status, 0, packed.stderr);
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  mkdirSync(installed, { recursive: true });
  const unpacked = spawnSync('tar', ['xzf', join(folder, tarball), '--strip-components=1', '-C', installed]);
  assert.equal(unpacked.status, 0, String(unpacked.stderr));
  // As an installation lays them: the packages it names and no other, and its command.
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  mkdirSync(join(folder, 'node_modules', '.bin'));
  for (const [name, file] of Object.entries(manifest.bin))
    symlinkSync(join(installed, file), join(folder, 'node_modules', '.bin', name));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the package holds what runs, and neither sources nor tests', () => {
  assert.deepEqual(readdirSync(installed).sort(), [
    'LICENSE',
    'README.es.md',
    'README.md',
    'client',
    'dist',
    'locales',
    'migrations',
    'package.json',
  ]);
  const files = readdirSync(join(installed, 'dist'), { recursive: true }).map(String);
  assert.deepEqual(
    files.filter((name) => /\.ts$|\.map$|\.built$/.test(name)),
    [],
  );
});

test('npx starts it in an empty folder, with its page, its references and a database of its own', async () => {
  const child = spawn('npx', ['--offline', 'whatsapp-sender', 'start'], {
    cwd: folder,
    env: { PATH, HOME, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Of a group of its own: Ctrl-C reaches npx and what it has started alike.
    detached: true,
  });
  const closed = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Ctrl-C stops it cleanly')) resolve(/http:\/\/localhost:\d+/.exec(said)?.[0] ?? '');
    });
    void closed.then(() => {
      reject(new Error(`it ended before it was ready: ${said}`));
    });
  });
  for (const path of ['/', '/health/ready', '/api/docs', '/api/redoc', '/api/openapi.json']) {
    const answer = await fetch(`${url}${path}`);
    assert.equal(answer.status, 200, path);
    await answer.arrayBuffer();
  }
  assert.ok(readdirSync(join(folder, 'data')).includes('database'));
  process.kill(-Number(child.pid), 'SIGINT');
  await closed;
});

test('a program imports its client by the name of the package', () => {
  const code = `import { createClient } from 'whatsapp-sender/client'; console.log(typeof createClient);`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8' });
  assert.equal(ran.stdout.trim(), 'function', ran.stderr);
});
