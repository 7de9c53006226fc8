import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
import { Problem } from '../../src/lib/problem.ts';
import { createHub, type LiveState, type LiveUpdate } from '../../src/live/hub.ts';
import { turns } from '../support/wait.ts';

/** The hub on a clock of the test's own; reads give what `state` holds. */
function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const world = { states: [{ id: 1, n: 0 }] as LiveState[], reads: 0, errors: [] as unknown[], fails: false, gone: false };
  const hub = createHub({
    read: (campaignId) => {
      world.reads++;
      if (world.gone) return Promise.reject(new Problem('campaign_not_found', 'There is no campaign 1.'));
      if (world.fails) return Promise.reject(new Error('database away'));
      return Promise.resolve(world.states.filter((state) => campaignId === undefined || state.id === campaignId));
    },
    onError: (error) => world.errors.push(error),
  });
  const tick = async (ms: number): Promise<void> => {
    for (let past = 0; past < ms; past += 50) {
      t.mock.timers.tick(50);
      await turns(4);
    }
  };
  const watch = (campaignId: number | undefined) => {
    const controller = new AbortController();
    const iterator = hub.subscribe({ campaignId, signal: controller.signal })[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<LiveUpdate, undefined>> => iterator.next();
    /** The data of the next event, which must come. */
    const data = async (): Promise<LiveUpdate['data']> => {
      const event = await next();
      assert.ok(event.done !== true, 'the stream has ended');
      return event.value.data;
    };
    return { controller, next, data, done: () => iterator.return?.() };
  };
  return { hub, world, tick, watch };
}

test('first comes the whole state, then each change', async (t) => {
  const { world, tick, watch } = open(t);
  const { data, done } = watch(1);
  assert.deepEqual(await data(), { type: 'snapshot', id: 1, n: 0 });
  const change = data();
  world.states = [{ id: 1, n: 1 }];
  await tick(250);
  assert.deepEqual(await change, { type: 'update', id: 1, n: 1 });
  await done();
});

test('at most five changes a second are told, and the last one is never missing', async (t) => {
  const { world, tick, watch } = open(t);
  const { controller, next } = watch(1);
  const seen: number[] = [];
  const taker = (async () => {
    for (let event = await next(); event.done !== true; event = await next()) seen.push(Number(event.value.data['n']));
  })();
  await turns(5);
  for (let n = 1; n <= 40; n++) {
    world.states = [{ id: 1, n }];
    await tick(50);
  }
  await tick(250);
  controller.abort();
  await taker;
  assert.ok(seen.length <= 12, `${String(seen.length)} events in two seconds`);
  assert.equal(seen.at(-1), 40);
});

test('a slow taker gets the newest state, not the ones in between', async (t) => {
  const { world, tick, watch } = open(t);
  const { data, done } = watch(1);
  await data();
  for (let n = 1; n <= 10; n++) {
    world.states = [{ id: 1, n }];
    await tick(250);
  }
  assert.equal((await data())['n'], 10);
  await done();
});

test('nothing is told while nothing changes', async (t) => {
  const { tick, watch, world } = open(t);
  const { controller, next } = watch(1);
  await next();
  let told = false;
  const waiting = next().then((event) => {
    told = event.done !== true;
  });
  await tick(3_000);
  assert.ok(world.reads > 3);
  controller.abort();
  await waiting;
  assert.equal(told, false);
});

test('the stream ends with its signal, and nobody reads when nobody watches', async (t) => {
  const { hub, world, tick, watch } = open(t);
  const { controller, next } = watch(1);
  await next();
  assert.equal(hub.watched(), 1);
  const end = next();
  controller.abort();
  assert.equal((await end).done, true);
  assert.equal(hub.watched(), 0);
  await tick(1_000);
  const reads = world.reads;
  await tick(5_000);
  assert.equal(world.reads, reads);
});

test('many watchers of one campaign are one reader', async (t) => {
  const { world, tick, watch } = open(t);
  const watchers = Array.from({ length: 50 }, () => watch(1));
  await Promise.all(watchers.map((one) => one.next()));
  const before = world.reads;
  await tick(1_000);
  assert.ok(world.reads - before <= 6);
  for (const one of watchers) await one.done();
});

test('the list tells what changed and what is gone, and only that', async (t) => {
  const { world, tick, watch } = open(t);
  world.states = [
    { id: 1, n: 0 },
    { id: 2, n: 0 },
  ];
  const { data, done } = watch(undefined);
  assert.deepEqual(await data(), {
    type: 'snapshot',
    campaigns: [
      { id: 1, n: 0 },
      { id: 2, n: 0 },
    ],
    gone: [],
  });
  world.states = [{ id: 2, n: 1 }];
  await tick(550);
  assert.deepEqual(await data(), { type: 'update', campaigns: [{ id: 2, n: 1 }], gone: [1] });
  await done();
});

test('the list is read twice a second while something moves, and every two seconds when nothing does', async (t) => {
  const { world, tick, watch } = open(t);
  const { data, done } = watch(undefined);
  await data();
  const busy = world.reads;
  await tick(2_000);
  assert.ok(world.reads - busy <= 4, String(world.reads - busy));
  await tick(10_000);
  const quiet = world.reads;
  await tick(10_000);
  assert.ok(world.reads - quiet <= 5, String(world.reads - quiet));
  await done();
});

test('reads that fail are told once, become rarer, and the watchers stay', async (t) => {
  const { world, tick, watch } = open(t);
  const { data, done } = watch(1);
  await data();
  world.fails = true;
  await tick(10_000);
  const reads = world.reads;
  await tick(10_000);
  assert.ok(world.reads > reads && world.reads - reads <= 5, String(world.reads - reads));
  assert.equal(world.errors.length, 1);
  world.fails = false;
  world.states = [{ id: 1, n: 7 }];
  await tick(2_050);
  assert.equal((await data())['n'], 7);
  world.fails = true;
  await tick(1_000);
  assert.equal(world.errors.length, 2, 'a new row of failures is told again');
  await done();
});

test('the stream of a campaign that was deleted ends, and nobody asks for it any more', async (t) => {
  const { hub, world, tick, watch } = open(t);
  const watchers = [watch(1), watch(1)];
  for (const one of watchers) await one.data();
  const ends = watchers.map((one) => one.next());
  world.gone = true;
  await tick(250);
  for (const end of ends) assert.equal((await end).done, true);
  assert.equal(hub.watched(), 0);
  assert.deepEqual(world.errors, []);
  const reads = world.reads;
  await tick(5_000);
  assert.equal(world.reads, reads);
});

test('a stream that lives for hours gathers no listeners', async (t) => {
  const { world, tick, watch } = open(t);
  const { controller, next, done } = watch(1);
  await next();
  for (let n = 1; n <= 30; n++) {
    const change = next();
    world.states = [{ id: 1, n }];
    await tick(250);
    await change;
  }
  assert.ok(getEventListeners(controller.signal, 'abort').length <= 1);
  await done();
});
