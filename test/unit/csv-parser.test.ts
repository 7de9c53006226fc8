import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse as oracle } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvParser, type Dialect, MAX_RECORD } from '../../src/files/csv-parser.ts';
import type { SourceRow } from '../../src/files/rows.ts';

const COMMA: Dialect = { delimiter: ',', newline: '\n' };

function read(text: string, options: { dialect?: Dialect; pieces?: number } = {}): SourceRow[] {
  const parser = new CsvParser(options.dialect ?? COMMA);
  const rows: SourceRow[] = [];
  const size = options.pieces ?? (text.length || 1);
  for (let at = 0; at < text.length; at += size) rows.push(...parser.push(text.slice(at, at + size)));
  return [...rows, ...parser.end()];
}

test('gives each record the physical line where it begins, and its row in a spreadsheet where that is another', () => {
  assert.deepEqual(read('a,b\r\n\r\n1,"two\r\nlines"\r\n3,4\r\n'), [
    { row: 1, cells: ['a', 'b'] },
    { row: 3, cells: ['1', 'two\r\nlines'] },
    { row: 5, cells: ['3', '4'], record: 4 },
  ]);
});

test('leaves out rows without content and keeps counting their lines', () => {
  assert.deepEqual(
    read('a\n\n,,\n  \nb').map((row) => row.row),
    [1, 5],
  );
});

test('keeps a quote inside an unquoted cell', () => {
  assert.deepEqual(read('5" pipe,x'), [{ row: 1, cells: ['5" pipe', 'x'] }]);
});

test('takes spaces around a quoted cell as no part of it', () => {
  assert.deepEqual(read('a, "b, c" ,d'), [{ row: 1, cells: ['a', 'b, c', 'd'] }]);
});

test('a quote that is never closed costs its own line only', () => {
  assert.deepEqual(read('1,"Juan\n2,Ana\n3,Luis'), [
    { row: 1, cells: ['1', '"Juan'], fault: 'row_quotes' },
    { row: 2, cells: ['2', 'Ana'] },
    { row: 3, cells: ['3', 'Luis'] },
  ]);
});

test('a stray quote does not swallow the rows up to the next quoted cell', () => {
  assert.deepEqual(
    read('1,"Juan\n2,Ana\n3,"Luis"\n').map((row) => [row.row, row.fault]),
    [
      [1, 'row_quotes'],
      [2, undefined],
      [3, undefined],
    ],
  );
});

test('refuses a row whose quotes do not match instead of guessing its columns', () => {
  assert.deepEqual(read('1,"Bar "El Gato", SA",x\n2,y,z'), [
    { row: 1, cells: ['1', '"Bar "El Gato"', ' SA"', 'x'], fault: 'row_quotes' },
    { row: 2, cells: ['2', 'y', 'z'] },
  ]);
});

test('a giant line is one fault, bounded, and the next line is read', () => {
  const giant = 'x'.repeat(5 * MAX_RECORD);
  for (const pieces of [1_000, 64 * 1024, 10 * MAX_RECORD]) {
    const rows = read(`1,a\n${giant}\n3,c`, { pieces });
    assert.deepEqual(
      rows.map((row) => [row.row, row.fault]),
      [
        [1, undefined],
        [2, 'row_too_long'],
        [3, undefined],
      ],
    );
    assert.ok((rows[1]?.cells.join('').length ?? Infinity) <= 1_000);
  }
});

test('a quoted cell that goes on without end is given up with memory bounded', () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `${String(i)},fine row`).join('\n');
  const rows = read(`"open\n${lines}`, { pieces: 16 * 1024 });
  assert.equal(rows[0]?.fault, 'row_quotes');
  assert.equal(rows.length, 30_001);
});

test('never cuts a character in two', () => {
  const rows = read(`x${'😀'.repeat(MAX_RECORD)}`, { pieces: MAX_RECORD });
  assert.doesNotMatch(rows[0]?.cells.join('') ?? '', /[\ud800-\udbff](?![\udc00-\udfff])/);
});

// Excel's form of a text (="x") is read as that text: a test of its own.
const cell = fc.oneof(fc.string(), fc.stringMatching(/^[a-zñ0-9 ",;\t|\r\n]{0,12}$/)).filter((value) => !value.includes('="'));
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 12 });

function quoted(rows: string[][], delimiter: string, newline: string): string {
  return rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter)).join(newline);
}

test('reads back what was written, whatever the cells, the separator and the pieces', () => {
  fc.assert(
    fc.property(
      table,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 40 }),
      (rows, delimiter, newline, pieces) => {
        const text = quoted(rows, delimiter, newline);
        const found = read(text, { dialect: { delimiter, newline: '\n' }, pieces });
        assert.deepEqual(
          found.map((row) => row.cells),
          rows.filter((row) => row.some((value) => value.trim() !== '')),
        );
        assert.ok(found.every((row) => row.fault === undefined));
      },
    ),
  );
});

test('agrees with csv-parse on well-formed files', () => {
  const plain = fc.stringMatching(/^[a-zñ0-9é.' -]{1,10}$/).filter((value) => value.trim() !== '');
  const value = fc.oneof(plain, fc.stringMatching(/^[a-z ,\n"]{0,10}$/));
  const written = (text: string): string => (/[",\n\r]|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(plain, value, value), { minLength: 1, maxLength: 20 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, newline) => {
        const text = rows.map((row) => row.map(written).join(',')).join(newline);
        assert.deepEqual(
          read(text).map((row) => row.cells),
          oracle(text, { relax_column_count: true }),
        );
      },
    ),
  );
});

test('any text is read without an exception, every line once, the same in any pieces', () => {
  const text = fc.oneof(fc.string({ maxLength: 200 }), fc.stringMatching(/^[a,"\r\n ]{0,60}$/));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 7 }), (input, pieces) => {
      const whole = read(input);
      assert.deepEqual(read(input, { pieces }), whole);
      const lines = whole.map((row) => row.row);
      assert.ok(lines.every((line, index) => index === 0 || line > (lines[index - 1] ?? 0)));
    }),
    { numRuns: 1_000 },
  );
});
