import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { normaliseCell } from './cell.ts';
import { type Notice, notice } from './messages.ts';
import type { SourceRow } from './rows.ts';

/** How the rows of a file are to be read: which columns there are, which one holds the phones, where the people begin. */
export interface Table {
  readonly columns: readonly string[];
  readonly phone: number;
  /** Rows before this line are title or header. */
  readonly firstRow: number;
  readonly notices: readonly Notice[];
  /** How sure the choice is, to tell separators apart. */
  readonly score: number;
}

export interface TableOptions {
  readonly defaultCountry?: string | undefined;
  /** The column a person has chosen, by name. */
  readonly phoneColumn?: string | undefined;
}

const HEADER_WITHIN = 20;
const LOOKED_AT = 50;
const CLEARLY = 0.8;
const MAX_NAME = 100;

// Exact names, accents, case and punctuation apart, by how surely they mean the phone of the person.
const NAMES: Readonly<Record<string, number>> = Object.fromEntries([
  ...list('recipientphonenumber recipientphone whatsappnumber numerowhatsapp whatsappphone waid', 2.6),
  ...list('whatsapp wa wsp whatsap wapp celularwhatsapp telefonowhatsapp', 2.5),
  ...list(
    'celular movil mobile cel cell cellphone cellular mobilephone mobilenumber telefonomovil telefonocelular phonemobile',
    2.4,
  ),
  ...list('numerocelular numerodecelular numeromovil numerodemovil telemovel', 2.4),
  ...list(
    'telefono phone phonenumber telephone tel telf tlf fono msisdn telefone numerotelefono numerodetelefono numerotelefonico',
    2.2,
  ),
  ...list('phoneno mobileno nrotelefono nrocelular notelefono telefono1 phone1 celular1 movil1 mobile1', 2.2),
  ...list('numero number nro num contacto contact destinatario recipient to para destino', 1.2),
]);

// One of these words within a longer name ("Teléfono del cliente").
const WORDS = new Set('telefono celular movil phone mobile whatsapp tel cel telefone telephone msisdn cellphone fono'.split(' '));

function list(names: string, weight: number): [string, number][] {
  return names.split(' ').map((name) => [name, weight]);
}

interface Candidate {
  readonly at: number;
  readonly column: number;
  readonly named: boolean;
  readonly score: number;
}

/** @throws Problem file_unusable naming the columns found, when none can be told to hold the phones. */
export function findTable(sample: readonly SourceRow[], options: TableOptions): Table {
  if (sample.length === 0)
    throw new Problem('file_unusable', 'The file is empty. Upload a CSV with a header and one row for each person.');
  const table = chosenTable(sample, options) ?? namedTable(sample, options) ?? unnamedTable(sample, options);
  if (table !== undefined) return table;
  const columns = likelyHeader(sample);
  throw new Problem(
    'file_unusable',
    `No column can be told to hold the phone numbers. The columns found are: ${columns.join(', ')}. Name that column "telefono" or "phone" in the header, or choose it.`,
    { columns },
  );
}

function chosenTable(sample: readonly SourceRow[], options: TableOptions): Table | undefined {
  if (options.phoneColumn === undefined) return undefined;
  const wanted = plainName(options.phoneColumn);
  for (const [at, row] of sample.slice(0, HEADER_WITHIN).entries()) {
    const column = row.cells.findIndex((cell) => plainName(cell) === wanted);
    if (column !== -1) return withHeader(sample, { at, column, named: true, score: 3 });
  }
  const columns = likelyHeader(sample);
  throw new Problem(
    'file_unusable',
    `There is no column "${options.phoneColumn}". The columns found are: ${columns.join(', ')}.`,
    { columns },
  );
}

/** A row with a known name in it is the header; within it what the cells hold decides between a weak name and none. */
function namedTable(sample: readonly SourceRow[], options: TableOptions): Table | undefined {
  let best: Candidate | undefined;
  for (const [at, row] of sample.slice(0, HEADER_WITHIN).entries()) {
    const weights = row.cells.map((cell) => weightOfName(cell));
    if (row.fault !== undefined || !weights.some((weight) => weight > 0)) continue;
    for (const [column, weight] of weights.entries()) {
      const score = weight + 2 * shareOfPhones(sample, at + 1, column, options);
      if (score > (best?.score ?? 0)) best = { at, column, named: weight > 0, score };
    }
  }
  return best === undefined ? undefined : withHeader(sample, best);
}

