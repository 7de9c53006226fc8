import { z } from 'zod';

/** Shapes that several routes share. What is registered with an id appears under that name in the OpenAPI file. */
export const MAX_ID = 2_147_483_647;

export const Id = z.coerce.number().int().min(1).max(MAX_ID);

export const Time = z.iso.datetime({ offset: true });

/** A time a client gives: with its zone, so that nobody has to guess. */
export const TimeIn = z.iso.datetime({ offset: true }).describe('ISO-8601 with the zone, as 2026-01-31T09:00:00Z');

export const CampaignParams = z.object({ id: Id.describe('The campaign') });

export const OffsetPage = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
});

export const Cursor = z.string().min(1).max(200).optional().describe('`next_cursor` of the page before');

export function offsetList<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), total: z.int(), limit: z.int(), offset: z.int() });
}

export function cursorList<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    total: z.int().nullable().describe('How many match; null where counting would cost more than reading'),
    limit: z.int(),
    next_cursor: z.string().nullable().describe('Give it as `cursor` for the next page; null = this was the last one'),
  });
}

export const ProblemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable; programs build on it'),
    detail: z.string().describe('What happened and what to do'),
    instance: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 application/problem+json' });

export const NoContent = z.null().describe('Done; no body');

export function iso(date: Date): string;
export function iso(date: Date | null): string | null;
export function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
