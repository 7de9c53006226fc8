import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordAudit } from '../audit/record-audit.ts';
import { RESULT_COLUMNS, resultColumns } from '../files/own-files.ts';
import { CSV_BOM, CSV_SEPARATORS, type CsvSeparator, csvLine } from '../files/write-csv.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import { type App, CSV_FILE } from '../lib/http/fastify-types.ts';
import { nameLanguage, readerLanguage } from '../lib/http/language.ts';
import { CampaignParams, Id, iso } from '../lib/http/schemas.ts';
import { phoneText } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say, translate } from '../lib/words/sentence.ts';
import type { Language } from '../lib/words/words.ts';
import { getCampaign, refuseArchived } from '../lifecycle/get-campaign.ts';
import { titleFor } from '../whatsapp/errors.ts';
import { listRecipients, type RecipientRow } from './recipients.sql.ts';
import { type CsvWriting, rejectedRowsCsv } from './rejected-rows.ts';
import { findUpload, listUploads } from './uploads.sql.ts';

const PAGE = 1_000;
const CSV = 'text/csv; charset=utf-8';

const CsvQuery = z.object({
  separator: z
    .enum(Object.keys(CSV_SEPARATORS) as [CsvSeparator, ...CsvSeparator[]])
    .default('comma')
    .describe('Between the cells; Excel in Spanish and most of Europe opens a file with semicolons in columns'),
});

export interface ExportRouteDeps {
  readonly db: Db;
}

/** Downloads, one page in memory at a time and safe to open in a spreadsheet. */
export function exportRoutes(app: App, deps: ExportRouteDeps): void {
  const { db } = deps;

  app.get(
    '/api/v1/campaigns/:id/export.csv',
    {
      config: { access: 'read', describe: CSV_FILE },
      schema: {
        tags: ['recipients'],
        summary: 'The results as CSV, one line a person',
        params: CampaignParams,
        querystring: CsvQuery,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      refuseArchived(await getCampaign(db, id));
      await recordAudit(db, actorOf(request), { action: 'campaign.export', campaignId: id });
      return reply
        .type(CSV)
        .header('content-disposition', attachment(`campaign-${String(id)}.csv`))
        .send(pulled(resultsCsv(db, id, writing(request, reply, request.query.separator))));
    },
  );

  app.get(
    '/api/v1/campaigns/:id/rejected.csv',
    {
      config: { access: 'read', describe: CSV_FILE },
      schema: {
        tags: ['recipients'],
        summary: 'The refused rows of all files, with the reason',
        params: CampaignParams,
        querystring: CsvQuery,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      refuseArchived(await getCampaign(db, id));
      return reply
        .type(CSV)
        .header('content-disposition', attachment(`campaign-${String(id)}-rejected.csv`))
        .send(pulled(rejectedRowsCsv(db, { campaignId: id }, writing(request, reply, request.query.separator))));
    },
  );

  app.get(
    '/api/v1/campaigns/:id/uploads/:upload_id/rejected.csv',
    {
      config: { access: 'read', describe: CSV_FILE },
      schema: {
        tags: ['recipients'],
        summary: 'The refused rows of one file, with the reason; corrected, it can be uploaded as it is',
        params: z.object({ id: Id, upload_id: Id }),
        querystring: CsvQuery,
      },
    },
    async (request, reply) => {
      const { id, upload_id: uploadId } = request.params;
      await getCampaign(db, id);
      const upload = await findUpload(db, uploadId);
      if (upload === undefined || !(await listUploads(db, id)).some((own) => own.upload_id === uploadId)) {
        throw new Problem('not_found', say('server.recipients.campaign-upload-list', { id, uploadId }));
      }
      return reply
        .type(CSV)
        .header('content-disposition', attachment(`upload-${String(uploadId)}-rejected.csv`))
        .send(pulled(rejectedRowsCsv(db, { uploadId }, writing(request, reply, request.query.separator))));
    },
  );
}

/** As the reader asked for it; the answer says in which language that is. */
function writing(request: FastifyRequest, reply: FastifyReply, separator: CsvSeparator): CsvWriting {
  const language = readerLanguage(request);
  nameLanguage(reply, language);
  return { separator, language };
}

/** One page waits for the reader, not sixteen: a slow one holds no memory and no more of the database than it takes. */
function pulled(pages: AsyncIterable<string>): Readable {
  return Readable.from(pages, { highWaterMark: 1 });
}

async function* resultsCsv(sql: Sql, campaignId: number, { separator, language }: CsvWriting): AsyncGenerator<string> {
  const uploads = await listUploads(sql, campaignId);
  const columns = [...new Set(uploads.filter((upload) => upload.status === 'published').flatMap((upload) => upload.columns))];
  yield CSV_BOM + csvLine([...RESULT_COLUMNS, ...resultColumns(columns)], separator);
  for (let after = 0; ; ) {
    const rows = await listRecipients(sql, campaignId, { after: { due: '-infinity', id: after }, limit: PAGE });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows
      .map((row) => csvLine([...cellsOf(row, language), ...columns.map((column) => row.data[column])], separator))
      .join('');
    after = last.id;
  }
}

function cellsOf(row: RecipientRow, language: Language): (string | number | null)[] {
  const times = [row.accepted_at, row.sent_at, row.delivered_at, row.read_at, row.failed_at].map(iso);
  // As in the API: what failed and arrived all the same is no failure any more.
  const code = row.status === 'delivered' || row.status === 'read' ? null : row.error_code;
  const error = code === null ? null : translate(titleFor(code), language);
  return [row.phone === 0 ? '' : phoneText(row.phone), row.status, ...times, code, error, row.reason, row.attempt, row.wamid];
}

function attachment(filename: string): string {
  return `attachment; filename="${filename}"`;
}
