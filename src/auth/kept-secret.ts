import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In DATA_DIR, where SECRET_KEY is not set. */
export const SECRET_FILE = 'secret-key';

/** Made at the first question, and the same for ever after. */
export function keptSecret(dataDir: string): string {
  const path = join(dataDir, SECRET_FILE);
  if (!existsSync(path)) {
    // Whole under another name first: of processes that start together on one folder each reads the same secret, never half of one.
    const made = `${path}.${randomBytes(4).toString('hex')}`;
    writeFileSync(made, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(made, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      unlinkSync(made);
    }
  }
  return readFileSync(path, 'utf8').trim();
}
