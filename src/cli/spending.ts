/** `spending …`: what is spent and what may be; rate cards. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import { LoadedRateCard, RateCards, Spending } from '../pricing/schema.ts';
import { connect } from './client.ts';
import type { RemoteOptions } from './target.ts';
import { count, facts, print, printJson, table, time } from './words.ts';

export async function showSpending(options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: '/api/v1/spending' }, Spending);
  if (options.json === true) printJson(raw);
  else print(described(data));
}

export interface LimitOptions extends RemoteOptions {
  readonly monthly?: string;
  readonly abroad?: string;
  readonly home?: readonly string[];
  readonly timeZone?: string;
}

export async function limitSpending(options: LimitOptions): Promise<undefined> {
  const client = await connect(options);
  const body = {
    monthly: offIfNone(options.monthly),
    abroad_daily: offIfNone(options.abroad),
    home_countries: options.home?.map((country) => country.toUpperCase()),
    time_zone: options.timeZone,
  };
  const { data, raw } = await client.ask({ method: 'PUT', path: '/api/v1/spending/limits', body }, Spending);
  if (options.json === true) printJson(raw);
  else print(described(data));
}

function offIfNone(text: string | undefined): string | null | undefined {
  return text === 'none' ? null : text;
}

function described(data: z.output<typeof Spending>): string {
  const money = (amount: string): string => `${amount} ${data.currency}`;
  const of = (limit: string | null): string => (limit === null ? ' (no limit)' : ` of ${money(limit)}`);
  return facts([
    ['This month', `${money(data.month)}${of(data.monthly)}`],
    ['Today', money(data.day)],
    ['Abroad today', `${money(data.abroad_day)}${of(data.abroad_daily)}`],
    ['Home', data.home_countries.length === 0 ? undefined : data.home_countries.join(', ')],
    ['Days begin in', data.time_zone],
    ['Set by', data.changed_by ?? undefined],
  ]);
}

export async function listCards(options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: '/api/v1/rate-cards' }, RateCards);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  if (data.cost_per_message !== null) print(`COST_PER_MESSAGE prices everything: ${data.cost_per_message} ${data.currency}.\n`);
  const rows = data.data.map((card) => [
    card.id === null ? '-' : String(card.id),
    card.effective_from,
    card.currency,
    count(card.markets),
    card.has_tiers ? 'yes' : 'no',
    card.state.replace('_', ' '),
    card.id === null ? 'comes with the program' : `${card.filename ?? ''} (${card.loaded_by ?? ''}, ${time(card.loaded_at)})`,
  ]);
  print(table(['ID', 'FROM', 'CURRENCY', 'MARKETS', 'TIERS', 'STATE', 'SOURCE'], rows));
}

export interface CardOptions extends RemoteOptions {
  readonly tiers?: string;
  readonly currency?: string;
  readonly from?: string;
}

export async function loadCard(file: string, options: CardOptions): Promise<undefined> {
  const client = await connect(options);
  const body = {
    csv: await readFile(file, 'utf8'),
    tiers_csv: options.tiers === undefined ? undefined : await readFile(options.tiers, 'utf8'),
    currency: options.currency?.toUpperCase(),
    effective_from: options.from,
    filename: basename(file),
  };
  const { data, raw } = await client.ask({ method: 'POST', path: '/api/v1/rate-cards', body }, LoadedRateCard);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(`Loaded: ${count(data.markets)} markets in ${data.currency}, from ${data.effective_from} on.`);
  if (data.changes.length > 0)
    print(
      `\n${table(
        ['MARKET', 'CATEGORY', 'BEFORE', 'AFTER'],
        data.changes.map((one) => [one.market, one.category, one.before, one.after]),
      )}`,
    );
}

export async function removeCard(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  await client.tell({ method: 'DELETE', path: `/api/v1/rate-cards/${String(id)}` });
  if (options.json !== true) print('Taken off. The prices are those of the cards that are left.');
}
