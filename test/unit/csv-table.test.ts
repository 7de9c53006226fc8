import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { normaliseCell } from '../../src/files/cell.ts';
import { type CheckedRow, type Requirements, rowChecker } from '../../src/files/check-row.ts';
import { findTable, type Table, type TableOptions } from '../../src/files/heading.ts';
import type { Notice } from '../../src/files/messages.ts';
import { openCsv } from '../../src/files/open-csv.ts';
import { csvLine } from '../../src/files/write-csv.ts';
import { Problem } from '../../src/lib/problem.ts';

async function readFile(
  content: string | Uint8Array,
  options: TableOptions & { requirements?: Requirements } = { defaultCountry: 'CO' },
): Promise<{ table: Table; rows: CheckedRow[]; notices: Notice[] }> {
  const source = await openCsv(Readable.from([Buffer.from(content)]), options);
  const table = findTable(source.sample, options);
  const checker = rowChecker(table, options.requirements ?? { required: [] }, options.defaultCountry);
  const rows: CheckedRow[] = [];
  for await (const batch of source.rows) {
    for (const row of batch) if (row.row >= table.firstRow) rows.push(checker.check(row));
  }
  return { table, rows, notices: checker.notices() };
}

function summary(rows: readonly CheckedRow[]): string[] {
  return rows.map((row) =>
    row.ok ? `${String(row.row)} ${row.phone.phone}` : `${String(row.rejection.row)} ${row.rejection.code}`,
  );
}

test("reads the README's file as it is", async () => {
  const { table, rows } = await readFile(
    'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n+573001234568,María,García\n',
    {},
  );
  assert.deepEqual([table.columns, table.phone], [['Recipient-Phone-Number', 'variable_1', 'variable_2'], 0]);
  assert.deepEqual(
    rows.map((row) => row.ok && row.data['variable_2']),
    ['Pérez', 'García'],
  );
});

test('reads a text as Excel writes it, in every cell and in the header, quoted or not', async () => {
  const { table, rows } = await readFile(
    '="Celular",Código,Nota\n="3001234567",="007",="dice ""hola"""\n"=""3001234568""","=""0,5""",\'="a"\n=300,x,="abierto\n',
  );
  assert.deepEqual(table.columns, ['Celular', 'Código', 'Nota']);
  assert.deepEqual(
    rows.map((row) => (row.ok ? [row.phone.phone, row.data['Código'], row.data['Nota']] : row.rejection.code)),
    [['+573001234567', '007', 'dice "hola"'], ['+573001234568', '0,5', 'a'], 'phone_symbols'],
  );
});

for (const name of [
  'telefono',
  'Teléfono',
  'CELULAR',
  'Móvil',
  'número',
  'Phone',
  'phone_number',
  'WhatsApp',
  'Nº de Teléfono',
  'Teléfono del cliente',
  'msisdn',
]) {
  test(`knows the column ${name}`, async () => {
    const { table } = await readFile(`Nombre;${name};Ciudad\nAna;3001234567;Cali\n`);
    assert.equal(table.phone, 1);
    assert.deepEqual(table.columns, ['Nombre', name, 'Ciudad']);
  });
}

for (const delimiter of [',', ';', '\t', '|']) {
  test(`tells the separator ${JSON.stringify(delimiter)} by itself, though the others stand in cells`, async () => {
    const others = [',', ';', '|'].filter((other) => other !== delimiter).join('');
    const lines = [
      ['nombre', 'celular', 'nota'],
      ['Ana', '3001234567', `a${others}b`],
      ['Luis', '3001234568', `c${others}`],
    ];
    const { table, rows } = await readFile(lines.map((cells) => cells.join(delimiter)).join('\n'));
    assert.deepEqual(table.columns, ['nombre', 'celular', 'nota']);
    assert.deepEqual(summary(rows), ['2 +573001234567', '3 +573001234568']);
  });
}