/** No known name anywhere: the one column that clearly holds phones, if there is just one. */
function unnamedTable(sample: readonly SourceRow[], options: TableOptions): Table | undefined {
  const width = Math.max(...sample.map((row) => row.cells.length));
  const clear: { readonly column: number; readonly first: number }[] = [];
  for (let column = 0; column < width; column++) {
    const first = firstPhone(sample, column, options);
    if (first !== undefined && shareOfPhones(sample, first, column, options) >= CLEARLY) clear.push({ column, first });
  }
  const [only, another] = clear;
  if (only === undefined || another !== undefined) return undefined;
  const { column, first } = only;
  if (first > 0) return withHeader(sample, { at: first - 1, column, named: false, score: 1 });
  const columns = Array.from({ length: width }, (_, index) => `column_${String(index + 1)}`);
  const firstRow = sample[0]?.row ?? 1;
  return { columns, phone: column, firstRow, notices: [notice('no_header', { firstRow })], score: 1 };
}

function withHeader(sample: readonly SourceRow[], candidate: Candidate): Table | undefined {
  const header = sample[candidate.at];
  if (header === undefined) return undefined;
  const used = usedWidth(sample, candidate.at);
  const { names, renamed } = uniqueNames(header.cells.slice(0, Math.max(used, candidate.column + 1)));
  const notices: Notice[] = [];
  if (candidate.at > 0) notices.push(notice('rows_above_header', { count: candidate.at, firstRow: sample[0]?.row ?? 1 }));
  if (renamed > 0) notices.push(notice('columns_renamed', { count: renamed, firstRow: header.row }));
  const phoneName = names[candidate.column];
  if (!candidate.named && phoneName !== undefined)
    notices.push(notice('phone_column_guessed', { column: phoneName, firstRow: header.row }));
  return { columns: names, phone: candidate.column, firstRow: header.row + 1, notices, score: candidate.score };
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
  let renamed = 0;
  for (const [index, cell] of cells.entries()) {
    const plain = nameOf(cell);
    let name = plain;
    if (name === '' || seen.has(name)) {
      const stem = name === '' ? 'column' : name;
      let number = name === '' ? index + 1 : 2;
      while (taken.has(`${stem}_${String(number)}`)) number++;
      name = `${stem}_${String(number)}`;
      taken.add(name);
      renamed++;
    }
    seen.add(name);
    names.push(name);
  }
  return { names, renamed };
}

function nameOf(cell: string): string {
  const name = Array.from(normaliseCell(cell).value).slice(0, MAX_NAME).join('').trim();
  // The one name that an object cannot carry as a plain key.
  return name === '__proto__' ? '' : name;
}

function plainName(cell: string): string {
  return words(cell).join('');
}

function words(cell: string): string[] {
  return cell
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function weightOfName(cell: string): number {
  if (cell.length > 60 || /\d{5}/.test(cell)) return 0;
  const parts = words(cell);
  const exact = NAMES[parts.join('')];
  if (exact !== undefined) return exact;
  return parts.length <= 5 && parts.some((word) => WORDS.has(word)) ? 1 : 0;
}

function firstPhone(sample: readonly SourceRow[], column: number, options: TableOptions): number | undefined {
  const first = sample.slice(0, HEADER_WITHIN).findIndex((row) => parsePhone(row.cells[column] ?? '', options.defaultCountry).ok);
  return first === -1 ? undefined : first;
}

function shareOfPhones(sample: readonly SourceRow[], from: number, column: number, options: TableOptions): number {
  let filled = 0;
  let phones = 0;
  for (let at = from; at < sample.length && filled < LOOKED_AT; at++) {
    const cell = sample[at]?.cells[column];
    if (cell === undefined || cell.trim() === '') continue;
    filled++;
    if (parsePhone(cell, options.defaultCountry).ok) phones++;
  }
  return filled === 0 ? 0 : phones / filled;
}

/** What to show to someone whose file has no usable column: the first of its widest rows. */
function likelyHeader(sample: readonly SourceRow[]): string[] {
  const filled = (row: SourceRow): number => row.cells.filter((cell) => cell.trim() !== '').length;
  const early = sample.slice(0, HEADER_WITHIN);
  const most = Math.max(...early.map(filled));
  const row = early.find((candidate) => filled(candidate) === most);
  return (row?.cells ?? [])
    .map((cell) => nameOf(cell))
    .filter((name) => name !== '')
    .slice(0, 50);
}
