/** `campaigns upload`: the file goes out as it is read, so its size does not matter; the report comes back in words. */

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { InWords } from '../lib/words/sentence.ts';
import { pathOf } from './campaigns.ts';
import { type Answer, connect } from './client.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { showProgress } from './progress.ts';
import type { RemoteOptions } from './target.ts';
import { bytes, count, many, print, printJson } from './words.ts';

export const ReportShape = z.object({
  upload_id: z.int(),
  total_rows: z.int(),
  valid_rows: z.int(),
  invalid_rows: z.int(),
  duplicate_rows: z.int(),
  suppressed_rows: z.int(),
  errors: z.array(z.object({ row: z.int(), column: z.string().nullable(), value: z.string().nullable(), error: z.string() })),
  notices: z.array(z.looseObject({ message: z.string() })),
  phone_column: z.string(),
});

type Report = InWords<z.output<typeof ReportShape>>;

/** How a file is to be read; what is left out is found. */
export interface ReadingOptions extends RemoteOptions {
  readonly phoneColumn?: string;
  readonly countryColumn?: string;
  readonly defaultCountry?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly sheet?: string;
  readonly headingRow?: number;
}

export interface UploadOptions extends ReadingOptions {
  readonly dryRun?: boolean;
}

const SHOWN_ERRORS = 10;

export async function uploadRecipients(id: number, path: string, options: UploadOptions): Promise<ExitCode> {
  const { data, raw } = await sendFile({ to: `${pathOf(id)}/upload-recipients`, path }, options, ReportShape);
  if (options.json === true) printJson(raw);
  else tellReport(id, data);
  return EXIT.ok;
}

export interface SentFile {
  readonly to: string;
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Sends a file with what was said about it, and waits for what became of it. */
export async function sendFile<T>(
  { to, path, fields = {} }: SentFile,
  options: ReadingOptions,
  shape: z.ZodType<T>,
): Promise<Answer<InWords<T>>> {
  const size = await sizeOf(path);
  const client = await connect(options);
  const progress = showProgress(`Uploading ${basename(path)}`, size, bytes);
  const form = multipart(path, { size, fields: { ...readingFields(options), ...fields } }, (sent) => {
    progress.update(sent, sent === size ? 'reading the rows' : undefined);
  });
  try {
    return await client.upload(to, form, shape);
  } finally {
    progress.stop();
  }
}

/** As the API names them. */
export function readingFields(options: ReadingOptions): Record<string, string> {
  const fields = {
    phone_column: options.phoneColumn,
    country_column: options.countryColumn,
    default_country: options.defaultCountry,
    encoding: options.encoding,
    delimiter: options.delimiter,
    sheet: options.sheet,
    heading_row: options.headingRow?.toString(),
  };
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined));
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new CliError(`There is no file ${path}.`, EXIT.usage);
  if (!found.isFile()) throw new CliError(`${path} is not a file.`, EXIT.usage);
  return found.size;
}

function multipart(
  path: string,
  { size, fields }: { readonly size: number; readonly fields: Readonly<Record<string, string>> },
  onSent: (bytes: number) => void,
): { stream: Readable; headers: Record<string, string> } {
  const boundary = `whatsapp-sender-${randomBytes(12).toString('hex')}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const name = basename(path).replace(/["\r\n]/g, '_');
  const head = Buffer.from(
    `${parts.join('')}--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* pieces(): AsyncGenerator<Buffer> {
    yield head;
    let sent = 0;
    // No more than was announced, should the file grow meanwhile.
    if (size > 0) {
      for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 256 * 1024 })) {
        const part = chunk as Buffer;
        yield part;
        sent += part.length;
        onSent(sent);
      }
    }
    yield tail;
  }
  return {
    stream: Readable.from(pieces(), { objectMode: false }),
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + size + tail.length),
    },
  };
}

export function tellReport(id: number, report: Report): void {
  const { total_rows, valid_rows, invalid_rows, duplicate_rows, suppressed_rows, errors } = report;
  print(`${many(total_rows, 'row')} read, phone numbers from the column "${report.phone_column}":`);
  print(`  ${count(valid_rows)} valid - now on the list`);
  print(`  ${count(invalid_rows)} invalid - refused`);
  print(`  ${count(duplicate_rows)} duplicate - the first one counts`);
  print(`  ${count(suppressed_rows)} opted out - on the list, but not written to`);
  for (const notice of report.notices) print(`Note: ${notice.message}`);
  if (errors.length === 0) return;
  print('');
  for (const { row, column, value, error } of errors.slice(0, SHOWN_ERRORS)) {
    const where = column === null ? '' : `, ${column}`;
    print(`  line ${count(row)}${where}${value === null || value === '' ? '' : ` "${value}"`}: ${error}`);
  }
  const refused = invalid_rows + duplicate_rows + suppressed_rows;
  if (refused > SHOWN_ERRORS) print(`  … and ${count(refused - SHOWN_ERRORS)} more`);
  print(`All of them: whatsapp-sender campaigns export ${String(id)} --rejected --out rejected.csv`);
}
