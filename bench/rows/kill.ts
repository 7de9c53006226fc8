/**
 * What a `kill -9` at full speed leaves in doubt: people marked as being sent whom the simulator never had. Their webhooks settle
 * whoever it did have; nobody can tell the others from a lost answer, so they wait for a person.
 */
import { type Engine, type House, openHouse } from '../support/house.ts';
import { type Context, type Figure, type Row, until } from '../support/row.ts';

const MOST_IN_DOUBT = 100;
const ENGINES: readonly Engine[] = ['embedded', 'postgres', 'redis'];

interface Killed {
  readonly inDoubt: number;
  readonly perSecond: number;
  readonly settledSeconds: number;
}

async function accepted(house: House): Promise<number> {
  return Number((await house.sim('GET', '/_sim/state'))['accepted']);
}

/** Killed at two fifths of the list, started again, and waited for until nothing more can be settled. */
async function killAt(engine: Engine, people: number, perSecond: string): Promise<Killed> {
  const house = await openHouse({ engine, webhooks: true, env: { WHATSAPP_MESSAGES_PER_SECOND: perSecond } });
  try {
    const id = await house.campaign(people);
    await house.start(id);
    await until('the first message', 30, 5, async () => ((await accepted(house)) > 0 ? true : undefined));
    const begun = performance.now();
    const before = await accepted(house);
    await until('two fifths', 120, 2, async () => ((await accepted(house)) >= people * 0.4 ? true : undefined));
    const rate = ((await accepted(house)) - before) / ((performance.now() - begun) / 1_000);
    await house.killSenders();
    const killed = performance.now();
    await house.startSenders();
    const stats = await house.sentAll(id, 200);
    const settledSeconds = (performance.now() - killed) / 1_000;
    let last = -1;
    const unknown = await until('the webhooks to settle whom they can', 120, 1_000, async () => {
      const { by_status: now } = await house.stats(id);
      const owed = Number((await house.sim('GET', '/_sim/ledger/summary'))['owed_webhooks']);
      const isStill = owed === 0 && (await house.backlog()) === 0 && now['unknown'] === last;
      last = now['unknown'] ?? 0;
      return isStill ? last : undefined;
    });
    const summary = await house.sim('GET', '/_sim/ledger/summary');
    if (summary['repeated_callback'] !== 0 || summary['repeated_person'] !== 0) throw new Error('somebody was written to twice');
    if (stats.total_recipients - unknown !== Number(summary['accepted'])) throw new Error('somebody was forgotten');
    return { inDoubt: unknown, perSecond: Math.round(rate), settledSeconds: Math.round(settledSeconds) };
  } finally {
    await house.close();
  }
}

async function measure({ say, size }: Context): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [pace, people] of [
    ['100000', size(6_000, 1_500)],
    ['80', size(600, 200)],
  ] as const) {
    for (const engine of ENGINES) {
      const { inDoubt, perSecond, settledSeconds } = await killAt(engine, people, pace);
      say(`${engine}, ${String(perSecond)}/s: ${String(inDoubt)} in doubt, over after ${String(settledSeconds)} s`);
      const most = pace === '80' ? 9 : MOST_IN_DOUBT;
      figures.push({
        what: `kill at ${pace === '80' ? '80/s' : 'full speed'}, ${engine}`,
        figure: { value: inDoubt, unit: 'people in doubt' },
        target: `≤ ${String(most)}`,
        met: inDoubt <= most,
        details: { per_second: perSecond, seconds_until_over: settledSeconds },
      });
    }
  }
  return figures;
}

export const killRow: Row = {
  name: 'kill',
  about: 'kill -9 of every sending process at two fifths of 6,000 people: who stays in doubt',
  run: measure,
};
