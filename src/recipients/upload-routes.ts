import { createHash, type Hash } from 'node:crypto';
import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ServerDeps } from '../app/server-deps.ts';
import { mustFind, viewCampaign } from '../campaigns/stats.ts';
import { actorOf, requireRight } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { answerOnce } from '../lib/http/idempotency.ts';
import { CampaignParams, Id, iso, Time } from '../lib/http/schemas.ts';
import { Problem } from '../lib/problem.ts';
import type { CampaignStatus } from '../lifecycle/campaign.ts';
import { listUploads } from './uploads.sql.ts';

const COUNTS = {
  total_rows: z.int(),
  valid_rows: z.int(),
  invalid_rows: z.int(),
  duplicate_rows: z.int(),
  suppressed_rows: z.int(),
};
const NoticeSchema = z.looseObject({ code: z.string(), message: z.string() });

const ACCOUNT = {
  rows_in_file: z.int().describe('total_rows + heading_rows + rows_before_heading + blank_rows'),
  heading_rows: z.int(),
  rows_before_heading: z.int(),
  blank_rows: z.int(),
  left_out: z
    .array(
      z.object({
        kind: z.enum(['before_heading', 'blank']),
        row: z.int(),
        last_row: z.int(),
        text: z.string().nullable(),
      }),
    )
    .describe('The first rows that are neither heading nor data'),
};

const ReportSchema = z
  .object({
    upload_id: z.int(),
    filename: z.string().nullable(),
    ...COUNTS,
    ...ACCOUNT,
    errors: z
      .array(
        z.object({
          row: z.int().describe('Line of the file, the header counted'),
          excel_row: z.int().describe('The row as a spreadsheet counts it: another one where cells have line breaks'),
          column: z.string().nullable(),
          value: z.string().nullable(),
          error: z.string(),
          code: z.string(),
          kind: z.enum(['invalid', 'duplicate', 'suppressed']),
        }),
      )
      .describe('The first hundred; all of them: GET …/uploads/{upload_id}/rejected.csv'),
    notices: z.array(NoticeSchema),
    columns: z.array(z.string()),
    phone_column: z.string(),
  })
  .meta({ id: 'UploadReport' });

const UploadSchema = z
  .object({
    upload_id: z.int(),
    status: z.enum(['open', 'published', 'discarded', 'removing']),
    filename: z.string().nullable(),
    columns: z.array(z.string()),
    phone_column: z.string().nullable(),
    ...COUNTS,
    notices: z.array(NoticeSchema),
    reading: z
      .object({ ...ACCOUNT, countries: z.record(z.string(), z.int()).describe('People to be written to, by country') })
      .nullable()
      .describe('The account of all rows of the file; null for old uploads'),
    created_by: z.string().nullable(),
    created_at: Time,
    published_at: Time.nullable(),
  })
  .meta({ id: 'Upload' });

const RemovedSchema = z
  .object({
    upload_id: z.int(),
    filename: z.string().nullable(),
    removed_recipients: z.int().describe('Whom this file had put on the list, the opted-out ones included'),
    total_recipients: z.int().describe('Who is left on it'),
  })
  .meta({ id: 'RemovedUpload' });

/**
 * Whoever is added here is written to without anybody starting anything: a completed campaign goes on, and who resumes a paused one
 * does not look at its list again.
 */
const SENDS_BY_ITSELF: ReadonlySet<CampaignStatus> = new Set(['running', 'paused', 'scheduled', 'completed']);

