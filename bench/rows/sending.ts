/**
 * Sending as fast as it goes: the simulator answers at once, and the baseline is a bare keep-alive loop that posts the same bodies
 * to the same simulator, before and after.
 */
import { cpuSeconds } from '../support/cpu.ts';
import { type Engine, type House, load, openHouse } from '../support/house.ts';
import { type Context, type Figure, type Row, round, shareOf } from '../support/row.ts';

const LOOP_CONNECTIONS = 64;

async function bareLoop(house: House, count: number, from: number): Promise<{ perSecond: number; cpuUs: number }> {
  const loop = load();
  const idle = cpuSeconds(loop.pid);
  const { perSecond } = await loop.ask('postSends', { url: house.simulatorUrl, count, connections: LOOP_CONNECTIONS, from });
  const spent = cpuSeconds(loop.pid) - idle;
  await loop.stop();
  return { perSecond, cpuUs: (spent / count) * 1e6 };
}

async function measure({ say, size }: Context, engine: Engine, webhooks: boolean): Promise<Figure> {
  const people = size(100_000, 5_000);
  const house = await openHouse({ engine, webhooks });
  try {
    const warm = await house.campaign(size(5_000, 500), 5_000_000);
    await house.start(warm);
    await (webhooks ? house.settled(warm, 60) : house.sentAll(warm, 60));
    // What the bare loop sends has no place here: its statuses would come back as nobody's.
    await house.sim('POST', '/_sim/account', { subscribed: false });
    await bareLoop(house, size(10_000, 1_000), 20_000_000);
    const before = await bareLoop(house, people, 30_000_000);
    await house.sim('POST', '/_sim/account', { subscribed: webhooks });
    const id = await house.campaign(people);
    const cpu = house.cpu();
    const simulatorCpu = cpuSeconds(house.simulator.pid);
    const begun = performance.now();
    await house.start(id);
    await house.sentAll(id, 600);
    const sentSeconds = (performance.now() - begun) / 1000;
    if (webhooks) await house.settled(id, 600);
    const seconds = (performance.now() - begun) / 1000;
    const spent = house.cpu();
    const simulatorSpent = cpuSeconds(house.simulator.pid) - simulatorCpu;
    await house.sim('POST', '/_sim/account', { subscribed: false });
    const after = await bareLoop(house, people, 40_000_000);
    const summary = await house.sim('GET', '/_sim/ledger/summary');
    const stats = await house.stats(id);
    const baseline = (before.perSecond + after.perSecond) / 2;
    say(
      `${engine}${webhooks ? ' with webhooks' : ''}: ${String(Math.round(people / seconds))}/s, bare loop ${String(Math.round(before.perSecond))}/s and ${String(Math.round(after.perSecond))}/s`,
    );
    return shareOf(
      nameOf(engine, webhooks),
      people / seconds,
      baseline,
      webhooks ? 0.25 : engine === 'redis' ? 0.35 : 0.5,
      'messages/s',
      {
        people,
        seconds: round(seconds),
        sent_per_second: Math.round(people / sentSeconds),
        bare_loop: [Math.round(before.perSecond), Math.round(after.perSecond)],
        // Noise of the machine shows in these much less than in the rates.
        cpu_us_per_message: {
          program: Math.round(((spent.program - cpu.program) / people) * 1e6),
          database: Math.round(((spent.database - cpu.database) / people) * 1e6),
          simulator: Math.round((simulatorSpent / people) * 1e6),
          bare_loop: Math.round((before.cpuUs + after.cpuUs) / 2),
        },
        by_status: Object.fromEntries(Object.entries(stats.by_status).filter(([, n]) => n > 0)),
        repeated: [summary['repeated_callback'], summary['repeated_person']],
      },
    );
  } finally {
    await house.close();
  }
}

function nameOf(engine: Engine, webhooks: boolean): string {
  const where = { embedded: 'embedded', postgres: 'PostgreSQL, one process', redis: 'PostgreSQL and Redis, two workers' }[engine];
  return `sending, ${where}${webhooks ? ', all webhooks applied' : ''}`;
}

function row(engine: Engine, about: string): Row {
  return {
    name: `sending-${engine}`,
    about,
    run: async (context) => [await measure(context, engine, false), await measure(context, engine, true)],
  };
}

export const sendingEmbedded = row('embedded', '100,000 messages, embedded database, without and with webhooks coming back');
export const sendingPostgres = row(
  'postgres',
  '100,000 messages, PostgreSQL, one process, without and with webhooks coming back',
);
export const sendingRedis = row(
  'redis',
  '100,000 messages, one api and two workers over Redis, without and with webhooks coming back',
);
