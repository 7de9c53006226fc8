/** `campaigns uploads` and `campaigns remove-upload`: the files on a list, and taking one off it again. */

import { z } from 'zod';
import type { InWords } from '../lib/words/sentence.ts';
import { pathOf, type SureOptions } from './campaigns.ts';
import { connect } from './client.ts';
import { confirm } from './confirm.ts';
import { CliError } from './exit.ts';
import type { RemoteOptions } from './target.ts';
import { count, many, print, printJson, table, time } from './words.ts';

const UploadsShape = z.object({
  data: z.array(
    z.object({
      upload_id: z.int(),
      status: z.string(),
      filename: z.string().nullable(),
      valid_rows: z.int(),
      invalid_rows: z.int(),
      duplicate_rows: z.int(),
      suppressed_rows: z.int(),
      created_at: z.string(),
    }),
  ),
});

type Upload = InWords<z.output<typeof UploadsShape>['data'][number]>;

const RemovedShape = z.object({ removed_recipients: z.int(), total_recipients: z.int() });

export async function listUploads(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: `${pathOf(id)}/uploads` }, UploadsShape);
  if (options.json === true) printJson(raw);
  else if (data.data.length === 0)
    print(`No file yet. Put one on the list with "whatsapp-sender campaigns upload ${String(id)} list.csv".`);
  else print(table(['ID', 'FILE', 'STATUS', 'VALID', 'INVALID', 'DUPLICATE', 'OPTED OUT', 'UPLOADED'], data.data.map(row)));
}

function row(upload: Upload): string[] {
  const { valid_rows, invalid_rows, duplicate_rows, suppressed_rows } = upload;
  const figures = [valid_rows, invalid_rows, duplicate_rows, suppressed_rows].map(count);
  return [String(upload.upload_id), upload.filename ?? '-', upload.status, ...figures, time(upload.created_at)];
}

export async function removeUpload(id: number, uploadId: number, options: SureOptions): Promise<undefined> {
  const client = await connect(options);
  const { data } = await client.ask({ path: `${pathOf(id)}/uploads` }, UploadsShape);
  const upload = data.data.find((one) => one.upload_id === uploadId);
  if (upload === undefined) {
    throw new CliError(
      `Campaign ${String(id)} has no upload ${String(uploadId)}. List them with "whatsapp-sender campaigns uploads ${String(id)}".`,
    );
  }
  const people = many(upload.valid_rows + upload.suppressed_rows, 'person', 'people');
  await confirm(`Take the ${people} of ${upload.filename ?? 'this file'} off the list?`, options.yes);
  const { data: removed, raw } = await client.ask(
    { method: 'DELETE', path: `${pathOf(id)}/uploads/${String(uploadId)}` },
    RemovedShape,
  );
  if (options.json === true) printJson(raw);
  else
    print(
      `${many(removed.removed_recipients, 'person', 'people')} taken off; ${count(removed.total_recipients)} left on the list.`,
    );
}
