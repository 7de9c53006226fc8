import { z } from 'zod';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { leftSignal } from '../lib/http/left-signal.ts';
import { receiveForm } from '../lib/http/receive-form.ts';
import { CampaignParams, Cursor, cursorList, digits, filterText, Id } from '../lib/http/schemas.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { getCampaign, refuseArchived } from '../lifecycle/get-campaign.ts';
import type { DraftReading } from './draft.ts';
import { findDraftRow, listDraftRows, listMends } from './draft-rows.sql.ts';
import {
  ANSWER_FIELDS,
  AnswersPatch,
  answersOf,
  changedAnswers,
  DraftRowSchema,
  DraftSchema,
  MendedSchema,
  presentDraft,
  presentRow,
} from './draft-schema.ts';
import { mendRow, notReady, type RowChange } from './mend-row.ts';
import { type DraftDeps, draftStream, mustFindDraft, receiveDraft, rereadDraft } from './read-draft.ts';
import { requireRightToList, type UploadDeps, uploadRecipients } from './upload-recipients.ts';
import { ReportSchema } from './upload-schema.ts';
import type { OpenUpload } from './uploads.sql.ts';

/** A draft is kept in the database: a list of some three million rows. */
const FILE_LIMIT = 512 * 1024 * 1024;
const UploadParams = z.object({ id: Id.describe('The campaign'), upload_id: Id });
const RowParams = UploadParams.extend({ row: Id.describe('Line of the file') });

export interface DraftRouteDeps extends DraftDeps, UploadDeps {}