test('believes a first line that names the separator', async () => {
  const { table, rows } = await readFile('sep=;\r\ncelular;nombre\r\n3001234567;Ana, Luis\r\n');
  assert.deepEqual(table.columns, ['celular', 'nombre']);
  assert.deepEqual(summary(rows), ['3 +573001234567']);
});

test('finds the header under a title and says which rows it left out', async () => {
  const { table, rows, notices } = await readFile(
    'Clientes WhatsApp 2026\n\nGenerado el 3 de mayo\nNombre,Celular\nAna,3001234567\n',
  );
  assert.deepEqual(table.columns, ['Nombre', 'Celular']);
  assert.deepEqual(summary(rows), ['5 +573001234567']);
  assert.deepEqual(
    notices.map((entry) => [entry.code, entry.count]),
    [['rows_above_header', 2]],
  );
});

test('reads old line ends of a single carriage return', async () => {
  const { rows } = await readFile('celular,nombre\r3001234567,Ana\r3001234568,Luis\r');
  assert.deepEqual(summary(rows), ['2 +573001234567', '3 +573001234568']);
});

test('takes the column that holds phones over a row number with a promising name', async () => {
  const { table } = await readFile('Número,Contacto,Nombre\n1,3001234567,Ana\n2,3001234568,Luis\n');
  assert.equal(table.phone, 1);
});

test('prefers the mobile to the landline', async () => {
  const { table } = await readFile('Teléfono,Celular,Nombre\n6012345678,3001234567,Ana\n6012345679,3001234568,Luis\n');
  assert.equal(table.phone, 1);
});

test('takes a file without a header when one column clearly holds phones, and says so', async () => {
  const { table, rows, notices } = await readFile('3001234567,Ana\n3001234568,Luis\n');
  assert.deepEqual([table.columns, table.phone], [['column_1', 'column_2'], 0]);
  assert.deepEqual(summary(rows), ['1 +573001234567', '2 +573001234568']);
  assert.deepEqual(
    notices.map((entry) => entry.code),
    ['no_header'],
  );
});

test('takes a column with an unknown name when it clearly holds phones, and says so', async () => {
  const { table, notices } = await readFile('Titular,Línea\nAna,3001234567\nLuis,3001234568\n');
  assert.deepEqual([table.columns, table.phone], [['Titular', 'Línea'], 1]);
  assert.deepEqual(
    notices.map((entry) => [entry.code, entry.column]),
    [['phone_column_guessed', 'Línea']],
  );
});

test('refuses a file without a usable column, naming those it found', async () => {
  await assert.rejects(readFile('Nombre,Ciudad\nAna,Cali\nLuis,Bogotá\n'), (error) => {
    assert.ok(error instanceof Problem);
    assert.deepEqual([error.code, error.extra['columns']], ['file_unusable', ['Nombre', 'Ciudad']]);
    assert.match(error.message, /Nombre, Ciudad/);
    return true;
  });
});

test('refuses an empty file', async () => {
  await assert.rejects(readFile('\n \n'), (error) => error instanceof Problem && error.code === 'file_unusable');
});

test('obeys the column a person chose, and refuses one that is not there', async () => {
  const content = 'Teléfono,Celular\n6012345678,3001234567\n';
  assert.equal((await readFile(content, { defaultCountry: 'CO', phoneColumn: 'telefono' })).table.phone, 0);
  await assert.rejects(
    readFile(content, { phoneColumn: 'otra' }),
    (error) => error instanceof Problem && error.message.includes('Teléfono, Celular'),
  );
});

test('gives columns without a name, or with a repeated one, a name of their own', async () => {
  const { table, notices } = await readFile('celular,nombre,nombre,,nombre_2,__proto__,,\n3001234567,a,b,c,d,e,,\n');
  assert.deepEqual(table.columns, ['celular', 'nombre', 'nombre_3', 'column_4', 'nombre_2', 'column_6']);
  assert.deepEqual(
    notices.map((entry) => [entry.code, entry.count]),
    [['columns_renamed', 3]],
  );
});

