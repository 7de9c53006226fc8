import assert from 'node:assert/strict';
import { test } from 'node:test';
import iconv from 'iconv-lite';
import { decodeStream, type Encoding } from '../../src/files/encoding.ts';

async function decode(bytes: Buffer, size = 64 * 1024): Promise<{ text: string; encoding: Encoding | undefined }> {
  let encoding: Encoding | undefined;
  async function* pieces(): AsyncGenerator<Buffer> {
    await Promise.resolve();
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  let text = '';
  const onDecided = (found: Encoding): void => {
    encoding = found;
  };
  for await (const piece of decodeStream(pieces(), { onDecided })) text += piece;
  return { text, encoding };
}

const LISTS = {
  'one accent in the whole list': `celular,nombre\n${'3001112001,Ana\n'.repeat(50)}3001112002,Iñigo\n`,
  Spanish:
    'celular,nombre,ciudad\n3001112001,José Peña,Bogotá\n3001112002,Ángela Núñez,Medellín\n3001112003,Raúl Íñiguez,Cúcuta\n',
  'Spanish in capitals': 'TELÉFONO;NOMBRE\n3001112001;JOSÉ PEÑA\n3001112002;MARÍA NÚÑEZ\n',
  Portuguese: 'celular,nome\n11987654321,João Gonçalves\n11987654322,Conceição Araújo\n11987654323,Antônio Simões\n',
  German: 'handy,name\n1701234567,Jürgen Bäcker\n1701234568,Käthe Größe\n',
} as const;

for (const [what, list] of Object.entries(LISTS)) {
  for (const [encoding, name] of [
    ['windows-1252', 'win1252'],
    ['macintosh', 'macintosh'],
    ['cp850', 'cp850'],
  ] as const) {
    test(`${what}, as ${encoding} writes it, is read and the encoding is said`, async () => {
      assert.deepEqual(await decode(iconv.encode(list, name)), { text: list, encoding });
    });
  }
}

test('Chinese of GB18030 is read', async () => {
  const list = '手机,姓名\n13912345678,王小明\n13912345679,李雷和韩梅梅\n';
  assert.deepEqual(await decode(iconv.encode(list, 'gb18030')), { text: list, encoding: 'gb18030' });
});

test('UTF-8 that was written as UTF-8 once more is read as what it was, also piece by piece', async () => {
  // As Windows reads it: the five bytes that stand for nothing are kept.
  const misread = Array.from(Buffer.from(LISTS.Spanish), (byte) =>
    [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte) ? String.fromCharCode(byte) : iconv.decode(Buffer.from([byte]), 'win1252'),
  );
  const twice = Buffer.from(misread.join(''));
  assert.deepEqual(await decode(twice), { text: LISTS.Spanish, encoding: 'utf-8-twice' });
  assert.equal((await decode(twice, 7)).text, LISTS.Spanish);
});

test('a sound list with a strange letter is left as it is', async () => {
  const list = 'celular,nombre\n3001112001,Ã Peña\n3001112002,Âncora José\n';
  assert.deepEqual(await decode(Buffer.from(list)), { text: list, encoding: 'utf-8' });
});
