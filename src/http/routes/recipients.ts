import { z } from 'zod';
import { mustFind } from '../../campaigns/view.ts';
import { MESSAGE_STATUSES, type MessageStatus } from '../../domain/message.ts';
import { parsePhone, personKey } from '../../domain/phone.ts';
import { Problem } from '../../domain/problem.ts';
import { listInbound } from '../../store/inbound.ts';
import { findRecipient, listRecipients, messageEvents, type PhoneRange, phoneRanges } from '../../store/recipients.ts';
import { noTallies, readTallies, type Tallies } from '../../store/tallies.ts';
import type { ServerDeps } from '../deps.ts';
import type { App } from '../fastify-types.ts';
import { HistorySchema, historyOf, presentRecipient, RecipientSchema } from '../recipient-schemas.ts';
import { Cursor, cursorList, Id, iso } from '../schemas.ts';

const Query = z.object({
  status: z.enum(MESSAGE_STATUSES).optional().describe('One box'),
  error_code: z.coerce.number().int().optional().describe("Failed with this of Meta's codes"),
  phone: z.string().max(40).optional().describe('A number, or the digits it begins with, country included; goes alone'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: Cursor,
});

export function recipientRoutes(app: App, deps: ServerDeps): void {
  const { db } = deps;

  app.get(
    '/api/v1/campaigns/:id/recipients',
    {
      config: { access: 'read' },
      schema: {
        tags: ['recipients'],
        summary: 'Who is written to, and what became of each',
        params: z.object({ id: Id }),
        querystring: Query,
        response: { 200: cursorList(RecipientSchema) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { archived_at: archivedAt } = await mustFind(db, id);
      const { status, error_code: errorCode, phone, limit, cursor } = request.query;
      const boxed = status ?? (errorCode === undefined ? undefined : 'failed');
      const phones = phone === undefined || phone === '' ? undefined : rangesOf(phone, deps.defaultCountry);
      const rows = await listRecipients(db, id, {
        status: boxed,
        errorCode,
        phones,
        after: cursor === undefined ? undefined : placeIn(cursor),
        limit,
      });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      // The counters of an archived campaign speak of people who are erased.
      const counts = (archivedAt === null ? (await readTallies(db, [id])).get(id) : undefined) ?? noTallies();
      return {
        data: rows.map(presentRecipient),
        total: phones === undefined ? totalOf(counts, boxed, errorCode) : null,
        limit,
        next_cursor: last === undefined ? null : `${String(last.id)}_${last.due.replace(' ', 'T')}`,
      };
    },
  );

  app.get(
    '/api/v1/campaigns/:id/recipients/:recipient_id',
    {
      config: { access: 'read' },
      schema: {
        tags: ['recipients'],
        summary: "One message's full history",
        params: z.object({ id: Id, recipient_id: Id }),
        response: { 200: HistorySchema },
      },
    },
    async (request) => {
      const { id, recipient_id: recipientId } = request.params;
      await mustFind(db, id);
      const row = await findRecipient(db, id, recipientId);
      if (row === undefined)
        throw new Problem('recipient_not_found', `Campaign ${String(id)} has no recipient ${String(recipientId)}.`);
      const events = await messageEvents(db, id, recipientId);
      const replies = await listInbound(db, { campaignId: id, person: personKey(row.phone), limit: 200, offset: 0 });
      return {
        ...presentRecipient(row),
        history: historyOf(row, events),
        replies: replies.messages.map(({ id: wamid, type, body, sent_at: sentAt }) => ({
          id: wamid,
          type,
          body,
          sent_at: iso(sentAt),
        })),
      };
    },
  );
}

function totalOf({ boxes, errors }: Tallies, status: MessageStatus | undefined, errorCode: number | undefined): number | null {
  if (status === undefined) return MESSAGE_STATUSES.reduce((sum, box) => sum + boxes[box], 0);
  if (errorCode === undefined) return boxes[status];
  return status === 'failed' ? (errors.get(errorCode) ?? 0) : null;
}

/** The number itself, however it was typed, and all numbers that begin with these digits. */
function rangesOf(text: string, defaultCountry: string | undefined): PhoneRange[] {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '');
  if (digits.length < 3 || digits.length > 15) {
    throw new Problem('invalid_request', 'Search with 3 to 15 digits of the number, beginning with the country.', {
      errors: [{ field: 'phone', message: 'Must have 3 to 15 digits.' }],
    });
  }
  const parsed = parsePhone(text, defaultCountry);
  const people = [personKey(Number(digits)), ...(parsed.ok ? [parsed.person] : [])];
  return [...people.map((person) => ({ from: person, to: person })), ...phoneRanges(digits)];
}

/** Written and read only here: the id, and when it is due. */
function placeIn(cursor: string): { due: string; id: number } {
  const match = /^(\d{1,9})_(-infinity|\d{4}-\d\d-\d\dT[\d:.]{8,15}[+-][\d:]{2,8})$/.exec(cursor);
  if (match?.[2] === undefined) throw badCursor();
  return { id: Number(match[1]), due: match[2] };
}

function badCursor(): Problem {
  return new Problem(
    'invalid_request',
    'This cursor belongs to another list. Begin without one, and use `next_cursor` of the page before with the same filters.',
    {
      errors: [{ field: 'cursor', message: 'Is not a cursor of this list.' }],
    },
  );
}
