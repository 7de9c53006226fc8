import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { Problem } from '../lib/problem.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';
import { bytesOfText, guessByteEncoding, isTwiceUtf8 } from './byte-encoding.ts';

const HEAD = 8 * 1024;
/** How much is looked at, from the first letter that is not plain ASCII on, before the encoding is decided. */
const DECIDE = 32 * 1024;

/** How the bytes of a text may be read, by the names a person chooses from; the second is iconv-lite's. */
const BYTE_ENCODINGS = { 'windows-1252': 'win1252', macintosh: 'macintosh', cp850: 'cp850', gb18030: 'gb18030' } as const;
const UNICODE = ['utf-8', 'utf-16le', 'utf-16be'] as const;

export type Encoding = (typeof UNICODE)[number] | keyof typeof BYTE_ENCODINGS | 'utf-8-twice';

export const ENCODINGS = [...UNICODE, ...Object.keys(BYTE_ENCODINGS), 'utf-8-twice'] as readonly Encoding[] as readonly [
  Encoding,
  ...Encoding[],
];

export interface DecodeOptions {
  /** As a person has chosen it; otherwise it is found. */
  readonly encoding?: Encoding | undefined;
  /** Told what is decided, once. A file of plain ASCII is told as UTF-8 at its end. */
  readonly onDecided?: (encoding: Encoding) => void;
}

/** Text from bytes of any encoding a list comes in: UTF-8 and UTF-16 with or without a mark, Windows, Mac, DOS, GB18030. */
export async function* decodeStream(
  stream: AsyncIterable<Uint8Array | string>,
  options: DecodeOptions = {},
): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let head = Buffer.alloc(0);
  for await (const piece of stream) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : asBuffer(piece);
    if (decoder !== undefined) {
      yield decoder.push(bytes);
      continue;
    }
    head = Buffer.concat([head, bytes]);
    if (head.length < HEAD) continue;
    decoder = decoderFor(head, options);
    yield decoder.push(head);
  }
  decoder ??= decoderFor(head.subarray(0, HEAD), options);
  if (head.length < HEAD) yield decoder.push(head);
  yield decoder.end();
}

interface Decoder {
  push(bytes: Buffer): string;
  end(): string;
}

function decoderFor(head: Buffer, { encoding, onDecided }: DecodeOptions): Decoder {
  refuseOtherFormats(head);
  const known = encoding ?? unicodeOf(head);
  if (known === undefined) {
    refuseBinary(head);
    return byteEncoding(onDecided);
  }
  onDecided?.(known);
  return decoderOf(known);
}

function unicodeOf(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | undefined {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return 'utf-8';
  if (startsWith(head, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(head, [0xfe, 0xff])) return 'utf-16be';
  return utf16WithoutMark(head);
}

function decoderOf(encoding: Encoding): Decoder {
  if (isUnicode(encoding)) return unicode(encoding);
  if (encoding === 'utf-8-twice') return twice();
  // Not `TextDecoder`: some versions of Node read windows-1252 as latin1 and lose € and the curly quotes.
  const decoder = iconv.getDecoder(BYTE_ENCODINGS[encoding]);
  return { push: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
}

function isUnicode(encoding: Encoding): encoding is (typeof UNICODE)[number] {
  return (UNICODE as readonly string[]).includes(encoding);
}

const MAGIC: readonly { readonly bytes: readonly number[]; readonly what: Sentence }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: say('server.files.is-workbook-or-zip') },
  { bytes: [0x50, 0x4b, 0x05, 0x06], what: say('server.files.is-empty-zip') },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: say('server.files.is-old-workbook') },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: say('server.files.is-pdf') },
  { bytes: [0x1f, 0x8b], what: say('server.files.is-compressed') },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: say('server.files.is-picture') },
  { bytes: [0xff, 0xd8, 0xff], what: say('server.files.is-picture') },
];

function refuseOtherFormats(head: Buffer): void {
  const found = MAGIC.find(({ bytes }) => startsWith(head, bytes));
  if (found !== undefined) throw notText(found.what);
}

function refuseBinary(head: Buffer): void {
  let odd = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32)) odd++;
  if (odd > head.length / 10) throw notText(say('server.files.is-not-text'));
}

function notText(what: Sentence): Problem {
  return new Problem('file_unusable', say('server.files.file-save-list', { what }));
}

function startsWith(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => head[at] === byte);
}

/** In the languages of the lists every second byte of UTF-16 is zero, and in no text of one byte a letter is any. */
function utf16WithoutMark(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const zeros: [number, number] = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at % 2 === 0 ? 0 : 1]++;
  const pairs = Math.floor(head.length / 2);
  if (pairs < 2) return undefined;
  if (zeros[1] > pairs * 0.6 && zeros[0] <= pairs * 0.05) return 'utf-16le';
  if (zeros[0] > pairs * 0.6 && zeros[1] <= pairs * 0.05) return 'utf-16be';
  return undefined;
}

/** Takes off the mark; what is no valid character becomes U+FFFD, which the import counts and shows. */
function unicode(label: 'utf-8' | 'utf-16le' | 'utf-16be'): Decoder {
  const decoder = new TextDecoder(label);
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** Plain ASCII until something else appears; what that is decides for the whole file, however late it comes. */
function byteEncoding(onDecided: DecodeOptions['onDecided']): Decoder {
  let decided: Decoder | undefined;
  let held: Buffer[] = [];
  let size = 0;
  const decide = (): string => {
    const bytes = Buffer.concat(held);
    held = [];
    const encoding = encodingOf(bytes);
    onDecided?.(encoding);
    decided = decoderOf(encoding);
    return decided.push(bytes);
  };
  return {
    push(bytes) {
      if (decided !== undefined) return decided.push(bytes);
      if (size === 0 && isAscii(bytes)) return bytes.toString('latin1');
      held.push(bytes);
      size += bytes.length;
      return size < DECIDE ? '' : decide();
    },
    end() {
      if (held.length > 0) return decide() + (decided?.end() ?? '');
      if (decided === undefined) onDecided?.('utf-8');
      return decided?.end() ?? '';
    },
  };
}

function encodingOf(bytes: Buffer): Encoding {
  if (!isMostlyUtf8(bytes)) return guessByteEncoding(bytes);
  return isTwiceUtf8(bytes.toString('utf8')) ? 'utf-8-twice' : 'utf-8';
}

/** What has a letter that the first mistake could not have made stays as it is. */
function twice(): Decoder {
  const outer = unicode('utf-8');
  const inner = unicode('utf-8');
  const once = (text: string): string => {
    const bytes = bytesOfText(text);
    return bytes === undefined ? text : inner.push(bytes);
  };
  return { push: (bytes) => once(outer.push(bytes)), end: () => once(outer.end()) + inner.end() };
}

function isMostlyUtf8(bytes: Buffer): boolean {
  if (isUtf8(bytes)) return true;
  // The last character may be cut, and a file of UTF-8 with a damaged spot is still UTF-8: by far most of it fits.
  const text = bytes.toString('utf8');
  const broken = text.split('\ufffd').length - 1;
  let sound = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) sound++;
  return sound - broken > broken * 4;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
