import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** In DATA_DIR: the first admin key, so that commands on the same machine work without one being typed. */
export const ADMIN_KEY_FILE = 'admin-key';

export function readLocalKey(dataDir: string): string | undefined {
  try {
    const text = readFileSync(join(dataDir, ADMIN_KEY_FILE), 'utf8').trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
