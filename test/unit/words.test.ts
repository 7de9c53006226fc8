import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import ts from 'typescript';
import { parsePo } from '../../src/lib/words/po.ts';
import { keepText, keptText, say, translate, translateAll, within } from '../../src/lib/words/sentence.ts';
import { LANGUAGES, languageOf, wordsIn } from '../../src/lib/words/words.ts';

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
const server = code('src');
const everything = [...page, ...server];

/** Every `say('id', { … })` of the server whose id and values are written out. */
const sentences = server.filter((file) => file.includes('say(')).flatMap(sentencesOf);

function sentencesOf(source: string): { readonly id: string; readonly given: string[] }[] {
  const found: { id: string; given: string[] }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'say') {
      const [id, given] = node.arguments;
      const fields = given !== undefined && ts.isObjectLiteralExpression(given) ? given.properties : [];
      const isPlain = given === undefined || (ts.isObjectLiteralExpression(given) && !fields.some(ts.isSpreadAssignment));
      if (id !== undefined && ts.isStringLiteral(id) && isPlain)
        found.push({ id: id.text, given: fields.map((field) => field.name?.getText() ?? '') });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

/** Every value of a text, those it counts by included. */
function values(text: string): string[] {
  const plain = text.replaceAll(/'\{[^']*'/g, '');
  const counted = [...plain.matchAll(/\{\s*(\w+)\s*,\s*(?:plural|select)/g)].map((match) => match[1] ?? '');
  return [...new Set([...names(plain), ...counted])].sort();
}

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
  const said = [
    ...page.flatMap((file) => [...file.matchAll(/\b(?:t|rich)\(\s*'([^']+)'/g)].map((match) => match[1] ?? '')),
    ...sentences.map(({ id }) => id),
  ];
  assert.ok(said.length > 100 && sentences.length > 50, 'the page and the server say something');
  const known = new Set(ids);
  assert.deepEqual(
    said.filter((id) => !known.has(id)),
    [],
  );
});

test('a sentence of the server is given the values its text names, no more and no less', () => {
  const wrong = sentences
    .map(({ id, given }) => ({ id, given: given.sort(), named: values(catalogues.get('en')?.get(id) ?? '') }))
    .filter(({ given, named }) => given.join() !== named.join());
  assert.deepEqual(wrong, []);
});

test('a sentence travels as JSON, and every sentence inside it comes in the same language', () => {
  const sentence = say('server.http.invalid', {
    what: say('server.http.at-querystring', { field: 'limit' }),
    why: within(say('server.http.must-be', { kind: say('server.http.kind-int') })),
    more: 1,
  });
  const kept = keptText(keepText(sentence));
  assert.equal(translate(kept, 'en'), 'In the query, "limit": must be a whole number. (and 1 more, see "errors")');
  assert.equal(translate(kept, 'es'), 'En la consulta, "limit": debe ser un número entero. (y 1 más; vea "errors")');
  assert.equal(translate([say('server.http.required'), 'Ana {1}'], 'es'), 'Es obligatorio. Ana {1}');
  assert.equal(keptText('{"sentence":"cut'), '{"sentence":"cut', 'what is no sentence stays as it is');
  const answer = { data: [{ id: 7, message: say('server.http.required') }], at: null };
  assert.deepEqual(translateAll(answer, 'es'), { data: [{ id: 7, message: 'Es obligatorio.' }], at: null });
});

test('the reader is answered in the first language that is known, else in the one that is set', () => {
  assert.equal(languageOf('fr-CA, es-CO;q=0.8, en;q=0.5'), 'es');
  assert.equal(languageOf('es;q=0, fr', 'en'), 'en');
  assert.equal(languageOf('*', 'es'), 'es');
  assert.equal(languageOf(undefined), 'en');
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
