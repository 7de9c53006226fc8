/** The import alone, against a database that is there: how long, and how much memory it adds. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Db } from '../../src/lib/db/db.ts';
import { migrate } from '../../src/lib/db/migrate.ts';
import { openPglite } from '../../src/lib/db/pglite.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { insertCampaign } from '../../src/lifecycle/campaign.sql.ts';
import { importRecipients } from '../../src/recipients/import-recipients.ts';
import { answerQuestions } from '../support/helper.ts';

let db: Db | undefined;

function opened(): Db {
  if (db === undefined) throw new Error('open comes first');
  return db;
}

async function importOne(campaignId: number, stream: Readable): Promise<number> {
  const report = await importRecipients(
    { db: opened(), marketOf: () => 'CO' },
    {
      campaignId,
      stream,
      filename: 'bench.csv',
      maxRecipients: 10_000_000,
      defaultCountry: 'CO',
      marketing: true,
      requirements: (columns) => ({ required: columns.slice(1) }),
    },
    { kind: 'system', id: null, name: 'bench', scopes: [] },
  );
  return report.valid_rows;
}

const calls = {
  /** A server by its address, or a folder for the embedded database. */
  async open({ url, folder }: { url?: string; folder?: string }): Promise<void> {
    db = url === undefined ? await openPglite({ dataDir: folder ?? '' }) : openPostgres({ connectionString: url });
    await migrate(db);
  },
  async campaign(): Promise<number> {
    const { id } = await insertCampaign(opened(), {
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
      budget_micros: null,
      currency: 'USD',
      created_by: null,
    });
    return id;
  },
  async importFile({
    campaignId,
    csv,
  }: {
    campaignId: number;
    csv: string;
  }): Promise<{ added: number; seconds: number; growthMb: number }> {
    // A first, small file, so that what is loaded and compiled once does not count as growth.
    await importOne(campaignId, Readable.from(['celular,a,b\n', '+573990000000,x,y\n'.repeat(20_000)]));
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 100);
    const start = performance.now();
    const added = await importOne(campaignId, createReadStream(csv));
    const seconds = (performance.now() - start) / 1000;
    clearInterval(watch);
    return { added, seconds, growthMb: Math.round((most - before) / 1024 / 1024) };
  },
  async close(): Promise<void> {
    await db?.close();
  },
};

export type ImporterCalls = typeof calls;

answerQuestions(calls);
