import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTable } from '../../src/files/heading.ts';
import { type FileOptions, openFile } from '../../src/files/open.ts';
import type { FileFormat, SourceRow } from '../../src/files/rows.ts';
import { Problem } from '../../src/lib/problem.ts';
import { ods, textRow, xlsx, xlsxParts, zipOf } from '../support/workbooks.ts';

interface Read {
  readonly rows: SourceRow[];
  readonly cells: (readonly string[])[];
  readonly format: FileFormat;
  readonly blanks: number;
  readonly phoneColumn: string | undefined;
  readonly notices: string[];
}

async function* stream(bytes: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}

async function read(bytes: Buffer, options: FileOptions = { defaultCountry: 'CO' }): Promise<Read> {
  const source = await openFile(stream(bytes), options);
  try {
    const table = findTable(source.sample, options);
    const rows: SourceRow[] = [];
    for await (const batch of source.rows) rows.push(...batch);
    return {
      rows,
      cells: rows.map((row) => row.cells),
      format: source.format(),
      blanks: source.blanks().count,
      phoneColumn: table.columns[table.phone],
      notices: source.notices.map((notice) => notice.code),
    };
  } finally {
    await source.close();
  }
}

function refusal(words: RegExp) {
  return (error: unknown): boolean => error instanceof Problem && error.code === 'file_unusable' && words.test(error.message);
}

const HEAD = textRow(1, ['Celular', 'Nombre']);

