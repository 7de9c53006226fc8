import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { guardFormulas, withoutGuards } from '../../src/files/formula-guard.ts';
import { findTable } from '../../src/files/heading.ts';
import { openFile } from '../../src/files/open.ts';
import { RESULT_COLUMNS, reportColumns, resultColumns } from '../../src/files/own-files.ts';
import { CSV_BOM, csvLine } from '../../src/files/write-csv.ts';

const RISKY = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ';', ',', '|', '\t', '\n', '\r', ' ', '\u00a0', '＝', 'a', '1', 'ñ'),
});

/** Where Excel of any region begins a cell: at the beginning, and after a separator or line break that it may split at. */
function cellsOfAnyRegion(text: string): string[] {
  return text.split(/[;,|\t\r\n]/);
}

test('no part of a cell begins as a formula, wherever a spreadsheet of another region splits it', () => {
  fc.assert(
    fc.property(RISKY, (cell) => {
      const safe = guardFormulas(cell);
      for (const part of cellsOfAnyRegion(safe))
        assert.doesNotMatch(part.replace(/^[ "\u00a0]+/, ''), /^[=+\-@＝]/, JSON.stringify(safe));
    }),
    { numRuns: 3_000 },
  );
  assert.equal(guardFormulas("Pepe;=cmd|' /C calc'!A1"), "Pepe;'=cmd|' /C calc'!A1");
});

test('the way back gives exactly what was written', () => {
  fc.assert(
    fc.property(RISKY, (cell) => {
      assert.equal(withoutGuards(guardFormulas(cell)), cell);
    }),
    { numRuns: 5_000 },
  );
});

async function readBack(lines: readonly (readonly string[])[], separator: 'comma' | 'semicolon'): Promise<string[][]> {
  const csv = CSV_BOM + lines.map((line) => csvLine(line, separator)).join('');
  const source = await openFile(Readable.from([Buffer.from(csv)]), { defaultCountry: 'CO' });
  const rows: string[][] = [];
  for await (const batch of source.rows) rows.push(...batch.map((row) => [...row.cells]));
  await source.close();
  return rows;
}

for (const separator of ['comma', 'semicolon'] as const) {
  test(`a file of refused rows comes back as the customer's own columns and values (${separator})`, async () => {
    const columns = ['phone', 'value', 'reason', 'report.row', "'=x", 'Línea 2'];
    const row = ['+573001112001', '=1+1', "'=text", '', 'a;=b', 'uno\ndos "tres" \t-4'];
    const lines = [
      [...reportColumns(columns), ...columns],
      ['2', 'phone', '+57', 'why, so', ...row],
    ];
    assert.deepEqual(await readBack(lines, separator), [columns, row]);
  });
}

test('results keep the customer’s columns apart from ours, whatever their names, and come back without our quotes', async () => {
  const columns = ['phone', 'status', 'file.phone', 'nota'];
  const named = resultColumns(columns);
  assert.deepEqual(named, ['file2.phone', 'file.status', 'file.phone', 'nota']);
  const ours = RESULT_COLUMNS.map((name) => (name === 'phone' ? '+573001112001' : ''));
  const rows = await readBack(
    [
      [...RESULT_COLUMNS, ...named],
      [...ours, '300', 'x', 'y', '-3'],
    ],
    'comma',
  );
  assert.deepEqual([rows[1]?.[0], rows[1]?.at(-1)], ['+573001112001', '-3']);
});

test('a file of others keeps its quotes', async () => {
  assert.deepEqual(
    await readBack(
      [
        ['celular', 'nota'],
        ['3001112001', "'‘algo’"],
      ],
      'comma',
    ),
    [
      ['celular', 'nota'],
      ['3001112001', "'‘algo’"],
    ],
  );
});

test('a list whose every line stands in quotes is taken apart, and that is said', async () => {
  const csv = '"phone,variable_1,variable_2"\n"3001112001,Ana,C-1"\n"3001112002,""Bea, la otra"",C-2"\n';
  const source = await openFile(Readable.from([Buffer.from(csv)]), { defaultCountry: 'CO' });
  const table = findTable(source.sample, { defaultCountry: 'CO' });
  const rows: (readonly string[])[] = [];
  for await (const batch of source.rows) rows.push(...batch.map((row) => row.cells));
  assert.deepEqual(table.columns, ['phone', 'variable_1', 'variable_2']);
  assert.deepEqual(rows[2], ['3001112002', 'Bea, la otra', 'C-2']);
  assert.deepEqual([source.notices.map((one) => one.code), source.format().delimiter], [['lines_in_quotes'], ',']);
});
