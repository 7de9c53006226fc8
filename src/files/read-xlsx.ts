/** Excel's workbooks (.xlsx): the values as they were saved, formulas by their result, numbers as they are meant. */
import { say } from '../lib/words/sentence.ts';
import { type CellFormat, numberText, StylesReader } from './cell-formats.ts';
import type { Sheet, SheetReader, Workbook } from './rows.ts';
import { plainText, SharedStrings } from './shared-strings.ts';
import { SheetRows } from './sheet-rows.ts';
import { drainXml, readWholeXml, readXml, type XmlReader } from './xml.ts';
import { damaged, unusable, type Zip } from './zip.ts';

const SMALL = 8 * 1024 * 1024;

interface SheetPart extends Sheet {
  readonly part: string;
}

interface Book {
  readonly sheets: readonly SheetPart[];
  readonly date1904: boolean;
}

export async function openXlsx(zip: Zip): Promise<Workbook> {
  const names = zip.names();
  if (names.some((name) => /(^|\/)vbaProject\.bin$/i.test(name))) throw unusable(say('server.files.workbook-macros-save'));
  if (names.some((name) => /(^|\/)externalLinks\//i.test(name))) {
    throw unusable(say('server.files.workbook-takes-values'));
  }
  const main = await mainPart(zip);
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const targets = await relations(zip, `${folder}_rels/${main.slice(folder.length)}.rels`, folder);
  const book = await readBook(zip, main, targets);
  const formats = await readFormats(zip, partOf(targets, 'styles'));
  let strings: SharedStrings | undefined;
  return {
    kind: 'xlsx',
    sheets: book.sheets,
    async open(sheet) {
      const found = book.sheets.find((one) => one.name === sheet.name);
      if (found === undefined) throw damaged();
      strings ??= await readStrings(zip, partOf(targets, 'sharedStrings'));
      return readSheet(zip, found.part, new CellReader(strings, formats, book.date1904));
    },
  };
}

interface Target {
  readonly id: string;
  readonly type: string;
  readonly part: string;
}

async function mainPart(zip: Zip): Promise<string> {
  const found = (await relations(zip, '_rels/.rels', '')).find(({ type }) => type.endsWith('/officeDocument'))?.part;
  const main = found ?? 'xl/workbook.xml';
  if (/\.bin$/i.test(main)) throw unusable(say('server.files.binary-workbook-xlsb'));
  if (!zip.has(main)) throw damaged();
  return main;
}

async function relations(zip: Zip, name: string, folder: string): Promise<Target[]> {
  const text = await zip.small(name, SMALL);
  const targets: Target[] = [];
  if (text === undefined) return targets;
  await readWholeXml(text, {
    open(tag, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) {
      if (tag !== 'Relationship') return;
      if (mode === 'External') throw unusable(say('server.files.part-workbook-lies'));
      targets.push({ id, type, part: target.startsWith('/') ? target.slice(1) : folder + target });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return targets;
}

function partOf(targets: readonly Target[], type: string): string | undefined {
  return targets.find((target) => target.type.endsWith(`/${type}`))?.part;
}

async function readBook(zip: Zip, main: string, targets: readonly Target[]): Promise<Book> {
  const sheets: SheetPart[] = [];
  let date1904 = false;
  await readWholeXml((await zip.small(main, SMALL)) ?? '', {
    open(tag, attributes) {
      if (tag === 'workbookPr') date1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true';
      if (tag !== 'sheet') return;
      const id = attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const target = targets.find((one) => one.id === id);
      // Charts stand among the sheets and hold no cells.
      if (target === undefined || !target.type.endsWith('/worksheet') || !zip.has(target.part)) return;
      const hidden = attributes['state'] === 'hidden' || attributes['state'] === 'veryHidden';
      sheets.push({ name: attributes['name'] ?? '', hidden, part: target.part });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return { sheets, date1904 };
}

async function readFormats(zip: Zip, part: string | undefined): Promise<readonly CellFormat[]> {
  const text = part === undefined ? undefined : await zip.small(part, SMALL);
  const styles = new StylesReader();
  if (text !== undefined) await readWholeXml(text, styles);
  return styles.formats;
}

async function readStrings(zip: Zip, part: string | undefined): Promise<SharedStrings> {
  const strings = new SharedStrings();
  if (part === undefined || !zip.has(part)) return strings;
  await drainXml(zip.read(part), strings);
  return strings;
}

async function* batches(zip: Zip, part: string, reader: CellReader): AsyncGenerator<ReturnType<SheetRows['take']>> {
  for await (const rows of readXml(zip.read(part), reader, () => reader.rows.take())) if (rows.length > 0) yield rows;
}

function readSheet(zip: Zip, part: string, reader: CellReader): SheetReader {
  return { rows: batches(zip, part, reader), blanks: () => reader.rows.blanks };
}

const PLAIN: CellFormat = { kind: 'plain' };

class CellReader implements XmlReader {
  readonly rows = new SheetRows();
  readonly #strings: SharedStrings;
  readonly #formats: readonly CellFormat[];
  readonly #date1904: boolean;
  #column = 0;
  #type = 'n';
  #style = 0;
  #value = '';
  #formula = '';
  #hasValue = false;
  #hasFormula = false;
  #taking: 'value' | 'formula' | undefined;
  #phonetic = false;

  constructor(strings: SharedStrings, formats: readonly CellFormat[], date1904: boolean) {
    this.#strings = strings;
    this.#formats = formats;
    this.#date1904 = date1904;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row': {
        const row = Number(attributes['r']);
        this.rows.begin(Number.isInteger(row) ? row : undefined);
        this.#column = 0;
        break;
      }
      case 'c':
        this.#beginCell(attributes);
        break;
      case 'v':
        this.#hasValue = true;
        this.#taking = 'value';
        break;
      case 't':
        this.#hasValue = true;
        if (!this.#phonetic) this.#taking = 'value';
        break;
      case 'f':
        this.#hasFormula = true;
        this.#taking = 'formula';
        break;
      case 'rPh':
        this.#phonetic = true;
        break;
      default:
        break;
    }
  }

  text(text: string): void {
    if (this.#taking === 'value' && this.#value.length <= 32_767) this.#value += text;
    else if (this.#taking === 'formula' && this.#formula.length <= 200) this.#formula += text.slice(0, 200);
  }

  close(name: string): void {
    switch (name) {
      case 'row':
        this.rows.end();
        break;
      case 'c':
        this.#endCell();
        break;
      case 'v':
      case 't':
      case 'f':
        this.#taking = undefined;
        break;
      case 'rPh':
        this.#phonetic = false;
        break;
      default:
        break;
    }
  }

  #beginCell(attributes: Readonly<Record<string, string>>): void {
    const { r: place, t: type = 'n', s: style } = attributes;
    if (place !== undefined) this.#column = columnOf(place);
    this.#type = type;
    this.#style = style === undefined ? -1 : Number(style);
    this.#value = '';
    this.#formula = '';
    this.#hasValue = false;
    this.#hasFormula = false;
  }

  #endCell(): void {
    const column = this.#column++;
    // An empty result is written as an empty value, or as a text without one.
    if (this.#hasFormula && !this.#hasValue && this.#type !== 'str') this.rows.putUnknown(column, this.#formula);
    else if (this.#hasValue) this.rows.put(column, this.#textOf());
  }

  #textOf(): string {
    switch (this.#type) {
      case 's':
        return this.#strings.at(Number(this.#value));
      case 'b':
        return this.#value === '1' ? 'TRUE' : 'FALSE';
      case 'n':
        return numberText(this.#value, this.#formats[this.#style] ?? PLAIN, this.#date1904);
      case 'd':
        return this.#value.replace('T', ' ');
      default:
        return plainText(this.#value);
    }
  }
}

/** "BC12" → 54. */
function columnOf(place: string): number {
  let column = 0;
  for (let at = 0; at < place.length && at < 4; at++) {
    const letter = place.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return Math.max(0, column - 1);
}
