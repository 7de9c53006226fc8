import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PhoneText, Reason, Scope } from '../consent/schema.ts';
import { rejection } from '../files/check-row.ts';
import { type Actor, actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { receiveForm } from '../lib/http/receive-form.ts';
import { TimeIn } from '../lib/http/schemas.ts';
import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { ANSWER_FIELDS, answersOf } from './draft-schema.ts';
import { addOptOuts, importOptOuts, type OptOutImportDeps, type OptOutReport } from './import-opt-outs.ts';
import { ACCOUNT, COUNTS, NoticeSchema, RowErrorSchema } from './upload-schema.ts';

const FILE_LIMIT = 2 * 1024 * 1024 * 1024;

const Entry = z.strictObject({ phone: PhoneText, scope: Scope.optional(), since: TimeIn.optional(), note: Reason.optional() });
const ListBody = z.strictObject({
  opt_outs: z
    .array(z.union([PhoneText, Entry]))
    .min(1)
    .describe('Numbers, or numbers with what is known of them'),
  scope: Scope.default('all'),
  note: Reason.optional(),
});

const ReportSchema = z
  .object({
    filename: z.string().nullable(),
    ...COUNTS,
    ...z.object(ACCOUNT).partial().shape,
    errors: z.array(RowErrorSchema).describe('The first thousand'),
    causes: z
      .array(
        z.object({
          kind: z.enum(['invalid', 'duplicate', 'suppressed']),
          code: z.string(),
          column: z.string().nullable(),
          rows: z.int(),
          first_row: z.int(),
          text: z.string(),
        }),
      )
      .describe('All rows that added nobody, counted by their cause'),
    notices: z.array(NoticeSchema),
    phone_column: z.string().nullable(),
  })
  .meta({ id: 'OptOutImportReport' });

export function optOutImportRoutes(app: App, deps: OptOutImportDeps): void {
  app.post(
    '/api/v1/opt-outs/import',
    {
      config: { access: 'write', idempotent: true, upload: true },
      schema: {
        tags: ['people'],
        summary: 'Bring a suppression list: a file as for recipients, or JSON',
        description:
          'A form with `file` (CSV, .xlsx, .ods of any size, read as a list of recipients is, with the same fields) and, if wanted, `scope` and `note`; or JSON `{"opt_outs": [...], "scope", "note"}`. `valid_rows` are new on the list; whoever is on it stays with the earlier proof (`duplicate_rows`). A file with a column that says who does not want messages adds only those. Read in parts: what was read holds also when the rest is cut off.',
        response: { 200: ReportSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      if (request.headers['content-type']?.startsWith('application/json') === true) {
        const input = readList(request.body);
        return answerOnce(deps.db, request, reply, { lost: 'again' }, async () => ({
          status: 200,
          body: await addList(deps, input, actor),
        }));
      }
      const form = await receiveForm(request, { fields: [...ANSWER_FIELDS, 'scope', 'note'], maxBytes: FILE_LIMIT });
      try {
        const { scope, note, ...fields } = form.fields;
        const answers = answersOf(fields);
        const said = readList({
          opt_outs: ['-'],
          ...(scope === undefined ? {} : { scope }),
          ...(note === undefined ? {} : { note }),
        });
        const digest = (): Promise<Buffer> => Promise.resolve(createHash('sha256').update(form.digest).digest());
        return await answerOnce(deps.db, request, reply, { lost: 'again', streamed: true, digest }, async () => {
          const input = { filename: form.filename, scope: said.scope, note: said.note, stream: form.read(), answers };
          return { status: 200, body: await importOptOuts(deps, input, actor) };
        });
      } finally {
        await form.close();
      }
    },
  );
}

function readList(body: unknown): z.output<typeof ListBody> {
  const read = ListBody.safeParse(body);
  if (read.success) return read.data;
  const errors = read.error.issues.slice(0, 20).map(({ path, message }) => ({ field: path.join('.'), message }));
  throw new Problem(
    'invalid_request',
    say('server.recipients.text', { field: errors[0]?.field ?? '', message: errors[0]?.message ?? 'is not valid.' }),
    { errors },
  );
}

function addList(
  deps: OptOutImportDeps,
  { opt_outs: list, scope, note }: z.output<typeof ListBody>,
  actor: Actor,
): Promise<OptOutReport> {
  const rows = list.map((entry, n) => {
    const given: z.output<typeof Entry> = typeof entry === 'string' ? { phone: entry } : entry;
    const place = { row: n + 1, record: n + 1, cells: [given.phone] };
    const phone = parsePhone(given.phone, deps.defaultCountry);
    if (!phone.ok) {
      const fault = { kind: 'invalid', column: 'phone', value: given.phone, code: phone.code, error: phone.message } as const;
      return { ok: false as const, rejection: rejection(place, fault) };
    }
    const data = {
      ...(given.scope === undefined ? {} : { scope: given.scope }),
      ...(given.since === undefined ? {} : { since: given.since }),
      ...(given.note === undefined ? {} : { reason: given.note }),
    };
    return { ok: true as const, ...place, phone, data };
  });
  return addOptOuts(deps, { filename: null, scope, note, rows }, actor);
}
