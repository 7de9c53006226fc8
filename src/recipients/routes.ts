import { z } from 'zod';
import type { Db, Sql } from '../lib/db/db.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { Cursor, cursorList, digits, filterText, Id, iso, MAX_ID } from '../lib/http/schemas.ts';
import { keyBeginnings, parsePhone, personKey } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { noTallies, readTallies, type Tallies } from '../lifecycle/counters.sql.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import { MESSAGE_STATUSES, type MessageStatus } from '../lifecycle/message.ts';
import { listInbound } from '../replies/replies.sql.ts';
import {
  findRecipient,
  listRecipients,
  messageEvents,
  type PhoneRange,
  phoneRanges,
  placeBeforeRow,
  type RecipientFilter,
  type RecipientRow,
  type RecipientSearch,
  searchByText,
  searchRecipients,
} from './recipients.sql.ts';
import { HistorySchema, historyOf, presentRecipient, RecipientSchema } from './schema.ts';

const Query = z.object({
  status: z.enum(MESSAGE_STATUSES).optional(),
  error_code: digits(-MAX_ID, MAX_ID).optional().describe("Failed with this of Meta's codes"),
  phone: filterText(40)
    .optional()
    .describe('A number, or the digits it begins with, country included: in the order of the numbers, without a total'),
  text: filterText(100)
    .optional()
    .describe(
      'What a value of their row contains, whatever the case and the accents: in the order of the file, without a total. A page may be short, or empty, and the next one not',
    ),
  row: digits(1, MAX_ID)
    .optional()
    .describe('Begins at this row of the file instead of the first; only without status, code, phone and text'),
  limit: digits(1, 500).default(50),
  cursor: Cursor,
});

export interface RecipientRouteDeps {
  readonly db: Db;
  readonly defaultCountry: string | undefined;
}

export function recipientRoutes(app: App, deps: RecipientRouteDeps): void {
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
      const { status, error_code: errorCode, phone, text, row, limit, cursor } = request.query;
      const boxed = status ?? (errorCode === undefined ? undefined : 'failed');
      const phones = phone === undefined ? undefined : rangesOf(phone, deps.defaultCountry);
      const filter = { status: boxed, errorCode, limit };
      // Asked together: one after the other each would wait for its turn while a campaign is being sent.
      const [{ archived_at: archivedAt }, page, tallies] = await Promise.all([
        getCampaign(db, id),
        phones !== undefined
          ? pageOfSearch(db, id, { ...filter, phones }, cursor)
          : text !== undefined
            ? pageOfText(db, id, { ...filter, text }, cursor)
            : pageOfAll(db, id, filter, cursor ?? (row === undefined ? undefined : await beginOfRow(db, id, row))),
        readTallies(db, [id]),
      ]);
      // The counters of an archived campaign speak of people who are erased.
      const counts = (archivedAt === null ? tallies.get(id) : undefined) ?? noTallies();
      return {
        data: page.rows.map(presentRecipient),
        total: phones === undefined && text === undefined ? totalOf(counts, boxed, errorCode) : null,
        limit,
        next_cursor: text !== undefined || page.rows.length === limit ? page.next : null,
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
      await getCampaign(db, id);
      const row = await findRecipient(db, id, recipientId);
      if (row === undefined)
        throw new Problem('recipient_not_found', say('server.recipients.campaign-recipient', { id, recipientId }));
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

function totalOf({ byStatus, errors }: Tallies, status: MessageStatus | undefined, errorCode: number | undefined): number | null {
  if (status === undefined) return MESSAGE_STATUSES.reduce((sum, box) => sum + byStatus[box], 0);
  if (errorCode === undefined) return byStatus[status];
  return status === 'failed' ? (errors.get(errorCode) ?? 0) : null;
}

/** The number itself, however it was typed, and all numbers that begin with these digits. */
function rangesOf(text: string, defaultCountry: string | undefined): PhoneRange[] {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '');
  if (digits.length < 3 || digits.length > 15) {
    throw new Problem('invalid_request', say('server.recipients.search-3-15'), {
      errors: [{ field: 'phone', message: say('server.recipients.must-3-15') }],
    });
  }
  const parsed = parsePhone(text, defaultCountry);
  const people = [personKey(Number(digits)), ...(parsed.ok ? [parsed.person] : [])];
  return [...people.map((person) => ({ from: person, to: person })), ...keyBeginnings(digits).flatMap(phoneRanges)];
}

interface Page {
  readonly rows: readonly RecipientRow[];
  /** Where the page after this one begins; cursors are written and read only here. */
  readonly next: string | null;
}

/** As the database writes a time, with T for the space. */
const DUE = /^(\d{1,9})_(-infinity|([1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,6})?[+-](?:0\d|1[0-5])(?::[0-5]\d){0,2})$/;

/** Its cursor is the last one's id, and when that is due. */
async function pageOfAll(sql: Sql, id: number, filter: RecipientFilter, cursor: string | undefined): Promise<Page> {
  const match = DUE.exec(cursor ?? '0_-infinity');
  if (match?.[2] === undefined || (match[3] !== undefined && !isOfCalendar(match[3]))) throw badCursor();
  const rows = await listRecipients(sql, id, { ...filter, after: { due: match[2], id: Number(match[1]) } });
  const last = rows.at(-1);
  return { rows, next: last === undefined ? null : `${String(last.id)}_${last.due.replace(' ', 'T')}` };
}

/** The place just before it, as a cursor. */
async function beginOfRow(sql: Sql, id: number, row: number): Promise<string> {
  return `${String(await placeBeforeRow(sql, id, row))}_-infinity`;
}

/** Its cursor is the last place that was looked at, found or not. */
async function pageOfText(
  sql: Sql,
  id: number,
  search: RecipientFilter & { readonly text: string },
  cursor: string | undefined,
): Promise<Page> {
  const match = /^t(\d{1,9})$/.exec(cursor ?? 't0');
  if (match === null) throw badCursor();
  const { rows, next } = await searchByText(sql, id, { ...search, after: Number(match[1]) });
  return { rows, next: next === undefined ? null : `t${String(next)}` };
}

/** There is no 30th of February. */
function isOfCalendar(text: string): boolean {
  const date = new Date(`${text}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Its cursor is the last one's number. */
async function pageOfSearch(sql: Sql, id: number, search: RecipientSearch, cursor: string | undefined): Promise<Page> {
  const match = /^n(\d{1,15})$/.exec(cursor ?? 'n0');
  if (match === null) throw badCursor();
  const rows = await searchRecipients(sql, id, { ...search, after: Number(match[1]) });
  const last = rows.at(-1);
  return { rows, next: last === undefined ? null : `n${String(last.person)}` };
}

function badCursor(): Problem {
  return new Problem('invalid_request', say('server.recipients.cursor-belongs-another-list'), {
    errors: [{ field: 'cursor', message: say('server.recipients.cursor-list') }],
  });
}
