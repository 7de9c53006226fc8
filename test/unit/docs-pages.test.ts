import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../../src/cli/program.ts';
import { SETTING_NAMES } from '../../src/config/table.ts';
import { PROBLEMS } from '../../src/lib/problem.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The pages this test looks after. */
const PAGES = [
  ...['architecture', 'backup', 'deployment', 'guarantees', 'meta-setup', 'operations', 'scaling', 'state-machines'].map(
    (name) => `docs/${name}.md`,
  ),
  ...readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
];

/** Everything that is read on its own and leads on: links are looked at in all of it. */
const LINKED = ['README.md', 'README.es.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownIn('docs'), ...markdownIn('deploy')];

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** As the usual hosts make them from headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

test('the drawings of the state machines are what the tables say', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', './scripts/ts.mjs', 'scripts/docs-states.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

test('each decision has a number of its own, without a gap, and says it in its heading', () => {
  const pages = readdirSync(join(root, 'docs/decisions')).sort();
  assert.deepEqual(
    pages.map((page) => page.slice(0, 4)),
    pages.map((_, n) => String(n + 1).padStart(4, '0')),
  );
  for (const page of pages) assert.ok(read(`docs/decisions/${page}`).startsWith(`# ${page.slice(0, 4)} · `), page);
});

test('every link within the documents leads somewhere, to an existing heading too', () => {
  const broken: string[] = [];
  for (const page of LINKED) {
    for (const match of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      const [path = '', anchor] = (match[1] ?? '').split('#');
      if (/^https?:/.test(path)) continue;
      const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
      if (!existsSync(target)) broken.push(`${page}: ${path}`);
      else if (anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).has(anchor)) broken.push(`${page}: #${anchor}`);
    }
  }
  // Written by the measurements.
  assert.deepEqual(
    broken.filter((link) => !link.endsWith('performance.md')),
    [],
  );
});

test('every command that is named exists', () => {
  const known = new Set(buildProgram(() => undefined).commands.map((command) => command.name()));
  const named = PAGES.flatMap((page) =>
    [...read(page).matchAll(/(?<!lib\/)whatsapp-sender ([a-z][a-z-]+)(?=[ `\n.,)])/g)].map((match) => match[1] ?? ''),
  );
  assert.ok(named.length > 20);
  assert.deepEqual(
    [...new Set(named)].filter((name) => !known.has(name)),
    [],
  );
});

test('every setting that is named exists', () => {
  const names = new Set<string>(SETTING_NAMES);
  const elsewhere =
    /^(NEW_DATABASE_URL|LC_[A-Z]+|CONTAINER_[A-Z_]+|HEALTH_[A-Z]+|MESSAGE_STATUSES|MOVES|WHERE|SIGTERM|FLUSHDB|STANDARD|HIGH|SANDBOX|LIVE|WHATSAPP_|COMMIT|SSE|POST|GET|JSON|WABA|SQL|XLSX|POSIX|AUTH)$/;
  const named = PAGES.flatMap((page) =>
    [...read(page).matchAll(/`\$?([A-Z][A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g)].map((match) => match[1] ?? ''),
  );
  assert.ok(named.length > 20);
  assert.deepEqual(
    [...new Set(named)].filter((name) => !names.has(name) && !elsewhere.test(name)),
    [],
  );
});

test('every source file that is named exists', () => {
  const named = PAGES.flatMap((page) =>
    [...read(page).matchAll(/`((?:src|scripts|deploy|migrations|test)\/[\w./@*-]+)`/g)].map((match) => match[1] ?? ''),
  );
  assert.ok(named.length > 20);
  assert.deepEqual(
    [...new Set(named)].filter((path) => !path.includes('*') && !existsSync(join(root, path))),
    [],
  );
});

test('every problem code that is named exists', () => {
  const named = PAGES.flatMap((page) => [...read(page).matchAll(/4\d\d `([a-z_]+)`/g)].map((match) => match[1] ?? ''));
  assert.deepEqual(
    named.filter((code) => !(code in PROBLEMS)),
    [],
  );
});

test('nobody reads of a machine, a registry or a session of those who wrote it', () => {
  for (const page of [
    ...PAGES,
    'Dockerfile',
    'docker-compose.yml',
    ...readdirSync(join(root, 'deploy'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
  ]) {
    assert.doesNotMatch(read(page), /\/work\/|\/root\/|registry\.npmjs|\bassistant\b|TODO|FIXME/i, page);
  }
});
