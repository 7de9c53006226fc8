import { type CsvOptions, openCsv } from './open-csv.ts';
import { asTheyWere } from './own-files.ts';
import type { RowSource } from './rows.ts';
import { openWorkbook, type WorkbookOptions } from './workbook.ts';

export type FileOptions = CsvOptions & WorkbookOptions;

const ZIP = Buffer.from([0x50, 0x4b, 0x03, 0x04]);

/** Any file of rows, by its first bytes; its name may say anything. */
export async function openFile(stream: AsyncIterable<Uint8Array | string>, options: FileOptions): Promise<RowSource> {
  const pieces = stream[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < ZIP.length) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = Buffer.concat([head, typeof next.value === 'string' ? Buffer.from(next.value) : next.value]);
  }
  const bytes = again(head, pieces);
  const isZip = head.subarray(0, ZIP.length).equals(ZIP);
  return asTheyWere(await (isZip ? openWorkbook(bytes, options) : openCsv(bytes, options)));
}

async function* again(head: Buffer, rest: AsyncIterator<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
