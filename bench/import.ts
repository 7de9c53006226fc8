/**
 * Import of a list, validation included, against `psql \copy` of the same rows into the same tables and indexes, in one run.
 * Prints one JSON line. PostgreSQL is the one of DATABASE_URL (a schema of its own, dropped at the end); without it, or with
 * `embedded`, the embedded database is measured, which knows no \copy.
 * Usage: node --import ./scripts/ts.mjs bench/import.ts [rows] [embedded]
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { importRecipients } from '../src/importing/import-recipients.ts';
import { insertCampaign } from '../src/store/campaigns.ts';
import type { Db } from '../src/store/db.ts';
import { openPglite } from '../src/store/db-pglite.ts';
import { openPostgres } from '../src/store/db-postgres.ts';
import { migrate } from '../src/store/migrate.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const url = process.argv[3] === 'embedded' ? undefined : process.env['DATABASE_URL'];
const SCHEMA = `bench_import_${String(process.pid)}`;
const folder = mkdtempSync(join(tmpdir(), 'bench-import-'));

/** Every phone once, in no order: an index is not filled from left to right by a real list either. */
function phone(index: number): number {
  return 573_000_000_000 + ((index * 7_919_317) % 9_999_991);
}

function* lines(line: (index: number) => string, header = ''): Generator<string> {
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

async function writeFile(name: string, content: Generator<string>): Promise<string> {
  const path = join(folder, name);
  await pipeline(Readable.from(content), createWriteStream(path));
  return path;
}

async function open(): Promise<Db> {
  if (url === undefined) return openPglite({ dataDir: join(folder, 'pglite') });
  const admin = openPostgres({ connectionString: url, max: 1 });
  await admin.query(`create schema ${SCHEMA}`);
  await admin.close();
  return openPostgres({ connectionString: url, schema: SCHEMA });
}

async function newCampaign(db: Db): Promise<number> {
  const campaign = await insertCampaign(db, {
    kind: 'campaign',
    name: 'bench',
    description: null,
    mode: 'sandbox',
    phone_number_id: '1',
    template_name: 'bienvenida',
    template_language: 'es',
    mapping: {},
    batch_size: null,
    delay_between_batches: 0,
    messages_per_second: null,
    currency: 'USD',
    created_by: null,
  });
  return campaign.id;
}

async function measureImport(db: Db, csv: string): Promise<{ seconds: number; memoryGrowthMb: number }> {
  const campaignId = await newCampaign(db);
  // A first, small file, so that what is loaded and compiled once does not count as growth.
  await importOne(db, campaignId, Readable.from(['celular,a,b\n', '+573990000000,x,y\n'.repeat(20_000)]));
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 100);
  const start = performance.now();
  const added = await importOne(db, campaignId, createReadStream(csv));
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  if (added !== rows) throw new Error(`added ${String(added)} of ${String(rows)}`);
  return { seconds, memoryGrowthMb: Math.round((most - before) / 1024 / 1024) };
}

async function importOne(db: Db, campaignId: number, stream: Readable): Promise<number> {
  const report = await importRecipients(
    { db, marketOf: () => 'CO' },
    {
      campaignId,
      stream,
      filename: 'bench.csv',
      maxRecipients: 10_000_000,
      defaultCountry: 'CO',
      marketing: true,
      createdBy: null,
      requirements: (columns) => ({ required: columns.slice(1) }),
    },
  );
  return report.valid_rows;
}

async function measureCopy(db: Db, connection: string): Promise<number> {
  const campaignId = String(await newCampaign(db));
  const { rows: uploads } = await db.query<{ id: number }>(
    `insert into uploads (campaign_id, status) values ($1, 'published') returning id`,
    [Number(campaignId)],
  );
  const uploadId = String(uploads[0]?.id);
  const recipients = await writeFile(
    'recipients.tsv',
    lines((index) => {
      const number = String(phone(index));
      const data = `{"Recipient-Phone-Number":"+${number}","variable_1":"Nombre ${String(index)}","variable_2":"Apellido"}`;
      return `${campaignId}\t${String(index + 1)}\t${number}\t${number}\t${uploadId}\t${String(index + 2)}\t${data}\n`;
    }),
  );
  const messages = await writeFile(
    'messages.tsv',
    lines((index) => `${campaignId}\t${String(index + 1)}\tpending\n`),
  );
  const start = performance.now();
  execFileSync('psql', [
    '-q',
    '-v',
    'ON_ERROR_STOP=1',
    '-d',
    connection,
    '-c',
    `set search_path = ${SCHEMA}`,
    '-c',
    `\\copy recipients (campaign_id, id, person, phone, upload_id, row, data) from '${recipients}'`,
    '-c',
    `\\copy messages (campaign_id, id, status) from '${messages}'`,
  ]);
  return (performance.now() - start) / 1000;
}

const db = await open();
try {
  await migrate(db);
  const csv = await writeFile(
    'list.csv',
    lines(
      (index) => `+${String(phone(index))},Nombre ${String(index)},Apellido\n`,
      'Recipient-Phone-Number,variable_1,variable_2\n',
    ),
  );
  const copySeconds = url === undefined ? undefined : await measureCopy(db, url);
  const { seconds, memoryGrowthMb } = await measureImport(db, csv);
  console.log(
    JSON.stringify({
      bench: 'import',
      database: db.kind,
      rows,
      seconds: round(seconds),
      rows_per_second: Math.round(rows / seconds),
      memory_growth_mb: memoryGrowthMb,
      ...(copySeconds === undefined ? {} : { copy_seconds: round(copySeconds), ratio: round(seconds / copySeconds) }),
    }),
  );
  if (url !== undefined) await db.query(`drop schema ${SCHEMA} cascade`);
} finally {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
