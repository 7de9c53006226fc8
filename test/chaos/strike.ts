/** Carries out one strike and puts right what it broke; resolves when the system is up again. */

import { insist } from '../../src/cli/drill/api.ts';
import type { Child } from '../../src/cli/drill/child.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import type { Span } from './ledger-checks.ts';
import type { NetFault, Strike } from './plan.ts';
import type { World } from './world.ts';

export interface Struck {
  /** Processes that were killed while they may have been sending. */
  readonly senders: number;
  /** Sends that surely came to nothing though their outcome is unknown to the sender. */
  readonly notAccepted: number;
  /** The point was not passed in time; the process was killed outright. */
  readonly missed?: string;
  /** The simulator stood still, and took afterwards what had gathered. */
  readonly still?: Span;
}

const NOTHING: Struck = { senders: 0, notAccepted: 0 };
/** How long a process may take to come to a point. */
const POINT_MS = 60_000;
/** More than a graceful stop takes (6 s for answers that are out). */
const STOP_MS = 45_000;

export async function carryOut(world: World, strike: Strike): Promise<Struck> {
  switch (strike.kind) {
    case 'kill':
      return killAndRestart(world, at(world.workers, strike.who));
    case 'kill_api':
      return killAndRestart(world, at(world.apis, strike.who));
    case 'point':
      return killAtPoint(world, strike);
    case 'stop':
      return stopAndRestart(world, at(world.workers, strike.who));
    case 'rolling':
      for (const child of [...world.workers, ...world.apis]) {
        await stopAndRestart(world, child);
        await child.up();
      }
      return NOTHING;
    case 'freeze':
      await freeze((signal) => at(world.workers, strike.who).signal(signal), strike.ms);
      return NOTHING;
    case 'meta_freeze':
      return { ...NOTHING, still: await during(() => freeze((signal) => world.simulator.signal(signal), strike.ms)) };
    case 'meta_kill':
      await world.simulator.kill();
      await sleep(strike.ms);
      world.simulator.spawn();
      await world.configureSimulator();
      return { senders: 1, notAccepted: 0 };
    case 'net':
      return breakNetwork(world, strike.what, strike.times);
    case 'clock':
      world.clock?.(strike.hours);
      await sleep(strike.ms);
      return NOTHING;
    case 'disk_full':
      return fillDisk(world, strike.ms);
    case 'upgrade':
      for (const child of world.upgrade(strike.processes)) {
        await (strike.kill === true ? killAndRestart(world, child) : stopAndRestart(world, child));
        await child.up();
      }
      return { senders: strike.kill === true ? strike.processes : 0, notAccepted: 0 };
    default:
      return strikeServers(world, strike);
  }
}

async function strikeServers(world: World, strike: Strike): Promise<Struck> {
  const { postgres, redis } = world;
  switch (strike.kind) {
    case 'redis_kill':
      await redis?.kill();
      await sleep(strike.ms);
      await redis?.start();
      break;
    case 'redis_flush':
      await redis?.flush();
      await sleep(strike.ms);
      await redis?.flush();
      break;
    case 'redis_freeze':
      await freeze((signal) => redis?.signal(signal), strike.ms);
      break;
    case 'pg_kill':
      await postgres?.kill();
      await sleep(strike.ms);
      await postgres?.start();
      break;
    case 'pg_restart':
      await postgres?.stopAtOnce();
      await sleep(strike.ms);
      await postgres?.start();
      break;
    case 'pg_freeze':
      await freeze((signal) => postgres?.signal(signal), strike.ms);
      break;
    case 'pg_terminate':
      if (postgres !== undefined) await terminateBackends(postgres.url);
      break;
    default:
      throw new Error(`nobody carries out ${strike.kind}`);
  }
  // Whoever died of it by himself has been noted and begins again.
  if (world.topology !== 'redis') await Promise.all(world.workers.map((child) => child.up()));
  return NOTHING;
}

/** A database that cannot write may end its process: then, and when it does not come back by itself, it is started again, as a person would. */
async function fillDisk(world: World, ms: number): Promise<Struck> {
  const { disk } = world;
  if (disk === undefined) throw new Error('this world has no small disk');
  disk.fill();
  await sleep(ms);
  disk.free();
  if (world.postgres !== undefined) {
    await world.postgres.kill();
    await world.postgres.start();
  }
  for (const child of world.workers) {
    await child.kill();
    child.surprises.length = 0;
    await restart(world, child);
  }
  return { senders: world.workers.length, notAccepted: 0 };
}

async function killAndRestart(world: World, child: Child): Promise<Struck> {
  await child.kill();
  await restart(world, child);
  return { senders: 1, notAccepted: 0 };
}

async function stopAndRestart(world: World, child: Child): Promise<Struck> {
  // In the middle of its start it has nothing to stop in good order.
  await child.up();
  if (!(await child.stop(STOP_MS))) child.note('did not stop when asked and was killed');
  await restart(world, child);
  return NOTHING;
}

async function killAtPoint(world: World, { point, hit, who }: Extract<Strike, { kind: 'point' }>): Promise<Struck> {
  const child = at(point.startsWith('store') ? world.apis : world.workers, who);
  await child.up();
  child.send({ arm: point, hit });
  const ended = child.ended().then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, POINT_MS);
  });
  const fell = await Promise.race([ended, timedOut]);
  clearTimeout(timer);
  if (!fell) await child.kill();
  await restart(world, child);
  return { senders: 1, notAccepted: 0, ...(fell ? {} : { missed: point }) };
}

/** Of several processes the others go on meanwhile, and the next strike may meet this one in the middle of its start. */
async function restart(world: World, child: Child): Promise<void> {
  child.spawn();
  if (world.topology !== 'redis') await child.up();
}

/** With the second after it, in which what had gathered arrives. */
async function during(work: () => Promise<void>): Promise<Span> {
  const from = Date.now();
  await work();
  return { from, until: Date.now() + 1_000 };
}

async function freeze(signal: (signal: NodeJS.Signals) => void, ms: number): Promise<void> {
  signal('SIGSTOP');
  await sleep(ms);
  signal('SIGCONT');
}

async function terminateBackends(url: string): Promise<void> {
  const db = openPostgres({ connectionString: url, max: 1 });
  await db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'whatsapp-sender' and pid <> pg_backend_pid()`,
  );
  await db.close();
}

const NET_FAULTS: Readonly<Record<NetFault, { readonly rule: object; readonly accepts: boolean }>> = {
  hang: { rule: { action: 'hang_after' }, accepts: true },
  hang_before: { rule: { action: 'hang_before' }, accepts: false },
  reset_before: { rule: { action: 'reset_before' }, accepts: false },
  reset_after: { rule: { action: 'reset_after' }, accepts: true },
  slow: { rule: { delay_ms: 1_500 }, accepts: true },
  html_503: { rule: { answer: { status: 503, body: '<html><body>Service Unavailable</body></html>' } }, accepts: false },
  garbled: {
    rule: { answer: { status: 200, body: '{"messaging_product":"whats', content_type: 'application/json' } },
    accepts: false,
  },
};

async function breakNetwork(world: World, what: NetFault, times: number): Promise<Struck> {
  const { rule, accepts } = NET_FAULTS[what];
  await insist(
    'the fault to be set',
    async () => ((await world.sim.call('POST', '/_sim/faults', { ...rule, times })).status === 200 ? true : undefined),
    { withinMs: 30_000 },
  );
  return { senders: 0, notAccepted: accepts ? 0 : times };
}

function at<T>(list: readonly T[], who: number): T {
  const item = list[who % list.length];
  if (item === undefined) throw new Error('nobody there');
  return item;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
