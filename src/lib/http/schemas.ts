import { z } from 'zod';
import { isWithinCalendar } from '../iso-time.ts';
import { PROBLEM_CODES } from '../problem.ts';
import { isSentence, type Text } from '../words/sentence.ts';

/** Shapes that several routes share. What is registered with an id appears under that name in the OpenAPI file. */
export const MAX_ID = 2_147_483_647;

/** A whole number in an address or a query, where everything is text: its digits and nothing else, so no `0x1`, `1e0` or `+1`. */
export function digits(min: number, max: number) {
  return z.preprocess(
    (given) => (typeof given === 'string' && /^-?\d{1,16}$/.test(given) ? Number(given) : given),
    z.int().min(min).max(max),
  );
}

/** In an address or a query. */
export const Id = digits(1, MAX_ID);

/** The same in a body, where numbers are numbers. */
export const IdInBody = z.int().min(1).max(MAX_ID);

/** Text of a query. What is given empty is a mistake: as a filter it would find nothing, left out it finds everything. */
export function filterText(max: number) {
  return z.string().trim().min(1).max(max);
}

export const Time = z.iso.datetime({ offset: true });

/** A time a client gives: with its zone, so that nobody has to guess. */
export const TimeIn = z.iso
  .datetime({ offset: true })
  .max(40)
  .refine((text) => isWithinCalendar(new Date(text)), 'server.http.within-calendar')
  .describe('ISO-8601 with the zone, as 2026-01-31T09:00:00Z');

/** Words for people: a sentence until the answer is written (language.ts), in the document a text. */
export const Words = z
  .custom<Text>((value) => typeof value === 'string' || isSentence(value), 'must be a sentence')
  .meta({ type: 'string' });

export const CampaignParams = z.object({ id: Id.describe('The campaign') });

export const OffsetPage = z.object({
  limit: digits(1, 500).default(50),
  offset: digits(0, 1_000_000_000).default(0),
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
    code: z.enum(PROBLEM_CODES).describe('Stable; programs build on it'),
    detail: z.string().describe('What happened and what to do'),
    instance: z.string(),
    request_id: z.string(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('What is wrong, field by field'),
    reasons: z
      .array(z.object({ code: z.string(), message: z.string() }))
      .optional()
      .describe('`campaign_cannot_be_started`: everything that stands in the way'),
    status_now: z.string().optional().describe('`campaign_wrong_state`: the state it is in'),
    retry_after: z.int().optional().describe('`too_many_requests`: seconds, as in the header Retry-After'),
    scope: z.string().optional().describe('`not_allowed`: the right that is missing'),
    missing: z.array(z.string()).optional().describe('`file_unusable`: the columns that are missing'),
    columns: z.array(z.string()).optional().describe('`file_unusable`: those that were found'),
    max_recipients: z.int().optional().describe('`too_many_recipients`'),
    within_grace: z
      .looseObject({ messages: z.int(), first_at: Time, last_at: Time })
      .optional()
      .describe('`grace_time_not_over`: what has to wait, and until when'),
    meta_code: z.int().nullable().optional().describe("Meta's own code, where she refused"),
    test_id: z.int().optional().describe('`message_refused`: the test send it was'),
    archived_at: Time.optional().describe('`campaign_archived`'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 application/problem+json' });

export const NoContent = z.null().describe('Done; no body');

export { iso } from '../iso-time.ts';
