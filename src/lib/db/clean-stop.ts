/**
 * Tells whether the machine went down under a running process: the embedded database does not wait for the disk, so a power cut may have
 * taken its last moments, while a killed process loses nothing.
 *
 * The mark is written before the database is used and taken away after everything is on the disk. One that is found names the boot it was
 * written in: of this boot, only the process ended; of another, the machine did.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

const MARK = '.running';
const LINUX_BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** Where only the time of the boot is known, it wanders with the clock. */
const SAME_BOOT_SECONDS = 60;

/** Of this boot of the machine; containers have that of their host. */
export function bootId(): string {
  if (existsSync(LINUX_BOOT_ID)) return readFileSync(LINUX_BOOT_ID, 'utf8').trim();
  return `booted ${String(Math.round(Date.now() / 1_000 - uptime()))}`;
}

/** Whether a process was at work here when the machine went down. */
export function didMachineGoDown(dataDir: string, boot: string): boolean {
  const path = join(dataDir, MARK);
  return existsSync(path) && !isSameBoot(readFileSync(path, 'utf8').trim(), boot);
}

function isSameBoot(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [a, b].map((text) => Number(/^booted (\d+)$/.exec(text)?.[1]));
  return one !== undefined && other !== undefined && Math.abs(one - other) < SAME_BOOT_SECONDS;
}

/** From here on the database changes. On the disk when it returns. */
export function markRunning(dataDir: string, boot: string): void {
  const path = join(dataDir, MARK);
  writeFileSync(path, boot, { mode: 0o600 });
  sync(path);
  sync(dataDir);
}

/** The database is closed: all of it goes to the disk first, then the mark goes. */
export function markStopped(dataDir: string, databaseDir: string): void {
  const path = join(dataDir, MARK);
  if (!existsSync(path)) return;
  for (const entry of readdirSync(databaseDir, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() || entry.isDirectory()) sync(join(entry.parentPath, entry.name));
  }
  rmSync(path, { force: true });
  sync(dataDir);
}

function sync(path: string): void {
  // Windows syncs no folders.
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
