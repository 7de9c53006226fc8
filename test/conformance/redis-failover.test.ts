/** Redis changes hands while connections live on, and refuses what it is asked: real servers, one of them a replica. */
import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { Redis } from 'ioredis';
import { createBullMqQueue } from '../../src/lib/jobs/bullmq.ts';
import type { Job } from '../../src/lib/jobs/job.ts';
import { watchRedis } from '../../src/lib/jobs/redis-watch.ts';
import type { Pacer } from '../../src/numbers/pacer.ts';
import { createRedisPacer } from '../../src/numbers/redis-pacer.ts';
import { freshPrefix, type OwnRedis, ownRedis, readyRedis } from '../support/redis.ts';
import { needsRedis } from '../support/servers.ts';
import { until } from '../support/wait.ts';
import { assertAtMost, collect } from './pacer.ts';

const { skip } = needsRedis();
const LIMIT = 200;

/** One address, as a service or a floating IP has it; connections that stand stay where they lead. */
async function openAddress(first: number): Promise<{ url: string; leadTo(port: number): void; close(): void }> {
  let target = first;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    leadTo(port) {
      target = port;
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

interface Process {
  readonly redis: Redis;
  readonly pacer: Pacer;
  readonly fault: () => string | undefined;
  readonly returns: () => number;
  close(): void;
}

/** As a worker has it: a pace, and a look at whether Redis takes writes. */
async function processOn(url: string): Promise<Process> {
  const redis = await readyRedis(url);
  const pacer = createRedisPacer({ redis, key: 'pace', ceiling: LIMIT, listen: () => undefined, onError: () => undefined });
  let returns = 0;
  const watch = watchRedis({ redis, key: 'written', everyMs: 50, onReturn: () => returns++ });
  await pacer.state();
  return {
    redis,
    pacer,
    fault: () => watch.fault(),
    returns: () => returns,
    close() {
      watch.stop();
      redis.disconnect();
    },
  };
}

async function admin<T>({ url }: OwnRedis, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = await readyRedis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

test('a replica is promoted and no connection breaks: it is noticed, and sending goes on within the limit', {
  skip,
}, async () => {
  const [first, second] = [await ownRedis(), await ownRedis()];
  const address = await openAddress(first.port);
  const processes = [await processOn(address.url), await processOn(address.url)];
  const ran: Job[] = [];
  const queue = createBullMqQueue({
    redis: (processes[0] as Process).redis,
    redisUrl: address.url,
    prefix: freshPrefix(),
    kinds: ['apply'],
    works: true,
    onError: () => undefined,
  });
  try {
    await admin(second, (redis) => redis.replicaof('127.0.0.1', first.port));
    await until('the replica to follow', async () =>
      (await admin(second, (redis) => redis.info('replication'))).includes('master_link_status:up') ? true : undefined,
    );
    await queue.start((job) => {
      ran.push(job);
      return Promise.resolve(undefined);
    });
    queue.wake({ kind: 'apply', lane: 0 });
    await until('work to be taken', () => (ran.length === 1 ? true : undefined));
    const pacers = processes.map(({ pacer }) => pacer);
    const before = await collect(pacers, 5, 150);
    // The one is promoted, the other follows it from now on; whoever is connected stays with the old one.
    await admin(second, (redis) => redis.replicaof('NO', 'ONE'));
    await admin(first, (redis) => redis.replicaof('127.0.0.1', second.port));
    address.leadTo(second.port);
    const after = await collect(pacers, 5, 300);
    assertAtMost([...before, ...after], LIMIT);
    await until('all to write to the new one', () => (processes.every(({ fault }) => fault() === undefined) ? true : undefined));
    await until('work to be taken again', () => {
      queue.wake({ kind: 'apply', lane: 0 });
      return ran.length > 1 ? true : undefined;
    });
  } finally {
    for (const one of processes) one.close();
    await queue.stop();
    address.close();
    await Promise.all([first.stop(), second.stop()]);
  }
});

const REFUSALS = [
  {
    what: 'has no memory left',
    fault: /^OOM/,
    begin: (redis: Redis) => redis.config('SET', 'maxmemory', '1'),
    end: (redis: Redis) => redis.config('SET', 'maxmemory', '0'),
  },
  {
    what: 'was demoted and nobody took over',
    fault: /READONLY|no connection/,
    begin: (redis: Redis) => redis.replicaof('127.0.0.1', 1),
    end: (redis: Redis) => redis.replicaof('NO', 'ONE'),
  },
  {
    what: 'is busy with a script of somebody',
    fault: /BUSY|timed out/,
    begin: async (redis: Redis) => {
      await redis.config('SET', 'busy-reply-threshold', '50');
      const other = redis.duplicate({ enableOfflineQueue: true });
      void other
        .eval('while true do end', 0)
        .catch(() => undefined)
        .finally(() => {
          other.disconnect();
        });
    },
    end: (redis: Redis) => redis.script('KILL'),
  },
] as const;

for (const { what, fault, begin, end } of REFUSALS) {
  test(`a Redis that ${what}: nothing leaves beyond the loan, it is told why, and it goes on within the limit`, {
    skip,
  }, async () => {
    const own = await ownRedis();
    const processes = [await processOn(own.url), await processOn(own.url)];
    const pacers = processes.map(({ pacer }) => pacer);
    const control = await readyRedis(own.url);
    try {
      const before = await collect(pacers, 5, 100);
      await begin(control);
      await until('the fault is told', () => (processes.every((one) => fault.test(one.fault() ?? '')) ? true : undefined));
      await until('the loans to end', () => (pacers.every((pacer) => pacer.stoppedForMs() >= 250) ? true : undefined));
      await Promise.all(pacers.map((pacer) => assert.rejects(pacer.grant(5, AbortSignal.timeout(200)), 'no grant')));
      await end(control);
      const after = await collect(pacers, 5, 200);
      assertAtMost([...before, ...after], LIMIT);
      await until('the fault to be over, and said', () =>
        processes.every((one) => one.fault() === undefined) ? true : undefined,
      );
    } finally {
      for (const one of processes) one.close();
      control.disconnect();
      await own.stop();
    }
  });
}

test('connections that an operator kills are made anew, and it goes on within the limit', { skip }, async () => {
  const own = await ownRedis();
  const processes = [await processOn(own.url), await processOn(own.url)];
  const pacers = processes.map(({ pacer }) => pacer);
  try {
    const before = await collect(pacers, 5, 100);
    await admin(own, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    const after = await collect(pacers, 5, 200);
    assertAtMost([...before, ...after], LIMIT);
  } finally {
    for (const one of processes) one.close();
    await own.stop();
  }
});
