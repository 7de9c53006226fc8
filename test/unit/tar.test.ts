import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { packFolder, packText, readTar, TAR_END, unpackEntry } from '../../src/lib/db/tar.ts';

const root = mkdtempSync(join(tmpdir(), 'tar-'));
after(() => {
  rmSync(root, { recursive: true, force: true });
});

const folder = join(root, 'from');
const SIZES = [0, 1, 511, 512, 513, 200_000];
mkdirSync(join(folder, 'deep', 'empty'), { recursive: true });
for (const size of SIZES) writeFileSync(join(folder, 'deep', `file-${String(size)}`), Buffer.alloc(size, size % 251));

async function archive(): Promise<Buffer> {
  const parts: Buffer[] = [...packText('about.json', '{}', 1_700_000_000)];
  for await (const part of packFolder(folder, 'database')) parts.push(part);
  return Buffer.concat([...parts, TAR_END]);
}

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(source: AsyncIterable<Uint8Array>): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for await (const { entry, body } of readTar(source)) {
    let size = 0;
    for await (const part of body()) size += part.length;
    assert.equal(size, entry.size);
    found[entry.name] = size;
  }
  return found;
}

const EXPECTED = {
  'about.json': 2,
  'database/': 0,
  'database/deep/': 0,
  'database/deep/empty/': 0,
  ...Object.fromEntries(SIZES.map((size) => [`database/deep/file-${String(size)}`, size])),
};

test('what is packed is read again, however the stream is cut', async () => {
  const bytes = await archive();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
      assert.deepEqual(await read(inPieces(bytes, [...sizes, 4_096])), EXPECTED);
    }),
    { numRuns: 20 },
  );
});

test('entries nobody reads are skipped', async () => {
  const names: string[] = [];
  for await (const { entry } of readTar(inPieces(await archive(), [1_000]))) names.push(entry.name);
  assert.deepEqual(names.sort(), Object.keys(EXPECTED).sort());
});

test('an archive that is cut short is refused wherever it is cut', async () => {
  const bytes = await archive();
  for (const length of [1, 512, 600, 5_000, bytes.length - TAR_END.length - 512]) {
    await assert.rejects(read(inPieces(bytes.subarray(0, length), [777])), /ends too early/, String(length));
  }
});

test('a damaged header is refused', async () => {
  const bytes = await archive();
  bytes[3] = 0x58;
  await assert.rejects(read(inPieces(bytes, [4_096])), /damaged/);
});

test('a name that leads out of the folder is refused', async () => {
  const nothing = async function* (): AsyncGenerator<Buffer> {};
  for (const name of ['../led-out', 'a/../../led-out', '/etc/led-out', 'a\\..\\led-out'])
    await assert.rejects(unpackEntry(root, name, nothing), /leads out/);
  assert.equal(existsSync(join(root, '..', 'led-out')), false);
});

test('the tar of the system reads it too', async (t) => {
  if (spawnSync('tar', ['--version']).status !== 0) {
    t.skip('no tar on this machine');
    return;
  }
  const file = join(root, 'a.tar');
  const to = join(root, 'to');
  mkdirSync(to);
  writeFileSync(file, await archive());
  const { status, stderr } = spawnSync('tar', ['-xf', file, '-C', to], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.deepEqual(readdirSync(join(to, 'database', 'deep')).sort(), readdirSync(join(folder, 'deep')).sort());
  assert.deepEqual(readFileSync(join(to, 'database', 'deep', 'file-513')), readFileSync(join(folder, 'deep', 'file-513')));
});
