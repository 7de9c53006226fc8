import { z } from 'zod';
import { Time } from '../lib/http/schemas.ts';
import { decimalOf, microsOf } from './money.ts';

/** An amount as text, so that no reader makes a binary fraction of it. */
export const Amount = z
  .string()
  .regex(/^-?\d+\.\d{2,6}$/)
  .describe('Exact, in `currency`, with a point');

export const AmountIn = z
  .string()
  .max(20)
  .refine(
    (text) => (microsOf(text) ?? 0) > 0 && !/\.\d{7}/.test(text),
    'Must be an amount above 0, as 250 or 0.0125, with a point and at most six decimals.',
  )
  .describe('In `currency`, as 250 or 0.0125');

export function amountOf(micros: number | null): string | null {
  return micros === null ? null : decimalOf(micros);
}

const RateCardSchema = z.object({
  id: z.int().nullable().describe('Null for a card that comes with the program'),
  currency: z.string(),
  effective_from: z.string().describe('YYYY-MM-DD'),
  markets: z.int().describe('How many it names'),
  has_tiers: z.boolean(),
  state: z.enum(['in_force', 'next', 'over', 'other_currency']),
  filename: z.string().nullable(),
  loaded_by: z.string().nullable(),
  loaded_at: Time.nullable(),
});

export const RateCards = z.object({
  currency: z.string().describe('Of the prices that hold now'),
  cost_per_message: Amount.nullable().describe('COST_PER_MESSAGE, which comes before every card; null when it is not set'),
  data: z.array(RateCardSchema),
});

export const NewRateCard = z
  .strictObject({
    csv: z.string().min(1).max(500_000).describe("The text of Meta's file, as downloaded or as Excel saved it"),
    tiers_csv: z.string().min(1).max(500_000).optional().describe('Volume tiers: Market, Category, From, Rate'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe('Unless the file names it'),
    effective_from: z.iso.date().optional().describe('Unless the file names it'),
    filename: z.string().max(200).optional(),
  })
  .meta({ id: 'NewRateCard' });

export const LoadedRateCard = z.object({
  id: z.int(),
  currency: z.string(),
  effective_from: z.string(),
  markets: z.int(),
  changes: z
    .array(z.object({ market: z.string(), category: z.string(), before: Amount, after: Amount }))
    .describe('What differs from the card that would hold without it'),
});

export const LimitsIn = z
  .strictObject({
    monthly: AmountIn.nullable()
      .optional()
      .describe('What all campaigns together may spend in a month; null takes the limit off'),
    abroad_daily: AmountIn.nullable()
      .optional()
      .describe('A day, for numbers outside the home countries; null takes the limit off'),
    home_countries: z
      .array(z.string().regex(/^[A-Z]{2}$/))
      .max(50)
      .optional()
      .describe('ISO codes'),
    time_zone: z.string().min(1).max(60).optional().describe('Where days and months begin, as America/Bogota'),
  })
  .meta({ id: 'SpendingLimits' });

export const Spending = z
  .object({
    currency: z.string(),
    time_zone: z.string(),
    today: z.string().describe('YYYY-MM-DD, in `time_zone`'),
    month: Amount.describe('Reserved or paid this month by all campaigns, test sends included'),
    day: Amount,
    abroad_day: Amount,
    monthly: Amount.nullable(),
    abroad_daily: Amount.nullable(),
    home_countries: z.array(z.string()),
    changed_by: z.string().nullable(),
    changed_at: Time.nullable(),
  })
  .meta({ id: 'Spending' });
