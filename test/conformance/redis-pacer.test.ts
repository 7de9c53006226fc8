import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Redis } from 'ioredis';
import { createRedisPacer } from '../../src/numbers/redis-pacer.ts';
import { freshPrefix, type OwnRedis, ownRedis, readyRedis } from '../support/redis.ts';
import { needsRedis } from '../support/servers.ts';
import { until } from '../support/wait.ts';
import { assertAtMost, collect, pacerSuite } from './pacer.ts';

const { url, skip } = needsRedis();

function pacerOn(redis: Redis, key: string, ceiling: number, errors: unknown[] = []): ReturnType<typeof createRedisPacer> {
  return createRedisPacer({ redis, key, ceiling, onError: (error) => errors.push(error) });
}

pacerSuite(
  'the pace of three processes',
  async ({ ceiling }) => {
    const key = freshPrefix();
    const connections = await Promise.all([1, 2, 3].map(() => readyRedis(url)));
    return {
      pacers: connections.map((redis) => pacerOn(redis, key, ceiling)),
      close() {
        for (const redis of connections) redis.disconnect();
      },
    };
  },
  skip,
);

/** Two processes on a Redis of their own. */
async function onOwnRedis(
  body: (parts: { own: OwnRedis; pacers: ReturnType<typeof createRedisPacer>[]; errors: unknown[] }) => Promise<void>,
): Promise<void> {
  const own = await ownRedis();
  const errors: unknown[] = [];
  const connections = await Promise.all([1, 2].map(() => readyRedis(own.url, (error) => errors.push(error))));
  try {
    await body({ own, pacers: connections.map((redis) => pacerOn(redis, 'pace', 200, errors)), errors });
  } finally {
    for (const redis of connections) redis.disconnect();
    await own.stop();
  }
}

test('a Redis that knows nothing of the last second grants only after one', { skip }, async () => {
  const redis = await readyRedis(url);
  try {
    const pacer = pacerOn(redis, freshPrefix(), 1_000);
    const asked = performance.now();
    await pacer.grant(1, AbortSignal.timeout(20_000));
    assert.ok(performance.now() - asked >= 980, 'a second is waited for');
  } finally {
    redis.disconnect();
  }
});

test('an emptied Redis: it goes on, and no second holds more than the limit', { skip }, async () => {
  await onOwnRedis(async ({ own, pacers }) => {
    const all = collect(pacers, 5, 500);
    await pacers[0]?.grant(1, AbortSignal.timeout(20_000));
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
    await until('claims go on', () => (pacers.every((pacer) => pacer.stoppedForMs() === 0) ? true : undefined));
  });
});

test('while Redis answers nothing, nothing is granted, and what it granted meanwhile is not used', { skip }, async () => {
  await onOwnRedis(async ({ own, pacers, errors }) => {
    const before = await collect(pacers, 5, 100);
    own.pause();
    const paused = performance.now();
    const collected = collect(pacers, 5, 300);
    await until('both gave up an answer', () => (errors.length >= 2 ? true : undefined));
    own.resume();
    const resumed = performance.now();
    const after = await collected;
    // Slots that had been given before the pause are good for some milliseconds.
    assert.deepEqual(
      after.filter((stamp) => stamp > paused + 100 && stamp < resumed),
      [],
    );
    assertAtMost([...before, ...after], 200);
  });
});

test('an answer that came later than its slots are good for is not used', { skip }, async () => {
  const redis = await readyRedis(url);
  try {
    const key = freshPrefix();
    await pacerOn(redis, key, 500).grant(1, AbortSignal.timeout(20_000));
    const late = pacerOn(answeringLate(redis, 60), key, 500);
    await assert.rejects(late.grant(20, AbortSignal.timeout(700)), 'no grant');
    await pacerOn(redis, key, 500).grant(20, AbortSignal.timeout(20_000));
  } finally {
    redis.disconnect();
  }
});

function answeringLate(redis: Redis, ms: number): Redis {
  return new Proxy(redis, {
    get(target, name): unknown {
      if (name !== 'eval') return Reflect.get(target, name);
      return async (...args: Parameters<Redis['eval']>) => {
        const answer = await target.eval(...args);
        await new Promise((resolve) => setTimeout(resolve, ms));
        return answer;
      };
    },
  });
}

test('a process that starts with another ceiling says so to all; one that merely asks does not', { skip }, async () => {
  const key = freshPrefix();
  const redis = await readyRedis(url);
  try {
    const old = pacerOn(redis, key, 100);
    await old.state();
    const fresh = pacerOn(redis, key, 300);
    await fresh.state();
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
    const pacer = createRedisPacer({ redis, key: freshPrefix(), ceiling: 100, learnt, onError: assert.ifError });
    const state = await pacer.state();
    assert.equal(state.rate, 20);
    assert.ok(pacer.stoppedForMs() > 50_000, 'it is still stopped');
  } finally {
    redis.disconnect();
  }
});
