import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const SRC = new URL('../../src/', import.meta.url);
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('simulator/'))
  .map((file) => ({ file, text: readFileSync(new URL(file, SRC), 'utf8') }));

const SQL = /[`'"]\s*(with \w+ as|select |insert into |update \w+ (\w+ )?set |delete from )/;
test('SQL stands in *.sql.ts and lib/db only', () => {
  const others = files.filter(({ file, text }) => !/\.sql\.ts$|^lib\/db\//.test(file) && SQL.test(text)).map(({ file }) => file);
  assert.deepEqual(others, []);
});

const WRITES = /\b(insert into|update|delete from) (campaigns|messages|tallies|message_events|dispatch)\b/;
/** Until their statements move: people put on a list or taken off it, and what is erased. A shrinking list. */
const ELSEWHERE = ['operations/retention.sql.ts', 'recipients/remove-upload.sql.ts', 'recipients/uploads.sql.ts'];

test('campaigns, messages and their counters are written by lifecycle, and by the named exceptions', () => {
  const others = files
    .filter(({ file, text }) => !file.startsWith('lifecycle/') && WRITES.test(text))
    .map(({ file }) => file)
    .sort();
  assert.deepEqual(others, ELSEWHERE);
});

test('the files of lifecycle are those that the architecture names', () => {
  const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
  const sentence = /The closed list of `src\/lifecycle\/`: ([^\n]*?)\. A feature/s.exec(page.replaceAll('\n', ' '))?.[1] ?? '';
  const named = [...sentence.matchAll(/`([^`]+)`/g)].map((match) => match[1]).sort();
  assert.deepEqual(
    named,
    files.flatMap(({ file }) => (file.startsWith('lifecycle/') ? [file.slice('lifecycle/'.length)] : [])).sort(),
  );
});

test('a comment cites pages of this repository, and sections that the page on Meta has', () => {
  const absent = files.flatMap(({ file, text }) =>
    [...text.matchAll(/docs\/[\w/-]+\.md/g)]
      .filter(([page]) => !existsSync(new URL(`../../${page}`, import.meta.url)))
      .map(([page]) => `${file}: ${page}`),
  );
  assert.deepEqual(absent, []);
  const headings = new Set(
    [...readFileSync(new URL('../../docs/meta.md', import.meta.url), 'utf8').matchAll(/^## (.*)$/gm)].map((match) => match[1]),
  );
  const sections = files.flatMap(({ text }) =>
    [...text.replace(/\n\s*\*\s?/g, ' ').matchAll(/docs\/meta\.md, ([A-Z][^):;,."]*?)(?: and ([A-Z][^):;,."]*?))?[):;,."]/g)].map(
      (match) => match[0],
    ),
  );
  assert.ok(sections.length > 40);
  const unknown = sections.filter(
    (citation) => ![...headings].some((heading) => heading !== undefined && citation.includes(heading)),
  );
  assert.deepEqual(unknown, []);
});
