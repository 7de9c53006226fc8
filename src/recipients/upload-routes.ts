import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Sql } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { leftSignal } from '../lib/http/left-signal.ts';
import { receiveForm } from '../lib/http/receive-form.ts';
import { CampaignParams, Id, iso } from '../lib/http/schemas.ts';
import { noTallies, readTallies, totalOf } from '../lifecycle/counters.sql.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import { ANSWER_FIELDS, answersOf } from './draft-schema.ts';
import { findDraft } from './drafts.sql.ts';
import { discardDraft } from './read-draft.ts';
import { type RemoveUploadDeps, removeUpload } from './remove-upload.ts';
import { requireRightToList, type UploadDeps, uploadRecipients } from './upload-recipients.ts';
import { NoticeSchema, ReportSchema, UploadSchema } from './upload-schema.ts';
import { listUploads } from './uploads.sql.ts';

/** A list of some ten million rows. */
const FILE_LIMIT = 2 * 1024 * 1024 * 1024;

const RemovedSchema = z
  .object({
    upload_id: z.int(),
    filename: z.string().nullable(),
    removed_recipients: z.int().describe('Whom this file had put on the list, the opted-out ones included'),
    total_recipients: z.int().describe('Who is left on it'),
  })
  .meta({ id: 'RemovedUpload' });

export interface UploadRouteDeps extends UploadDeps, RemoveUploadDeps {}

export function uploadRoutes(app: App, deps: UploadRouteDeps): void {
  const { db } = deps;

  app.post(
    '/api/v1/campaigns/:id/upload-recipients',
    {
      config: { access: 'write', idempotent: true, upload: true },
      schema: {
        tags: ['recipients'],
        summary: 'Put the people of a file on the list: all of it or nothing',
        description:
          'Needs the right `send` as well where the people would be written to without another word: in a campaign that is running, paused, scheduled or completed.',
        params: CampaignParams,
        response: { 200: ReportSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const actor = actorOf(request);
      await requireRightToList(deps, actor, { id, act: 'add' });
      const form = await receiveForm(request, { fields: ANSWER_FIELDS, maxBytes: FILE_LIMIT });
      try {
        const answers = answersOf(form.fields);
        // The report is about this campaign too: the same file elsewhere is another request.
        const digest = (): Promise<Buffer> =>
          Promise.resolve(createHash('sha256').update(form.digest).update(String(id)).digest());
        // The same file again adds nobody, so an upload that was cut off is simply done again.
        return await answerOnce(db, request, reply, { lost: 'again', streamed: true, digest }, async () => {
          const report = await uploadRecipients(
            deps,
            {
              campaignId: id,
              stream: form.read(),
              filename: form.filename,
              answers,
              signal: leftSignal(reply),
            },
            actor,
          );
          return { status: 200, body: report };
        });
      } finally {
        await form.close();
      }
    },
  );

  app.get(
    '/api/v1/campaigns/:id/uploads',
    {
      config: { access: 'read' },
      schema: {
        tags: ['recipients'],
        summary: 'The files of a campaign, the newest first',
        params: CampaignParams,
        response: { 200: z.object({ data: z.array(UploadSchema), total: z.int() }) },
      },
    },
    async (request) => {
      await getCampaign(db, request.params.id);
      const uploads = await listUploads(db, request.params.id);
      const data = uploads.map((upload) => ({
        ...upload,
        columns: [...upload.columns],
        notices: z.array(NoticeSchema).parse(upload.notices),
        reading:
          upload.reading === null
            ? null
            : { ...upload.reading, left_out: [...upload.reading.left_out], countries: { ...upload.reading.countries } },
        created_at: iso(upload.created_at),
        published_at: iso(upload.published_at),
      }));
      return { data, total: data.length };
    },
  );
}

/** Taking a file off the list again: the way out when it was the wrong one, or a cell of it is missing. */
export function uploadRemovalRoutes(app: App, deps: UploadRouteDeps): void {
  const { db } = deps;
  app.delete(
    '/api/v1/campaigns/:id/uploads/:upload_id',
    {
      config: { access: 'write' },
      schema: {
        tags: ['recipients'],
        summary: 'Take the people of one file off the list of a campaign that has sent nothing',
        description:
          'In a draft or scheduled campaign; a scheduled one needs the right `send` as well, as for an upload. Answers when everybody is off. People whom a later file repeated were duplicates there: upload that file again.',
        params: z.object({ id: Id, upload_id: Id }),
        response: { 200: RemovedSchema },
      },
    },
    async (request) => {
      const { id, upload_id: uploadId } = request.params;
      const actor = actorOf(request);
      await requireRightToList(deps, actor, { id, act: 'remove' });
      // A draft is nobody's list yet: it simply goes.
      const draft = await findDraft(db, id, uploadId);
      if (draft !== undefined && (await discardDraft({ db }, { id: uploadId, campaignId: id }))) {
        const total = await countRecipients(db, id);
        return { upload_id: uploadId, filename: draft.filename, removed_recipients: 0, total_recipients: total };
      }
      const removed = await removeUpload(deps, { campaignId: id, uploadId }, actor);
      return { ...removed, total_recipients: await countRecipients(db, id) };
    },
  );
}

async function countRecipients(sql: Sql, id: number): Promise<number> {
  return totalOf((await readTallies(sql, [id])).get(id) ?? noTallies());
}
