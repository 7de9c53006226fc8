/** Workbooks of LibreOffice and others (.ods): one part holds all sheets, and may say of cells and rows that they are repeated. */
import { say } from '../lib/words/sentence.ts';
import { MAX_COLUMNS } from './heading.ts';
import type { Sheet, SourceRow, Workbook } from './rows.ts';
import { SheetRows } from './sheet-rows.ts';
import { drainXml, readXml, type XmlReader } from './xml.ts';
import { unusable, type Zip } from './zip.ts';

const CONTENT = 'content.xml';
const SMALL = 8 * 1024 * 1024;

export async function openOds(zip: Zip): Promise<Workbook> {
  if (zip.names().some((name) => /^(Basic|Scripts)\/.+\.(xml|xlb|py|js|bsh)$/i.test(name) && !/script-l[bc]\.xml$/.test(name)))
    throw unusable(say('server.files.workbook-macros-save-without'));
  if ((await zip.small('META-INF/manifest.xml', SMALL))?.includes('encryption-data') === true)
    throw unusable(say('server.files.workbook-protected-password'));
  const names = new SheetNames();
  await drainXml(zip.read(CONTENT), names);
  return {
    kind: 'ods',
    sheets: names.sheets,
    open: (sheet) => {
      const reader = new SheetCells(sheet.name);
      return Promise.resolve({ rows: batches(zip, reader), blanks: () => reader.rows.blanks });
    },
  };
}

async function* batches(zip: Zip, reader: SheetCells): AsyncGenerator<SourceRow[]> {
  for await (const rows of readXml(zip.read(CONTENT), reader, () => reader.rows.take())) {
    if (rows.length > 0) yield rows;
    if (reader.isOver) return;
  }
}

/** A table within a table is part of a cell. */
class SheetNames implements XmlReader {
  readonly sheets: Sheet[] = [];
  readonly #hidden = new Set<string>();
  #style = '';
  #depth = 0;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'style') this.#style = attributes['style:name'] ?? '';
    else if (name === 'table-properties' && attributes['table:display'] === 'false') this.#hidden.add(this.#style);
    else if (name === 'table' && this.#depth++ === 0) {
      const hidden = this.#hidden.has(attributes['table:style-name'] ?? '');
      if (this.sheets.length < 1_000) this.sheets.push({ name: attributes['table:name'] ?? '', hidden });
    }
  }

  close(name: string): void {
    if (name === 'table') this.#depth--;
  }

  text(): void {
    // Names stand in attributes.
  }
}

class SheetCells implements XmlReader {
  readonly rows = new SheetRows();
  isOver = false;
  readonly #sheet: string;
  #depth = 0;
  #isOurs = false;
  #repeatRow = 1;
  #column = 0;
  #repeatCell = 1;
  #attributes: Readonly<Record<string, string>> = {};
  #text = '';
  #paragraphs = 0;
  #inCell = false;
  #inParagraph = false;
  #inNote = 0;

  constructor(sheet: string) {
    this.#sheet = sheet;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'table') {
      if (this.#depth++ === 0) this.#isOurs = !this.isOver && attributes['table:name'] === this.#sheet;
      return;
    }
    if (!this.#isOurs || this.#depth !== 1) return;
    if (this.#inNote > 0 || name === 'annotation') {
      this.#inNote++;
      return;
    }
    this.#openInSheet(name, attributes);
  }

  #openInSheet(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'table-row':
        this.#repeatRow = repeated(attributes['table:number-rows-repeated']);
        this.rows.begin();
        this.#column = 0;
        break;
      case 'table-cell':
      case 'covered-table-cell':
        this.#attributes = attributes;
        this.#repeatCell = repeated(attributes['table:number-columns-repeated']);
        this.#text = '';
        this.#paragraphs = 0;
        this.#inCell = true;
        break;
      case 'p':
        if (this.#paragraphs++ > 0) this.#add('\n');
        this.#inParagraph = true;
        break;
      case 's':
        this.#add(' '.repeat(Math.min(100, repeated(attributes['text:c']))));
        break;
      case 'tab':
        this.#add('\t');
        break;
      case 'line-break':
        this.#add('\n');
        break;
      default:
        break;
    }
  }

  text(text: string): void {
    if (this.#inParagraph && this.#inNote === 0) this.#add(text);
  }

  close(name: string): void {
    if (name === 'table') {
      if (--this.#depth === 0 && this.#isOurs) {
        this.#isOurs = false;
        this.isOver = true;
      }
      return;
    }
    if (!this.#isOurs || this.#depth !== 1) return;
    if (this.#inNote > 0) this.#inNote--;
    else if (name === 'p') this.#inParagraph = false;
    else if (name === 'table-cell' || name === 'covered-table-cell') this.#endCell();
    else if (name === 'table-row') this.rows.end(this.#repeatRow);
  }

  #add(text: string): void {
    if (this.#inCell && this.#text.length <= 32_767) this.#text += text;
  }

  #endCell(): void {
    this.#inCell = false;
    const text = cellText(this.#attributes, this.#text);
    const end = this.#column + this.#repeatCell;
    if (text !== '')
      for (let column = this.#column; column < Math.min(end, MAX_COLUMNS + 1); column++) this.rows.put(column, text);
    this.#column = end;
  }
}

/** What is shown may be rounded, so a number is read from its value; a percentage and a sum of money are meant as they are shown. */
function cellText(attributes: Readonly<Record<string, string>>, shown: string): string {
  switch (attributes['office:value-type']) {
    case 'float': {
      const value = attributes['office:value'] ?? '';
      // Zeros in front are shown, and meant.
      if (/^0\d+$/.test(shown) && Number(shown) === Number(value)) return shown;
      const number = Number(value);
      return value === '' || !Number.isFinite(number) ? shown : String(Number(number.toPrecision(15)));
    }
    case 'date':
      return (attributes['office:date-value'] ?? shown).replace('T', ' ').replace(/ 00:00:00(?:\.0+)?$/, '');
    case 'boolean':
      return attributes['office:boolean-value'] === 'true' ? 'TRUE' : 'FALSE';
    default:
      return shown;
  }
}

function repeated(text: string | undefined): number {
  const n = Number(text ?? 1);
  return Number.isInteger(n) && n >= 1 ? n : 1;
}
