/** Lists and figures stay quick with millions of messages stored and a campaign under way. */
import { KEY, load, openHouse } from '../support/house.ts';
import { pastCampaigns } from '../support/past.ts';
import { ascending, type Context, type Figure, percentile, type Row, round, wait } from '../support/row.ts';

const CAMPAIGNS = 50;
const SENDING = 500;

async function measure({ say, size }: Context): Promise<Figure[]> {
  const messages = size(5_000_000, 20_000);
  const house = await openHouse({ engine: 'postgres', env: { WHATSAPP_MESSAGES_PER_SECOND: String(SENDING) }, webhooks: true });
  const reader = load();
  try {
    const begun = performance.now();
    const last = (await pastCampaigns(house, CAMPAIGNS, Math.ceil(messages / CAMPAIGNS))).at(-1) ?? 0;
    say(`${messages.toLocaleString('en')} messages stored in ${String(Math.round((performance.now() - begun) / 1000))} s`);
    const rounds = size(300, 10);
    const running = await house.campaign(SENDING * size(210, 40));
    await house.start(running);
    // What has just started is still being compiled.
    await wait(10_000);
    const campaign = `/api/v1/campaigns/${String(last)}`;
    const paths = [
      '/api/v1/campaigns?limit=50',
      '/api/v1/campaigns?search=Campa&status=completed&limit=50',
      `${campaign}/stats`,
      `/api/v1/campaigns/${String(running)}/stats`,
      `${campaign}/recipients?limit=50`,
      `${campaign}/recipients?limit=50&status=failed`,
      `${campaign}/recipients?limit=50&phone=57320000012`,
      `/api/v1/campaigns/${String(running)}/recipients?limit=50`,
    ];
    await reader.ask('read', { url: house.url, key: KEY, paths, rounds: 5, everyMs: 5 });
    const before = (await house.stats(running)).messages_sent;
    const start = performance.now();
    const took = await reader.ask('read', { url: house.url, key: KEY, paths, rounds, everyMs: 20 });
    const sending = ((await house.stats(running)).messages_sent - before) / ((performance.now() - start) / 1000);
    const each = Object.fromEntries(paths.map((path) => [path, round(percentile(ascending(took[path] ?? []), 0.99))]));
    const worst = Math.max(...Object.values(each));
    const all = ascending(Object.values(took).flat());
    say(
      `p99 of all ${String(round(percentile(all, 0.99)))} ms, of the slowest list ${String(worst)} ms, while ${String(Math.round(sending))}/s are sent`,
    );
    return [
      {
        what: `lists and stats with ${messages.toLocaleString('en')} messages, at ${String(SENDING)}/s: p99 of the slowest list`,
        figure: { value: worst, unit: 'ms' },
        target: '≤ 20 ms',
        met: worst <= 20,
        details: {
          p99_by_path: each,
          p50: round(percentile(all, 0.5)),
          p99_of_all: round(percentile(all, 0.99)),
          sending_per_second: Math.round(sending),
        },
      },
    ];
  } finally {
    await reader.stop();
    await house.close();
  }
}

export const lists: Row = {
  name: 'lists',
  about: 'lists and stats with 5,000,000 messages stored while a campaign sends at 500/s',
  run: measure,
};
