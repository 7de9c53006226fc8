/** The pace kept and never exceeded: 1,000 a second while each answer takes 300 ms, by dispatch stamps and by arrivals. */
import type { GateCalls } from '../processes/gate.ts';
import { startHelper } from '../support/helper.ts';
import { type Engine, load, openHouse } from '../support/house.ts';
import { ascending, type Context, type Figure, type Row, round, until, wait } from '../support/row.ts';

const RATE = 1_000;
const WINDOW_MS = 1_000;
/** Left out at the beginning: a start is not the pace. */
const LEAD_IN_MS = 1_500;

/** The most within any window of one second, wherever it begins. */
function mostInWindow(sorted: readonly number[]): number {
  let most = 0;
  for (let first = 0, last = 0; last < sorted.length; last++) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= WINDOW_MS) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

async function measure({ say, size }: Context, engine: Engine): Promise<Figure[]> {
  const seconds = size(60, 5);
  const gate = startHelper<GateCalls>('gate');
  const house = await openHouse({
    engine,
    between: (to) => gate.ask('open', { to }),
    env: { WHATSAPP_MESSAGES_PER_SECOND: String(RATE) },
    simulator: { latency: { min_ms: 300, max_ms: 300 } },
  });
  try {
    // Meta is no process that has just begun.
    const loop = load();
    await loop.ask('postSends', { url: await gate.ask('address'), count: RATE * 3, connections: RATE, from: 20_000_000 });
    await loop.stop();
    await gate.ask('forget');
    const id = await house.campaign(RATE * (seconds + 4));
    const senders = [house.app, ...house.workers];
    await Promise.all(senders.map((sender) => sender.ask('stampDispatches')));
    await house.start(id);
    await until('the first message', 20, 10, async () => ((await house.stats(id)).messages_sent > 0 ? true : undefined));
    await wait(LEAD_IN_MS);
    const cpu = house.cpu();
    const begun = performance.timeOrigin + performance.now();
    await wait(seconds * 1000);
    const ended = performance.timeOrigin + performance.now();
    const spent = house.cpu();
    const stamps = ascending((await Promise.all(senders.map((sender) => sender.ask('dispatchStamps')))).flat());
    const sent = stamps.filter((at) => at >= begun && at < ended).length;
    const reached = sent / ((ended - begun) / 1000);
    const arrived = mostInWindow(ascending(await gate.ask('arrivals')));
    const dispatched = mostInWindow(stamps);
    const share = (spent.program - cpu.program) / ((ended - begun) / 1000);
    say(
      `${engine}: ${String(round(reached, 1))}/s, at most ${String(dispatched)} dispatched and ${String(arrived)} arrived in a second, ${String(round(share * 100, 1))} % of a core`,
    );
    return [
      {
        what: `pacing at ${String(RATE)}/s, answers after 300 ms (${engine})`,
        figure: { value: round(reached, 1), unit: 'messages/s' },
        baseline: { value: RATE, unit: 'messages/s' },
        ratio: round(reached / RATE, 4),
        target: '≥ 0.98 of the limit',
        met: reached / RATE >= 0.98,
        details: { seconds, stamps: stamps.length },
      },
      {
        what: `pacing, most dispatched in any second (${engine})`,
        figure: { value: dispatched, unit: 'messages' },
        baseline: { value: RATE, unit: 'messages' },
        ratio: round(dispatched / RATE, 4),
        target: '≤ the limit',
        met: dispatched <= RATE,
      },
      {
        what: `pacing, most arrived in any second (${engine})`,
        figure: { value: arrived, unit: 'messages' },
        baseline: { value: RATE, unit: 'messages' },
        ratio: round(arrived / RATE, 4),
        target: '≤ 1.02 of the limit',
        met: arrived <= RATE * 1.02,
      },
      {
        what: `pacing, CPU of the worker (${engine})`,
        figure: { value: round(share * 100, 1), unit: '% of a core' },
        target: '≤ 60 %',
        met: share <= 0.6,
        details: {
          database_percent: round(((spent.database - cpu.database) / seconds) * 100, 1),
          includes: engine === 'embedded' ? 'the embedded database' : 'the program only',
        },
      },
    ];
  } finally {
    await house.close();
    await gate.stop();
  }
}

export const pacing: Row = {
  name: 'pacing',
  about: '1,000/s for 60 s with answers after 300 ms',
  run: async (context) => [
    ...(await measure(context, 'postgres')),
    ...(await measure(context, 'embedded')),
    ...(await measure(context, 'redis')),
  ],
};
