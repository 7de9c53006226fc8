/**
 * A gate before the simulator that notes when each message arrives. It does nothing else, so that its own pauses are not taken for
 * the pace: the simulator, with hundreds of answers held back, collects its garbage for 10 to 25 ms at a time.
 */
import { type AddressInfo, connect, createServer } from 'node:net';
import { setPriority } from 'node:os';
import { answerQuestions } from '../support/helper.ts';

try {
  // Woken at once, as a network card is.
  setPriority(-15);
} catch {
  // Only root may; as anybody else it is woken when its turn comes.
}

let arrivals: number[] = [];
let address = '';

const calls = {
  /** @returns its own address. */
  async open({ to }: { to: string }): Promise<string> {
    const { hostname: host, port } = new URL(to);
    const server = createServer({ noDelay: true }, (near) => {
      const far = connect({ host, port: Number(port), noDelay: true });
      near.on('data', (chunk) => {
        // One request at a time on a connection, and its head comes in one piece.
        if (chunk.toString('latin1', 0, 5) === 'POST ') arrivals.push(performance.timeOrigin + performance.now());
        far.write(chunk);
      });
      far.on('data', (chunk) => near.write(chunk));
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on('end', () => other.end());
        one.on('error', () => other.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    return address;
  },
  address: (): Promise<string> => Promise.resolve(address),
  forget(): Promise<void> {
    arrivals = [];
    return Promise.resolve();
  },
  arrivals: (): Promise<number[]> => Promise.resolve(arrivals),
};

export type GateCalls = typeof calls;

answerQuestions(calls);
