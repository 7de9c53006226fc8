import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RowIndex, TextArena } from '../../src/simulator/columns.ts';
import { DueHeap } from '../../src/simulator/heap.ts';
import { parseMultipart } from '../../src/simulator/media.ts';
import { hashDigits } from '../../src/simulator/random.ts';

test('the heap gives everything back by time, equal times in the order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (dues) => {
      const heap = new DueHeap<number>();
      dues.forEach((due, i) => {
        heap.push(due, i);
      });
      const popped: number[] = [];
      for (let item = heap.popDue(Infinity); item !== undefined; item = heap.popDue(Infinity)) popped.push(item);
      const expected = dues.map((_, i) => i).sort((a, b) => (dues[a] ?? 0) - (dues[b] ?? 0) || a - b);
      assert.deepEqual(popped, expected);
    }),
  );
});

test('nothing leaves the heap before it is due', () => {
  const heap = new DueHeap<string>();
  heap.push(10, 'late');
  assert.equal(heap.popDue(9), undefined);
  assert.equal(heap.popDue(10), 'late');
});

test('texts come back from the arena as they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 512 }), { maxLength: 50 }), (texts) => {
      const arena = new TextArena();
      const kept = texts.map((text) => {
        const address = arena.append(text);
        return [address, arena.lengthSince(address)] as const;
      });
      assert.deepEqual(
        kept.map(([address, length]) => arena.read(address, length)),
        texts,
      );
    }),
  );
});

test('the index finds every row it was given and none other', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 10 ** 12 }), { maxLength: 3000 }),
      fc.integer({ min: 10 ** 12 + 1, max: 10 ** 13 }),
      (digits, absent) => {
        const index = new RowIndex((row) => hashDigits(digits[row] ?? 0));
        digits.forEach((number, row) => {
          index.add(hashDigits(number), row);
        });
        for (const [row, number] of digits.entries())
          assert.equal(
            index.find(hashDigits(number), (other) => digits[other] === number),
            row,
          );
        assert.equal(
          index.find(hashDigits(absent), (other) => digits[other] === absent),
          -1,
        );
      },
    ),
    { numRuns: 20 },
  );
});

test('any bytes survive a multipart form', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const form = new FormData();
      form.set('file', new Blob([Buffer.from(bytes)], { type: 'image/png' }), 'ñ.png');
      const request = new Request('http://x', { method: 'POST', body: form });
      const parts = parseMultipart(request.headers.get('content-type') ?? '', Buffer.from(await request.arrayBuffer()));
      assert.deepEqual(
        parts?.map(({ name, contentType }) => [name, contentType]),
        [['file', 'image/png']],
      );
      assert.deepEqual(parts[0]?.content, Buffer.from(bytes));
    }),
    { numRuns: 30 },
  );
});
