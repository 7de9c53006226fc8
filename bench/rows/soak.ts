/** Twenty minutes of an ordinary day, on both databases side by side: sending, statuses, small campaigns, people who look. Memory stays flat. */
import { memory } from '../support/cpu.ts';
import { type Engine, type House, openHouse } from '../support/house.ts';
import { ascending, type Context, type Figure, percentile, type Row, round, wait } from '../support/row.ts';

const RATE = 200;
const SAMPLE_MS = 5_000;
/** A small campaign comes with every sixth sample. */
const SMALL = { every: 6, people: 300 };

async function soak({ say, size }: Context, engine: Engine): Promise<Figure> {
  const seconds = size(1_200, 30);
  const house = await openHouse({ engine, webhooks: true, env: { WHATSAPP_MESSAGES_PER_SECOND: String(RATE) } });
  try {
    const large = await house.campaign(RATE * seconds);
    await house.start(large);
    const samples: number[] = [];
    const begun = performance.now();
    for (let n = 1; performance.now() - begun < seconds * 1_000; n++) {
      await look(house, large);
      if (n % SMALL.every === 0) await house.start(await house.campaign(SMALL.people, 50_000_000 + n * 1_000));
      samples.push(memory(house.app.pid).now);
      await wait(SAMPLE_MS);
    }
    const { by_status: byStatus, total_recipients: people } = await house.stats(large);
    const told = Object.values(byStatus).reduce((sum, n) => sum + n, 0);
    if (told !== people) throw new Error(`the counts by status sum to ${String(told)}, the list holds ${String(people)}`);
    const repeated = (await house.sim('GET', '/_sim/ledger/summary'))['repeated_person'];
    // The first tenth is a start; the second and the last are compared.
    const tenth = Math.ceil(samples.length / 10);
    const early = median(samples.slice(tenth, 2 * tenth));
    const late = median(samples.slice(-tenth));
    say(`${engine}: ${String(Math.round(early))} MB, at the end ${String(Math.round(late))} MB`);
    return {
      what: `memory after ${String(Math.round(seconds / 60))} minutes at ${String(RATE)}/s with all webhooks (${engine})`,
      figure: { value: Math.round(late), unit: 'MB' },
      baseline: { value: Math.round(early), unit: 'MB' },
      ratio: round(late / early, 3),
      target: '≤ 1.1 × after two minutes',
      met: late / early <= 1.1,
      details: {
        by_status: byStatus,
        repeated_person: repeated,
        peak_mb: Math.round(memory(house.app.pid).peak),
        samples: samples.map(Math.round),
      },
    };
  } finally {
    await house.close();
  }
}

async function look(house: House, id: number): Promise<void> {
  const campaign = `/api/v1/campaigns/${String(id)}`;
  for (const path of [`${campaign}/stats`, '/api/v1/campaigns?limit=50', `${campaign}/recipients?limit=50&status=failed`])
    await house.call('GET', path);
}

function median(values: readonly number[]): number {
  return percentile(ascending(values), 0.5);
}

export const soakRow: Row = {
  name: 'soak',
  about: 'memory over 20 minutes at 200/s with webhooks, small campaigns and people who look, both databases side by side',
  run: (context) => Promise.all([soak(context, 'postgres'), soak(context, 'embedded')]),
};
