/** What is done with a million people at once, beside five million stored messages, and whether anybody else notices. */
import { request } from 'undici';
import { memory, resetPeak } from '../support/cpu.ts';
import { type House, KEY, openHouse } from '../support/house.ts';
import { pastCampaigns } from '../support/past.ts';
import { ascending, type Context, type Figure, percentile, type Row, round, until, wait } from '../support/row.ts';

const PAST = 5;

interface Measured {
  readonly seconds: number;
  /** Megabytes the process grew by at most. */
  readonly grown: number;
  /** What somebody else waited for the figures of another campaign meanwhile, in ms. */
  readonly p99: number;
  readonly longest: number;
}

/** Does it while somebody reads the figures of campaign `other`, twenty times a second. */
async function beside(house: House, other: number, work: () => Promise<unknown>): Promise<Measured> {
  const { pid } = house.app;
  const { now } = memory(pid);
  resetPeak(pid);
  const took: number[] = [];
  const over = new AbortController();
  const reading = (async () => {
    while (!over.signal.aborted) {
      const begun = performance.now();
      await house.stats(other);
      took.push(performance.now() - begun);
      await wait(50);
    }
  })();
  const begun = performance.now();
  try {
    await work();
  } finally {
    over.abort();
    await reading;
  }
  const sorted = ascending(took);
  return {
    seconds: round((performance.now() - begun) / 1000),
    grown: Math.round(memory(pid).peak - now),
    p99: round(percentile(sorted, 0.99)),
    longest: round(sorted.at(-1) ?? 0),
  };
}

async function ask(house: House, method: 'GET' | 'DELETE', path: string): Promise<number> {
  const answer = await request(`${house.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}` },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) bytes += chunk.length;
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${String(answer.statusCode)}`);
  return bytes;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return round((performance.now() - begun) / 1000);
}

/** The rows go in chunks; the round that takes them comes within a minute. */
async function someAreGone({ pool }: House, campaign: number, people: number): Promise<void> {
  await until('the first row to go', 120, 100, async () => {
    const found = await pool?.query<{ n: string }>('select count(*) as n from messages where campaign_id = $1', [campaign]);
    return Number(found?.rows[0]?.n) < people ? true : undefined;
  });
}

async function allAreGone({ pool }: House, campaign: number): Promise<void> {
  await until('the last row to go', 1_200, 100, async () => {
    const found = await pool?.query('select from recipients where campaign_id = $1 limit 1', [campaign]);
    return found?.rowCount === 0 ? true : undefined;
  });
}

async function measure({ say, size }: Context): Promise<Figure[]> {
  const people = size(1_000_000, 5_000);
  const house = await openHouse({ engine: 'postgres', env: { RETENTION_DAYS: '30' } });
  const { pool } = house;
  if (pool === undefined) throw new Error('only on PostgreSQL');
  const figures: Figure[] = [];
  const tell = (what: string, work: Measured, baseline?: { of: string; seconds: number }): void => {
    say(`${what}: ${String(work.seconds)} s, + ${String(work.grown)} MB, others waited ${String(work.longest)} ms at most`);
    figures.push({
      what: `${what} of ${people.toLocaleString('en')} people${baseline === undefined ? '' : `, against ${baseline.of}`}`,
      figure: { value: work.seconds, unit: 's' },
      ...(baseline === undefined
        ? {}
        : { baseline: { value: baseline.seconds, unit: 's' }, ratio: round(work.seconds / baseline.seconds) }),
      target: 'others wait ≤ 250 ms, ≤ 150 MB of growth',
      met: work.longest <= 250 && work.grown <= 150,
      details: { ...work },
    });
  };
  try {
    const [sent = 0, other = 0] = await pastCampaigns(house, PAST, people);
    const copied = await seconds(() =>
      pool.query(
        `copy (select r.phone, m.*, r.data from recipients r join messages m using (campaign_id, id) where campaign_id = ${String(sent)}) to '/dev/null'`,
      ),
    );
    const path = `/api/v1/campaigns/${String(sent)}`;
    // V8's heap grows with its age, whatever it is used for: whether an export itself needs memory is seen at the second one.
    await ask(house, 'GET', `/api/v1/campaigns/${String(other)}/export.csv`);
    const exported = await beside(house, other, () => ask(house, 'GET', `${path}/export.csv`));
    tell('export', exported, { of: 'copy … to /dev/null', seconds: copied });
    const counted = await seconds(() =>
      pool.query('select status, count(*), sum(price_micros) from messages where campaign_id = $1 group by 1', [sent]),
    );
    const recounted = await beside(house, other, () => ask(house, 'GET', `${path}/recount`));
    tell('recount', recounted, { of: 'one count of the rows', seconds: counted });

    const draft = await house.campaign(people);
    const { data } = await house.call('GET', `/api/v1/campaigns/${String(draft)}/uploads`);
    const upload = (data as { upload_id: number }[])[0]?.upload_id ?? 0;
    const removed = await beside(house, other, () =>
      ask(house, 'DELETE', `/api/v1/campaigns/${String(draft)}/uploads/${String(upload)}`),
    );
    tell('removal from a draft', removed);

    await house.upload(draft, people, 0);
    const answered = await seconds(() => ask(house, 'DELETE', `/api/v1/campaigns/${String(draft)}`));
    await someAreGone(house, draft, people);
    const deleted = await beside(house, other, () => allAreGone(house, draft));
    say(`deletion answered after ${String(answered)} s`);
    tell('deletion', deleted);

    await pool.query(`update campaigns set settled_at = now() - interval '31 days' where id = $1`, [sent]);
    await house.restart();
    const forgotten = await beside(house, other, () => allAreGone(house, sent));
    tell('forgetting (RETENTION_DAYS)', forgotten);
    return figures;
  } finally {
    await house.close();
  }
}

export const growth: Row = {
  name: 'growth',
  about: 'export, recount, removal, deletion and retention of 1,000,000 people beside 5,000,000 messages',
  run: measure,
};
