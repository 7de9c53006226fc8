import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { accountOf } from '../../src/files/account.ts';
import { type CheckedRow, rowChecker } from '../../src/files/check-row.ts';
import { findTable, type TableOptions } from '../../src/files/heading.ts';
import { openCsv } from '../../src/files/open-csv.ts';
import type { SourceRow } from '../../src/files/rows.ts';
import { countryOf } from '../../src/lib/phone/countries.ts';
import { parsePhone } from '../../src/lib/phone/parse.ts';
import { Problem } from '../../src/lib/problem.ts';
import { english } from '../../src/lib/words/sentence.ts';

interface Read {
  readonly columns: readonly string[];
  readonly phoneColumn: string | undefined;
  readonly rows: readonly CheckedRow[];
  readonly phones: readonly string[];
  readonly notices: readonly string[];
  readonly account: ReturnType<typeof accountOf>;
}

async function read(content: string, options: TableOptions = { defaultCountry: 'CO' }): Promise<Read> {
  const source = await openCsv(Readable.from([Buffer.from(content)]), options);
  const table = findTable(source.sample, options);
  const checker = rowChecker(table, { required: [] }, options.defaultCountry);
  const rows: CheckedRow[] = [];
  const before: SourceRow[] = [...source.preamble];
  for await (const batch of source.rows) {
    for (const row of batch) {
      if (row.row >= table.firstRow) rows.push(checker.check(row));
      else if (row.row !== table.heading) before.push(row);
    }
  }
  return {
    columns: table.columns,
    phoneColumn: table.columns[table.phone],
    rows,
    phones: rows.map((row) => (row.ok ? row.phone.phone : row.rejection.code)),
    notices: checker.notices().map((notice) => notice.code),
    account: accountOf({ data: rows.length, heading: table.heading, before, blanks: source.blanks() }),
  };
}

/** Thirty people, of whom the fourth has no phone: what stands in that row speaks of a phone and is none. */
const THIRTY = Array.from(
  { length: 30 },
  (_, i) => `Persona ${String(i)},${i === 3 ? 'no tiene celular' : `30012345${String(10 + i)}`}`,
);

for (const [name, heading, what] of [
  ['without a heading', [], 'no tiene celular'],
  ['with a heading', ['Nombre,Celular'], 'no tiene celular'],
  ['with a heading of unknown names', ['Nombre,Contacto directo'], 'no tiene celular'],
  ['where the cell names a phone and nothing else', [], 'celular apagado'],
] as const) {
  test(`nobody above a cell that speaks of a phone vanishes, in a list ${name}`, async () => {
    const lines = [...heading, ...THIRTY.map((line) => line.replace('no tiene celular', what))];
    const { phones, account } = await read(lines.join('\n'));
    assert.equal(phones.length, 30);
    assert.equal(phones.filter((phone) => phone.startsWith('+57')).length, 29);
    assert.deepEqual(
      [account.rows_in_file, account.heading_rows, account.rows_before_heading, account.blank_rows],
      [lines.length, heading.length, 0, 0],
    );
  });
}

test('a heading never holds a phone, also where a person chooses the column by what stands in a row of data', async () => {
  const content = 'Ana,3001234567\nBea,no tiene celular\nCid,3001234569\n';
  await assert.rejects(
    read(content, { defaultCountry: 'CO', phoneColumn: 'no tiene celular' }),
    (error) => error instanceof Problem && error.code === 'file_unusable',
  );
  assert.equal((await read(content, { defaultCountry: 'CO', phoneColumn: 'column_2' })).phones.length, 3);
});

