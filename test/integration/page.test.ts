import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { openFileDb } from '../support/db.ts';
import { openDoor } from '../support/http.ts';

ensureBuilt();
const db = await openFileDb();
const door = await openDoor(db);

async function documentOf(headers: Record<string, string> = {}): Promise<{ text: string; headers: Headers }> {
  const answer = await door.call('GET', '/campaigns', { key: null, headers });
  assert.equal(answer.status, 200);
  return answer;
}

test('the document comes in the language and theme that were chosen, else in the browser’s', async () => {
  assert.match((await documentOf({ 'accept-language': 'es-CO,es;q=0.9,en;q=0.5' })).text, /<html lang="es">/);
  assert.match((await documentOf({ 'accept-language': 'de,en;q=0.8,es;q=0.2' })).text, /<html lang="en">/);
  const chosen = await documentOf({ 'accept-language': 'en', cookie: 'wasend_language=es; wasend_theme=dark' });
  assert.match(chosen.text, /<html lang="es" data-theme="dark">/);
  const nonsense = await documentOf({ 'accept-language': 'en', cookie: 'wasend_language=xx; wasend_theme="><script>' });
  assert.match(nonsense.text, /<html lang="en">/);
});

test('the page runs only what comes from here, and nothing that stands in its document', async () => {
  const { text, headers } = await documentOf();
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.ok(!/unsafe|nonce|https?:/.test(policy), policy);
  assert.match(policy, /require-trusted-types-for 'script'/);
  assert.ok(!/(src|href)="(https?:)?\/\//.test(text), text);
  assert.ok(!/<style|style="|\son\w+=/.test(text), text);
});

test('every address of the page gives the document; an unknown one too to a browser, which says so, and a refusal to a program', async () => {
  for (const path of ['/', '/login', '/invitation', '/campaigns/7', '/campaigns/7/people/2', '/settings/people'])
    assert.match((await door.call('GET', path, { key: null })).text, /<div id="root">/, path);
  const byBrowser = { key: null, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
  const nowhere = await door.call('GET', '/nowhere', byBrowser);
  assert.equal(nowhere.status, 404);
  assert.match(nowhere.text, /<div id="root">/);
  for (const [path, options] of [
    ['/nowhere', { key: null }],
    ['/api/v1/nowhere', byBrowser],
  ] as const) {
    const refused = await door.call('GET', path, options);
    assert.deepEqual([refused.status, refused.json['code']], [404, 'not_found'], path);
  }
  assert.equal((await door.call('GET', '/assets/..%2findex.html', { key: null })).status, 404);
});

test('files carry their content in their name, are kept for ever, and come compressed to whoever takes that', async () => {
  const { text } = await documentOf();
  const names = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(names.length > 2);
  for (const name of names) {
    const plain = await door.call('GET', name, { key: null, headers: { 'accept-encoding': 'identity' } });
    assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable', name);
    assert.match(plain.headers.get('content-type') ?? '', /^text\/(javascript|css)/, name);
    if (plain.text.length < 1024) continue;
    const small = await door.call('GET', name, { key: null, headers: { 'accept-encoding': 'gzip, br' } });
    assert.equal(small.headers.get('content-encoding'), 'br', name);
    assert.equal(small.text, plain.text, name);
  }
});

/** What a browser fetches before the first screen can be drawn. */
const FIRST_LOAD_BYTES = 200_000;

test('the script of the first load is at most 200 kB gzipped', async () => {
  const { text } = await documentOf();
  const scripts = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((match) => match[1] ?? '');
  let bytes = 0;
  for (const script of scripts) bytes += gzipSync((await door.call('GET', script, { key: null })).text, { level: 9 }).length;
  assert.ok(bytes > 50_000, 'the page is more than nothing');
  assert.ok(bytes <= FIRST_LOAD_BYTES, `${String(bytes)} bytes`);
});

test('a name with markup in it is text on the page', async () => {
  const other = await openDoor(db, { appName: '<script>alert(1)</script>' });
  assert.ok(!(await other.call('GET', '/', { key: null })).text.includes('<script>alert'));
});

test('the page is built where the program looks for it', () => {
  assert.ok(existsSync(new URL('../../dist/web/index.html', import.meta.url)));
});
