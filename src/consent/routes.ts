import { Readable } from 'node:stream';
import { z } from 'zod';
import { recordAudit } from '../audit/record-audit.ts';
import { CSV_BOM, CSV_SEPARATORS, type CsvSeparator, csvLine } from '../files/write-csv.ts';
import type { Db } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import { type App, CSV_FILE } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { filterText, Id, NoContent, OffsetPage, offsetList } from '../lib/http/schemas.ts';
import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { fold } from './opt-out-words.ts';
import {
  consentTrail,
  countOptOuts,
  isSuppressed,
  liftSuppression,
  listSuppressions,
  optOutsAfter,
  suppress,
} from './opt-outs.sql.ts';
import { deletePhrase, listPhrases, putPhrase } from './own-phrases.sql.ts';
import {
  AnyScope,
  ConsentEventSchema,
  OptOutSchema,
  PhoneText,
  PhraseInput,
  PhraseSchema,
  presentConsentEvent,
  presentOptOut,
  presentPhrase,
  Reason,
  Scope,
} from './schema.ts';

export interface ConsentRouteDeps {
  readonly db: Db;
  readonly defaultCountry: string | undefined;
}

const EXPORT_PAGE = 1_000;

const Counts = z
  .object({ all: z.int(), marketing: z.int(), doubtful: z.int() })
  .describe('How many hold now, whatever the filter');

export function optOutRoutes(app: App, deps: ConsentRouteDeps): void {
  const { db, defaultCountry } = deps;

  app.get(
    '/api/v1/opt-outs',
    {
      config: { access: 'read' },
      schema: {
        tags: ['people'],
        summary: 'Who must not be written to, the newest first',
        description: 'The doubtful ones are listed only with `scope=doubtful`: they are no opt-outs before somebody has decided.',
        querystring: OffsetPage.extend({
          phone: PhoneText.optional(),
          scope: AnyScope.optional(),
          source: filterText(60).optional(),
        }),
        response: { 200: offsetList(OptOutSchema).extend({ counts: Counts }) },
      },
    },
    async (request) => {
      const { phone, scope, source, limit, offset } = request.query;
      const person = phone === undefined ? undefined : readPhone(phone, defaultCountry).person;
      const { suppressions, total } = await listSuppressions(db, { person, scope, source, limit, offset });
      return { data: suppressions.map(presentOptOut), total, limit, offset, counts: await countOptOuts(db) };
    },
  );

  app.post(
    '/api/v1/opt-outs',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['people'],
        summary: 'Never write to this person again; holds at once, in running campaigns too',
        body: z.strictObject({ phone: PhoneText, scope: Scope.default('all'), note: Reason.optional() }),
        response: { 201: OptOutSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const { phone, scope, note } = request.body;
      const { person, digits } = readPhone(phone, defaultCountry);
      const detail = { by: actor.name, ...(note === undefined ? {} : { note }) };
      const entry = { person, phone: digits, scope, source: 'operator', actor: actor.name, detail, since: new Date() };
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        await db.tx(async (sql) => {
          await suppress(sql, [entry]);
          await recordAudit(sql, actor, { action: 'optout.add', detail: { scope } });
        });
        const stored = (await listSuppressions(db, { person, scope, limit: 1, offset: 0 })).suppressions[0];
        return { status: 201, body: presentOptOut(stored ?? { ...entry, campaign_name: null, lifted_at: null }) };
      });
    },
  );

  app.delete(
    '/api/v1/opt-outs/:phone',
    {
      config: { access: 'send' },
      schema: {
        tags: ['people'],
        summary: 'This person may be written to again; the proof of the opt-out, and of who lifted it, is kept',
        params: z.object({ phone: PhoneText }),
        querystring: z.object({
          scope: AnyScope.default('all'),
          reason: Reason.optional().describe(
            'Why: how the person asked for it. Kept in the trail; without it the trail says that none was given',
          ),
        }),
        response: { 200: z.object({ phone: z.string(), still_opted_out: z.boolean() }) },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { person, phone } = readPhone(request.params.phone, defaultCountry);
      const { scope, reason } = request.query;
      await db.tx(async (sql) => {
        const detail = { reason: reason ?? null };
        if (!(await liftSuppression(sql, { person, scope, source: 'operator', actor: actor.name, detail, since: new Date() }))) {
          throw new Problem('not_found', say('server.consent.list-opt-outs', { phone, scope }));
        }
        await recordAudit(sql, actor, { action: 'optout.lift', detail: { scope, with_reason: reason !== undefined } });
      });
      return { phone, still_opted_out: await isSuppressed(db, person, true) };
    },
  );

  app.get(
    '/api/v1/opt-outs/:phone/trail',
    {
      config: { access: 'read' },
      schema: {
        tags: ['people'],
        summary: 'All that was said about writing to this person: whose words, which, when, and who of us acted',
        params: z.object({ phone: PhoneText }),
        response: { 200: z.object({ phone: z.string(), opted_out: z.boolean(), data: z.array(ConsentEventSchema) }) },
      },
    },
    async (request) => {
      const { person, phone } = readPhone(request.params.phone, defaultCountry);
      const events = await consentTrail(db, person);
      return { phone, opted_out: await isSuppressed(db, person, true), data: events.map(presentConsentEvent) };
    },
  );

  app.get(
    '/api/v1/opt-outs/export.csv',
    {
      config: { access: 'read', describe: CSV_FILE },
      schema: {
        tags: ['people'],
        summary: 'The list with its proof as CSV; another installation takes it as a suppression list',
        querystring: z.object({
          separator: z.enum(Object.keys(CSV_SEPARATORS) as [CsvSeparator, ...CsvSeparator[]]).default('comma'),
        }),
      },
    },
    async (request, reply) => {
      await recordAudit(db, actorOf(request), { action: 'optout.export' });
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="opt-outs.csv"')
        .send(Readable.from(optOutsCsv(db, request.query.separator), { objectMode: false, highWaterMark: 65_536 }));
    },
  );

  phraseRoutes(app, deps);
}

