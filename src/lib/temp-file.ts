import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A file in the folder for temporary files, readable by this user only and without a name: it is gone when the process is. Streams are
 * made of its `fd`: a handle with a stream of its own cannot be closed before that.
 */
export async function openTempFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `whatsapp-sender-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  // Where an open file cannot lose its name, it is left to whoever clears that folder.
  await unlink(path).catch(() => undefined);
  return handle;
}
