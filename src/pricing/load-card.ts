/** A rate card of the operator's own, out of the file that Meta offers for download. */
import { recordAudit } from '../audit/record-audit.ts';
import type { Actor } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';
import { type MarketRates, type RateCard } from './rate-card.ts';
import { parseRateCardCsv, parseTiersCsv } from './rate-card-csv.ts';
import { deleteCard, putCard } from './rate-cards.sql.ts';
import type { SpendingDeps } from './set-limits.ts';

export interface CardInput {
  readonly csv: string;
  readonly tiers_csv?: string | undefined;
  readonly currency?: string | undefined;
  readonly effective_from?: string | undefined;
  readonly filename?: string | undefined;
}

export interface RateChange {
  readonly market: string;
  readonly category: string;
  readonly before: number;
  readonly after: number;
}

export async function loadCard(
  deps: SpendingDeps,
  input: CardInput,
  actor: Actor,
): Promise<{ readonly id: number; readonly card: RateCard; readonly changes: readonly RateChange[] }> {
  const card = readCard(input);
  const id = await deps.db.tx(async (sql) => {
    const put = await putCard(sql, { card, filename: input.filename ?? null, by: actor.name });
    const detail = { currency: card.currency, effective_from: card.effectiveFrom, filename: input.filename ?? null };
    await recordAudit(sql, actor, { action: 'ratecard.load', detail });
    return put;
  });
  const before = deps.price(new Date(card.effectiveFrom));
  await deps.refreshCards();
  const isComparable = 'markets' in before && before.currency === card.currency;
  return { id, card, changes: isComparable ? changesBetween(before, card) : [] };
}

export async function removeCard(deps: SpendingDeps, id: number, actor: Actor): Promise<void> {
  const isGone = await deps.db.tx(async (sql) => {
    const done = await deleteCard(sql, id);
    if (done) await recordAudit(sql, actor, { action: 'ratecard.remove', detail: { id } });
    return done;
  });
  if (!isGone) throw new Problem('not_found', say('server.pricing.no-card', { id: String(id) }));
  await deps.refreshCards();
}

function readCard({ csv, tiers_csv: tiersCsv, currency, effective_from: effectiveFrom }: CardInput): RateCard {
  const read = parseRateCardCsv(csv, {
    ...(currency === undefined ? {} : { currency }),
    ...(effectiveFrom === undefined ? {} : { effectiveFrom }),
  });
  if (!read.ok) throw unreadable('csv', read.error);
  if (tiersCsv === undefined) return read.card;
  const tiers = parseTiersCsv(tiersCsv);
  if (!tiers.ok) throw unreadable('tiers_csv', tiers.error);
  return { ...read.card, tiers: tiers.tiers };
}

function changesBetween(before: RateCard, after: RateCard): RateChange[] {
  return Object.entries(after.markets).flatMap(([market, rates]) =>
    (Object.keys(rates) as (keyof MarketRates)[]).flatMap((category) => {
      const [old, now] = [before.markets[market]?.[category] ?? null, rates[category]];
      return old === null || now === null || old === now ? [] : [{ market, category, before: old, after: now }];
    }),
  );
}

function unreadable(field: string, message: Sentence): Problem {
  return new Problem('invalid_request', message, { errors: [{ field, message }] });
}
