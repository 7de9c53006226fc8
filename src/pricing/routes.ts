import { z } from 'zod';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { Id, NoContent } from '../lib/http/schemas.ts';
import { loadCard, removeCard } from './load-card.ts';
import { decimalOf } from './money.ts';
import { RATE_CARDS, type RateCard } from './rate-card.ts';
import { listOwnCards, type OwnCard } from './rate-cards.sql.ts';
import { amountOf, LimitsIn, LoadedRateCard, NewRateCard, RateCards, Spending } from './schema.ts';
import { type SpendingDeps, type SpendingNow, setLimits, spendingNow } from './set-limits.ts';

export function spendingRoutes(app: App, deps: SpendingDeps): void {
  limitRoutes(app, deps);
  cardRoutes(app, deps);
}

function limitRoutes(app: App, deps: SpendingDeps): void {
  app.get(
    '/api/v1/spending',
    {
      config: { access: 'read' },
      schema: { tags: ['costs'], summary: 'What is spent, and what may be', response: { 200: Spending } },
    },
    async () => presentSpending(await spendingNow(deps, deps.db)),
  );

  app.put(
    '/api/v1/spending/limits',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['costs'],
        summary: 'Limit what all campaigns together may spend',
        description:
          'Only the named ones change. A campaign is paused before one is passed, also with several workers. Holds for every claim that begins after the answer.',
        body: LimitsIn,
        response: { 200: Spending },
      },
    },
    async (request) => presentSpending(await setLimits(deps, request.body, actorOf(request))),
  );
}

function presentSpending({ limits, currency, timeZone, spent }: SpendingNow): z.output<typeof Spending> {
  return {
    currency: limits?.currency ?? currency,
    time_zone: timeZone,
    today: spent.today,
    month: decimalOf(spent.month_micros),
    day: decimalOf(spent.today_micros),
    abroad_day: decimalOf(spent.abroad_today_micros),
    monthly: amountOf(limits?.monthly_micros ?? null),
    abroad_daily: amountOf(limits?.abroad_daily_micros ?? null),
    home_countries: [...(limits?.home_countries ?? [])],
    changed_by: limits?.changed_by ?? null,
    changed_at: limits?.changed_at.toISOString() ?? null,
  };
}

function cardRoutes(app: App, deps: SpendingDeps): void {
  app.get(
    '/api/v1/rate-cards',
    {
      config: { access: 'read' },
      schema: { tags: ['costs'], summary: "Rate cards, the operator's own and the program's", response: { 200: RateCards } },
    },
    async () => {
      const now = deps.price(new Date());
      const known = { now, next: deps.nextCard(new Date()) };
      const own = (await listOwnCards(deps.db)).map((card) => presentCard(card, known));
      const isCorrected = (card: RateCard): boolean =>
        own.some((other) => other.currency === card.currency && other.effective_from === card.effectiveFrom);
      const shipped = RATE_CARDS.filter((card) => !isCorrected(card)).map((card) => presentCard(card, known));
      return {
        currency: now.currency,
        cost_per_message: 'flatMicros' in now ? decimalOf(now.flatMicros) : null,
        data: [...own, ...shipped].sort((a, b) => b.effective_from.localeCompare(a.effective_from)),
      };
    },
  );

  app.post(
    '/api/v1/rate-cards',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['costs'],
        summary: 'Load a rate card; one of the same currency and day is replaced',
        body: NewRateCard,
        response: { 201: LoadedRateCard },
      },
    },
    async (request, reply) => {
      const { id, card, changes } = await loadCard(deps, request.body, actorOf(request));
      return reply.code(201).send({
        id,
        currency: card.currency,
        effective_from: card.effectiveFrom,
        markets: Object.keys(card.markets).length,
        changes: changes.map((one) => ({ ...one, before: decimalOf(one.before), after: decimalOf(one.after) })),
      });
    },
  );

  app.delete(
    '/api/v1/rate-cards/:id',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['costs'],
        summary: 'Take an own rate card off',
        params: z.object({ id: Id.describe('The rate card') }),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await removeCard(deps, request.params.id, actorOf(request));
      return reply.code(204).send(null);
    },
  );
}

function presentCard(
  card: RateCard | OwnCard,
  { now, next }: { readonly now: ReturnType<SpendingDeps['price']>; readonly next: RateCard | undefined },
): z.output<typeof RateCards>['data'][number] {
  const own = 'id' in card ? card : undefined;
  const day = (other: ReturnType<SpendingDeps['price']> | undefined): string | undefined =>
    other !== undefined && 'effectiveFrom' in other ? other.effectiveFrom : undefined;
  const state =
    card.currency !== now.currency
      ? 'other_currency'
      : card.effectiveFrom === day(now)
        ? 'in_force'
        : card.effectiveFrom >= (day(next) ?? '9999')
          ? 'next'
          : 'over';
  return {
    id: own?.id ?? null,
    currency: card.currency,
    effective_from: card.effectiveFrom,
    markets: Object.keys(card.markets).length,
    has_tiers: Object.keys(card.tiers ?? {}).length > 0,
    state,
    filename: own?.filename ?? null,
    loaded_by: own?.created_by ?? null,
    loaded_at: own?.created_at.toISOString() ?? null,
  };
}
