import { Problem } from '../lib/problem.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';
import { CsvParser, type Dialect } from './csv-parser.ts';
import { decodeStream, type Encoding } from './encoding.ts';
import { findTable, type TableOptions } from './heading.ts';
import { notice } from './messages.ts';
import type { RowSource, SourceRow } from './rows.ts';

const SAMPLE_CHARS = 64 * 1024;
const SAMPLE_ROWS = 200;
/** A line that trickles in byte by byte must not be scanned again for every byte. */
const PIECE = 16 * 1024;
export const DELIMITERS = [',', ';', '\t', '|'] as const;

export interface CsvOptions extends TableOptions {
  /** As a person has chosen them; otherwise they are found. */
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: string | undefined;
}

/** Reads the beginning of a CSV file, settles its encoding, line ends and separator, and gives its rows as they arrive. */
export async function openCsv(stream: AsyncIterable<Uint8Array | string>, options: CsvOptions): Promise<RowSource> {
  let encoding: Encoding | undefined;
  const onDecided = (found: Encoding): void => {
    encoding = found;
  };
  const pieces = decodeStream(stream, { encoding: options.encoding, onDecided })[Symbol.asyncIterator]();
  let head = '';
  let ended = false;
  while (head.length < SAMPLE_CHARS && !ended) {
    const next = await pieces.next();
    if (next.done === true) ended = true;
    else head += next.value;
  }
  refuseOtherTexts(head);
  const { dialect, text, firstLine } = detectDialect(head, ended, options);
  const parser = new CsvParser(dialect, firstLine);
  const sample = sampleRows(text, dialect, firstLine, ended);
  const inner = innerDelimiter(sample, options);
  const rows = parse(parser, text, pieces);
  return {
    sample: inner === undefined ? sample : sample.map((row) => unwrapped(row, inner)),
    rows: inner === undefined ? rows : unwrap(rows, inner),
    blanks: () => parser.blanks,
    preamble: firstLine === 1 ? [] : [{ row: 1, cells: [head.slice(0, 5)] }],
    notices: inner === undefined ? [] : [notice('lines_in_quotes', { firstRow: firstLine })],
    close: async () => {
      await pieces.return(undefined);
    },
    format: () => ({
      kind: 'csv',
      encoding: encoding ?? 'utf-8',
      delimiter: inner ?? dialect.delimiter,
      sheets: [],
      sheet: null,
    }),
  };
}

/** Texts that are no list: named, instead of judged line by line as one. */
const OTHER_TEXTS: readonly (readonly [RegExp, Sentence])[] = [
  [/^\s*BEGIN:VCARD\b/i, say('server.files.this-is-vcard')],
  [/^\s*(?:<!doctype html|<html\b|<table\b)/i, say('server.files.this-is-html')],
  [/^\s*(?:<\?xml\b)/i, say('server.files.this-is-xml')],
  [/^\s*(?:\[\s*\{|\{\s*")/, say('server.files.this-is-json')],
];

function refuseOtherTexts(head: string): void {
  const beginning = head.slice(0, 1000);
  const [, what] = OTHER_TEXTS.find(([pattern]) => pattern.test(beginning)) ?? [];
  if (what === undefined) return;
  throw new Problem('file_unusable', say('server.files.list-open-spreadsheet', { what }));
}

async function* parse(parser: CsvParser, head: string, pieces: AsyncIterator<string>): AsyncGenerator<readonly SourceRow[]> {
  try {
    yield parser.push(head);
    let held = '';
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      held += next.value;
      if (held.length < PIECE) continue;
      yield parser.push(held);
      held = '';
    }
    yield [...parser.push(held), ...parser.end()];
  } finally {
    // Left early, by an error or a refusal: the stream behind is closed, not left hanging.
    await pieces.return?.();
  }
}

/** A list that was opened with the wrong separator and saved again: each line is one cell, in quotes. */
function innerDelimiter(sample: readonly SourceRow[], options: CsvOptions): string | undefined {
  if (sample.length === 0 || sample.some((row) => row.fault !== undefined || row.cells.length !== 1)) return undefined;
  const choices = options.delimiter === undefined ? DELIMITERS : [options.delimiter];
  let best: { delimiter: string; score: number } | undefined;
  for (const delimiter of choices) {
    if (!sample.every((row) => row.cells[0]?.includes(delimiter) === true)) continue;
    const score = tableScore(
      sample.map((row) => unwrapped(row, delimiter)),
      options,
    );
    if (score > (best?.score ?? 0)) best = { delimiter, score };
  }
  return best?.delimiter;
}

function unwrapped(row: SourceRow, delimiter: string): SourceRow {
  const [line = ''] = row.cells;
  if (row.fault !== undefined || row.cells.length !== 1) return row;
  if (!line.includes('"')) return { ...row, cells: line.split(delimiter) };
  const parser = new CsvParser({ delimiter, newline: '\n' });
  const [read] = [...parser.push(line), ...parser.end()];
  return read === undefined ? row : { ...row, cells: read.cells, ...(read.fault === undefined ? {} : { fault: read.fault }) };
}

async function* unwrap(rows: AsyncIterable<readonly SourceRow[]>, delimiter: string): AsyncGenerator<readonly SourceRow[]> {
  for await (const batch of rows) yield batch.map((row) => unwrapped(row, delimiter));
}

interface Detected {
  readonly dialect: Dialect;
  /** The text without a first line that only names the separator. */
  readonly text: string;
  readonly firstLine: number;
}

/** The separator under which the file makes most sense: a header with a phone column first, then rows of equal length. */
export function detectDialect(head: string, ended: boolean, options: CsvOptions): Detected {
  const newline = head.includes('\n') || !head.includes('\r') ? '\n' : '\r';
  // Excel's own convention: "sep=;" on the first line.
  const told = /^sep=(.)\r?[\n\r]/i.exec(head);
  if (told?.[1] !== undefined) {
    return { dialect: { delimiter: options.delimiter ?? told[1], newline }, text: head.slice(told[0].length), firstLine: 2 };
  }
  if (options.delimiter !== undefined) return { dialect: { delimiter: options.delimiter, newline }, text: head, firstLine: 1 };
  let best: { delimiter: string; score: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(sampleRows(head, { delimiter, newline }, 1, ended), options);
    if (score > (best?.score ?? -1)) best = { delimiter, score };
  }
  return { dialect: { delimiter: best?.delimiter ?? ',', newline }, text: head, firstLine: 1 };
}

function scoreOf(rows: readonly SourceRow[], options: TableOptions): number {
  const sound = rows.filter((row) => row.fault === undefined);
  const counts = new Map<number, number>();
  for (const row of sound) counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1);
  const [width, often] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
  const even = width > 1 ? often / rows.length : 0;
  return tableScore(rows, options) * 10 + even * 5 + Math.min(width, 20) / 100;
}

function tableScore(rows: readonly SourceRow[], options: TableOptions): number {
  try {
    return findTable(rows, options).score;
  } catch (error) {
    if (error instanceof Problem) return 0;
    throw error;
  }
}

function sampleRows(text: string, dialect: Dialect, firstLine: number, whole: boolean): SourceRow[] {
  const parser = new CsvParser(dialect, firstLine);
  const rows = parser.push(text.slice(0, SAMPLE_CHARS));
  if (whole && text.length <= SAMPLE_CHARS) rows.push(...parser.end());
  return rows.slice(0, SAMPLE_ROWS);
}
