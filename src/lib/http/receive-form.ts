/**
 * Takes a form with one file off the line before anything is done with it: what follows works on a whole file, whose fields may stand
 * before or behind it, and a line that is cut off, a body without an end or a misspelt field has touched nothing.
 */

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { openTempFile } from '../temp-file.ts';
import { say, type Text } from '../words/sentence.ts';
import type { App } from './fastify-types.ts';

export interface ReceivedForm {
  /** Each at most once, by name; empty ones left out. */
  readonly fields: Readonly<Record<string, string>>;
  readonly filename: string | null;
  readonly size: number;
  /** Of the file and all fields: the same form gives the same. */
  readonly digest: Buffer;
  /** The file from its beginning; may be read as often as needed, until `close`. */
  readonly read: () => Readable;
  readonly close: () => Promise<void>;
}

export interface FormRules {
  /** Fields that may come with the file, which is the field "file". */
  readonly fields: readonly string[];
  readonly maxBytes: number;
}

const LIMITS = { files: 2, fields: 20, fieldSize: 64 * 1024, parts: 30, headerPairs: 50 };

/** Bodies of forms are left to `receiveForm`. */
export function leaveForms(app: App): void {
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => {
    done(null);
  });
}

export async function receiveForm(request: FastifyRequest, rules: FormRules): Promise<ReceivedForm> {
  const handle = await openTempFile();
  try {
    return await new Receiving(request, rules, handle).form();
  } catch (error) {
    await handle.close();
    // A browser shows an answer only after it has sent everything: what is left is read and dropped.
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

class Receiving {
  readonly #request: FastifyRequest;
  readonly #rules: FormRules;
  readonly #handle: FileHandle;
  readonly #fields = new Map<string, string>();
  readonly #hash = createHash('sha256');
  #size = 0;
  #filename: string | null = null;
  #file: Promise<void> | undefined;

  constructor(request: FastifyRequest, rules: FormRules, handle: FileHandle) {
    this.#request = request;
    this.#rules = rules;
    this.#handle = handle;
  }

  async form(): Promise<ReceivedForm> {
    await this.#parse(this.#parser());
    if (this.#file === undefined) throw withoutFile();
    await this.#file;
    const fields = [...this.#fields].sort(([a], [b]) => (a < b ? -1 : 1));
    // By its number: a handle with a stream of its own could not be closed before that.
    const handle = this.#handle;
    return {
      fields: Object.fromEntries(fields.filter(([, value]) => value.trim() !== '')),
      filename: this.#filename,
      size: this.#size,
      digest: this.#hash.update(JSON.stringify(fields)).digest(),
      read: () => createReadStream('', { fd: handle.fd, start: 0, autoClose: false, highWaterMark: 256 * 1024 }),
      close: () => handle.close(),
    };
  }

  #parser(): BusboyInstance {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = this.#request.headers;
    if (!/^multipart\/form-data\b/i.test(type)) {
      throw new Problem('unsupported_media_type', say('server.http.send-file-multipart'));
    }
    if (encoding !== 'identity') {
      throw new Problem('unsupported_media_type', say('server.http.form-compressed-content'));
    }
    try {
      const headers = { ...this.#request.headers, 'content-type': type };
      return new Busboy({ headers, limits: { ...LIMITS, fileSize: this.#rules.maxBytes } });
    } catch {
      throw new Problem('unreadable_body', say('server.http.form-names-boundary'));
    }
  }

  #parse(parser: BusboyInstance): Promise<void> {
    const { raw } = this.#request;
    return new Promise((resolve, reject) => {
      const refuse = (error: unknown): void => {
        raw.unpipe(parser);
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      parser.on('field', (name, value, nameTruncated, valueTruncated) => {
        try {
          this.#takeField(name, value, nameTruncated || valueTruncated);
        } catch (error) {
          refuse(error);
        }
      });
      parser.on('file', (name, stream, filename) => {
        try {
          this.#takeFile(name, stream, filename);
        } catch (error) {
          stream.on('error', () => undefined);
          stream.resume();
          refuse(error);
          return;
        }
        this.#file?.catch(refuse);
      });
      parser.on('finish', resolve);
      parser.on('error', () => {
        refuse(cutShort());
      });
      // Node tells of a line that broke by "close" alone.
      raw.once('close', () => {
        if (!raw.readableEnded) refuse(cutShort());
      });
      raw.once('error', () => {
        refuse(cutShort());
      });
      raw.pipe(parser);
    });
  }

  #takeField(name: string, value: string, truncated: boolean): void {
    if (!this.#rules.fields.includes(name)) {
      const known = ['file', ...this.#rules.fields].join(', ');
      throw badField(name, say('server.http.form-unknown-field', { name, known }), say('server.http.form-not-a-field'));
    }
    if (this.#fields.has(name))
      throw badField(name, say('server.http.form-field-twice', { name }), say('server.http.stands-twice'));
    if (truncated) throw badField(name, say('server.http.form-field-long', { name }), say('server.http.far-too-long'));
    this.#fields.set(name, value);
  }

  #takeFile(name: string, stream: BusboyFileStream, filename: string): void {
    if (name !== 'file') throw withoutFile();
    if (this.#file !== undefined) {
      throw badField('file', say('server.http.form-several-files'), say('server.http.one-file'));
    }
    // The last 255 characters hold the ending.
    this.#filename = filename === '' ? null : filename.slice(-255);
    this.#file = this.#keep(stream);
  }

  async #keep(stream: BusboyFileStream): Promise<void> {
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#size += chunk.length;
        this.#hash.update(chunk);
        done(null, chunk);
      },
    });
    const target = createWriteStream('', { fd: this.#handle.fd, start: 0, autoClose: false });
    await pipeline(stream, counted, target).catch((error: unknown) => {
      throw isFull(error) ? error : cutShort();
    });
    if (stream.truncated) {
      const megabytes = String(Math.floor(this.#rules.maxBytes / 1024 / 1024));
      throw new Problem('body_too_large', say('server.http.file-larger-than', { megabytes }));
    }
  }
}

/** The fault of this machine, and not of the form. */
function isFull(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(ENOSPC|EDQUOT|EIO|EROFS)$/.test(error.code)
  );
}

function badField(field: string, detail: Text, message: Text): Problem {
  return new Problem('invalid_request', detail, { errors: [{ field, message }] });
}

function withoutFile(): Problem {
  return badField('file', say('server.http.form-without-file'), say('server.http.required'));
}

function cutShort(): Problem {
  return new Problem('unreadable_body', say('server.http.form-ended-before'));
}
