/** Backups of the embedded database: on a timer and for a download. A server's database is backed up by its own tools. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type BackupSource, listBackups, openBackup, saveBackup } from '../lib/db/backup-archive.ts';

export interface Backups {
  /** The archive, made now. */
  open(): Promise<Readable>;
  /** Makes one when the newest is older than the period. @returns its path, or undefined when none was due. */
  saveIfDue(): Promise<string | undefined>;
  /** What is kept, and the newest of it. */
  state(): Promise<BackupState>;
}

export interface BackupState {
  readonly everyHours: number | undefined;
  readonly keep: number;
  readonly last: { readonly madeAt: Date; readonly bytes: number } | undefined;
}

export interface BackupOptions {
  readonly source: BackupSource;
  /** Where they are kept, and how many. */
  readonly dir: string;
  readonly keep: number;
  /** Undefined: on demand only. */
  readonly everyHours: number | undefined;
  /** When the database was made. */
  readonly since: Date;
}

const HOUR = 3_600_000;

export function createBackups({ source, dir, keep, everyHours, since }: BackupOptions): Backups {
  return {
    open: () => openBackup(source, new Date()),
    async state() {
      const newest = (await listBackups(dir))[0];
      if (newest === undefined) return { everyHours, keep, last: undefined };
      // It may be deleted between the two looks, as the oldest of too many.
      const size = await stat(newest.path).then(
        (file) => file.size,
        () => undefined,
      );
      return { everyHours, keep, last: size === undefined ? undefined : { madeAt: newest.madeAt, bytes: size } };
    },
    async saveIfDue() {
      if (everyHours === undefined) return undefined;
      // The first one a whole period after the beginning: an empty database is nothing to keep.
      const newest = (await listBackups(dir))[0]?.madeAt ?? since;
      const now = new Date();
      return now.getTime() - newest.getTime() < everyHours * HOUR ? undefined : saveBackup(source, { dir, keep, now });
    },
  };
}

/** Where a backup puts its copy while it is made. */
export function backupWorkDir(dataDir: string): string {
  return join(dataDir, 'backups');
}
