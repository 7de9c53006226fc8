import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { parsePo } from '../../src/lib/words/po.ts';
import { LANGUAGES, wordsIn } from '../../src/lib/words/words.ts';

const root = new URL('../../', import.meta.url).pathname;
const sources = new Map(LANGUAGES.map((language) => [language, readFileSync(join(root, 'locales', `${language}.po`), 'utf8')]));
const catalogues = new Map([...sources].map(([language, source]) => [language, parsePo(source)]));
const ids = [...new Set([...catalogues.values()].flatMap((texts) => [...texts.keys()]))].sort();

function code(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ['.ts', '.tsx'].includes(extname(entry.name)))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
const page = code('web/src');
const everything = [...page, ...code('src')];

test('both catalogues have every id, in its order, with a text that can be compiled', () => {
  for (const [language, texts] of catalogues) {
    assert.deepEqual([...texts.keys()], ids, `${language}: npm run words puts them in order and names what is missing`);
    for (const [id, text] of texts) {
      assert.notEqual(text.trim(), '', `${language} ${id}`);
      assert.doesNotThrow(() => compileMessage(text), `${language} ${id}`);
    }
  }
});

/** `{name}`s of a text, those of its plurals included. What a language counts by (`{n, plural, …}`) the other may leave alone. */
function names(text: string): string[] {
  return [
    ...new Set(
      [...text.matchAll(/(?<!\b(?:zero|one|two|few|many|other|=\d+)\s*)\{\s*([a-z]\w*)\s*\}/gi)].map((match) => match[1] ?? ''),
    ),
  ].sort();
}

test('a text takes the same values in both languages', () => {
  for (const id of ids) {
    const [es, en] = LANGUAGES.map((language) => names(catalogues.get(language)?.get(id) ?? ''));
    assert.deepEqual(es, en, id);
  }
});

test('no id is left that nothing says', () => {
  const written = new Set(
    everything.flatMap((file) => [...file.matchAll(/['"`]([a-z][\w-]*\.[\w.-]+)['"`]/g)].map((match) => match[1])),
  );
  const beginnings = everything.flatMap((file) =>
    [...file.matchAll(/`([a-z][\w-]*\.[\w.-]*)\$\{/g)].map((match) => match[1] ?? ''),
  );
  const unused = ids.filter((id) => !written.has(id) && !beginnings.some((beginning) => id.startsWith(beginning)));
  assert.deepEqual(unused, []);
});

test('nothing says an id that the catalogues lack', () => {
  const said = page.flatMap((file) => [...file.matchAll(/\b(?:t|rich)\(\s*'([^']+)'/g)].map((match) => match[1] ?? ''));
  assert.ok(said.length > 100, 'the page says something');
  const known = new Set(ids);
  assert.deepEqual(
    said.filter((id) => !known.has(id)),
    [],
  );
});

test('the server says a text in the language asked for, with its plural', () => {
  assert.equal(wordsIn('es')('campaigns.skipped', { count: 1 }), '1 omitido');
  assert.equal(wordsIn('es')('campaigns.skipped', { count: 1842 }), '1.842 omitidos');
  assert.equal(wordsIn('en')('campaigns.skipped', { count: 1842 }), '1,842 skipped');
});

test('a catalogue that is not one is refused by its line', () => {
  assert.throws(() => parsePo('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n'), /"a" stands twice/);
  assert.throws(() => parsePo('nonsense'), /line 1/);
  assert.deepEqual([...parsePo('msgid "a.b"\nmsgstr ""\n"one "\n"two"\n')], [['a.b', 'one two']]);
});