test('titles above a heading are counted and shown, a phone in them is no person', async () => {
  const { phones, account } = await read(
    'Empresa SAS,,\n"Dudas: 601 555 1234",,\n\nNombre,Celular,Ciudad\nAna,3001234567,Cali\n\n\nBea,3001234568,Cali\n',
  );
  assert.deepEqual(phones, ['+573001234567', '+573001234568']);
  assert.deepEqual(account, {
    rows_in_file: 8,
    heading_rows: 1,
    rows_before_heading: 2,
    blank_rows: 3,
    left_out: [
      { kind: 'before_heading', row: 1, last_row: 1, text: 'Empresa SAS' },
      { kind: 'before_heading', row: 2, last_row: 2, text: 'Dudas: 601 555 1234' },
      { kind: 'blank', row: 3, last_row: 3, text: null },
      { kind: 'blank', row: 6, last_row: 7, text: null },
    ],
  });
});

test('the line that only names the separator is in the account', async () => {
  const { account } = await read('sep=;\nNombre;Celular\nAna;3001234567\n');
  assert.deepEqual([account.rows_in_file, account.rows_before_heading, account.heading_rows], [3, 1, 1]);
});

test('every row of any file is in the account', async () => {
  const cell = fc.constantFrom('', 'Ana', '3001234567', '+573001234568', 'celular', 'telefono', 'no tiene celular', '12', 'Cali');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 40 }), async (lines) => {
      let result: Read;
      try {
        result = await read(`${lines.map((cells) => cells.join(',')).join('\n')}\n`);
      } catch (error) {
        assert.ok(error instanceof Problem && error.code === 'file_unusable');
        return;
      }
      const { account, rows } = result;
      assert.equal(account.rows_in_file, lines.length);
      assert.equal(rows.length + account.heading_rows + account.rows_before_heading + account.blank_rows, lines.length);
    }),
    { numRuns: 500 },
  );
});

test('a line can be chosen as the heading, or none', async () => {
  const content = 'Lista de clientes,2026\nNombre,Celular\nAna,3001234567\n';
  assert.equal((await read(content, { defaultCountry: 'CO', headingRow: 2 })).account.rows_before_heading, 1);
  const none = await read(content, { defaultCountry: 'CO', headingRow: 0 });
  assert.deepEqual([none.columns, none.phones.length, none.account.heading_rows], [['column_1', 'column_2'], 3, 0]);
  await assert.rejects(read(content, { defaultCountry: 'CO', headingRow: 9 }), /Line 9 cannot be the heading/);
});

for (const [name, header, cells] of [
  ['a calling code', 'Country Code', ['52', '52']],
  ['a calling code with +', 'Indicativo', ['+52', '+52']],
  ['a calling code as a spreadsheet writes it', 'prefijo', ['52.0', '0052']],
  ['a code of letters', 'Country', ['MX', 'mx']],
  ['a name', 'País', ['México', 'MEXICO']],
] as const) {
  test(`the country of each number is taken from its row, as ${name}, and said`, async () => {
    const { phones, notices } = await read(
      `Name,${header},Phone\nAna,${cells[0]},3312345678\nBea,${cells[1]},3312345679\nCid,57,3001234567\nDia,,3001234568\nEva,34,+14155552671\n`,
    );
    assert.deepEqual(phones, ['+523312345678', '+523312345679', '+573001234567', '+573001234568', '+14155552671']);
    assert.ok(notices.includes('country_column') && notices.includes('country_missing'));
  });
}

test('a number whose country nobody knows is refused and not guessed', async () => {
  const { phones } = await read(
    `Name,Country,Phone\n${'Ana,MX,3312345678\n'.repeat(10)}Bea,Atlantis,3001234567\nCid,Atlantis,+573001234567\n`,
  );
  assert.deepEqual(phones.slice(10), ['country_unknown', '+573001234567']);
});

test('a column that only has the name of a country column is none', async () => {
  const { phones, notices } = await read('Nombre,Prefijo,Celular\nAna,Sra.,3001234567\nLuis,Sr.,3001234568\n');
  assert.deepEqual([phones, notices], [['+573001234567', '+573001234568'], []]);
});

