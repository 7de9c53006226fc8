/** What people type after a flag, read and refused in words. */
import { InvalidArgumentError } from 'commander';
import { CSV_SEPARATORS, type CsvSeparator } from '../files/write-csv.ts';

export function parseId(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, as in the list.');
  return Number(text);
}

export function parseWhole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** Only with its zone: the server's clock and the reader's may stand in different ones. */
export function parseTime(text: string): string {
  const match = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i.exec(text.trim());
  const iso = text
    .trim()
    .replace(' ', 'T')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  if (match === null || Number.isNaN(Date.parse(iso))) {
    throw new InvalidArgumentError('Write the time with its zone: 2026-01-31T09:00:00Z or 2026-01-31T09:00-05:00.');
  }
  return new Date(iso).toISOString();
}

export type Mapping = Readonly<Record<string, { readonly column: string } | { readonly value: string }>>;

/** `key=column` takes a column of the file, `key:=text` is the same text for everybody. May be given several times. */
export function parseMapping(text: string, before: Mapping = {}): Mapping {
  const at = text.indexOf('=');
  const fixed = at > 0 && text[at - 1] === ':';
  const key = text.slice(0, fixed ? at - 1 : Math.max(at, 0)).trim();
  const rest = text.slice(at + 1);
  if (at < 1 || key === '' || (!fixed && rest.trim() === '')) {
    throw new InvalidArgumentError('Write key=column for a column of the file, or key:=text for the same text for everybody.');
  }
  if (key in before) throw new InvalidArgumentError(`"${key}" is mapped twice.`);
  return { ...before, [key]: fixed ? { value: rest } : { column: rest.trim() } };
}

export function parseNamed(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(at, 0)).trim();
  if (key === '') throw new InvalidArgumentError('Write key=text.');
  if (key in before) throw new InvalidArgumentError(`"${key}" is given twice.`);
  return { ...before, [key]: text.slice(at + 1) };
}

export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

export function parseSeparator(text: string): CsvSeparator {
  if (text in CSV_SEPARATORS) return text as CsvSeparator;
  throw new InvalidArgumentError(`It must be ${Object.keys(CSV_SEPARATORS).join(' or ')}.`);
}
