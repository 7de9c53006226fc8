import { readTextForm } from './cell.ts';
import { BlankCounter, isBlank, type SourceRow } from './rows.ts';

/** Longer records are not rows of a list; the bound keeps memory flat whatever the file. */
export const MAX_RECORD = 128 * 1024;
const SHOWN_OF_TOO_LONG = 1000;

export interface Dialect {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
}

/**
 * RFC 4180 in pieces, with the physical line of every record, and one difference that matters for lists typed by people: a quote
 * that is never closed, or is closed in mid-cell, costs its own line and not the rest of the file. The line is handed over as a
 * fault, and reading goes on with the next one.
 */
export class CsvParser {
  readonly #delimiter: string;
  readonly #newline: string;
  #text = '';
  #line: number;
  #record: number;
  #skipping = false;
  readonly blanks = new BlankCounter();

  constructor(dialect: Dialect, firstLine = 1) {
    this.#delimiter = dialect.delimiter;
    this.#newline = dialect.newline;
    this.#line = firstLine;
    this.#record = firstLine;
  }

  push(text: string): SourceRow[] {
    this.#text += text;
    return this.#drain(false);
  }

  end(): SourceRow[] {
    return this.#drain(true);
  }

  #drain(final: boolean): SourceRow[] {
    const rows: SourceRow[] = [];
    const text = this.#text;
    let at = this.#skipping ? this.#skip(text) : 0;
    let quote = text.indexOf('"', at);
    while (at < text.length) {
      const end = text.indexOf(this.#newline, at);
      if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
      if (end === -1 && !final) {
        if (text.length - at <= MAX_RECORD) break;
        this.#emit(rows, { row: this.#line, cells: this.#split(beginning(text, at)), fault: 'row_too_long' });
        this.#skipping = true;
        at = text.length;
        break;
      }
      const stop = end === -1 ? text.length : end;
      if (stop - at > MAX_RECORD) {
        this.#emit(rows, { row: this.#line, cells: this.#split(beginning(text, at)), fault: 'row_too_long' });
      } else if (quote === -1 || quote >= stop) {
        this.#emit(rows, { row: this.#line, cells: this.#split(this.#lineAt(text, at, stop)) });
      } else {
        const next = this.#quoted(rows, text, at, stop, final);
        if (next === undefined) break;
        at = next;
        continue;
      }
      this.#line++;
      at = stop + 1;
    }
    this.#text = text.slice(at);
    return rows;
  }

  /** The rest of a line that was too long. */
  #skip(text: string): number {
    const end = text.indexOf(this.#newline);
    if (end === -1) return text.length;
    this.#skipping = false;
    this.#line++;
    return end + 1;
  }

  /** @returns where the next record begins, or undefined when more text is needed to tell. */
  #quoted(rows: SourceRow[], text: string, at: number, stop: number, final: boolean): number | undefined {
    const read = readQuoted(text, at, this.#delimiter, this.#newline, final);
    const size = text.length - at;
    if (read === 'more' && size <= MAX_RECORD) return undefined;
    if (typeof read === 'string' || read.next - at > MAX_RECORD + 1) {
      this.#emit(rows, { row: this.#line, cells: this.#split(this.#lineAt(text, at, stop)), fault: 'row_quotes' });
      this.#line++;
      return stop + 1;
    }
    this.#emit(rows, { row: this.#line, cells: read.cells });
    for (
      let line = text.indexOf(this.#newline, at);
      line !== -1 && line < read.next;
      line = text.indexOf(this.#newline, line + 1)
    ) {
      this.#line++;
    }
    return read.next;
  }

  #lineAt(text: string, at: number, stop: number): string {
    return text.slice(at, stop > at && text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop);
  }

  #split(line: string): string[] {
    return line.split(this.#delimiter);
  }

  #emit(rows: SourceRow[], row: SourceRow): void {
    const isPlain = !row.cells.some((cell) => cell.includes('="'));
    const read = isPlain ? row : { ...row, cells: row.cells.map(readTextForm) };
    const record = this.#record++;
    if (isBlank(read.cells)) this.blanks.add(read.row);
    else rows.push(record === read.row ? read : { ...read, record });
  }
}

/** One record with quotes in it, from `at` on. `next` lies behind its line break. */
function readQuoted(
  text: string,
  at: number,
  delimiter: string,
  newline: string,
  final: boolean,
): { cells: string[]; next: number } | 'more' | 'broken' {
  const cells: string[] = [];
  for (;;) {
    let open = at;
    while (text[open] === ' ') open++;
    if (text[open] !== '"') {
      const stop = endOfCell(text, at, delimiter, newline);
      if (stop === -1 && !final) return 'more';
      const end = stop === -1 ? text.length : stop;
      const last = end === text.length || text[end] === newline;
      cells.push(text.slice(at, last && text[end - 1] === '\r' && end > at ? end - 1 : end));
      if (last) return { cells, next: end + 1 };
      at = end + 1;
      continue;
    }
    const close = closingQuote(text, open + 1);
    if (close === -1) return final ? 'broken' : 'more';
    let after = close + 1;
    while (text[after] === ' ') after++;
    if (text[after] === '\r' && newline === '\n') after++;
    if (after >= text.length && !final) return 'more';
    cells.push(text.slice(open + 1, close).replaceAll('""', '"'));
    if (after >= text.length || text[after] === newline) return { cells, next: after + 1 };
    if (text[after] !== delimiter) return 'broken';
    at = after + 1;
  }
}

/** Never half a character: a lone surrogate is no text to a database. */
function beginning(text: string, at: number): string {
  return text.slice(at, at + SHOWN_OF_TOO_LONG).replace(/[\ud800-\udbff]$/, '');
}

function endOfCell(text: string, at: number, delimiter: string, newline: string): number {
  for (let i = at; i < text.length; i++) {
    const char = text[i];
    if (char === delimiter || char === newline) return i;
  }
  return -1;
}

function closingQuote(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote;
}
