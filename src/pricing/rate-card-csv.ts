/**
 * A rate card as Meta offers it for download: some lines of explanation, then `Market, Currency, Marketing, Utility,
 * Authentication, Authentication-International, Service`, a market a line, n/a where there is no rate. Saved again by Excel it
 * may come with semicolons and decimal commas.
 */
import { type Sentence, say } from '../lib/words/sentence.ts';
import { microsOf } from './money.ts';
import type { MarketRates, RateCard, Tier } from './rate-card.ts';

export interface RateCardCsvOptions {
  /** YYYY-MM-DD; unless given, the first date in the explanation. */
  readonly effectiveFrom?: string;
  /** Unless given, that of the Currency column. */
  readonly currency?: string;
}

export type RateCardCsvResult = { readonly ok: true; readonly card: RateCard } | { readonly ok: false; readonly error: Sentence };

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
  if (header === undefined) return refuse(say('server.pricing.card-no-heading'));
  const at = new Map<Column, number>();
  for (const column of COLUMNS) {
    const index = header.findIndex((cell) => key(cell) === column);
    if (index >= 0) at.set(column, index);
  }
  const missing = (['utility', 'authentication'] as const).filter((column) => !at.has(column));
  if (missing.length > 0) return refuse(say('server.pricing.card-columns-missing', { columns: missing.join(', ') }));
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
      return refuse(say('server.pricing.card-no-utility', { line: String(headerAt + index + 2), market }));
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

  if (Object.keys(markets).length === 0) return refuse(say('server.pricing.card-empty'));
  if (!('Other' in markets)) return refuse(say('server.pricing.card-no-other'));
  if (currency === undefined) return refuse(say('server.pricing.card-no-currency'));
  const effectiveFrom = options.effectiveFrom ?? dateIn(rows.slice(0, headerAt));
  if (effectiveFrom === undefined) return refuse(say('server.pricing.card-no-date'));
  return { ok: true, card: { currency, effectiveFrom, markets } };
}

export type TiersResult =
  | { readonly ok: true; readonly tiers: NonNullable<RateCard['tiers']> }
  | { readonly ok: false; readonly error: Sentence };

/** Volume tiers, a step a line: `Market, Category, From, Rate`; `From` counts the messages of a month. */
export function parseTiersCsv(text: string): TiersResult {
  const [header = [], ...rows] = splitCsv(text).filter((row) => row.some((cell) => cell.trim() !== ''));
  const [market, category, from, rate] = ['market', 'category', 'from', 'rate'].map((name) =>
    header.findIndex((cell) => key(cell) === name),
  ) as [number, number, number, number];
  if (Math.min(market, category, from, rate) < 0) return { ok: false, error: say('server.pricing.tiers-no-heading') };
  const tiers: Record<string, Record<string, Tier[]>> = {};
  for (const [index, row] of rows.entries()) {
    const micros = amount(row[rate] ?? '');
    const start = (row[from] ?? '').replace(/[\s.,]/g, '');
    if (micros === undefined || !/^\d{1,12}$/.test(start))
      return { ok: false, error: say('server.pricing.tiers-no-rate', { line: String(index + 2) }) };
    const of = (tiers[(row[market] ?? '').trim()] ??= {});
    (of[(row[category] ?? '').trim().toLowerCase()] ??= []).push({ from: Number(start), micros });
  }
  return { ok: true, tiers };
}

function refuse(error: Sentence): RateCardCsvResult {
  return { ok: false, error };
}

function key(cell: string): string {
  return cell.toLowerCase().replace(/[^a-z]/g, '');
}

/** `$0.0618`, `0,0618` and `0.0618` alike, in micros; undefined for n/a and everything else that is no number. */
function amount(cell: string): number | undefined {
  const text = cell.replace(/[^\d.,-]/g, '').replace(',', '.');
  return microsOf(text);
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
