/** What one message costs must not depend on how many there are: CPU of program and database, and time, at three sizes. */
import { type House, openHouse } from '../support/house.ts';
import { type Figure, type Row, round } from '../support/row.ts';

interface Cost {
  readonly people: number;
  readonly cpuUs: number;
  readonly wallUs: number;
}

async function costOf(house: House, people: number, offset: number): Promise<Cost> {
  const id = await house.campaign(people, offset);
  const before = house.cpu();
  const begun = performance.now();
  await house.start(id);
  await house.sentAll(id, 3_600);
  const seconds = (performance.now() - begun) / 1000;
  const after = house.cpu();
  const cpu = after.program - before.program + after.database - before.database;
  return { people, cpuUs: (cpu / people) * 1e6, wallUs: (seconds / people) * 1e6 };
}

export const cost: Row = {
  name: 'cost',
  about: 'cost per message of campaigns of 10,000, 100,000 and 1,000,000 people',
  async run({ size, say }) {
    const house = await openHouse({ engine: 'postgres' });
    try {
      await costOf(house, size(10_000, 500), 0);
      const costs: Cost[] = [];
      for (const people of [size(10_000, 500), size(100_000, 2_000), size(1_000_000, 5_000)]) {
        const one = await costOf(house, people, people * 10);
        say(
          `${people.toLocaleString('en')}: ${String(Math.round(one.cpuUs))} µs of CPU, ${String(Math.round(one.wallUs))} µs of time a message`,
        );
        costs.push(one);
      }
      const [base, ...larger] = costs;
      if (base === undefined) return [];
      return larger.map((one): Figure => {
        const ratio = round(one.cpuUs / base.cpuUs, 3);
        return {
          what: `cost per message, ${one.people.toLocaleString('en')} against ${base.people.toLocaleString('en')}`,
          figure: { value: Math.round(one.cpuUs), unit: 'µs of CPU' },
          baseline: { value: Math.round(base.cpuUs), unit: 'µs of CPU' },
          ratio,
          target: '≤ 1.2 × the small one',
          met: ratio <= 1.2,
          details: { time_ratio: round(one.wallUs / base.wallUs, 3), time_us: Math.round(one.wallUs) },
        };
      });
    } finally {
      await house.close();
    }
  },
};
