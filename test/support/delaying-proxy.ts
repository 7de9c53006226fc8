/** A wire of any length: forwards TCP both ways, each byte half a round trip late, in order. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DelayingProxy {
  readonly port: number;
  /** The whole round trip from now on; what is on its way keeps its time. */
  setRoundTrip(ms: number): void;
  /** Nothing comes through any more, and nobody is told. */
  cut(): void;
  /** What was cut comes through again, all that was held first. */
  mend(): void;
  /** New connections go to another server; those there are stay where they are. */
  redirect(port: number): void;
  close(): Promise<void>;
}

export interface DelayingProxyOptions {
  readonly to: number;
  readonly roundTripMs: number;
  /** Added to each half of a round trip, evenly between 0 and this. */
  readonly jitterMs?: number;
}

export async function openDelayingProxy({ to, roundTripMs, jitterMs = 0 }: DelayingProxyOptions): Promise<DelayingProxy> {
  let target = to;
  let halfMs = roundTripMs / 2;
  let isCut = false;
  let held: (() => void)[] = [];
  const sockets = new Set<Socket>();

  const carry = (from: Socket, other: Socket): void => {
    let lastAt = 0;
    const later = (what: () => void): void => {
      const now = performance.now();
      lastAt = Math.max(lastAt, now + halfMs + Math.random() * jitterMs);
      const arrive = (): void => {
        if (isCut) held.push(what);
        else what();
      };
      // A timer of no length would still cost a millisecond.
      if (lastAt - now < 0.5) arrive();
      else setTimeout(arrive, lastAt - now);
    };
    from.on('data', (chunk) => {
      later(() => other.write(chunk));
    });
    from.on('end', () => {
      later(() => other.end());
    });
    from.on('error', () => other.destroy());
    from.on('close', () => sockets.delete(from));
    sockets.add(from);
  };

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    setRoundTrip(ms) {
      halfMs = ms / 2;
    },
    cut() {
      isCut = true;
    },
    mend() {
      isCut = false;
      const waiting = held;
      held = [];
      for (const arrive of waiting) arrive();
    },
    redirect(port) {
      target = port;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
