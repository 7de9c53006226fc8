import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Redis } from 'ioredis';
import { LEASE_MS } from '../../src/numbers/pace-scripts.ts';
import type { Pacer } from '../../src/numbers/pacer.ts';
import { createRedisPacer } from '../../src/numbers/redis-pacer.ts';
import { openDelayingProxy } from '../support/delaying-proxy.ts';
import { freshPrefix, type OwnRedis, ownRedis, readyRedis } from '../support/redis.ts';
import { needsRedis } from '../support/servers.ts';
import { until } from '../support/wait.ts';
import { assertAtMost, collect, pacerSuite } from './pacer.ts';

const { url, skip } = needsRedis();

/** As a worker has it: asked once at its start, and told of changes. */
async function pacerOn(redis: Redis, key: string, ceiling: number, errors: unknown[] = []): Promise<Pacer> {
  const ears = redis.duplicate();
  const listen = (channel: string, onMessage: () => void): void => {
    ears.on('message', onMessage);
    ears.on('error', () => undefined);
    ears.subscribe(channel).catch(() => undefined);
  };
  redis.once('end', () => {
    ears.disconnect();
  });
  const pacer = createRedisPacer({ redis, key, ceiling, listen, onError: (error) => errors.push(error) });
  await pacer.state();
  return pacer;
}

function connections(address: string, many: number, onError?: (error: unknown) => void): Promise<Redis[]> {
  return Promise.all(Array.from({ length: many }, () => readyRedis(address, onError)));
}

pacerSuite(
  'the pace of three processes',
  async ({ ceiling }) => {
    const key = freshPrefix();
    const redises = await connections(url, 3);
    return {
      pacers: await Promise.all(redises.map((redis) => pacerOn(redis, key, ceiling))),
      close() {
        for (const redis of redises) redis.disconnect();
      },
    };
  },
  skip,
);

pacerSuite(
  'the pace of three processes 200 ms from Redis',
  async ({ ceiling }) => {
    const key = freshPrefix();
    const proxies = await Promise.all(
      [1, 2, 3].map(() => openDelayingProxy({ to: Number(new URL(url).port), roundTripMs: 200, jitterMs: 20 })),
    );
    const redises = await Promise.all(proxies.map(({ port }) => readyRedis(`redis://127.0.0.1:${String(port)}`)));
    return {
      pacers: await Promise.all(redises.map((redis) => pacerOn(redis, key, ceiling))),
      async close() {
        for (const redis of redises) redis.disconnect();
        await Promise.all(proxies.map((proxy) => proxy.close()));
      },
    };
  },
  skip,
);

interface OwnHouse {
  readonly own: OwnRedis;
  readonly pacers: Pacer[];
  readonly errors: unknown[];
}

/** Two processes on a Redis of their own. */
async function onOwnRedis(body: (parts: OwnHouse) => Promise<void>): Promise<void> {
  const own = await ownRedis();
  const errors: unknown[] = [];
  const redises = await connections(own.url, 2, (error) => errors.push(error));
  try {
    const pacers = await Promise.all(redises.map((redis) => pacerOn(redis, 'pace', 200, errors)));
    await body({ own, pacers, errors });
  } finally {
    for (const redis of redises) redis.disconnect();
    await own.stop();
  }
}

test('a Redis that knows nothing lends nothing until no loan of another life can be left', { skip }, async () => {
  const [redis] = await connections(url, 1);
  assert.ok(redis);
  try {
    const pacer = await pacerOn(redis, freshPrefix(), 1_000);
    const asked = performance.now();
    await pacer.grant(1, AbortSignal.timeout(20_000));
    assert.ok(performance.now() - asked >= LEASE_MS + 980, 'a loan and a second are waited for');
  } finally {
    redis.disconnect();
  }
});

test('an emptied Redis: whoever holds a share goes on with it, and no second holds more than the limit', { skip }, async () => {
  await onOwnRedis(async ({ own, pacers }) => {
    const all = collect(pacers, 5, 900);
    for (const pacer of pacers) await pacer.grant(1, AbortSignal.timeout(20_000));
    await own.flush();
    assertAtMost(await all, 200);
  });
});

test('a Redis that is killed and comes back empty: nothing meanwhile, then it goes on within the limit', { skip }, async () => {
  await onOwnRedis(async ({ own, pacers, errors }) => {
    const before = await collect(pacers, 5, 100);
    await own.kill();
    await until('the loss is noticed', () => (errors.length > 0 ? true : undefined));
    const quiet = pacers.map((pacer) => assert.rejects(pacer.grant(5, AbortSignal.timeout(300)), 'no grant'));
    await Promise.all(quiet);
    for (const pacer of pacers) assert.ok(pacer.stoppedForMs() > 0, 'nothing is claimed either');
    await own.start();
    const after = await collect(pacers, 5, 300);
    assertAtMost([...before, ...after], 200);
    await until('claims go on', () => (pacers.every((pacer) => pacer.stoppedForMs() < 50) ? true : undefined));
  });
});

