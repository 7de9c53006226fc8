/** One number, several campaigns: a small one is not stuck behind a large one, and equals share equally. */
import { type House, openHouse } from '../support/house.ts';
import { type Figure, type Row, round, wait } from '../support/row.ts';

const RATE = 200;

async function small(house: House, large: number): Promise<Figure> {
  const big = await house.campaign(large);
  const ten = await house.campaign(10, 50_000_000);
  await house.start(big);
  await wait(3_000);
  const begun = performance.now();
  await house.start(ten);
  await house.sentAll(ten, 60);
  const seconds = (performance.now() - begun) / 1000;
  await house.call('POST', `/api/v1/campaigns/${String(big)}/cancel`);
  return {
    what: `a campaign of 10 during one of ${large.toLocaleString('en')}, at ${String(RATE)}/s`,
    figure: { value: round(seconds), unit: 's' },
    target: '≤ 5 s',
    met: seconds <= 5,
  };
}

async function equals(house: House, seconds: number): Promise<Figure> {
  const people = RATE * (seconds + 10);
  const [a, b] = [await house.campaign(people, 60_000_000), await house.campaign(people, 70_000_000)];
  await house.start(a);
  await house.start(b);
  await wait(1_000);
  const sent = async (): Promise<[number, number]> => [
    (await house.stats(a)).messages_sent,
    (await house.stats(b)).messages_sent,
  ];
  const [a0, b0] = await sent();
  await wait(seconds * 1000);
  const [a1, b1] = await sent();
  const share = ((a1 - a0) / (a1 - a0 + b1 - b0)) * 100;
  return {
    what: `two equal campaigns on one number over ${String(seconds)} s: share of the first`,
    figure: { value: round(share, 1), unit: '%' },
    target: '50 ± 10 %',
    met: share >= 40 && share <= 60,
    details: { together_per_second: round((a1 - a0 + b1 - b0) / seconds, 1) },
  };
}

export const fairness: Row = {
  name: 'fairness',
  about: 'a campaign of 10 during one of 1,000,000; two equal ones',
  async run({ size, say }) {
    const house = await openHouse({ engine: 'postgres', env: { WHATSAPP_MESSAGES_PER_SECOND: String(RATE) } });
    try {
      const figures = [await small(house, size(1_000_000, 5_000)), await equals(house, size(10, 3))];
      for (const { what, figure } of figures) say(`${what}: ${String(figure.value)} ${figure.unit}`);
      return figures;
    } finally {
      await house.close();
    }
  },
};
