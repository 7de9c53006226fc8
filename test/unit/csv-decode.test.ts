import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { decodeStream } from '../../src/files/encoding.ts';
import { Problem } from '../../src/lib/problem.ts';

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decode(bytes: Uint8Array, size = 64 * 1024): Promise<string> {
  let text = '';
  for await (const piece of decodeStream(stream(bytes, size))) text += piece;
  return text;
}

async function* stream(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  yield* await Promise.resolve(pieces(bytes, size));
}

const SPANISH = 'teléfono;nombre\n3001234567;Peña “Ñandú” €5\n';
const LATE = `${'3001234567;Ana\n'.repeat(20_000)}3001234568;Peña €5\n`;

for (const [name, bytes] of [
  ['UTF-8', Buffer.from(SPANISH)],
  ['UTF-8 with a mark', iconv.encode(SPANISH, 'utf8', { addBOM: true })],
  ['UTF-16LE', iconv.encode(SPANISH, 'utf-16le')],
  ['UTF-16LE with a mark', iconv.encode(SPANISH, 'utf-16le', { addBOM: true })],
  ['UTF-16BE', iconv.encode(SPANISH, 'utf-16be')],
  ['UTF-16BE with a mark', iconv.encode(SPANISH, 'utf-16be', { addBOM: true })],
  ['Windows-1252', iconv.encode(SPANISH, 'win1252')],
] as const) {
  test(`reads ${name}, also byte by byte`, async () => {
    assert.equal(await decode(bytes), SPANISH);
    assert.equal(await decode(bytes, 1), SPANISH);
  });
}

test('decides by the first letter that is not ASCII, however late it comes', async () => {
  assert.equal(await decode(iconv.encode(LATE, 'win1252')), LATE);
  assert.equal(await decode(Buffer.from(LATE)), LATE);
});

test('a damaged spot in a UTF-8 file does not turn the rest into another encoding', async () => {
  const text = 'Peña Núñez Ñandú\n'.repeat(50);
  const bytes = Buffer.concat([Buffer.from(text), Buffer.from([0xe9, 0x0a]), Buffer.from(text)]);
  assert.equal(await decode(bytes), `${text}\ufffd\n${text}`);
});

for (const [name, bytes] of [
  ['a workbook', [0x50, 0x4b, 0x03, 0x04, 0x14, 0, 6, 0]],
  ['an old workbook', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['bytes that are no text', Array.from({ length: 200 }, (_, index) => index % 7)],
] as const) {
  test(`refuses ${name} with advice`, async () => {
    await assert.rejects(
      decode(Buffer.from(bytes)),
      (error) => error instanceof Problem && error.code === 'file_unusable' && error.message.includes('CSV'),
    );
  });
}

test('every text comes back from each encoding that can carry it', async () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 50 })
    .map((value) => value.replace(/[^\t\n\r\u0020-\ud7ff]/gu, '').replaceAll('\ufeff', ''));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), async (value, size) => {
      const list = `telefono,nombre\n3001234567,${value}\n`;
      assert.equal(await decode(Buffer.from(list), size), list);
      assert.equal(await decode(iconv.encode(list, 'utf-16le', { addBOM: true }), size), list);
      assert.equal(await decode(iconv.encode(list, 'utf-16be', { addBOM: true }), size), list);
    }),
  );
});