test('while Redis answers nothing, everybody stops at the end of the loan, and it goes on within the limit', {
  skip,
}, async () => {
  await onOwnRedis(async ({ own, pacers, errors }) => {
    const before = await collect(pacers, 5, 100);
    own.pause();
    const paused = performance.now();
    const collected = collect(pacers, 5, 700);
    await until('both gave up an answer', () => (errors.length >= 2 ? true : undefined));
    own.resume();
    const resumed = performance.now();
    const after = await collected;
    const late = after.filter((stamp) => stamp > paused + LEASE_MS && stamp < resumed);
    assert.deepEqual(late, []);
    assertAtMost([...before, ...after], 200);
  });
});

test('a process that is cut off stops at the end of its loan; the others take over what it had, never before', {
  skip,
}, async () => {
  const key = freshPrefix();
  const proxy = await openDelayingProxy({ to: Number(new URL(url).port), roundTripMs: 20 });
  const far = await readyRedis(`redis://127.0.0.1:${String(proxy.port)}`);
  const near = await readyRedis(url);
  try {
    const [one, other] = [await pacerOn(far, key, 100), await pacerOn(near, key, 100)];
    const enough = new AbortController();
    const [stamps, stampsOfOther] = [taking(one, enough.signal), taking(other, enough.signal)];
    await until('both send', () => (Math.min(stamps.length, stampsOfOther.length) > 100 ? true : undefined));
    proxy.cut();
    const cut = performance.now();
    await until('the other one has all of it', () => (other.rate() === 100 ? true : undefined));
    await until('a second of it', () =>
      stampsOfOther.filter((at) => at > performance.now() - 1_000).length >= 95 ? true : undefined,
    );
    enough.abort();
    assert.deepEqual(
      stamps.filter((at) => at > cut + LEASE_MS),
      [],
    );
    assertAtMost([...stamps, ...stampsOfOther], 100);
  } finally {
    far.disconnect();
    near.disconnect();
    await proxy.close();
  }
});

test('an objection that Redis could not be told of is told when it is there again', { skip }, async () => {
  await onOwnRedis(async ({ own, pacers: [one, other] }) => {
    assert.ok(one && other);
    await own.kill();
    await until('the loss is noticed', () => (one.stoppedForMs() >= 1_000 ? true : undefined));
    one.slowDown({ seconds: 30, factor: 0.5, code: 130429 });
    await own.start();
    await until('the other one knows', async () => ((await other.state()).rate < 110 ? true : undefined));
    assert.ok(other.stoppedForMs() > 20_000);
  });
});

/** The moments of everything it grants from now on. */
function taking(pacer: Pacer, signal: AbortSignal): number[] {
  const stamps: number[] = [];
  const go = async (): Promise<void> => {
    while (!signal.aborted) {
      const granted = await pacer.grant(1, signal);
      pacer.left?.();
      for (let i = 0; i < granted; i++) stamps.push(performance.now());
    }
  };
  go().catch(() => undefined);
  return stamps;
}

test('a process that starts with another ceiling says so to all; one that merely asks does not', { skip }, async () => {
  const key = freshPrefix();
  const redis = await readyRedis(url);
  try {
    const old = await pacerOn(redis, key, 100);
    const fresh = await pacerOn(redis, key, 300);
    assert.equal((await old.state()).ceiling, 300);
    assert.equal((await fresh.state()).ceiling, 300);
  } finally {
    redis.disconnect();
  }
});

test('an emptied Redis learns the pace again from whoever asks first', { skip }, async () => {
  const redis = await readyRedis(url);
  try {
    const learnt = {
      rate: 20,
      ceiling: 100,
      stoppedUntilMs: Date.now() + 60_000,
      slowedAtMs: Date.now(),
      climbedAtMs: Date.now(),
    };
    const pacer = createRedisPacer({
      redis,
      key: freshPrefix(),
      ceiling: 100,
      learnt,
      listen: () => undefined,
      onError: () => undefined,
    });
    const state = await pacer.state();
    assert.equal(state.rate, 20);
    assert.ok(pacer.stoppedForMs() > 50_000, 'it is still stopped');
  } finally {
    redis.disconnect();
  }
});