test('knows countries by code and by name, and nothing else', () => {
  for (const text of ['57', '+57', '0057', '57.0', '(+57)', 'CO', 'co', 'COL', 'Colombia', 'colombia']) {
    assert.equal(countryOf(text), 'CO', text);
  }
  assert.deepEqual(['1', 'EE.UU.', 'Estados Unidos', 'Deutschland', 'Brasil', 'España'].map(countryOf), [
    'US',
    'US',
    'US',
    'DE',
    'BR',
    'ES',
  ]);
  for (const text of ['', '999', '5', '57 300', 'Cali', '0', 'x'.repeat(100_000)])
    assert.equal(countryOf(text), undefined, text.slice(0, 20));
});

test('WhatsApp and mobile columns come before a phone column, which is asked where they are empty', async () => {
  const { phoneColumn, phones, notices } = await read(
    'Name,Phone,Mobile,WhatsApp,Teléfono del asesor\nAna,6015551234,3001234567,,3009999999\nBea,3001234568,no tiene,,3009999999\nCid,,,+573001234569,3009999999\nDia,,,,3009999999\n',
  );
  assert.equal(phoneColumn, 'WhatsApp');
  assert.deepEqual(phones, ['+573001234567', '+573001234568', '+573001234569', 'phone_empty']);
  assert.ok(notices.includes('phone_from_other_column'));
});

test('a column named WhatsApp that holds no phones is not the phone column', async () => {
  const { phoneColumn } = await read('Name,Phone,WhatsApp\nAna,3001234567,si\nBea,3001234568,no\n');
  assert.equal(phoneColumn, 'Phone');
});

test('a column may be chosen by the name this program gave it', async () => {
  const { phones } = await read('telefono,telefono\n6015551234,3001234567\n', {
    defaultCountry: 'CO',
    phoneColumn: 'telefono_2',
  });
  assert.deepEqual(phones, ['+573001234567']);
});

for (const [country, own, foreign] of [
  ['DE', '4915112345678', '573001234567'],
  ['AT', '436641234567', '573001234567'],
  ['IT', '393471234567', '573001234567'],
  ['ID', '6281234567890', '573001234567'],
  ['MX', '5213312345678', '573001234567'],
  ['BR', '5511987654321', '573001234567'],
] as const) {
  test(`numbers without + under ${country}: its own mobiles with the country code, and a whole column of foreign ones`, async () => {
    assert.deepEqual((await read(`phone\n${own}\n`, { defaultCountry: country })).phones, [`+${own.replace(/^521/, '52')}`]);
    const column = Array.from({ length: 10 }, (_, i) => String(Number(foreign) + i));
    const { phones, notices } = await read(`phone\n${column.join('\n')}\n`, { defaultCountry: country });
    assert.deepEqual(
      phones,
      column.map((digits) => `+${digits}`),
    );
    assert.ok(notices.includes('phones_international'));
  });
}

test('a column that is valid in two countries is read as the default one, and that is said', async () => {
  const { phones, notices } = await read(`phone\n51987654321\n51987654322\n51987654323\n51987654324\n`, { defaultCountry: 'BR' });
  assert.equal(phones[0], '+5551987654321');
  assert.ok(notices.includes('phone_country_ambiguous'));
});

test('numbers that are seldom on WhatsApp are told, one notice a kind', async () => {
  const { notices, phones } = await read('phone\n+576015551234\n018000123456\n+525212345678\n+5215512345678\n3001234567\n');
  assert.equal(phones.filter((phone) => phone.startsWith('+')).length >= 4, true);
  assert.ok(notices.includes('phone_landline') && notices.includes('phone_old_numbering'));
});