test('a missing cell is empty, an empty one too many is none, a full one refuses the row', async () => {
  const { rows } = await readFile('celular,nombre\n3001234567\n3001234568,Ana,,\n3001234569,Pérez, Ana\n');
  assert.deepEqual(summary(rows), ['2 +573001234567', '3 +573001234568', '4 row_too_many_cells']);
});

test('refuses a row whose required column is empty, with column and reason, and only that row', async () => {
  const requirements: Requirements = { required: ['nombre'] };
  const { rows } = await readFile('celular,nombre,nota\n3001234567,,x\n3001234568, \t ,x\n3001234569,Ana,\n', {
    defaultCountry: 'CO',
    requirements,
  });
  assert.deepEqual(summary(rows), ['2 value_missing', '3 value_missing', '4 +573001234569']);
});

test('refuses a row by the rule of the template', async () => {
  const requirements: Requirements = {
    required: [],
    check: (row) =>
      (row['nombre'] ?? '').length > 3 ? [{ column: 'nombre', code: 'value_too_long', message: 'At most 3 characters.' }] : [],
  };
  const { rows } = await readFile('celular,nombre\n3001234567,Anastasia\n', { defaultCountry: 'CO', requirements });
  const [row] = rows;
  assert.ok(row?.ok === false);
  assert.deepEqual(
    [row.rejection.column, row.rejection.value, row.rejection.error],
    ['nombre', 'Anastasia', 'At most 3 characters.'],
  );
});

test('refuses the file when a column the template needs is not in it', async () => {
  await assert.rejects(
    readFile('celular,nombre\n3001234567,Ana\n', { defaultCountry: 'CO', requirements: { required: ['saldo'] } }),
    /needs the column saldo.*celular, nombre/,
  );
});

test('normalises values as WhatsApp demands and counts it by column', async () => {
  const { rows, notices } = await readFile('celular,nombre,nota\n3001234567,"Ana\nMaría",ok\n3001234568,a\u0000b,x     y\n');
  assert.deepEqual(
    rows.map((row) => row.ok && [row.data['nombre'], row.data['nota']]),
    [
      ['Ana María', 'ok'],
      ['ab', 'x y'],
    ],
  );
  assert.deepEqual(
    notices.map(({ code, column, count, first_row }) => [code, column, count, first_row]),
    [
      ['values_normalised', 'nombre', 2, 2],
      ['values_normalised', 'nota', 1, 4],
    ],
  );
});

test('says which columns hold characters that were damaged before', async () => {
  const { notices } = await readFile('celular,nombre\n3001234567,Mu\ufffdoz\n');
  assert.deepEqual(
    notices.map((entry) => [entry.code, entry.column]),
    [['damaged_characters', 'nombre']],
  );
});

test('a normalised cell keeps to the rules for parameters and is not changed again', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a \t\r\n\u00a0\u2028\u0085é\u0301]{0,12}$/)),
      (text) => {
        const { value, changed, unseen } = normaliseCell(text);
        assert.doesNotMatch(value, /[\n\r\t\u0000]| {4}|^\s|\s$/);
        assert.equal(changed || unseen, value !== text);
        assert.deepEqual(normaliseCell(value), { value, changed: false, unseen: false });
      },
    ),
    { numRuns: 3_000 },
  );
});

test('any bytes are read or refused, never an exception of another kind', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 100 }).map((tail) => Buffer.concat([Buffer.from('celular;nombre\n3001234567;"'), tail])),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(`telefono,nombre\n3001234567,${text}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      try {
        await readFile(content);
      } catch (error) {
        assert.ok(error instanceof Problem, String(error));
        assert.equal(error.code, 'file_unusable');
      }
    }),
    { numRuns: 500 },
  );
});

test('a line written for download cannot be a formula and reads back', () => {
  assert.equal(
    csvLine(['=1+1', '+57300', '-3', '@x', '\t=1', 'a"b', 7, null]),
    `"'=1+1","'+57300","'-3","'@x","\t'=1","a""b",7,\r\n`,
  );
});