test('a list of Excel: shared and rich texts, phones as numbers, the texts behind the sheets', async () => {
  const rows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
    <row r="2"><c r="A2"><v>3001112001</v></c><c r="B2" t="s"><v>2</v></c></row>
    <row r="3"><c r="A3"><v>5.73001112002E11</v></c><c r="B3" t="inlineStr"><is><t>Bea_x000D_Ruiz</t></is></c></row>`;
  const strings = ['<t>Celular</t>', '<r><t>Nom</t></r><r><t>bre</t></r>', '<t>山田</t><rPh sb="0" eb="2"><t>やまだ</t></rPh>'];
  const { cells, format, phoneColumn } = await read(await xlsx({ sheets: [{ name: 'Hoja1', rows }], strings }));
  assert.deepEqual(cells, [
    ['Celular', 'Nombre'],
    ['3001112001', '山田'],
    ['573001112002', 'Bea\rRuiz'],
  ]);
  assert.equal(phoneColumn, 'Celular');
  assert.deepEqual(format, {
    kind: 'xlsx',
    encoding: null,
    delimiter: null,
    sheets: [{ name: 'Hoja1', hidden: false }],
    sheet: 'Hoja1',
  });
});

test('dates, percentages, decimals and codes with zeros in front come as a person sees them; errors and truths too', async () => {
  const styles = `<numFmts count="3"><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="[$-es-CO]d &quot;de&quot; mmmm"/><numFmt numFmtId="166" formatCode="&quot;días&quot; 0"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/><xf numFmtId="2"/><xf numFmtId="166"/></cellXfs>`;
  const values = `<row r="2"><c r="A2"><v>3001112001</v></c><c s="1"><v>46356</v></c><c s="2"><v>0.2</v></c><c s="3"><v>4711</v></c><c s="4"><v>46356</v></c><c s="5"><v>46356.5</v></c><c s="6"><v>1.5</v></c><c s="7"><v>3</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c><v>0.1</v></c><c><v>12345678901234567890</v></c></row>`;
  const bytes = await xlsx({
    sheets: [{ name: 'A', rows: textRow(1, ['Celular', ...'b c d e f g h i j k l'.split(' ')]) + values }],
    styles,
  });
  assert.deepEqual((await read(bytes)).cells[1], [
    '3001112001',
    '2026-11-30',
    '20%',
    '04711',
    '2026-11-30',
    '2026-11-30 12:00',
    '1.50',
    '3',
    '#N/A',
    'TRUE',
    '0.1',
    '12345678901234600000',
  ]);
  const mac = await xlsx({
    sheets: [{ name: 'A', rows: HEAD + '<row r="2"><c><v>3001112001</v></c><c s="1"><v>44894</v></c></row>' }],
    styles,
    date1904: true,
  });
  assert.equal((await read(mac)).cells[1]?.[1], '2026-11-30');
});

test('a formula counts by its result; one that was never calculated is refused with its row, the others are read', async () => {
  const rows = `${HEAD}<row r="2"><c t="str"><f>A1&amp;"x"</f><v>3001112001</v></c><c t="str"><f>""</f></c></row><row r="3"><c><v>3001112002</v></c><c><f>B1</f></c></row>`;
  const { rows: found } = await read(await xlsx({ sheets: [{ name: 'A', rows }] }));
  assert.deepEqual([found[1]?.cells, found[1]?.fault], [['3001112001'], undefined]);
  assert.deepEqual([found[2]?.fault, found[2]?.row], ['row_formula', 3]);
});

test('rows have the numbers Excel shows; blank ones between them count, those at the end do not', async () => {
  const rows = `${textRow(3, ['Celular', 'Nombre'])}<row r="7"><c r="B7" t="inlineStr"><is><t>sin número</t></is></c></row><row r="8"><c><v>3001112001</v></c></row><row r="9"/><row r="900"><c r="D900" s="0"/></row>`;
  const { rows: found, blanks } = await read(await xlsx({ sheets: [{ name: 'A', rows }] }));
  assert.deepEqual(
    found.map((row) => row.row),
    [3, 7, 8],
  );
  assert.deepEqual(found[1]?.cells, ['', 'sin número']);
  assert.equal(blanks, 2 + 3);
});

test('of several sheets the one that looks like a list is read and said; a hidden one only when it is chosen', async () => {
  const list = (phone: string): string => `${HEAD}${textRow(2, [phone, 'Ana'])}`;
  const bytes = await xlsx({
    sheets: [
      { name: 'Portada', rows: textRow(1, ['Informe de noviembre']) },
      { name: 'Vieja', state: 'hidden', rows: list('3001112009') },
      { name: 'Gente', rows: list('3001112001') },
    ],
  });
  const found = await read(bytes);
  assert.deepEqual([found.format.sheet, found.cells[1]?.[0], found.notices], ['Gente', '3001112001', ['sheet_chosen']]);
  assert.deepEqual(
    found.format.sheets.map((sheet) => sheet.hidden),
    [false, true, false],
  );
  assert.equal((await read(bytes, { sheet: 'Vieja', defaultCountry: 'CO' })).cells[1]?.[0], '3001112009');
  await assert.rejects(read(bytes, { sheet: 'Otra' }), refusal(/no sheet "Otra".*Portada, Vieja, Gente/));
});

test('cells without a place follow each other, and prefixes of other programs are read', async () => {
  const rows =
    '<row><c t="inlineStr"><is><t>Celular</t></is></c><c t="inlineStr"><is><t>Nombre</t></is></c></row><row><c><v>3001112001</v></c></row>';
  const parts = xlsxParts({ sheets: [{ name: 'A', rows }] });
  const sheet = 'xl/worksheets/sheet0.xml';
  parts[sheet] = String(parts[sheet])
    .replaceAll(/<(\/?)(worksheet|sheetData|row|c|v|is|t)\b/g, '<$1x:$2')
    .replace('xmlns=', 'xmlns:x=');
  assert.deepEqual((await read(await zipOf(parts))).cells, [['Celular', 'Nombre'], ['3001112001']]);
});

test('a LibreOffice workbook: values and not their rounded look, repeated cells and rows, notes left out, hidden sheets', async () => {
  const text = (value: string): string =>
    `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`;
  const bytes = await ods(
    `<table:table table:name="Vieja" table:style-name="ta2"><table:table-row>${text('Celular')}</table:table-row></table:table>
     <table:table table:name="Gente">
       <table:table-row>${text('Celular')}${text('Nombre')}${text('Fecha')}<table:table-cell table:number-columns-repeated="16381"/></table:table-row>
       <table:table-row><table:table-cell office:value-type="float" office:value="3001112001"><text:p>3E+09</text:p></table:table-cell><table:table-cell office:value-type="string"><office:annotation><text:p>nota</text:p></office:annotation><text:p>Ana<text:s text:c="2"/>María</text:p><text:p>Ruiz</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-11-30"><text:p>30/11/26</text:p></table:table-cell></table:table-row>
       <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
       <table:table-row table:number-rows-repeated="2">${text('3001112002')}<table:table-cell office:value-type="float" office:value="7" table:number-columns-repeated="2"><text:p>7</text:p></table:table-cell></table:table-row>
       <table:table-row table:number-rows-repeated="1048569"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
     </table:table>`,
    '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>',
  );
  const { rows, format, blanks } = await read(bytes);
  assert.deepEqual(
    rows.map(({ row, cells }) => [row, ...cells]),
    [
      [1, 'Celular', 'Nombre', 'Fecha'],
      [2, '3001112001', 'Ana  María\nRuiz', '2026-11-30'],
      [6, '3001112002', '7', '7'],
      [7, '3001112002', '7', '7'],
    ],
  );
  assert.equal(blanks, 3);
  assert.deepEqual(format.sheets, [
    { name: 'Vieja', hidden: true },
    { name: 'Gente', hidden: false },
  ]);
});

const MB = 1024 * 1024;

for (const [what, make, words] of [
  [
    'one cell of 300 MB',
    () => xlsx({ sheets: [{ name: 'A', rows: `<row><c t="inlineStr"><is><t>${'a'.repeat(300 * MB)}</t></is></c></row>` }] }),
    /unpacks to far more/,
  ],
  [
    'thirteen million texts of one letter',
    () =>
      xlsx({
        sheets: [{ name: 'A', rows: HEAD }],
        more: { 'xl/sharedStrings.xml': `<sst>${'<si><t>a</t></si>'.repeat(13_000_000)}</sst>` },
      }),
    /unpacks to far more/,
  ],
  [
    'three thousand parts',
    () =>
      xlsx({
        sheets: [{ name: 'A', rows: HEAD }],
        more: Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`x/${String(n)}`, ''])),
      }),
    /unpacks to far more/,
  ],
  ['macros', () => xlsx({ sheets: [{ name: 'A', rows: HEAD }], more: { 'xl/vbaProject.bin': 'x' } }), /macros/],
  [
    'values of other files',
    () => xlsx({ sheets: [{ name: 'A', rows: HEAD }], more: { 'xl/externalLinks/externalLink1.xml': '<x/>' } }),
    /other files/,
  ],
  [
    'a part in another place',
    () =>
      xlsx({
        sheets: [{ name: 'A', rows: HEAD }],
        more: {
          'xl/_rels/workbook.xml.rels':
            '<Relationships><Relationship Id="s0" Type="x/worksheet" Target="http://example.com/x" TargetMode="External"/></Relationships>',
        },
      }),
    /another place/,
  ],
  [
    'a document type',
    () => xlsx({ sheets: [{ name: 'A', rows: HEAD }], more: { 'xl/sharedStrings.xml': '<!DOCTYPE a [<!ENTITY b "c">]><sst/>' } }),
    /document type/,
  ],
  [
    'a binary workbook',
    () =>
      zipOf({
        '[Content_Types].xml': '<x/>',
        '_rels/.rels': '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        'xl/workbook.bin': 'x',
      }),
    /xlsb/,
  ],
  ['a text document', () => zipOf({ '[Content_Types].xml': '<x/>', 'word/document.xml': '<x/>' }), /Word/],
  ['an archive of something else', () => zipOf({ 'lista.csv': 'a,b' }), /ZIP archive/],
  ['a sheet that is no XML', () => xlsx({ sheets: [{ name: 'A', rows: '<row><c' }] }), /damaged/],
  ['a protected LibreOffice workbook', () => ods('', '', { 'META-INF/manifest.xml': '<manifest:encryption-data/>' }), /password/],
  [
    'a row repeated a million times',
    () =>
      ods(
        `<table:table table:name="A"><table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`,
      ),
    /repeated 1000000 times/,
  ],
] as const) {
  test(`refused with a sentence: ${what}`, async () => {
    await assert.rejects(read(await make()), refusal(words));
  });
}

test('a workbook that was cut off is damaged, wherever it was cut', async () => {
  const whole = await xlsx({ sheets: [{ name: 'A', rows: HEAD + textRow(2, ['3001112001', 'Ana']) }] });
  for (const share of [0.1, 0.5, 0.9, 0.99]) {
    await assert.rejects(read(whole.subarray(0, Math.floor(whole.length * share))), refusal(/damaged/));
  }
});

test('one cell far to the right costs one cell, and its row is told', async () => {
  const far = '<row r="2"><c r="A2"><v>3001112001</v></c><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>';
  const source = await openFile(stream(await xlsx({ sheets: [{ name: 'A', rows: HEAD + far }] })), {});
  assert.equal(source.sample[1]?.cells.length, 501);
  await source.close();
});
