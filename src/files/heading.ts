/**
 * Finds out how the rows of a file are to be read. Two rules keep people from vanishing: a heading never holds a phone number,
 * and nobody with a phone number stands above it. What is above it, and the heading itself, are counted in the report.
 */

import { type ColumnShape, shapeOfColumn } from '../lib/phone/column-shape.ts';
import { countryOf } from '../lib/phone/countries.ts';
import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { normaliseCell } from './cell.ts';
import { plainName, saysNoPhone, weightOfCountryName, weightOfPhoneName } from './column-names.ts';
import { type Notice, notice } from './messages.ts';
import type { SourceRow } from './rows.ts';

/** How the rows of a file are to be read: which columns there are, which one holds the phones, where the people begin. */
export interface Table {
  readonly columns: readonly string[];
  readonly phone: number;
  /** Further phone columns of the same person, tried in turn where the first one is empty. */
  readonly otherPhones: readonly number[];
  /** The column that says the country of each number, by name or by calling code. */
  readonly country: number | undefined;
  /** What the phone column as a whole shows about how its numbers are written. */
  readonly shape: ColumnShape;
  /** The line of the heading; undefined where there is none. */
  readonly heading: number | undefined;
  /** Rows before this line are title or heading. */
  readonly firstRow: number;
  readonly notices: readonly Notice[];
  /** How sure the choice is, to tell separators apart. */
  readonly score: number;
}

export interface TableOptions {
  readonly defaultCountry?: string | undefined;
  /** The column a person has chosen, by its name in the file or the one this program gave it (`column_3`). */
  readonly phoneColumn?: string | undefined;
  /** The line a person has chosen as heading; 0 = the file has none. */
  readonly headingRow?: number | undefined;
  /** The column that says the country, chosen by a person; '' = none does. */
  readonly countryColumn?: string | undefined;
}

/** A list has tens of columns. Every row costs time and memory for each of them. */
export const MAX_COLUMNS = 500;
const HEADER_WITHIN = 20;
const LOOKED_AT = 50;
const CLEARLY = 0.8;
const MAX_NAME = 100;
/** Longer cells are no phone number, whatever stands in them. */
const MAX_PHONE_CELL = 60;

interface Candidate {
  readonly at: number;
  readonly column: number;
  readonly named: boolean;
  readonly score: number;
}

/** @throws Problem file_unusable naming the columns found, when none can be told to hold the phones. */
export function findTable(rows: readonly SourceRow[], options: TableOptions): Table {
  if (rows.length === 0) throw new Problem('file_unusable', say('server.files.file-empty-upload'));
  const sample = new Sample(rows, options);
  if (sample.width > MAX_COLUMNS) {
    throw new Problem('file_unusable', say('server.files.file-columns-most', { width: sample.width, maxColumns: MAX_COLUMNS }));
  }
  const table = chosenTable(sample) ?? namedTable(sample) ?? unnamedTable(sample);
  if (table !== undefined) return table;
  const columns = likelyHeader(rows);
  throw new Problem('file_unusable', say('server.files.column-can-told', { columns: columns.join(', ') }), { columns });
}

/** The first rows of the file, with each cell read as a phone number at most once. */
class Sample {
  readonly rows: readonly SourceRow[];
  readonly options: TableOptions;
  readonly width: number;
  readonly #read: Map<number, 'phone' | 'perhaps' | 'none'>[];

  constructor(rows: readonly SourceRow[], options: TableOptions) {
    this.rows = rows;
    this.options = options;
    this.width = rows.reduce((most, row) => Math.max(most, row.cells.length), 0);
    this.#read = rows.map(() => new Map<number, 'phone' | 'perhaps' | 'none'>());
  }

  /** `perhaps`: a number that only lacks its country. */
  phoneAt(at: number, column: number): 'phone' | 'perhaps' | 'none' {
    const known = this.#read[at]?.get(column);
    if (known !== undefined) return known;
    const cell = this.rows[at]?.cells[column] ?? '';
    const read = cell.length > MAX_PHONE_CELL ? 'none' : readPhone(cell, this.options.defaultCountry);
    this.#read[at]?.set(column, read);
    return read;
  }

