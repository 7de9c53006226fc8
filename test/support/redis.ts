import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { openRedis } from '../../src/lib/jobs/redis.ts';
import { freePort, type StartedServer, startRedis } from './servers.ts';

let made = 0;
/** A prefix of its own for each test on a shared Redis. */
export function freshPrefix(): string {
  return `t${String(process.pid)}x${String(made++)}x${Date.now().toString(36)}`;
}

export async function readyRedis(url: string, onError: (error: unknown) => void = () => undefined): Promise<Redis> {
  const redis = openRedis(url, onError);
  await once(redis, 'ready');
  return redis;
}

/** A Redis of the test's own, to be killed, paused and emptied. */
export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  kill(): Promise<void>;
  /** Again on the same port, empty. */
  start(): Promise<void>;
  /** It takes what is sent and answers nothing. */
  pause(): void;
  resume(): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export async function ownRedis(args: readonly string[] = []): Promise<OwnRedis> {
  const port = await freePort();
  const begin = async (): Promise<StartedServer> => {
    const started = await startRedis({ port, args });
    if (started === undefined) throw new Error('there is no redis-server on this machine');
    return started;
  };
  let server: StartedServer | undefined = await begin();
  const signal = (name: NodeJS.Signals): void => {
    if (server !== undefined) process.kill(server.pid, name);
  };
  const kill = async (): Promise<void> => {
    const dying = server;
    server = undefined;
    if (dying === undefined) return;
    process.kill(dying.pid, 'SIGKILL');
    await dying.stop();
  };
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    kill,
    async start() {
      server ??= await begin();
    },
    pause() {
      signal('SIGSTOP');
    },
    resume() {
      signal('SIGCONT');
    },
    async flush() {
      const admin = await readyRedis(`redis://127.0.0.1:${String(port)}`);
      await admin.flushall();
      admin.disconnect();
    },
    async stop() {
      signal('SIGCONT');
      await kill();
    },
  };
}
