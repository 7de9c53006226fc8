/** Webhooks in: each is verified, stored durably and answered; applying them goes on meanwhile in the same process. */
import type { BareCalls } from '../processes/bare.ts';
import { startHelper } from '../support/helper.ts';
import { APP_SECRET, type Engine, type House, load, openHouse, WEBHOOK_PATH } from '../support/house.ts';
import { type Context, type Figure, type Row, round, shareOf, until } from '../support/row.ts';

const CONNECTIONS = 64;
const PACED = 3_000;

async function acceptedCampaign(house: House, people: number): Promise<number> {
  const id = await house.campaign(people);
  await house.start(id);
  await house.sentAll(id, 600);
  return id;
}

async function installationOf(house: House): Promise<string> {
  const { data } = await house.sim('GET', '/_sim/ledger?limit=1');
  const first: unknown = Array.isArray(data) ? data[0] : undefined;
  const callback =
    typeof first === 'object' && first !== null && 'biz_opaque_callback_data' in first
      ? String(first.biz_opaque_callback_data)
      : '';
  return callback.split('.')[0] ?? '';
}

function applied(house: House): Promise<true> {
  return until('an empty queue of webhooks', 300, 50, async () => ((await house.backlog()) === 0 ? true : undefined));
}

async function bareRate(posts: number): Promise<number> {
  const bare = startHelper<BareCalls>('bare');
  const url = await bare.ask('webhook', { secret: APP_SECRET });
  const loop = load();
  const shape = {
    url,
    path: '/webhook',
    secret: APP_SECRET,
    installation: 'bare',
    campaignId: 1,
    messages: posts,
    statuses: ['delivered'],
    perPost: 1,
    connections: CONNECTIONS,
  };
  await loop.ask('postStatuses', { ...shape, posts: Math.ceil(posts / 10) });
  const { seconds } = await loop.ask('postStatuses', { ...shape, posts });
  await loop.stop();
  await bare.stop();
  return posts / seconds;
}

async function single({ say, size }: Context, engine: Engine): Promise<Figure[]> {
  const people = size(50_000, 2_000);
  const house = await openHouse({ engine });
  const loop = load();
  try {
    const campaignId = await acceptedCampaign(house, people);
    const target = {
      url: house.url,
      path: WEBHOOK_PATH,
      secret: APP_SECRET,
      installation: await installationOf(house),
      campaignId,
      messages: people,
      perPost: 1,
      connections: CONNECTIONS,
    };
    await loop.ask('postStatuses', { ...target, statuses: ['sent'], posts: size(5_000, 500) });
    await applied(house);
    const before = await bareRate(people);
    const begun = performance.now();
    const whole = await loop.ask('postStatuses', { ...target, statuses: ['delivered'], posts: people });
    await applied(house);
    const appliedSeconds = (performance.now() - begun) / 1000;
    const after = await bareRate(people);
    const paced = await loop.ask('postStatuses', {
      ...target,
      statuses: ['read'],
      posts: Math.min(people, PACED * size(15, 1)),
      rate: PACED,
      connections: 256,
    });
    await applied(house);
    const { by_status: byStatus } = await house.stats(campaignId);
    say(
      `${engine}: ${String(Math.round(people / whole.seconds))}/s, bare ${String(Math.round(before))}/s and ${String(Math.round(after))}/s; at ${String(PACED)}/s p50 ${String(round(paced.p50))} p99 ${String(round(paced.p99))} ms`,
    );
    return [
      shareOf(`webhooks, one status a POST (${engine})`, people / whole.seconds, (before + after) / 2, 0.4, 'POST/s', {
        failed: whole.failed,
        applied_per_second: Math.round(people / appliedSeconds),
        bare: [Math.round(before), Math.round(after)],
        by_status: byStatus,
      }),
      {
        what: `webhooks at ${String(PACED)}/s, p50 (${engine})`,
        figure: { value: round(paced.p50), unit: 'ms' },
        target: '≤ 50 ms',
        met: paced.p50 <= 50,
      },
      {
        what: `webhooks at ${String(PACED)}/s, p99 (${engine})`,
        figure: { value: round(paced.p99), unit: 'ms' },
        target: '≤ 250 ms',
        met: paced.p99 <= 250,
        details: { max_ms: round(paced.max), failed: paced.failed, reached_per_second: Math.round(paced.posts / paced.seconds) },
      },
    ];
  } finally {
    await loop.stop();
    await house.close();
  }
}

const PER_POST = 500;

async function bulk({ say, size }: Context, engine: Engine): Promise<Figure> {
  const people = size(100_000, 2_000);
  const house = await openHouse({ engine });
  const loop = load();
  try {
    const campaignId = await acceptedCampaign(house, people);
    const statuses = ['sent', 'delivered', 'read'];
    const target = {
      url: house.url,
      path: WEBHOOK_PATH,
      secret: APP_SECRET,
      installation: await installationOf(house),
      campaignId,
      messages: people,
      perPost: PER_POST,
      connections: 8,
    };
    const count = people * statuses.length;
    const cpu = house.cpu();
    const begun = performance.now();
    const taken = await loop.ask('postStatuses', { ...target, statuses, posts: count / PER_POST });
    await applied(house);
    const seconds = (performance.now() - begun) / 1000;
    const spent = house.cpu();
    const { by_status: byStatus } = await house.stats(campaignId);
    if (byStatus['read'] !== people) throw new Error(`not all read: ${JSON.stringify(byStatus)}`);
    say(`${engine}: ${String(Math.round(count / seconds))} statuses/s until all are applied`);
    return {
      what: `webhooks, ${String(PER_POST)} statuses a POST, until all are applied (${engine})`,
      figure: { value: Math.round(count / seconds), unit: 'statuses/s' },
      target: '≥ 20000 statuses/s',
      met: count / seconds >= 20_000,
      details: {
        taken_per_second: Math.round(count / taken.seconds),
        failed: taken.failed,
        program_cpu_us_per_status: Math.round(((spent.program - cpu.program) / count) * 1e6),
        database_cpu_us_per_status: Math.round(((spent.database - cpu.database) / count) * 1e6),
      },
    };
  } finally {
    await loop.stop();
    await house.close();
  }
}

export const webhooksSingle: Row = {
  name: 'webhooks-single',
  about: 'one status a POST against a bare route that verifies and answers; latency at 3,000/s',
  run: async (context) => [...(await single(context, 'postgres')), ...(await single(context, 'embedded'))],
};

export const webhooksBulk: Row = {
  name: 'webhooks-bulk',
  about: '500 statuses a POST, until the last one is applied',
  run: async (context) => [await bulk(context, 'postgres'), await bulk(context, 'embedded')],
};