for (const [written, country, dialled] of [
  ['https://wa.me/573001234567', 'CO', '+573001234567'],
  ['wa.me/+573001234567?text=hola', 'CO', '+573001234567'],
  ['https://api.whatsapp.com/send?phone=573001234567&text=hola', 'CO', '+573001234567'],
  ['tel:+57-300-123-4567', 'MX', '+573001234567'],
  ['whatsapp:+573001234567', 'MX', '+573001234567'],
  ['573001234567@c.us', 'MX', '+573001234567'],
  ['573001234567@s.whatsapp.net', undefined, '+573001234567'],
  ['Cel: 300 123 4567', 'CO', '+573001234567'],
  ['Tel. 3001234567', 'CO', '+573001234567'],
  ['+49 (0) 151 12345678', 'CO', '+4915112345678'],
  ['+49 0151 12345678', 'CO', '+4915112345678'],
  ['044 33 1234 5678', 'MX', '+523312345678'],
  ['045 33 1234 5678', 'MX', '+523312345678'],
  ['03 300 123 4567', 'CO', '+573001234567'],
  ['+57 03 300 1234567', 'CO', '+573001234567'],
  ['5.73001234567E11', 'CO', '+573001234567'],
  ['5,73001234567E+11', 'CO', '+573001234567'],
] as const) {
  test(`reads "${written}" as ${dialled}`, () => {
    const parsed = parsePhone(written, country);
    assert.equal(parsed.ok ? parsed.phone : parsed.code, dialled);
  });
}

for (const [written, code] of [
  ['5.73E+11', 'phone_rounded_by_excel'],
  ['5.7300123456E11', 'phone_rounded_by_excel'],
  ['120363041234567890@g.us', 'phone_letters'],
  ['https://wa.me/message/ABCDEF', 'phone_letters'],
] as const) {
  test(`refuses "${written}" with ${code}`, () => {
    const parsed = parsePhone(written, 'CO');
    assert.equal(parsed.ok ? parsed.phone : parsed.code, code);
  });
}

for (const [value, code] of [
  ['{{contact.name}}', 'placeholder_left'],
  ['*|FNAME|*', 'placeholder_left'],
  ['%FIRST_NAME%', 'placeholder_left'],
  ['Ana<br>', 'markup_left'],
  ['Ana&nbsp;María', 'markup_left'],
  ['#N/A', 'error_value'],
  ['#¡REF!', 'error_value'],
  ['null', 'error_value'],
  ['Ana\u200bMaría', 'invisible_removed'],
] as const) {
  test(`a cell "${value}" is told`, async () => {
    assert.ok((await read(`Nombre,Celular\n"${value}",3001234567\n`)).notices.includes(code));
  });
}

test('what people write is no leftover of a system', async () => {
  for (const value of [
    '50% de descuento',
    'I <3 you',
    'Ana & Luis',
    '#1',
    '$ 25.000',
    '*Ana*',
    '[VIP]',
    'R&B',
    'a < b > c',
    '100%',
  ]) {
    assert.deepEqual((await read(`Nombre,Celular\n"${value}",3001234567\n`)).notices, [], value);
  }
});

test('a value that nobody can see is empty', async () => {
  for (const value of ['\u200b', '\u2060\u200d', '\u00ad', '\u3164', '\u2800']) {
    const { rows } = await read(`Nombre,Celular\n${value},3001234567\n`);
    assert.deepEqual(rows[0]?.ok === true && rows[0].data, { Celular: '3001234567' });
  }
});

test('all faults of a row are told at once', async () => {
  const options = { defaultCountry: 'CO' };
  const source = await openCsv(Readable.from([Buffer.from('Celular,Nombre,Cupón\n12,,Z\n')]), options);
  const table = findTable(source.sample, options);
  const check = (): { column: string; code: string; message: string }[] => [
    { column: 'Cupón', code: 'x', message: 'Too short.' },
  ];
  const checker = rowChecker(table, { required: ['Nombre'], check }, 'CO');
  const [, row] = source.sample;
  assert.ok(row !== undefined);
  const checked = checker.check(row);
  assert.ok(!checked.ok);
  assert.match(english(checked.rejection.error), /too short.*Nombre: The template needs.*Cupón: Too short\./);
});

for (const [content, named] of [
  ['BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL;TYPE=CELL:+573001234567\nEND:VCARD\n', /contact cards/],
  ['<!DOCTYPE html><html><table><tr><td>3001234567</td></tr></table></html>', /HTML/],
  ['[{"phone": "3001234567"}]', /JSON/],
] as const) {
  test(`a text that is no list is named: ${content.slice(0, 12)}`, async () => {
    await assert.rejects(read(content), named);
  });
}
