import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckedRow } from '../../src/files/check-row.ts';
import { openList, type RowSink, readRows } from '../../src/recipients/read-rows.ts';
import { RefusalBudget } from '../../src/recipients/refusal-budget.ts';

/** Keeps nothing but what an upload would keep of refused rows. */
class CountingSink implements RowSink {
  counts = { total_rows: 0 };
  kept = 0;
  keptChars = 0;
  readonly isFull = false;
  readonly isDue = false;
  readonly #budget: RefusalBudget;

  constructor(bytesRead: () => number) {
    this.#budget = new RefusalBudget(bytesRead);
  }

  add(row: CheckedRow): void {
    this.counts.total_rows++;
    if (row.ok) return;
    for (const { cells } of this.#budget.take([row.rejection])) {
      this.kept++;
      this.keptChars += cells.reduce((sum, cell) => sum + cell.length, 0);
    }
  }

  notKept(): number {
    return this.#budget.notices()[0]?.count ?? 0;
  }

  flush = (): Promise<void> => Promise.resolve();
  finish = (): Promise<void> => Promise.resolve();
  settled = (): Promise<void> => Promise.resolve();
}

interface Read {
  readonly sink: CountingSink | undefined;
  readonly cpuMs: number;
}

/** The work of a file, in time of the processor: what others do on the machine does not count. */
async function read(file: string): Promise<Read> {
  const begun = process.cpuUsage();
  let sink: CountingSink | undefined;
  try {
    const bytes = Buffer.from(file);
    const open = await openList(pieces(bytes), { defaultCountry: 'CO', requirements: () => ({ required: [] }) });
    sink = new CountingSink(open.bytesRead);
    await readRows(open, { writer: sink });
  } catch (error) {
    assert.equal((error as { code?: unknown }).code, 'file_unusable', String(error));
  }
  const used = process.cpuUsage(begun);
  return { sink, cpuMs: (used.user + used.system) / 1000 };
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield await Promise.resolve(bytes.subarray(at, at + 65_536));
}

const MB = 1024 * 1024;

function innocent(size: number): string {
  const rows = ['Telefono,Nombre,Cupon'];
  for (let n = 0, length = 0; length < size; n++) {
    const row = `+5730${String(10_000_000 + n)},Ana Maria,CUPON-${String(n)}`;
    rows.push(row);
    length += row.length + 1;
  }
  return rows.join('\n');
}

function times(n: number, of: (n: number) => string): string {
  return Array.from({ length: n }, (_, i) => of(i)).join('');
}

const PHONE = '+573001234567';
const HOSTILE: Readonly<Record<string, string>> = {
  'a cell of 120,000 blanks': `Telefono,Nombre\n${PHONE},"${' '.repeat(120_000)}x"\n`,
  'a phone of 120,000 digits and signs': `Telefono,Nombre\n"${'1-'.repeat(60_000)}",Ana\n`,
  'a phone cell of 120,000 letters': `Telefono,Nombre\n"tel ${'a'.repeat(120_000)}",Ana\n`,
  'a heading of 62 KB in one cell': `"${'telefono '.repeat(6_900)}",Nombre\n${PHONE},Ana\n`,
  'a heading of 60,000 columns': `Telefono,${','.repeat(60_000)}\n${PHONE},Ana\n`,
  'a thousand rows of eighty commas': `Telefono,${times(499, (n) => `c${String(n)},`)}\n${times(1_000, () => `${PHONE}${','.repeat(80)}\n`)}`,
  'many rows of an empty wide table': `Telefono${','.repeat(400)}\n${times(2_000, () => `${','.repeat(400)}x\n`)}`,
  'only quotes': `Telefono,Nombre\n${'"'.repeat(300_000)}`,
  'a quote that opens in every line': `Telefono,Nombre\n${times(8_000, () => `"${PHONE},Ana\n`)}`,
  'line ends and nothing else': `Telefono,Nombre\n${PHONE},Ana\n${'\n'.repeat(300_000)}`,
  'rows of refused numbers': `Telefono,Nombre\n${times(15_000, (n) => `${String(n)},x\n`)}`,
  'long names that say no phone': `${'no tiene celular '.repeat(4_000)}\nTelefono,Nombre\n${PHONE},Ana\n`,
  'accents upon accents': `Telefono,Nombre\n${PHONE},"a${'\u0301'.repeat(30_000)}"\n`,
};

/** Beside an innocent file of the same size, and beside what any file costs. */
const TIMES_INNOCENT = 40;
const FLOOR_MS = 60;

test('no file costs much more work than a list of its size', async () => {
  await read(innocent(MB / 8));
  const cpuMs = (await read(innocent(MB / 4))).cpuMs * 4;
  for (const [name, file] of Object.entries(HOSTILE)) {
    const allowed = Math.max(FLOOR_MS, (cpuMs * file.length) / MB) * TIMES_INNOCENT;
    const { cpuMs: used } = await read(file);
    assert.ok(
      used <= allowed,
      `${name}: ${String(Math.round(used))} ms of the processor, ${String(Math.round(allowed))} allowed`,
    );
  }
});

test('what is kept of refused rows is bounded by what was read; the rest is counted', async () => {
  const wide = await read(HOSTILE['many rows of an empty wide table'] ?? '');
  assert.ok((wide.sink?.keptChars ?? 0) <= 8 * MB);
  const row = { row: 1, record: 1, kind: 'invalid', column: null, value: null, code: 'x', error: 'x' } as const;
  const short = new RefusalBudget(() => 100 * MB);
  assert.equal(short.take(Array.from({ length: 100_001 }, () => ({ ...row, cells: ['x'] }))).length, 100_000);
  assert.deepEqual(
    short.notices().map(({ code, count }) => [code, count]),
    [['refused_rows_not_kept', 1]],
  );
  const packed = new RefusalBudget(() => 200_000);
  assert.equal(packed.take(Array.from({ length: 1_000 }, () => ({ ...row, cells: ['x'.repeat(15_800)] }))).length, 100);
});
