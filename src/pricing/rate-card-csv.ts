/**
 * A rate card as Meta offers it for download: some lines of explanation, then `Market, Currency, Marketing, Utility,
 * Authentication, Authentication-International, Service`, a market a line, n/a where there is no rate. Saved again by Excel it
 * may come with semicolons and decimal commas.
 */
import { type MarketRates, type RateCard, toMicros } from './rate-card.ts';

export interface RateCardCsvOptions {
  /** YYYY-MM-DD; unless given, the first date in the explanation. */
  readonly effectiveFrom?: string;
  /** Unless given, that of the Currency column. */
  readonly currency?: string;
}

export type RateCardCsvResult = { readonly ok: true; readonly card: RateCard } | { readonly ok: false; readonly error: string };

const COLUMNS = [
  'market',
  'currency',
  'marketing',
  'utility',
  'authentication',
  'authenticationinternational',
  'service',
] as const;

type Column = (typeof COLUMNS)[number];

export function parseRateCardCsv(text: string, options: RateCardCsvOptions = {}): RateCardCsvResult {
  const rows = splitCsv(text);
  const headerAt = rows.findIndex(
    (row) => row.some((cell) => key(cell) === 'market') && row.some((cell) => key(cell) === 'marketing'),
  );
  const header = rows[headerAt];
  if (header === undefined) return refuse('No line names the columns. One with at least Market and Marketing is needed.');
  const at = new Map<Column, number>();
  for (const column of COLUMNS) {
    const index = header.findIndex((cell) => key(cell) === column);
    if (index >= 0) at.set(column, index);
  }
  const missing = (['utility', 'authentication'] as const).filter((column) => !at.has(column));
  if (missing.length > 0) return refuse(`These columns are missing: ${missing.join(', ')}.`);
  const cell = (row: readonly string[], column: Column): string => row[at.get(column) ?? -1] ?? '';

  const markets: Record<string, MarketRates> = {};
  let currency = options.currency;
  for (const [index, row] of rows.slice(headerAt + 1).entries()) {
    const market = cell(row, 'market').trim();
    const marketing = amount(cell(row, 'marketing'));
    // Footnotes below the table have no price.
    if (market === '' || marketing === undefined) continue;
    const utility = amount(cell(row, 'utility'));
    const authentication = amount(cell(row, 'authentication')) ?? utility;
    if (utility === undefined || authentication === undefined) {
      return refuse(`Line ${String(headerAt + index + 2)} (${market}) has no utility rate.`);
    }
    markets[market] = {
      marketing,
      utility,
      authentication,
      authenticationInternational: amount(cell(row, 'authenticationinternational')) ?? null,
      service: amount(cell(row, 'service')) ?? 0,
    };
    currency ??= currencyCode(cell(row, 'currency'));
  }

  if (Object.keys(markets).length === 0) return refuse('There is no line with a market and its rates.');
  if (!('Other' in markets)) return refuse('The market "Other" is missing; without it some numbers would have no price.');
  if (currency === undefined) return refuse('The currency is not in the file. Name it.');
  const effectiveFrom = options.effectiveFrom ?? dateIn(rows.slice(0, headerAt));
  if (effectiveFrom === undefined) return refuse('The date the rates begin is not in the file. Name it, as YYYY-MM-DD.');
  return { ok: true, card: { currency, effectiveFrom, markets } };
}

function refuse(error: string): RateCardCsvResult {
  return { ok: false, error };
}

function key(cell: string): string {
  return cell.toLowerCase().replace(/[^a-z]/g, '');
}

/** `$0.0618`, `0,0618` and `0.0618` alike, in micros; undefined for n/a and everything else that is no number. */
function amount(cell: string): number | undefined {
  const text = cell.replace(/[^\d.,-]/g, '').replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  return toMicros(Number(text));
}

/** Meta writes $US for USD. */
function currencyCode(cell: string): string | undefined {
  const letters = cell.toUpperCase().replace(/[^A-Z]/g, '');
  if (letters === 'US') return 'USD';
  return letters.length === 3 ? letters : undefined;
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function dateIn(rows: readonly (readonly string[])[]): string | undefined {
  const text = rows.flat().join(' ');
  const iso = /\b(20\d\d-\d\d-\d\d)\b/.exec(text)?.[1];
  if (iso !== undefined) return iso;
  const words = /\b([a-z]+)\s+(\d{1,2})\s*,?\s+(20\d\d)\b/i.exec(text);
  const month = MONTHS.indexOf(words?.[1]?.toLowerCase() ?? '') + 1;
  if (words === null || month === 0) return undefined;
  return `${words[3] ?? ''}-${String(month).padStart(2, '0')}-${(words[2] ?? '').padStart(2, '0')}`;
}

/** Quoted cells may hold separators and line breaks. The separator is the one the text has most of. */
function splitCsv(text: string): string[][] {
  const separator = [',', ';', '\t'].reduce((best, next) => (count(text, next) > count(text, best) ? next : best));
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const body = text.replace(/^\uFEFF/, '');
  for (let i = 0; i < body.length; i += 1) {
    const char = body.charAt(i);
    if (quoted && char === '"' && body[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (char === '"') quoted = !quoted;
    else if (!quoted && char === separator) {
      row.push(cell);
      cell = '';
    } else if (!quoted && (char === '\n' || char === '\r')) {
      if (char === '\r' && body[i + 1] === '\n') i += 1;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += char;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
