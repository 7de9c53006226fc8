/** Live updates: how old what a thousand browsers are told is, from Meta's acceptance of the newest message counted in it. */
import { type House, KEY, load, openHouse } from '../support/house.ts';
import { ascending, percentile, type Row, round, wait } from '../support/row.ts';

const RATE = 1_000;

async function acceptedAt(house: House): Promise<number[]> {
  const times: number[] = [];
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const page = await house.sim('GET', `/_sim/ledger?limit=10000&after=${after}`);
    for (const entry of Array.isArray(page['data']) ? (page['data'] as { accepted_at: string }[]) : [])
      times.push(Date.parse(entry.accepted_at));
    after = typeof page['next'] === 'string' ? page['next'] : undefined;
  }
  return times;
}

export const live: Row = {
  name: 'live',
  about: '1,000 subscribers of one campaign while 1,000/s are sent',
  async run({ size, say }) {
    const subscribers = size(1_000, 50);
    const seconds = size(20, 4);
    const house = await openHouse({ engine: 'postgres', env: { WHATSAPP_MESSAGES_PER_SECOND: String(RATE) } });
    const browsers = load();
    try {
      const campaignId = await house.campaign(RATE * (seconds + 5));
      const opened = await browsers.ask('watch', { url: house.url, key: KEY, campaignId, count: subscribers });
      await house.start(campaignId);
      await wait(seconds * 1000);
      const seen = await browsers.ask('watched');
      const times = await acceptedAt(house);
      const delays = ascending(seen.filter(({ sent }) => sent > RATE).map(({ at, sent }) => at - (times[sent - 1] ?? at)));
      const p99 = percentile(delays, 0.99);
      say(
        `${String(opened)} open, ${String(seen.length)} events, p50 ${String(percentile(delays, 0.5))} ms, p99 ${String(p99)} ms`,
      );
      return [
        {
          what: `live updates, ${subscribers.toLocaleString('en')} subscribers at ${RATE.toLocaleString('en')}/s: p99 from acceptance to the browser`,
          figure: { value: round(p99), unit: 'ms' },
          target: '≤ 500 ms',
          met: p99 <= 500,
          details: { subscribers: opened, events: delays.length, p50_ms: percentile(delays, 0.5), max_ms: delays.at(-1) },
        },
      ];
    } finally {
      await browsers.stop();
      await house.close();
    }
  },
};