/** The dry run: a file is read, corrected and only then put on the list. */
export function draftRoutes(app: App, deps: DraftRouteDeps): void {
  const { db, defaultCountry } = deps;
  const uploadOf = async (params: z.output<typeof UploadParams>): Promise<OpenUpload> => {
    refuseArchived(await getCampaign(db, params.id));
    return { id: params.upload_id, campaignId: params.id };
  };
  const show = async (upload: OpenUpload) => presentDraft(await mustFindDraft(db, upload), defaultCountry);

  app.post(
    '/api/v1/campaigns/:id/uploads',
    {
      config: { access: 'write', idempotent: true, upload: true },
      schema: {
        tags: ['recipients'],
        summary: 'Read a file and show what would become of it; nobody is on the list yet',
        description:
          'The answer comes when the file has been read. It is kept for 24 hours: read it again with other answers, mend rows, then publish or discard it.',
        params: CampaignParams,
        response: { 201: DraftSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      refuseArchived(await getCampaign(db, id));
      const createdBy = actorOf(request).name;
      const form = await receiveForm(request, { fields: ANSWER_FIELDS, maxBytes: FILE_LIMIT });
      try {
        const answers = answersOf(form.fields);
        const once = { lost: 'again', streamed: true, digest: () => Promise.resolve(form.digest) } as const;
        return await answerOnce(db, request, reply, once, async () => {
          const draft = await receiveDraft(deps, {
            campaignId: id,
            filename: form.filename,
            createdBy,
            answers,
            bytes: form.read(),
          });
          return { status: 201, body: presentDraft(draft, defaultCountry) };
        });
      } finally {
        await form.close();
      }
    },
  );

  app.get(
    '/api/v1/campaigns/:id/uploads/:upload_id',
    {
      config: { access: 'read' },
      schema: {
        tags: ['recipients'],
        summary: 'How an unpublished file was read, and what would become of it',
        params: UploadParams,
        response: { 200: DraftSchema },
      },
    },
    async (request) => show(await uploadOf(request.params)),
  );

  app.patch(
    '/api/v1/campaigns/:id/uploads/:upload_id',
    {
      config: { access: 'write' },
      schema: {
        tags: ['recipients'],
        summary: 'Read an unpublished file again, with other answers',
        description:
          'Answers that are not named stay; null leaves one to the program again. An empty object reads it again as before, as after a change of the template or its mapping. Mended rows stay while encoding, delimiter, sheet and heading stay.',
        params: UploadParams,
        body: AnswersPatch,
        response: { 200: DraftSchema },
      },
    },
    async (request) => {
      const upload = await uploadOf(request.params);
      const { answers } = await mustFindDraft(db, upload);
      return presentDraft(await rereadDraft(deps, upload, changedAnswers(answers, request.body)), defaultCountry);
    },
  );

  app.get(
    '/api/v1/campaigns/:id/uploads/:upload_id/rows',
    {
      config: { access: 'read' },
      schema: {
        tags: ['recipients'],
        summary: 'The rows of an unpublished file that would put nobody on the list',
        params: UploadParams,
        querystring: z.object({
          kind: z.enum(['invalid', 'duplicate', 'suppressed']).optional(),
          cause: filterText(100).optional().describe('`code` of counts_by_cause'),
          column: filterText(200).optional(),
          limit: digits(1, 500).default(50),
          cursor: Cursor,
        }),
        response: { 200: cursorList(DraftRowSchema) },
      },
    },
    async (request) => {
      const upload = await uploadOf(request.params);
      const { kind, cause, column, limit, cursor = '0' } = request.query;
      const draft = await mustFindDraft(db, upload);
      const reading = readingOf(draft.summary);
      if (!/^\d{1,9}$/.test(cursor)) {
        throw new Problem('invalid_request', say('server.recipients.cursor-belongs-another'), {
          errors: [{ field: 'cursor', message: say('server.recipients.cursor-list') }],
        });
      }
      const rows = await listDraftRows(db, upload.id, { kind, code: cause, column, after: Number(cursor), limit });
      const last = rows.at(-1);
      const country = draft.answers.default_country ?? defaultCountry;
      return {
        data: rows.map((row) => presentRow(row, reading, country)),
        total: reading.causes
          .filter(
            (one) =>
              [kind ?? one.kind, cause ?? one.code, column ?? one.column].join() === [one.kind, one.code, one.column].join(),
          )
          .reduce((sum, one) => sum + one.rows, 0),
        limit,
        next_cursor: rows.length === limit && last !== undefined ? String(last.row) : null,
      };
    },
  );

  const mend = async (upload: OpenUpload, change: RowChange): Promise<z.output<typeof MendedSchema>> => {
    const accepted = await mendRow(deps, upload, change);
    const draft = await mustFindDraft(db, upload);
    const row = await findDraftRow(db, upload.id, change.row);
    const country = draft.answers.default_country ?? defaultCountry;
    return {
      accepted,
      row: row === undefined ? null : presentRow(row, readingOf(draft.summary), country),
      upload: presentDraft(draft, defaultCountry),
    };
  };

  app.put(
    '/api/v1/campaigns/:id/uploads/:upload_id/rows/:row',
    {
      config: { access: 'write' },
      schema: {
        tags: ['recipients'],
        summary: 'Mend a row of an unpublished file; the file itself stays as it is',
        params: RowParams,
        body: z.strictObject({
          values: z
            .record(z.string().max(200), z.string().max(32_767))
            .describe('New values by column; the other columns stay as they are'),
        }),
        response: { 200: MendedSchema },
      },
    },
    async (request) => mend(await uploadOf(request.params), { row: request.params.row, values: request.body.values }),
  );

  app.post(
    '/api/v1/campaigns/:id/uploads/:upload_id/rows/:row/include',
    {
      config: { access: 'write' },
      schema: {
        tags: ['recipients'],
        summary: 'Accept a row in spite of what is said against it, where `may_include` allows it',
        params: RowParams,
        response: { 200: MendedSchema },
      },
    },
    async (request) => mend(await uploadOf(request.params), { row: request.params.row, included: true }),
  );

  app.post(
    '/api/v1/campaigns/:id/uploads/:upload_id/publish',
    {
      config: { access: 'write', idempotent: true },
      schema: {
        tags: ['recipients'],
        summary: 'Put the people of an unpublished file on the list: all of it or nothing',
        description:
          'Reads the file once more as it was corrected; who opted out or came onto the list since then is seen. Needs the right `send` as well in a campaign that is running, paused, scheduled or completed.',
        params: UploadParams,
        response: { 200: ReportSchema },
      },
    },
    async (request, reply) => {
      const upload = await uploadOf(request.params);
      const actor = actorOf(request);
      await requireRightToList(deps, actor, { id: upload.campaignId, act: 'add' });
      return answerOnce(db, request, reply, { lost: 'ask' }, async () => {
        const draft = await mustFindDraft(db, upload);
        if (draft.state !== 'ready') throw notReady();
        const report = await uploadRecipients(
          deps,
          {
            campaignId: upload.campaignId,
            stream: draftStream(db, upload.id),
            filename: draft.filename,
            draft: { uploadId: upload.id, mends: await listMends(db, upload.id) },
            answers: draft.answers,
            signal: leftSignal(reply),
          },
          actor,
        );
        return { status: 200, body: report };
      });
    },
  );
}

function readingOf(summary: { readonly ok: boolean } | null): DraftReading {
  if (summary?.ok !== true) throw notReady();
  return summary as DraftReading;
}
