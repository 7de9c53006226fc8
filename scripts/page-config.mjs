// How Vite builds and serves the page. Run with scripts/ts.mjs: it reads the catalogues with the server's own reader.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import react from '@vitejs/plugin-react';
import { parsePo } from '../src/lib/words/po.ts';
import { root } from './setup.mjs';

const WORDS = /^virtual:words\/(\w\w)$/;

/** `virtual:words/es` is the Spanish catalogue, compiled: the page carries no parser of messages. */
const words = {
  name: 'words',
  resolveId: (id) => (WORDS.test(id) ? `\0${id}` : undefined),
  load(id) {
    const language = WORDS.exec(id.replace(/^\0/, ''))?.[1];
    if (language === undefined || !id.startsWith('\0')) return undefined;
    const file = join(root, 'locales', `${language}.po`);
    this.addWatchFile(file);
    // What only the server and the command line say stays with them.
    const said = [...parsePo(readFileSync(file, 'utf8'))].filter(([name]) => !/^(server|cli)\./.test(name));
    const texts = said.map(([name, text]) => [name, compileMessage(text)]);
    return `export const messages = JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(texts)))});`;
  },
};

/** @returns {import('vite').UserConfig} */
export function pageConfig() {
  return {
    configFile: false,
    root: join(root, 'web'),
    publicDir: false,
    plugins: [react(), words],
    define: { 'process.env.NODE_ENV': JSON.stringify(process.env.NODE_ENV === 'development' ? 'development' : 'production') },
    build: {
      outDir: join(root, 'dist', 'web'),
      emptyOutDir: true,
      target: 'es2022',
      // The server's content security policy allows no inline data but pictures.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      sourcemap: false,
      manifest: 'manifest.json',
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  };
}