  holdsPhone(at: number): boolean {
    const cells = this.rows[at]?.cells ?? [];
    return cells.some((_, column) => this.phoneAt(at, column) !== 'none');
  }

  firstPhone(column: number): number | undefined {
    const last = Math.min(HEADER_WITHIN, this.rows.length);
    for (let at = 0; at < last; at++) if (this.phoneAt(at, column) === 'phone') return at;
    return undefined;
  }

  /** How much of the column is filled from there on, and which share of that are phones. */
  shareOfPhones(from: number, column: number): { share: number; fill: number } {
    let filled = 0;
    let phones = 0;
    let seen = 0;
    for (let at = from; at < this.rows.length && filled < LOOKED_AT; at++) {
      seen++;
      const cell = this.rows[at]?.cells[column];
      if (cell === undefined || cell.trim() === '' || saysNoPhone(cell)) continue;
      filled++;
      if (this.phoneAt(at, column) === 'phone') phones++;
    }
    return { share: filled === 0 ? 0 : phones / filled, fill: seen === 0 ? 0 : filled / seen };
  }

  /**
   * Indices of the rows that may be the heading: no phone in them, and above them nothing but titles. A title is at most half as
   * wide as the heading, so that "Questions? 601 555 1234" above a list is no person.
   */
  possibleHeadings(): number[] {
    const { headingRow } = this.options;
    if (headingRow !== undefined) return headingRow === 0 ? [] : [this.#indexOfLine(headingRow)];
    const possible: number[] = [];
    for (const [at, row] of this.rows.slice(0, HEADER_WITHIN).entries()) {
      if (row.fault !== undefined || this.holdsPhone(at)) continue;
      const wide = filledCells(row);
      const people = this.rows.slice(0, at).some((above, index) => filledCells(above) * 2 > wide && this.holdsPhone(index));
      if (!people) possible.push(at);
    }
    return possible;
  }

  #indexOfLine(line: number): number {
    const at = this.rows.findIndex((row) => row.row === line);
    if (at !== -1) return at;
    throw new Problem('file_unusable', say('server.files.line-cannot-heading', { line }));
  }
}

function readPhone(cell: string, country: string | undefined): 'phone' | 'perhaps' | 'none' {
  const parsed = parsePhone(cell, country);
  if (parsed.ok) return 'phone';
  return parsed.code === 'phone_without_country' || parsed.code === 'phone_rounded_by_excel' ? 'perhaps' : 'none';
}

function chosenTable(sample: Sample): Table | undefined {
  const { phoneColumn } = sample.options;
  if (phoneColumn === undefined) return undefined;
  const wanted = plainName(phoneColumn);
  for (const at of sample.possibleHeadings()) {
    const { names } = uniqueNames(sample.rows[at]?.cells ?? []);
    const exact = names.indexOf(phoneColumn);
    const column = exact === -1 ? names.findIndex((name) => plainName(name) === wanted) : exact;
    if (column !== -1) return withHeading(sample, { at, column, named: true, score: 3 });
  }
  // As this program itself named the columns of a file without a heading.
  const number = Number(/^column_(\d{1,3})$/.exec(phoneColumn)?.[1] ?? 0);
  if (number >= 1 && number <= sample.width) return withoutHeading(sample, number - 1);
  const columns = likelyHeader(sample.rows);
  throw new Problem('file_unusable', say('server.files.column-columns-found', { phoneColumn, columns: columns.join(', ') }), {
    columns,
  });
}

/** A row with a known name in it is the heading; what its columns hold decides among several. */
function namedTable(sample: Sample): Table | undefined {
  let best: Candidate | undefined;
  for (const at of sample.possibleHeadings()) {
    const weights = (sample.rows[at]?.cells ?? []).map((cell) => weightOfPhoneName(cell));
    const chosenLine = sample.options.headingRow !== undefined;
    if (!chosenLine && !weights.some((weight) => weight > 0)) continue;
    for (const [column, weight] of weights.entries()) {
      const { share, fill } = sample.shareOfPhones(at + 1, column);
      // A better name wins over a better filled column as long as it holds phones at all: the other one is asked where it is empty.
      const holds = share >= 0.5 && fill > 0 ? 4 : 0;
      const score = weight + holds + (weight > 0 ? share / 4 : 2 * share - 1);
      if (score > (best?.score ?? 0)) best = { at, column, named: weight > 0, score };
    }
  }
  return best === undefined ? undefined : withHeading(sample, best);
}

