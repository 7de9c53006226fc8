/** What dies when: drawn from a seed, so that a run can be had again. */
import { type Chance, chanceOf } from '../../src/cli/drill/random.ts';

export const TOPOLOGIES = ['embedded', 'postgres', 'redis'] as const;
export type Topology = (typeof TOPOLOGIES)[number];

/** Where a process kills itself; the words are explained in points.mjs. */
export const POINTS = [
  'claim.before',
  'claim.sent',
  'claim.done',
  'post.before',
  'post.sent',
  'post.done',
  'record.before',
  'record.sent',
  'record.done',
  'store.before',
  'store.sent',
  'store.done',
  'apply.before',
  'apply.sent',
  'apply.done',
  'applied.sent',
  'applied.done',
  'commit.before',
  'commit.sent',
  'commit.done',
] as const;
export type Point = (typeof POINTS)[number];

export type Strike = {
  /** Messages accepted since the last strike before this one falls. */
  readonly after: number;
} & (
  | { readonly kind: 'kill'; readonly who: number }
  | { readonly kind: 'point'; readonly who: number; readonly point: Point; readonly hit: number }
  | { readonly kind: 'stop'; readonly who: number }
  | { readonly kind: 'freeze'; readonly who: number; readonly ms: number }
  | { readonly kind: 'rolling' }
  | { readonly kind: 'kill_api'; readonly who: number }
  | { readonly kind: 'redis_kill' | 'redis_flush'; readonly ms: number }
  | { readonly kind: 'redis_freeze'; readonly ms: number }
  | { readonly kind: 'pg_kill' | 'pg_restart'; readonly ms: number }
  | { readonly kind: 'pg_terminate' }
  | { readonly kind: 'pg_freeze'; readonly ms: number }
  | { readonly kind: 'meta_kill'; readonly ms: number }
  | { readonly kind: 'meta_freeze'; readonly ms: number }
  | { readonly kind: 'net'; readonly what: NetFault; readonly times: number }
  /** Scenarios only (scenarios.ts): the clock of the product's processes, by how much it is wrong from now on. */
  | { readonly kind: 'clock'; readonly hours: number; readonly ms: number }
  /** The disk of the database is full for so long. */
  | { readonly kind: 'disk_full'; readonly ms: number }
  /** So many of the processes, stopped or killed, go on with this version; the doors come first. */
  | { readonly kind: 'upgrade'; readonly processes: number; readonly kill?: boolean }
);

export type NetFault = 'hang' | 'hang_before' | 'reset_before' | 'reset_after' | 'slow' | 'html_503' | 'garbled';
const NET: readonly NetFault[] = ['reset_before', 'reset_after', 'slow', 'html_503', 'garbled'];
/** These hold a send until its timeout: only where there is time to wait for it. */
const SLOW_NET: readonly NetFault[] = ['hang', 'hang_before'];

type Kind = Exclude<Strike['kind'], 'clock' | 'disk_full' | 'upgrade'>;

/** How often each is drawn. */
const WEIGHTS: Readonly<Record<Topology, Readonly<Partial<Record<Kind, number>>>>> = {
  embedded: { kill: 3, point: 8, stop: 2, freeze: 1, meta_kill: 1, meta_freeze: 1, net: 2 },
  postgres: {
    kill: 1,
    point: 4,
    stop: 2,
    freeze: 1,
    pg_kill: 3,
    pg_restart: 2,
    pg_terminate: 3,
    pg_freeze: 1,
    meta_kill: 1,
    meta_freeze: 1,
    net: 2,
  },
  redis: {
    kill: 3,
    point: 8,
    stop: 2,
    freeze: 1,
    rolling: 1,
    kill_api: 2,
    redis_kill: 3,
    redis_flush: 3,
    redis_freeze: 2,
    pg_kill: 2,
    pg_restart: 1,
    pg_terminate: 2,
    pg_freeze: 1,
    meta_kill: 1,
    meta_freeze: 1,
    net: 2,
  },
};

export interface PlanOptions {
  readonly seed: number;
  readonly topology: Topology;
  readonly kills: number;
  /** Waits of half a minute are allowed. */
  readonly patient: boolean;
}

export function planStrikes({ seed, topology, kills, patient }: PlanOptions): Strike[] {
  const chance = chanceOf(seed);
  const bag = Object.entries(WEIGHTS[topology]).flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind as Kind));
  // Every point comes once before one comes twice.
  let points: Point[] = [];
  return Array.from({ length: kills }, () => {
    if (points.length === 0) points = shuffled(POINTS, chance);
    const strike = draw(chance.pick(bag), chance, () => points.pop() ?? 'claim.done', patient);
    return { after: chance.whole(5, 120), ...strike };
  });
}

type Bare = Strike extends infer S ? (S extends { readonly after: number } ? Omit<S, 'after'> : never) : never;

function draw(kind: Kind, chance: Chance, nextPoint: () => Point, patient: boolean): Bare {
  const who = chance.whole(0, 5);
  switch (kind) {
    case 'point':
      return { kind, who, point: nextPoint(), hit: chance.whole(1, 12) };
    case 'kill':
    case 'stop':
    case 'kill_api':
      return { kind, who };
    case 'freeze':
      return { kind, who, ms: chance.whole(500, 3_000) };
    case 'redis_freeze':
    case 'pg_freeze':
      return { kind, ms: 3_000 };
    case 'redis_kill':
    case 'redis_flush':
      return { kind, ms: chance.whole(0, 2_000) };
    case 'pg_kill':
    case 'pg_restart':
      return { kind, ms: chance.whole(0, 1_500) };
    case 'meta_kill':
      return { kind, ms: chance.whole(0, 1_500) };
    case 'meta_freeze':
      return { kind, ms: chance.whole(500, 3_000) };
    case 'pg_terminate':
    case 'rolling':
      return { kind };
    case 'net':
      return { kind, what: chance.pick(patient ? [...NET, ...SLOW_NET] : NET), times: chance.whole(1, 25) };
  }
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const rest = [...list];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(chance.whole(0, rest.length - 1), 1));
  return result;
}

export function describe(strike: Strike): string {
  switch (strike.kind) {
    case 'point':
      return `kill at ${strike.point}, hit ${String(strike.hit)}`;
    case 'net':
      return `network: ${strike.what} ×${String(strike.times)}`;
    case 'freeze':
    case 'redis_freeze':
    case 'meta_freeze':
    case 'redis_kill':
    case 'redis_flush':
    case 'pg_kill':
    case 'pg_restart':
    case 'pg_freeze':
    case 'meta_kill':
    case 'disk_full':
      return `${strike.kind} ${String(strike.ms)} ms`;
    case 'upgrade':
      return `${String(strike.processes)} processes go on with this version`;
    case 'clock':
      return `clocks are wrong by ${String(strike.hours)} h`;
    default:
      return strike.kind;
  }
}
