/**
 * The page as it was built (dist/web): its document, filled in for each reader, and its files, kept in memory with their compressed
 * twins. Files carry a digest of their content in the name, so a browser keeps them for ever; the document is asked for anew.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { escapeHtml } from '../lib/http/docs-pages.ts';
import type { Language } from '../lib/words/words.ts';

export type Theme = 'light' | 'dark';

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gz?: Buffer;
  readonly br?: Buffer;
}

export interface BuiltPage {
  readonly document: string;
  /** By name below /assets/. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** The script with the texts of each language: told to the browser at once, it is needed before anything is drawn. */
  readonly wordsOf: Readonly<Partial<Record<Language, string>>>;
}

/** What the page must know before it asks anything. Nothing in it is a secret. */
export interface PageFacts {
  readonly name: string;
  readonly version: string;
  readonly mode: 'sandbox' | 'live';
  /** Somebody may be logged in: worth asking who. */
  readonly session: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Beside the built program, or in dist/ when the program runs from its sources. */
const PLACES = ['../web/', '../../dist/web/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** @returns undefined where nobody has built it. */
export function readPage(): BuiltPage | undefined {
  const folder = PLACES.find((place) => existsSync(join(place, 'index.html')));
  if (folder === undefined) return undefined;
  const assets = join(folder, 'assets');
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(assets)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const twin = (extension: string): Buffer | undefined =>
      existsSync(join(assets, name + extension)) ? readFileSync(join(assets, name + extension)) : undefined;
    const [gz, br] = [twin('.gz'), twin('.br')];
    files.set(name, {
      type,
      bytes: readFileSync(join(assets, name)),
      ...(gz === undefined ? {} : { gz }),
      ...(br === undefined ? {} : { br }),
    });
  }
  return { document: readFileSync(join(folder, 'index.html'), 'utf8'), files, wordsOf: wordsOf(folder) };
}

function wordsOf(folder: string): BuiltPage['wordsOf'] {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const found: Partial<Record<Language, string>> = {};
  if (typeof manifest !== 'object' || manifest === null) return found;
  for (const [source, entry] of Object.entries<unknown>({ ...manifest })) {
    const language = /virtual:words\/(es|en)$/.exec(source)?.[1];
    const file = typeof entry === 'object' && entry !== null && 'file' in entry ? String(entry.file) : undefined;
    if (file !== undefined && (language === 'es' || language === 'en')) found[language] = `/${file}`;
  }
  return found;
}

/** The document for one reader. The facts stand in it as data, which no policy takes for a script. */
export function documentFor(page: BuiltPage, reader: { language: Language; theme: Theme | undefined }, facts: PageFacts): string {
  const words = page.wordsOf[reader.language];
  const preload = words === undefined ? '' : `<link rel="modulepreload" crossorigin href="${words}">`;
  // "<" could end the element; JSON has another way to write it.
  const data = JSON.stringify(facts).replaceAll('<', '\\u003c');
  const theme = reader.theme === undefined ? '' : ` data-theme="${reader.theme}"`;
  return page.document
    .replace(/<html[^>]*>/, () => `<html lang="${reader.language}"${theme}>`)
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(facts.name)}</title>`)
    .replace('</head>', () => `${preload}<script type="application/json" id="facts">${data}</script></head>`);
}

/** For a program whose page was not built; the API works without it. */
export function missingPage(name: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(name)}</title></head><body><p>The page was not built. Run <code>npm run build</code> and start again. The API is here: <a href="/api/docs">/api/docs</a>.</p></body></html>`;
}

export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 3a13 13 0 0 0-11 20L3 29l6.300-1.800A13 13 0 1 0 16 3z" fill="#0b6e4f"/><path d="m10 16 4.500 4.500L23 12" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>';
