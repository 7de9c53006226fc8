/** What is no death but as bad: clocks that jump, disks that fill. Run by name: `npm run test:chaos -- --scenario clock`. */
import type { Point, Strike, Topology } from './plan.ts';
import type { RunOptions } from './run.ts';

interface Scenario {
  readonly name: string;
  readonly what: string;
  readonly topologies: readonly Topology[];
  readonly options: Partial<RunOptions>;
}

const after = 60;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'clock',
    what: 'Clocks of the product jump an hour ahead, back, behind, and far ahead at last, so that everything put off is due.',
    topologies: ['embedded', 'redis'],
    options: {
      wrongClocks: true,
      strikes: [
        { kind: 'clock', hours: 1, ms: 5_000, after },
        { kind: 'kill', who: 0, after },
        { kind: 'clock', hours: 0, ms: 5_000, after },
        { kind: 'clock', hours: -1, ms: 5_000, after: 0 },
        { kind: 'kill', who: 0, after: 0 },
        { kind: 'clock', hours: 3, ms: 3_000, after: 0 },
      ],
    },
  },
  {
    name: 'disk',
    what: 'The disk of the database is full for a while, twice; then it is started again.',
    topologies: ['embedded', 'postgres', 'redis'],
    options: {
      smallDisk: true,
      strikes: [
        { kind: 'disk_full', ms: 5_000, after },
        { kind: 'disk_full', ms: 2_000, after },
      ],
    },
  },
  {
    name: 'upgrade',
    what: 'Every process is of the version named by --previous. One door goes on with this one, then the other and a worker: that one is killed again and again beside two of the other version; these follow, one killed and one stopped.',
    topologies: ['redis'],
    options: {
      // Once the database is of this version, no process of the other one may begin again: the first to be killed there comes back as this.
      strikes: [
        { kind: 'kill', who: 0, after },
        { kind: 'kill_api', who: 1, after },
        { kind: 'upgrade', processes: 1, after },
        { kind: 'upgrade', processes: 2, after },
        ...killedAtEach(['claim.done', 'post.sent', 'post.done', 'record.sent', 'record.done', 'apply.done', 'commit.sent']),
        { kind: 'pg_terminate', after },
        { kind: 'redis_flush', ms: 200, after },
        { kind: 'upgrade', processes: 1, kill: true, after },
        ...killedAtEach(['post.sent', 'record.sent', 'apply.sent']),
        { kind: 'upgrade', processes: 1, after },
        { kind: 'rolling', after },
      ],
    },
  },
];

function killedAtEach(points: readonly Point[]): Strike[] {
  return points.map((point): Strike => ({ kind: 'point', who: 0, point, hit: 2, after }));
}
