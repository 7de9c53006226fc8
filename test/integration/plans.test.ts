import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessJobs } from '../../src/auth/jobs.ts';
import { campaignJobs } from '../../src/campaigns/jobs.ts';
import type { Db, Sql } from '../../src/lib/db/db.ts';
import type { PeriodicJob } from '../../src/lib/jobs/periodic.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { maintenanceJobs } from '../../src/operations/jobs.ts';
import { uploadJobs } from '../../src/recipients/jobs.ts';
import { processJobs } from '../../src/sending/jobs.ts';
import { webhookJobs } from '../../src/webhooks/jobs.ts';
import { openFileDb } from '../support/db.ts';
import { openDelivery } from '../support/delivery.ts';
import { campaignDeps, makeCampaign } from '../support/factories.ts';

const db = await openFileDb();
const PEOPLE = 20_000;
const REFUSED = 100_000;

/** Tables that grow with people, and what a look through the whole of one costs more than any index. */
const LARGE = [
  'recipients',
  'messages',
  'message_events',
  'rejected_rows',
  'webhook_events',
  'inbound_messages',
  'draft_rows',
  'draft_people',
];

interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The same database, which remembers what it was asked. */
function listening(to: Db, asked: Asked[]): Db {
  const hear = (sql: Sql): Sql => ({
    ...sql,
    query: <R extends object>(text: string, values: readonly unknown[] = []) => {
      asked.push({ text, values });
      return sql.query<R>(text, values);
    },
  });
  return { ...to, ...hear(to), tx: (work, ...rest) => to.tx((sql) => work(hear(sql)), ...rest) };
}

async function fill(): Promise<void> {
  const done = await makeCampaign(db, { people: PEOPLE, status: 'completed' });
  await makeCampaign(db, { people: 50, status: 'running' });
  await makeCampaign(db, { people: 50, status: 'cancelled' });
  const { rows } = await db.query<{ id: number }>(
    `insert into uploads (campaign_id, status, total_rows, invalid_rows, published_at) values ($1, 'published', $2, $2, clock_timestamp()) returning id`,
    [done, REFUSED],
  );
  await db.query(
    `insert into rejected_rows (upload_id, row, kind, code, error, data) select $1, i, 'invalid', 'too_short', 'x', '[]' from generate_series(1, $2) i`,
    [rows[0]?.id, REFUSED],
  );
  // Given up long ago, empty, and one of which a crash has left the rest.
  await db.query(
    `insert into uploads (campaign_id, status, emptied_at) select $1, 'discarded', clock_timestamp() from generate_series(1, 200)`,
    [done],
  );
  const left = await db.query<{ id: number }>(`insert into uploads (campaign_id, status) values ($1, 'discarded') returning id`, [
    done,
  ]);
  await db.query(
    `insert into rejected_rows (upload_id, row, kind, code, error, data) select $1, i, 'invalid', 'too_short', 'x', '[]' from generate_series(1, 500) i`,
    [left.rows[0]?.id],
  );
  await db.query(`insert into webhook_events (body) select '{}' from generate_series(1, 40000)`);
  await db.query(
    `insert into inbound_messages (id, person, phone_number_id, type, payload, sent_at, received_at)
     select 'wamid.' || i, i, '106540352242922', 'text', '{}', clock_timestamp(), clock_timestamp() - i * interval '1 minute'
     from generate_series(1, 5000) i`,
  );
  await db.query('vacuum analyze');
}

test('no periodic job reads through a table that grows with people', async () => {
  await fill();
  const asked: Asked[] = [];
  const deaf = campaignDeps(listening(db, asked));
  const delivery = { ...openDelivery(deaf.db).deps, wakeApply: () => undefined };
  const jobs: PeriodicJob[] = [
    ...processJobs({
      db: deaf.db,
      slot: 0,
      self: { id: 'p', role: 'all', host: 'h', pid: 1, secretPrint: undefined },
      onNumber: () => undefined,
      onWorkers: () => undefined,
      onGone: () => undefined,
    }),
    ...campaignJobs(deaf, 60),
    ...webhookJobs(delivery, { webhookDays: 90, campaignDays: 365 }),
    ...uploadJobs({ db: deaf.db, marketOf: () => 'CO' }),
    ...maintenanceJobs({
      log: silentLogger(),
      campaigns: deaf,
      backups: undefined,
      webhookDays: 90,
      campaignDays: 365,
      signal: new AbortController().signal,
    }),
    ...accessJobs(deaf.db),
  ];
  for (const job of jobs) await job.run();
  assert.equal((await db.query('select from uploads where emptied_at is null and status = $1', ['discarded'])).rowCount, 0);
  const statements = new Map(asked.map(({ text, values }) => [text, values]));
  assert.ok(statements.size > 20, `only ${String(statements.size)} statements`);
  const full: string[] = [];
  for (const [text, values] of statements) {
    if (!/^\s*(select|with|update|delete|insert)\b/i.test(text)) continue;
    const { rows } = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...values]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    for (const [, table = ''] of plan.matchAll(/Seq Scan on (\w+)/g))
      if (LARGE.includes(table)) full.push(`${table}: ${text}\n${plan}`);
  }
  assert.deepEqual(full, []);
});
