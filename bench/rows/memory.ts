/** Memory of one process, whatever the size of its campaign. */
import { memory } from '../support/cpu.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Context, type Figure, type Row, round, wait } from '../support/row.ts';

/** Small campaigns before: V8's heap grows for the first seven or so, whatever their size, and that is not what is asked. */
const WARM_UPS = 10;

/** The most resident while a campaign is imported and sent, in a process that has sent some small ones. */
async function peakOf(people: number, warmUp: number, limitSeconds: number): Promise<number> {
  const house = await openHouse({ engine: 'postgres' });
  try {
    for (let n = 0; n < WARM_UPS; n++) await sendAll(house, warmUp, 80_000_000 + n * warmUp, 60);
    await sendAll(house, people, 0, limitSeconds);
    return memory(house.app.pid).peak;
  } finally {
    await house.close();
  }
}

async function sendAll(house: House, people: number, offset: number, limitSeconds: number): Promise<void> {
  const id = await house.campaign(people, offset);
  await house.start(id);
  await house.sentAll(id, limitSeconds);
}

async function bySize({ size, say }: Context): Promise<Figure> {
  const [few, many] = [size(10_000, 1_000), size(1_000_000, 5_000)];
  const warmUp = size(10_000, 500);
  const small = await peakOf(few, warmUp, 600);
  const large = await peakOf(many, warmUp, 3_600);
  say(
    `peak ${String(Math.round(small))} MB at ${few.toLocaleString('en')}, ${String(Math.round(large))} MB at ${many.toLocaleString('en')}`,
  );
  return {
    what: `memory of one process, ${many.toLocaleString('en')} against ${few.toLocaleString('en')} people (peak)`,
    figure: { value: Math.round(large), unit: 'MB' },
    baseline: { value: Math.round(small), unit: 'MB' },
    ratio: round(large / small, 3),
    target: '≤ 1.3 × the small one',
    met: large / small <= 1.3,
  };
}

async function embedded({ size, say }: Context): Promise<Figure> {
  const people = size(1_000_000, 5_000);
  const house = await openHouse({ engine: 'embedded' });
  try {
    await house.campaign(people);
    await house.restart();
    await wait(size(60_000, 2_000));
    const resident = memory(house.app.pid).now;
    say(`embedded, ${people.toLocaleString('en')} rows, after a restart: ${String(Math.round(resident))} MB`);
    return {
      what: `memory of the embedded process with ${people.toLocaleString('en')} rows, 60 s after a restart`,
      figure: { value: Math.round(resident), unit: 'MB' },
      target: '≤ 350 MB',
      met: resident <= 350,
    };
  } finally {
    await house.close();
  }
}

export const memoryRow: Row = {
  name: 'memory',
  about: 'one process at 10,000 and 1,000,000 people; the embedded one after a restart',
  run: async (context) => [await embedded(context), await bySize(context)],
};
