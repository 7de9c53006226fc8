import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A folder of sources, compiled by the step of the build. */
function sources(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'compile-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'src', name)), { recursive: true });
    writeFileSync(join(folder, 'src', name), text);
  }
  const into = join(folder, 'dist');
  return {
    remove: (name: string) => {
      rmSync(join(folder, 'src', name));
    },
    compile: () =>
      spawnSync(process.execPath, ['scripts/compile.mjs', into, join(folder, 'src')], { cwd: root, encoding: 'utf8' }),
    run: (name: string) => spawnSync(process.execPath, ['--enable-source-maps', join(into, name)], { encoding: 'utf8' }),
    read: (name: string) => readFileSync(join(into, name), 'utf8'),
    has: (name: string) => existsSync(join(into, name)),
    into,
  };
}

test('types go and each file stays a file: static, lazy and JSON imports work, and so does what is found beside a file', (t) => {
  const { compile, run, has, read } = sources(t, {
    'main.ts': `
      import type { Names } from './names.ts';
      import data from './data.json' with { type: 'json' };
      import { names } from './deep/er.ts';
      const more: Names = (await import('./names.ts')).more;
      console.log([...names, ...more, data.name, new URL('.', import.meta.url).pathname.split('/').at(-2)].join(' '));`,
    'names.ts': `export type Names = readonly string[]; export const more: Names = ['lazy'];`,
    'deep/er.ts': `import { more } from '../names.ts'; export const names = ['static', ...more] as const;`,
    'data.json': `{ "name": "ünicode" }`,
    'data/packed.tar.br': 'as it is',
    'types.d.ts': `export interface Unused { readonly a: 1 }`,
  });
  const compiled = compile();
  assert.equal(compiled.status, 0, compiled.stderr);
  assert.equal(run('main.js').stdout.trim(), 'static lazy lazy ünicode dist');
  assert.ok(has('deep/er.js'));
  assert.equal(read('data/packed.tar.br'), 'as it is');
  assert.ok(!has('types.d.js'));
});

test('an error names the line of the source', (t) => {
  const { compile, run } = sources(t, {
    'main.ts': `interface Long {\n  a: 1;\n}\n\nthrow new Error('here');\nexport type { Long };\n`,
  });
  assert.equal(compile().status, 0);
  assert.match(run('main.js').stderr, /src\/main\.ts:5/);
});

test('what was compiled from a file that is no more is removed, and what was put there otherwise stays', (t) => {
  const { compile, remove, has, into } = sources(t, { 'kept.ts': 'export {};', 'gone.ts': 'export {};' });
  compile();
  writeFileSync(join(into, 'bundle.js'), '');
  assert.ok(has('gone.js'));
  remove('gone.ts');
  assert.equal(compile().status, 0);
  assert.deepEqual(
    ['kept.js', 'bundle.js', 'gone.js', 'gone.js.map'].map((name) => has(name)),
    [true, true, false, false],
  );
});

test('a file that is no TypeScript fails the build with its place', (t) => {
  const { compile } = sources(t, { 'main.ts': 'const = 1;' });
  const failed = compile();
  assert.notEqual(failed.status, 0);
  assert.match(failed.stderr, /main\.ts:1:6/);
});
