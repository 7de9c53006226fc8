/** The simulator must never be what limits a measurement: against a bare HTTP server that reads the same bodies. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BareCalls } from '../processes/bare.ts';
import type { SimulatorCalls } from '../processes/simulator.ts';
import { startHelper } from '../support/helper.ts';
import { load } from '../support/house.ts';
import { type Row, shareOf } from '../support/row.ts';

const CONNECTIONS = 64;
const ROUNDS = 3;
const UNLIMITED = { throughput: { enforce: false }, magic_numbers: false };

async function rateOf(url: string, count: number): Promise<number> {
  const loop = load();
  await loop.ask('postSends', { url, count: Math.ceil(count / 4), connections: CONNECTIONS, from: 0 });
  const { perSecond } = await loop.ask('postSends', { url, count, connections: CONNECTIONS, from: count });
  await loop.stop();
  return perSecond;
}

async function bare(count: number): Promise<number> {
  const server = startHelper<BareCalls>('bare');
  const rate = await rateOf(await server.ask('http'), count);
  await server.stop();
  return rate;
}

async function simulator(count: number, dataDir: string | undefined): Promise<number> {
  const server = startHelper<SimulatorCalls>('simulator');
  const rate = await rateOf(await server.ask('start', { config: UNLIMITED, dataDir }), count);
  await server.stop();
  return rate;
}

export const simulatorBare: Row = {
  name: 'simulator',
  about: 'the simulator against a bare Node HTTP server, in memory and on disk',
  async run({ size, say }) {
    const count = size(40_000, 3_000);
    const folder = mkdtempSync(join(tmpdir(), 'bench-simulator-'));
    const best = { bare: 0, memory: 0, disk: 0 };
    // Turn about, so that a noisy minute of the machine hits all alike; the best round of each counts.
    for (let round = 0; round < ROUNDS; round++) {
      best.bare = Math.max(best.bare, await bare(count));
      best.memory = Math.max(best.memory, await simulator(count, undefined));
      best.disk = Math.max(best.disk, await simulator(count, join(folder, String(round))));
    }
    rmSync(folder, { recursive: true, force: true });
    say(
      `bare ${String(Math.round(best.bare))}/s, in memory ${String(Math.round(best.memory))}/s, on disk ${String(Math.round(best.disk))}/s`,
    );
    return [
      shareOf('simulator bare, in memory', best.memory, best.bare, 0.6, 'POST/s'),
      shareOf('simulator bare, ledger on disk', best.disk, best.bare, 0.6, 'POST/s'),
    ];
  },
};
