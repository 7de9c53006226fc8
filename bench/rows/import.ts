/** A list of a million rows, validation included, against `psql \copy` of the same rows into the same tables and indexes. */
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startPostgres } from '../../scripts/servers.mjs';
import type { ImporterCalls } from '../processes/importer.ts';
import { startHelper } from '../support/helper.ts';
import { type Figure, type Row, round } from '../support/row.ts';

/** Every phone once, in no order: an index is not filled from left to right by a real list either. */
function phone(index: number): number {
  return 573_000_000_000 + ((index * 7_919_317) % 9_999_991);
}

function* lines(rows: number, line: (index: number) => string, header = ''): Generator<string> {
  let text = header;
  for (let index = 0; index < rows; index++) {
    text += line(index);
    if (text.length > 64 * 1024) {
      yield text;
      text = '';
    }
  }
  yield text;
}

async function write(path: string, content: Generator<string>): Promise<string> {
  await pipeline(Readable.from(content), createWriteStream(path));
  return path;
}

async function copySeconds(url: string, folder: string, rows: number, campaignId: number): Promise<number> {
  const id = String(campaignId);
  const people = await write(
    join(folder, 'recipients.tsv'),
    lines(rows, (index) => {
      const number = String(phone(index));
      const data = `{"Recipient-Phone-Number":"+${number}","variable_1":"Nombre ${String(index)}","variable_2":"Apellido"}`;
      return `${id}\t${String(index + 1)}\t${number}\t${number}\t1\t${String(index + 2)}\t${data}\n`;
    }),
  );
  const messages = await write(
    join(folder, 'messages.tsv'),
    lines(rows, (index) => `${id}\t${String(index + 1)}\tpending\n`),
  );
  const start = performance.now();
  const copies = [
    `\\copy recipients (campaign_id, id, person, phone, upload_id, row, data) from '${people}'`,
    `\\copy messages (campaign_id, id, status) from '${messages}'`,
  ];
  execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', url, ...copies.flatMap((copy) => ['-c', copy])]);
  return (performance.now() - start) / 1000;
}

async function imported(
  database: { url?: string; folder?: string },
  csv: string,
  rows: number,
): Promise<{ seconds: number; growthMb: number }> {
  const importer = startHelper<ImporterCalls>('importer');
  await importer.ask('open', database);
  const result = await importer.ask('importFile', { campaignId: await importer.ask('campaign'), csv });
  await importer.stop();
  if (result.added !== rows) throw new Error(`added ${String(result.added)} of ${String(rows)}`);
  return result;
}

async function onServer(folder: string, csv: string, rows: number): Promise<Figure[]> {
  const server = await startPostgres({
    durable: true,
    settings: { shared_buffers: '512MB', max_wal_size: '4GB', checkpoint_timeout: '15min', wal_compression: 'on' },
  });
  if (server === undefined) throw new Error('PostgreSQL is not on this machine; this row needs it');
  try {
    const first = startHelper<ImporterCalls>('importer');
    await first.ask('open', { url: server.url });
    const campaignId = await first.ask('campaign');
    await first.stop();
    const baseline = await copySeconds(server.url, folder, rows, campaignId);
    const { seconds, growthMb } = await imported({ url: server.url }, csv, rows);
    const ratio = round(seconds / baseline, 2);
    const what = `import of ${rows.toLocaleString('en')} rows (PostgreSQL)`;
    return [
      {
        what,
        figure: { value: round(seconds), unit: 's' },
        baseline: { value: round(baseline), unit: 's' },
        ratio,
        target: '≤ 4 × \\copy',
        met: ratio <= 4,
        details: { rows_per_second: Math.round(rows / seconds) },
      },
      { what: `${what}, growth of memory`, figure: { value: growthMb, unit: 'MB' }, target: '≤ 150 MB', met: growthMb <= 150 },
    ];
  } finally {
    await server.stop();
  }
}

export const importing: Row = {
  name: 'import',
  about: 'a list of 1,000,000 rows against psql \\copy; the embedded database beside it',
  async run({ size, say }) {
    const rows = size(1_000_000, 20_000);
    const folder = mkdtempSync(join(tmpdir(), 'bench-import-'));
    try {
      const csv = await write(
        join(folder, 'list.csv'),
        lines(
          rows,
          (index) => `+${String(phone(index))},Nombre ${String(index)},Apellido\n`,
          'Recipient-Phone-Number,variable_1,variable_2\n',
        ),
      );
      const figures = await onServer(folder, csv, rows);
      const { seconds, growthMb } = await imported({ folder: join(folder, 'pglite') }, csv, rows);
      figures.push({
        what: `import of ${rows.toLocaleString('en')} rows (embedded)`,
        figure: { value: round(seconds), unit: 's' },
        target: 'stated beside',
        met: undefined,
        details: { rows_per_second: Math.round(rows / seconds), memory_growth_mb: growthMb },
      });
      for (const { what, figure } of figures) say(`${what}: ${String(figure.value)} ${figure.unit}`);
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
