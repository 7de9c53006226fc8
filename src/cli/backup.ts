/** `backup` and `restore`: the embedded database as one file, and back. A file appears whole or not at all. */
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openOfflineBackup, restoreInto } from '../app/backup.ts';
import { openDatabase } from '../app/database.ts';
import { isMade } from '../lib/db/open-database.ts';
import { silentLogger } from '../lib/log.ts';
import { StartRefused } from '../lib/start-refused.ts';
import { connect } from './client.ts';
import { CliError, EXIT } from './exit.ts';
import { noDatabase } from './migrate.ts';
import { mustLoadSettings } from './settings.ts';
import { interruptible } from './signals.ts';
import { findTarget, type RemoteOptions } from './target.ts';
import { bytes, many, print, printJson, time } from './words.ts';

export interface BackupOptions extends RemoteOptions {
  readonly out: string;
}

/** From the server that is named, or it fails. When none is named and none runs on this machine: from the folder itself, if it holds a database. */
export async function backup(options: BackupOptions): Promise<undefined> {
  const stop = interruptible();
  try {
    const size = await fromServer(options, stop.signal);
    if (options.json === true) printJson({ file: options.out, bytes: size });
    else print(`${options.out}: ${bytes(size)}. Put it on another machine; it holds everything, phone numbers too.`);
  } catch (error) {
    if (stop.signal.aborted) throw new CliError('Interrupted; no file was left.', EXIT.interrupted);
    throw error;
  } finally {
    stop.release();
  }
}

async function fromServer(options: BackupOptions, signal: AbortSignal): Promise<number> {
  const client = await connect(options);
  let stream: Readable;
  try {
    stream = await client.stream('/api/v1/backup', { accept: 'application/gzip' }, signal);
  } catch (error) {
    const isDown = error instanceof CliError && error.exitCode === EXIT.unreachable;
    if (!isDown || findTarget(options).named) throw error;
    return fromFolder(options.out, signal);
  }
  return toFile(stream, options.out, signal);
}

async function fromFolder(out: string, signal: AbortSignal): Promise<number> {
  const { config } = mustLoadSettings();
  if (config.database.kind === 'embedded' && !isMade(config.database.dir)) throw noDatabase(config.database.dir);
  try {
    const { db, embedded, release } = await openDatabase(config, silentLogger());
    try {
      if (embedded === undefined)
        throw new CliError('The settings name an external database: back it up with pg_dump (docs/backup.md).');
      return await toFile(await openOfflineBackup(config, embedded), out, signal);
    } finally {
      await db.close();
      await release();
    }
  } catch (error) {
    throw error instanceof StartRefused ? new CliError(error.message) : error;
  }
}

async function toFile(stream: Readable, path: string, signal: AbortSignal): Promise<number> {
  const partial = `${path}.part`;
  let size = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(stream, counter, createWriteStream(partial, { mode: 0o600 }), { signal });
    const file = await open(partial, 'r+');
    await file.sync();
    await file.close();
    await rename(partial, path);
    return size;
  } catch (error) {
    await rm(partial, { force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (/^(ENOENT|EACCES|EISDIR|ENOSPC|EROFS|EPERM)$/.test(code)) throw new CliError(`${path} cannot be written (${code}).`);
    throw error;
  }
}

export interface RestoreOptions {
  readonly json?: boolean;
}

export async function restore(file: string, { json }: RestoreOptions): Promise<undefined> {
  const { config } = mustLoadSettings();
  try {
    const { facts, result } = await restoreInto(config, file);
    if (json === true) {
      printJson({
        made_at: facts.made_at,
        program: facts.program,
        paused_campaigns: result.paused,
        asking_campaigns: result.asking,
        unknown: result.unknown,
      });
      return;
    }
    print(`Restored into ${config.dataDir}: the state of ${time(facts.made_at)}, made by version ${facts.program}.`);
    print(
      `${many(result.paused.length, 'started campaign')} paused; ${many(result.asking.length, 'draft or schedule', 'drafts and schedules')} will ask before they start.`,
    );
    print(`${many(result.unknown, 'person', 'people')} set to "unknown": they may have been written to since the backup.`);
    print('Start the system now: "whatsapp-sender start".');
  } catch (error) {
    throw error instanceof StartRefused ? new CliError(error.message) : error;
  }
}