/** No known name anywhere: the one column that clearly holds phones, if there is just one. */
function unnamedTable(sample: Sample): Table | undefined {
  const clear: { readonly column: number; readonly first: number }[] = [];
  for (let column = 0; column < sample.width; column++) {
    const first = sample.firstPhone(column);
    if (first !== undefined && sample.shareOfPhones(first, column).share >= CLEARLY) clear.push({ column, first });
  }
  const [only, another] = clear;
  if (only === undefined || another !== undefined) return undefined;
  const { column, first } = only;
  const wide = sample.rows[first] === undefined ? 0 : filledCells(sample.rows[first]);
  const at = sample.possibleHeadings().find((index) => {
    const row = sample.rows[index];
    const cell = row?.cells[column] ?? '';
    return index < first && row !== undefined && filledCells(row) * 2 > wide && mayBeName(cell);
  });
  return at === undefined ? withoutHeading(sample, column) : withHeading(sample, { at, column, named: false, score: 1 });
}

/** A name says something, is not mostly digits (a mistyped number), and does not say that somebody has no phone. */
function mayBeName(cell: string): boolean {
  return cell.trim() !== '' && cell.length <= MAX_NAME && !/\d\D*\d\D*\d\D*\d/.test(cell) && !saysNoPhone(cell);
}

function withoutHeading(sample: Sample, column: number): Table {
  const columns = Array.from({ length: sample.width }, (_, index) => `column_${String(index + 1)}`);
  const firstRow = sample.rows[0]?.row ?? 1;
  const notices = [notice('no_header', { firstRow })];
  return { columns, ...phonesOf(sample, { at: -1, column }, columns, notices), heading: undefined, firstRow, score: 1, notices };
}

function withHeading(sample: Sample, candidate: Candidate): Table | undefined {
  const { rows } = sample;
  const header = rows[candidate.at];
  if (header === undefined) return undefined;
  const used = usedWidth(rows, candidate.at);
  const { names, renamed } = uniqueNames(header.cells.slice(0, Math.max(used, candidate.column + 1)));
  const notices: Notice[] = [];
  if (candidate.at > 0) notices.push(notice('rows_above_header', { count: candidate.at, firstRow: rows[0]?.row ?? 1 }));
  if (renamed > 0) notices.push(notice('columns_renamed', { count: renamed, firstRow: header.row }));
  const phoneName = names[candidate.column];
  if (!candidate.named && phoneName !== undefined)
    notices.push(notice('phone_column_guessed', { column: phoneName, firstRow: header.row }));
  const phones = phonesOf(sample, candidate, names, notices);
  const { score } = candidate;
  return { columns: names, ...phones, heading: header.row, firstRow: header.row + 1, notices, score };
}

type Phones = Pick<Table, 'phone' | 'otherPhones' | 'country' | 'shape'>;

/** What the rows below the heading say about the numbers: their country, further columns with phones, how they are written. */
function phonesOf(
  sample: Sample,
  { at, column }: Pick<Candidate, 'at' | 'column'>,
  names: readonly string[],
  notices: Notice[],
): Phones {
  const below = sample.rows.slice(at + 1).filter((row) => row.fault === undefined);
  const country = at < 0 && sample.options.countryColumn === undefined ? undefined : countryColumn(sample, names, column, below);
  if (country !== undefined) notices.push(notice('country_column', { column: names[country] ?? '' }));
  const cells = below.map((row) => row.cells[column] ?? '');
  const shape = country === undefined ? shapeOfColumn(cells, sample.options.defaultCountry) : 'as_written';
  if (shape === 'international') notices.push(notice('phones_international', { column: names[column] ?? '' }));
  if (shape === 'ambiguous') notices.push(notice('phone_country_ambiguous', { column: names[column] ?? '' }));
  const others = at < 0 || sample.options.phoneColumn !== undefined ? [] : otherPhoneColumns(sample, names, { at, column });
  return { phone: column, otherPhones: others, country, shape };
}