export function uploadRoutes(app: App, deps: ServerDeps): void {
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
      const { status } = await mustFind(db, id);
      if (SENDS_BY_ITSELF.has(status)) requireRight(actor, 'send', `Adding people to a campaign that is ${status}`);
      const form = await openForm(request);
      const { part } = form;
      const { body, hash } = hashed(form);
      // The report is about this campaign and this column too: the same file elsewhere is another request.
      const digest = async (): Promise<Buffer> =>
        createHash('sha256')
          .update(await drainedDigest(body, hash))
          .update(JSON.stringify([id, form.phoneColumn ?? null]))
          .digest();
      // The same file again adds nobody, so an upload that was cut off is simply done again.
      return answerOnce(db, request, reply, { lost: 'again', streamed: true, digest }, async () => {
        const report = await deps.recipients.upload(
          {
            campaignId: id,
            stream: body,
            filename: part.filename === '' ? null : part.filename.slice(0, 255),
            phoneColumn: form.phoneColumn,
            signal: leftSignal(reply),
            assertComplete: () => {
              if (part.file.truncated)
                throw new Problem('body_too_large', 'The file is larger than 2 GB. Split it into several files.');
            },
          },
          actor,
        );
        return { status: 200, body: report };
      });
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
      await mustFind(db, request.params.id);
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
export function uploadRemovalRoutes(app: App, deps: ServerDeps): void {
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
      const { status } = await mustFind(db, id);
      if (SENDS_BY_ITSELF.has(status)) requireRight(actor, 'send', `Removing people from a campaign that is ${status}`);
      const removed = await deps.recipients.remove({ campaignId: id, uploadId }, actor);
      return { ...removed, total_recipients: (await viewCampaign(db, id)).total_recipients };
    },
  );
}

interface Upload {
  readonly part: MultipartFile;
  readonly phoneColumn: string | undefined;
  /** What stands behind the file in the form. */
  readonly rest: AsyncIterator<Multipart>;
}

async function openForm(request: FastifyRequest): Promise<Upload> {
  const { 'content-type': type = '' } = request.headers;
  if (!/^multipart\/form-data\b/i.test(type)) {
    throw new Problem(
      'unsupported_media_type',
      'Send the file as multipart/form-data, in the field "file". With curl: -F file=@list.csv',
    );
  }
  const rest = request.parts()[Symbol.asyncIterator]();
  let phoneColumn: string | undefined;
  for (;;) {
    const next = await rest.next();
    if (next.done !== true && next.value.type === 'file' && next.value.fieldname === 'file')
      return { part: next.value, phoneColumn, rest };
    if (next.done !== true && next.value.type === 'field') {
      if (next.value.fieldname === 'phone_column') phoneColumn = fieldText(next.value.value);
      continue;
    }
    // Nobody reads the stranger: the connection would hang on it.
    if (next.done !== true && next.value.type === 'file') next.value.file.resume();
    throw new Problem('invalid_request', 'The form has no file in the field "file". With curl: -F file=@list.csv', {
      errors: [{ field: 'file', message: 'Is required.' }],
    });
  }
}

function fieldText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/**
 * The same bytes, with their digest taken on the way: the second request with an Idempotency-Key must bring the same file. Ends
 * only when the whole form has come and held nothing more that counts: what came too late is refused and not passed over.
 */
function hashed({ part: { file }, rest }: Upload): { body: Readable; hash: Hash } {
  const hash = createHash('sha256');
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      refuseMore(rest).then(() => {
        done();
      }, done);
    },
  });
  // Whoever reads gets the error; it may also come while nobody reads, and must not end the process then.
  body.on('error', () => undefined);
  file.on('error', (error) => body.destroy(error));
  file.on('close', () => {
    if (!file.readableEnded) body.destroy(new Error('the upload was cut off'));
  });
  file.pipe(body);
  return { body, hash };
}

async function refuseMore(rest: AsyncIterator<Multipart>): Promise<void> {
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    const part = next.value;
    if (part.type === 'file') {
      part.file.resume();
      throw new Problem(
        'invalid_request',
        'The form has more than one file. Nothing was changed; upload them one after the other.',
        {
          errors: [{ field: part.fieldname, message: 'Only one file at a time.' }],
        },
      );
    }
    if (part.fieldname === 'phone_column') {
      throw new Problem(
        'invalid_request',
        'phone_column stands behind the file in the form, where it comes too late. Nothing was changed; put it in front.',
        {
          errors: [{ field: 'phone_column', message: 'Must come before the file.' }],
        },
      );
    }
  }
}

async function drainedDigest(body: Readable, hash: Hash): Promise<Buffer> {
  if (!body.readableEnded)
    await pipeline(
      body,
      new Writable({
        write: (_chunk, _encoding, done) => {
          done();
        },
      }),
    );
  return hash.digest();
}

/** Aborts when whoever waits for the answer has gone. (The signal of the request aborts already when its body has been read.) */
function leftSignal(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left.signal;
}
