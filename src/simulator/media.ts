import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Refusal, refuse } from './graph-error.ts';

export interface Media {
  readonly id: string;
  readonly mime: string;
  readonly sha256: string;
  readonly size: number;
  readonly phoneNumberId: string;
  readonly createdAt: number;
}

export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly content: Buffer;
}

const DAY = 24 * 3600 * 1000;
const MB = 1024 * 1024;

/** Types and sizes (docs/meta.md, Media). */
const KINDS: readonly (readonly [kind: string, types: readonly string[], max: number])[] = [
  ['image', ['image/jpeg', 'image/png'], 5 * MB],
  ['sticker', ['image/webp'], 500 * 1024],
  ['video', ['video/mp4', 'video/3gpp'], 16 * MB],
  ['audio', ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'], 16 * MB],
  [
    'document',
    [
      'text/plain',
      'application/pdf',
      'application/msword',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.ms-excel',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
    100 * MB,
  ],
];

/** Uploaded files: gone after 30 days. Contents in the folder when there is one, else in memory. */
export class MediaStore {
  readonly #byId = new Map<string, Media>();
  readonly #contents = new Map<string, Buffer>();
  readonly #folder: string | undefined;
  #next = 1037543291543636;

  constructor(dataDir: string | undefined) {
    this.#folder = dataDir === undefined ? undefined : path.join(dataDir, 'media');
  }

  upload(parts: readonly Part[], phoneNumberId: string, now: number): Media | Refusal {
    const file = parts.find((part) => part.name === 'file');
    const field = (name: string): string | undefined => parts.find((part) => part.name === name)?.content.toString('utf8');
    if (field('messaging_product') !== 'whatsapp')
      return refuse(100, undefined, { message: '(#100) The parameter messaging_product is required.' });
    if (file === undefined) return refuse(100, undefined, { message: '(#100) The parameter file is required.' });
    const mime = (file.contentType ?? field('type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const kind = KINDS.find(([, types]) => types.includes(mime));
    if (kind === undefined)
      return refuse(100, undefined, {
        message: `(#100) Param file must be a file with one of the following types: ${KINDS.flatMap(([, types]) => types).join(', ')}. Received file of type '${mime === '' ? 'application/octet-stream' : mime}'.`,
      });
    if (file.content.length > kind[2])
      return refuse(
        100,
        `File size ${String(file.content.length)} exceeds the limit of ${String(kind[2])} bytes for ${kind[0]}.`,
      );
    this.#next += 7919;
    const media: Media = {
      id: String(this.#next),
      mime,
      sha256: createHash('sha256').update(file.content).digest('hex'),
      size: file.content.length,
      phoneNumberId,
      createdAt: now,
    };
    this.#byId.set(media.id, media);
    this.#write(media.id, file.content);
    return media;
  }

  find(id: string, now: number): Media | undefined {
    const media = this.#byId.get(id);
    return media === undefined || now - media.createdAt > 30 * DAY ? undefined : media;
  }

  content(id: string): Buffer | undefined {
    return this.#folder === undefined ? this.#contents.get(id) : readFileSync(path.join(this.#folder, id));
  }

  remove(id: string): void {
    this.#byId.delete(id);
    this.#contents.delete(id);
    if (this.#folder !== undefined) rmSync(path.join(this.#folder, id), { force: true });
  }

  /** For tests and drills: as if uploaded so much earlier. */
  age(id: string, ms: number): void {
    const media = this.#byId.get(id);
    if (media !== undefined) this.#byId.set(id, { ...media, createdAt: media.createdAt - ms });
  }

  list(): Media[] {
    return [...this.#byId.values()];
  }

  restore(list: readonly Media[]): void {
    for (const media of list) {
      this.#byId.set(media.id, media);
      this.#next = Math.max(this.#next, Number(media.id));
    }
  }

  clear(): void {
    for (const id of [...this.#byId.keys()]) this.remove(id);
  }

  #write(id: string, content: Buffer): void {
    if (this.#folder === undefined) {
      this.#contents.set(id, content);
      return;
    }
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(this.#folder, id), content, { mode: 0o600 });
  }
}

/** The parts of a multipart/form-data body; undefined when it is none. */
export function parseMultipart(contentType: string, body: Buffer): Part[] | undefined {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(contentType);
  if (boundary === null) return undefined;
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2] ?? ''}`);
  const parts: Part[] = [];
  for (let at = body.indexOf(mark); at >= 0; ) {
    const start = at + mark.length + 2;
    const next = body.indexOf(mark, start);
    if (next < 0) break;
    const split = body.indexOf('\r\n\r\n', start);
    if (split >= 0 && split < next) {
      const head = body.toString('utf8', start, split);
      parts.push({
        name: /\bname="([^"]*)"/i.exec(head)?.[1] ?? '',
        filename: /filename="([^"]*)"/i.exec(head)?.[1],
        contentType: /content-type:\s*([^\r\n]+)/i.exec(head)?.[1],
        content: body.subarray(split + 4, next - 2),
      });
    }
    at = next;
  }
  return parts;
}