/**
 * Only columns whose whole name is that of a person's own phone: "Teléfono del asesor" is somebody else's. In the order in which
 * they would have been taken.
 */
function otherPhoneColumns(sample: Sample, names: readonly string[], { at, column }: Pick<Candidate, 'at' | 'column'>): number[] {
  return names
    .map((name, index) => ({ index, weight: weightOfPhoneName(name.replace(/[ _-]*\d$/, '')) }))
    .filter(({ index, weight }) => index !== column && weight >= 2 && sample.shareOfPhones(at + 1, index).share >= 0.5)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .map(({ index }) => index);
}

function countryColumn(sample: Sample, names: readonly string[], phone: number, below: readonly SourceRow[]): number | undefined {
  const chosen = sample.options.countryColumn;
  if (chosen !== undefined) {
    if (chosen === '') return undefined;
    const exact = names.indexOf(chosen);
    const found = exact === -1 ? names.findIndex((name) => plainName(name) === plainName(chosen)) : exact;
    if (found !== -1) return found;
    throw new Problem('file_unusable', say('server.files.column-columns-found-2', { chosen, names: names.join(', ') }), {
      columns: names,
    });
  }
  let best: { index: number; score: number } | undefined;
  for (const [index, name] of names.entries()) {
    const weight = index === phone ? 0 : weightOfCountryName(name);
    if (weight === 0) continue;
    const filled = below.map((row) => row.cells[index]?.trim() ?? '').filter((cell) => cell !== '');
    const known = filled.filter((cell) => countryOf(cell) !== undefined).length;
    if (filled.length === 0 || known / filled.length < CLEARLY) continue;
    // A calling code was written down for the phone; a country may be that of the address.
    const score = weight + (/\d/.test(filled[0] ?? '') ? 0.5 : 0);
    if (score > (best?.score ?? 0)) best = { index, score };
  }
  return best?.index;
}

/** Excel saves empty columns to the right of the last one: those without a name and without a value are none. */
function usedWidth(sample: readonly SourceRow[], header: number): number {
  let width = 0;
  for (const row of sample.slice(header)) {
    if (row.fault !== undefined) continue;
    const limit = sample[header]?.cells.length ?? 0;
    for (let column = Math.min(limit, row.cells.length) - 1; column >= width; column--) {
      if (row.cells[column]?.trim() !== '') width = column + 1;
    }
  }
  return width;
}

function uniqueNames(cells: readonly string[]): { names: string[]; renamed: number } {
  const names: string[] = [];
  const taken = new Set(cells.map((cell) => nameOf(cell)));
  const seen = new Set<string>();
  const numbers = new Map<string, number>();
  let renamed = 0;
  for (const [index, cell] of cells.entries()) {
    const plain = nameOf(cell);
    let name = plain;
    if (name === '' || seen.has(name)) {
      const stem = name === '' ? 'column' : name;
      let number = name === '' ? index + 1 : (numbers.get(stem) ?? 2);
      while (taken.has(`${stem}_${String(number)}`)) number++;
      name = `${stem}_${String(number)}`;
      numbers.set(stem, number + 1);
      taken.add(name);
      renamed++;
    }
    seen.add(name);
    names.push(name);
  }
  return { names, renamed };
}

function nameOf(cell: string): string {
  const name = Array.from(normaliseCell(cell.slice(0, 4 * MAX_NAME)).value)
    .slice(0, MAX_NAME)
    .join('')
    .trim();
  // The one name that an object cannot carry as a plain key.
  return name === '__proto__' ? '' : name;
}

function filledCells(row: SourceRow): number {
  let filled = 0;
  for (const cell of row.cells) if (cell.trim() !== '') filled++;
  return filled;
}

/** What to show to someone whose file has no usable column: the first of its widest rows. */
function likelyHeader(sample: readonly SourceRow[]): string[] {
  const early = sample.slice(0, HEADER_WITHIN);
  const most = Math.max(...early.map(filledCells));
  const row = early.find((candidate) => filledCells(candidate) === most);
  return (row?.cells ?? [])
    .slice(0, MAX_COLUMNS)
    .map((cell) => nameOf(cell))
    .filter((name) => name !== '')
    .slice(0, 50);
}
