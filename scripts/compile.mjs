// TypeScript to JavaScript, file by file: types are taken away, `.ts` in imports becomes `.js`, JSON is written into the file that imports it,
// packed data comes along as it is.
// What the types say is checked by `npm run check`; a build that checked them too took ten times the memory and a minute of a small server.
//   node scripts/compile.mjs INTO FOLDER …
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each file stays a file: an import of another one is left in place and only calls it by its new name. JSON alone moves in. */
const filesStayApart = {
  name: 'files-stay-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, kind }) =>
      kind === 'entry-point' || path.endsWith('.json') ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
  },
};

function filesUnder(folder, ending) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** One folder's files stand in `into` itself, those of several in folders of their names. */
async function compile(into, folders) {
  const outbase = folders.length === 1 ? resolve(root, folders[0]) : root;
  const sources = folders.flatMap((folder) => filesUnder(resolve(root, folder), '.ts')).filter((file) => !file.endsWith('.d.ts'));
  await build({
    entryPoints: sources,
    absWorkingDir: root,
    outdir: into,
    outbase,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    charset: 'utf8',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    plugins: [filesStayApart],
  });
  for (const file of folders.flatMap((folder) => filesUnder(resolve(root, folder), '.br'))) {
    const copy = join(into, relative(outbase, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
  removeLeftOvers(into, new Set(sources.map((file) => join(into, `${relative(outbase, file).slice(0, -3)}.js`))));
}

/** What was compiled from a file that is no more. Only what has a map beside it was made here. */
function removeLeftOvers(into, made) {
  for (const map of filesUnder(into, '.js.map')) {
    const file = map.slice(0, -'.map'.length);
    if (made.has(file)) continue;
    rmSync(file, { force: true });
    rmSync(map);
  }
}

const [into, ...folders] = process.argv.slice(2);
await compile(resolve(root, into), folders);
