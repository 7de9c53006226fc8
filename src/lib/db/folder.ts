import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartRefused } from '../start-refused.ts';

/**
 * Makes a folder for this user alone, with whatever is missing above it. One level at a time: told to make all of them, Node never
 * comes back where a parent is there and yet takes nothing (/proc).
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was first.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * Makes the folder and writes into it, to know rather than to guess: rights, read-only disks and files in its place all show there.
 *
 * @returns the system's code of what stands in the way, or undefined.
 */
export function folderFault(folder: string): string | undefined {
  try {
    makeFolder(folder);
    const probe = join(folder, `.probe-${randomBytes(6).toString('hex')}`);
    writeFileSync(probe, '', { mode: 0o600, flag: 'wx' });
    unlinkSync(probe);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

/**
 * Before anything is put into it: whatever stands in the way is told here, once, in one sentence.
 *
 * @throws StartRefused
 */
export function prepareDataDir(dataDir: string): void {
  const fault = folderFault(dataDir);
  if (fault === undefined) return;
  throw new StartRefused(
    `DATA_DIR ${dataDir} cannot be made or written (${fault}). Give this user the right to write there, or set DATA_DIR to another folder.`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
