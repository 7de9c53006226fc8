/** `campaigns export`: to a file, which appears whole or not at all, or to the standard output. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CsvSeparator } from '../files/write-csv.ts';
import { pathOf, totalOf } from './campaigns.ts';
import { connect } from './client.ts';
import { CliError, EXIT } from './exit.ts';
import { showProgress } from './progress.ts';
import { interruptible } from './signals.ts';
import type { RemoteOptions } from './target.ts';
import { bytes, count, print, printJson } from './words.ts';

export interface ExportOptions extends RemoteOptions {
  readonly out?: string;
  readonly rejected?: boolean;
  readonly separator?: CsvSeparator;
}

export async function exportCampaign(id: number, options: ExportOptions): Promise<undefined> {
  const client = await connect(options);
  const rejected = options.rejected === true;
  const total = rejected ? undefined : await totalOf(client, id);
  const stop = interruptible();
  try {
    const body = await client.stream(
      `${pathOf(id)}/${rejected ? 'rejected' : 'export'}.csv?separator=${options.separator ?? 'comma'}`,
      { accept: 'text/csv' },
      stop.signal,
    );
    if (options.out === undefined || options.out === '-') {
      for await (const chunk of body) if (!process.stdout.write(chunk as Buffer)) await drained();
      return;
    }
    const written = await toFile(body, options.out, total, stop.signal);
    if (options.json === true) printJson({ file: options.out, bytes: written });
    else print(`${options.out}: ${bytes(written)}`);
  } catch (error) {
    if (stop.signal.aborted) throw new CliError('Interrupted; no file was left.', EXIT.interrupted);
    throw error;
  } finally {
    stop.release();
  }
}

async function toFile(
  body: NodeJS.ReadableStream,
  path: string,
  total: number | undefined,
  signal: AbortSignal,
): Promise<number> {
  const partial = `${path}.part`;
  let size = 0;
  let rows = 0;
  const progress = total === undefined || total === 0 ? undefined : showProgress('Exporting', total, count);
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      for (const byte of chunk) if (byte === 10) rows += 1;
      progress?.update(Math.max(0, rows - 1));
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, counter, createWriteStream(partial), { signal });
    if (total !== undefined) progress?.update(total);
    await rename(partial, path);
    return size;
  } catch (error) {
    await rm(partial, { force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (/^(ENOENT|EACCES|EISDIR|ENOSPC|EROFS|EPERM)$/.test(code)) throw new CliError(`${path} cannot be written (${code}).`);
    throw error;
  } finally {
    progress?.stop();
  }
}

function drained(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.once('drain', resolve);
  });
}
