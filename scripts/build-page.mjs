// Builds the page (web/) into dist/web: one script a screen, texts compiled from locales/*.po, every file also compressed, so that the
// server only hands out bytes. `npm run page` serves it from its sources instead, for whoever works on it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { pageConfig } from './page-config.mjs';
import { root } from './setup.mjs';

await build({ ...pageConfig(), logLevel: 'warn' });

const folder = join(root, 'dist', 'web');
const TEXT = ['.html', '.js', '.css', '.svg', '.json', '.webmanifest'];
for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  // The document is filled in for each reader and cannot be compressed beforehand.
  if (!entry.isFile() || !TEXT.includes(extname(entry.name)) || entry.name === 'index.html') continue;
  const bytes = readFileSync(path);
  if (bytes.length < 1024) continue;
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
}
