import { z } from 'zod';
import { EXIT, type ExitCode } from './exit.ts';
import { type ReadingOptions, sendFile } from './upload.ts';
import { count, many, print, printJson } from './words.ts';

export interface OptOutImportOptions extends ReadingOptions {
  readonly scope?: string;
  readonly note?: string;
}

const Shape = z.object({
  total_rows: z.int(),
  valid_rows: z.int(),
  causes: z.array(z.object({ rows: z.int(), first_row: z.int(), text: z.string() })),
  notices: z.array(z.looseObject({ message: z.string() })),
});

export async function importOptOuts(path: string, options: OptOutImportOptions): Promise<ExitCode> {
  const { scope, note } = options;
  const fields = { ...(scope === undefined ? {} : { scope }), ...(note === undefined ? {} : { note }) };
  const { data, raw } = await sendFile({ to: '/api/v1/opt-outs/import', path, fields }, options, Shape);
  if (options.json === true) printJson(raw);
  else {
    print(`${many(data.total_rows, 'row')}, ${count(data.valid_rows)} of them new on the list of opt-outs.`);
    for (const { rows, first_row: first, text } of data.causes) print(`  ${count(rows)} from row ${String(first)} on: ${text}`);
    for (const { message } of data.notices) print(`  ${message}`);
  }
  return EXIT.ok;
}
