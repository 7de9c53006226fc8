import { SaxesParser } from 'saxes';
import { say } from '../lib/words/sentence.ts';
import { damaged, tooLarge, unusable } from './zip.ts';

/** Names come without their prefix. Text may come in pieces. */
export interface XmlReader {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** The longest cell in its longest spelling is far shorter: more without a tag is a bomb, or no workbook. */
const MAX_BETWEEN_TAGS = 2 * 1024 * 1024;

/** Reads XML as it arrives, and after each piece gives what `take` takes away of what was read. Entities are never expanded. */
export async function* readXml<T>(bytes: AsyncIterable<Buffer>, reader: XmlReader, take: () => T): AsyncGenerator<T> {
  const decoder = new TextDecoder('utf-8');
  const parser = new SaxesParser();
  let silent = 0;
  parser.on('opentag', (tag) => {
    silent = 0;
    reader.open(localName(tag.name), tag.attributes);
  });
  parser.on('closetag', (tag) => {
    silent = 0;
    reader.close(localName(tag.name));
  });
  parser.on('text', (text) => {
    reader.text(text);
  });
  parser.on('cdata', (text) => {
    reader.text(text);
  });
  parser.on('doctype', () => {
    throw unusable(say('server.files.workbook-document-type'));
  });
  parser.on('error', () => {
    throw damaged();
  });
  for await (const piece of bytes) {
    silent += piece.length;
    if (silent > MAX_BETWEEN_TAGS) throw tooLarge();
    parser.write(decoder.decode(piece, { stream: true }));
    yield take();
  }
  parser.write(decoder.decode()).close();
  yield take();
}

export async function readWholeXml(text: string, reader: XmlReader): Promise<void> {
  async function* whole(): AsyncGenerator<Buffer> {
    const bytes = await Promise.resolve(Buffer.from(text));
    for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
  }
  await drainXml(whole(), reader);
}

/** To its end, for what the reader keeps. */
export async function drainXml(bytes: AsyncIterable<Buffer>, reader: XmlReader): Promise<void> {
  const pieces = readXml(bytes, reader, () => undefined);
  while ((await pieces.next()).done !== true);
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