async function* optOutsCsv(db: Db, separator: CsvSeparator): AsyncGenerator<string> {
  yield CSV_BOM + csvLine(['phone', 'scope', 'since', 'source', 'said', 'by', 'note', 'campaign_id'], separator);
  for (let after = { person: 0, scope: '' }; ; ) {
    const rows = await optOutsAfter(db, after, EXPORT_PAGE);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last;
    yield rows
      .map((row) => {
        const { phone, scope, since, source, said, actor, detail, campaign_id } = presentOptOut(row);
        const note = typeof detail['note'] === 'string' ? detail['note'] : null;
        return csvLine([phone.slice(1), scope, since, source, said, actor, note, campaign_id], separator);
      })
      .join('');
  }
}

function phraseRoutes(app: App, { db }: ConsentRouteDeps): void {
  app.get(
    '/api/v1/opt-out-phrases',
    {
      config: { access: 'read' },
      schema: {
        tags: ['people'],
        summary:
          'Words and sentences of your own that opt out, are doubtful, or stop nobody; they come before those of the program',
        response: { 200: z.object({ data: z.array(PhraseSchema) }) },
      },
    },
    async () => ({ data: (await listPhrases(db)).map(presentPhrase) }),
  );

  app.post(
    '/api/v1/opt-out-phrases',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['people'],
        summary: 'Add a phrase, or give one another meaning; holds for what is written from now on',
        body: PhraseInput,
        response: { 201: PhraseSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const input = { ...request.body, phrase: fold(request.body.phrase) };
      return answerOnce(db, request, reply, { lost: 'again' }, async () => {
        const stored = await db.tx(async (sql) => {
          await recordAudit(sql, actor, { action: 'optout.phrase_add', detail: { ...input } });
          return putPhrase(sql, input, actor.name);
        });
        return { status: 201, body: presentPhrase(stored) };
      });
    },
  );

  app.delete(
    '/api/v1/opt-out-phrases/:id',
    {
      config: { access: 'write' },
      schema: {
        tags: ['people'],
        summary: 'Take a phrase of your own back',
        params: z.object({ id: Id }),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await db.tx(async (sql) => {
        const phrase = await deletePhrase(sql, request.params.id);
        if (phrase === undefined) throw new Problem('not_found', say('server.consent.phrase', { id: request.params.id }));
        await recordAudit(sql, actorOf(request), { action: 'optout.phrase_remove', detail: { phrase: phrase.phrase } });
      });
      return reply.status(204).send(null);
    },
  );
}

function readPhone(text: string, defaultCountry: string | undefined): { person: number; digits: number; phone: string } {
  const parsed = parsePhone(text, defaultCountry);
  if (parsed.ok) return parsed;
  throw new Problem('invalid_phone_number', parsed.message, { errors: [{ field: 'phone', message: parsed.message }] });
}
