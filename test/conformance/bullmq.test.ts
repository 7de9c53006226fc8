import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createBullMqQueue } from '../../src/lib/jobs/bullmq.ts';
import { redisDoubts } from '../../src/lib/jobs/redis.ts';
import { freshPrefix, type OwnRedis, ownRedis, readyRedis } from '../support/redis.ts';
import { needsRedis } from '../support/servers.ts';
import { until } from '../support/wait.ts';
import { campaignOf, gate, type MadeQueue, queueSuite, sendJob } from './queue.ts';

const { url, skip } = needsRedis();

async function make(address = url, { prefix = freshPrefix(), works = true } = {}): Promise<MadeQueue> {
  const errors: unknown[] = [];
  const redis = await readyRedis(address, (error) => errors.push(error));
  const queue = createBullMqQueue({
    redis,
    redisUrl: address,
    prefix,
    kinds: ['send', 'apply'],
    works,
    onError: (error) => errors.push(error),
  });
  return {
    queue,
    errors,
    async settled() {
      // The first wake waits for the client to be made ready; commands of one connection are then answered in order.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await redis.ping();
    },
    async close() {
      await queue.stop();
      redis.disconnect();
    },
  };
}

queueSuite('on Redis', () => make(), skip);

test('one process wakes, another works', { skip }, async () => {
  const prefix = freshPrefix();
  const api = await make(url, { prefix, works: false });
  const worker = await make(url, { prefix });
  try {
    const seen: number[] = [];
    await api.queue.start(() => Promise.reject(new Error('this one takes no jobs')));
    await worker.queue.start((job) => {
      seen.push(campaignOf(job));
      return Promise.resolve(undefined);
    });
    for (const id of [1, 2, 3]) api.queue.wake(sendJob(id));
    await until('all three', () => (seen.length === 3 ? true : undefined));
    assert.deepEqual(api.errors, []);
  } finally {
    await api.close();
    await worker.close();
  }
});

test('the same job never runs in two processes at once', { skip }, async () => {
  const prefix = freshPrefix();
  const houses = await Promise.all([1, 2, 3].map(() => make(url, { prefix })));
  try {
    let now = 0;
    let most = 0;
    let runs = 0;
    const handler = async (): Promise<{ againInMs: number } | undefined> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 3));
      now--;
      return ++runs < 60 ? { againInMs: 0 } : undefined;
    };
    for (const { queue } of houses) await queue.start(handler);
    await until('many runs', () => {
      for (const { queue } of houses) queue.wake(sendJob(1));
      return runs >= 60 ? true : undefined;
    });
    assert.equal(most, 1);
  } finally {
    await Promise.all(houses.map((house) => house.close()));
  }
});

test('a process that stops leaves its unfinished campaign to the others at once', { skip }, async () => {
  const prefix = freshPrefix();
  const [leaving, staying] = [await make(url, { prefix }), await make(url, { prefix })];
  try {
    const { handler, begun, open } = gate();
    await leaving.queue.start(handler);
    leaving.queue.wake(sendJob(1));
    await until('the job', () => (begun.length === 1 ? true : undefined));
    const seen: number[] = [];
    await staying.queue.start((job) => {
      seen.push(campaignOf(job));
      return Promise.resolve(undefined);
    });
    const stopping = leaving.queue.stop();
    open({ againInMs: 0 });
    await stopping;
    await until('the other one', () => (seen.length === 1 ? true : undefined));
  } finally {
    await leaving.close();
    await staying.close();
  }
});

test('a Redis that may evict is complained of, in words', { skip }, async () => {
  const fine = await readyRedis(url);
  const own = await ownRedis(['--maxmemory-policy', 'allkeys-lru']);
  const risky = await readyRedis(own.url);
  try {
    assert.deepEqual(await redisDoubts(fine), []);
    const [doubt = ''] = await redisDoubts(risky);
    assert.match(doubt, /maxmemory-policy allkeys-lru.*noeviction/s);
  } finally {
    fine.disconnect();
    risky.disconnect();
    await own.stop();
  }
});

test('what a killed process had under way is taken over', { skip }, async () => {
  const prefix = freshPrefix();
  const worker = await make(url, { prefix });
  const victim = await workInChild(url, prefix);
  try {
    worker.queue.wake(sendJob(7));
    await until('the child has it', () => (victim.said().includes('begun 7') ? true : undefined));
    victim.child.kill('SIGKILL');
    await once(victim.child, 'exit');
    const seen: number[] = [];
    await worker.queue.start((job) => {
      seen.push(campaignOf(job));
      return Promise.resolve(undefined);
    });
    worker.queue.wake(sendJob(8));
    await until('another campaign', () => (seen.includes(8) ? true : undefined));
    await until('the one of the dead', () => (seen.includes(7) ? true : undefined), 40_000);
  } finally {
    victim.child.kill('SIGKILL');
    await worker.close();
  }
});

async function workInChild(address: string, prefix: string): Promise<{ child: ChildProcess; said: () => string }> {
  const ts = pathToFileURL(new URL('../../scripts/ts.mjs', import.meta.url).pathname).href;
  const program = new URL('./hanging-worker.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', ts, program, address, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await until('the child', () => (text.includes('ready') ? true : undefined));
  return { child, said: () => text };
}

if (skip === false) {
  let own: OwnRedis;
  const surprises: unknown[] = [];
  const note = (error: unknown): void => {
    surprises.push(error);
  };
  before(async () => {
    own = await ownRedis();
    process.on('unhandledRejection', note);
  });
  after(async () => {
    process.off('unhandledRejection', note);
    await own.stop();
  });

  test('an emptied Redis forgets, and the next wake works again', async () => {
    const made = await make(own.url);
    try {
      const { handler, begun, open } = gate();
      await made.queue.start(handler);
      made.queue.wake(sendJob(1));
      made.queue.wake(sendJob(2), 600_000);
      await until('the first', () => (begun.length === 1 ? true : undefined));
      await own.flush();
      open({ againInMs: 0 });
      // The sweep's part: it wakes what the database says is running.
      await until('both', () => {
        for (const id of [1, 2]) made.queue.wake(sendJob(id));
        open();
        return begun.some((job) => campaignOf(job) === 2) && begun.filter((job) => campaignOf(job) === 1).length > 1
          ? true
          : undefined;
      });
      open();
    } finally {
      await made.close();
    }
    assert.deepEqual(surprises, []);
  });

  test('while Redis is away a wake is nothing, and after its return, empty, work goes on', async () => {
    const made = await make(own.url);
    try {
      const seen: number[] = [];
      await made.queue.start((job) => {
        seen.push(campaignOf(job));
        return Promise.resolve(undefined);
      });
      made.queue.wake(sendJob(1));
      await until('a job before', () => (seen.length === 1 ? true : undefined));
      await own.kill();
      for (let i = 0; i < 50; i++) made.queue.wake(sendJob(2));
      await until('the loss is told', () => (made.errors.length > 0 ? true : undefined));
      await own.start();
      const back = performance.now();
      await until('a job after', () => {
        made.queue.wake(sendJob(3));
        return seen.includes(3) ? true : undefined;
      });
      assert.ok(performance.now() - back < 15_000, "not only after BullMQ's own patience");
    } finally {
      await made.close();
    }
    assert.deepEqual(surprises, []);
  });

  test('a stop comes to its end while Redis is away, also with a job under way', async () => {
    const made = await make(own.url);
    const { handler, begun, open } = gate();
    await made.queue.start(handler);
    made.queue.wake(sendJob(1));
    await until('the job', () => (begun.length === 1 ? true : undefined));
    await own.kill();
    const stopping = made.close();
    open({ againInMs: 0 });
    await stopping;
    await own.start();
    assert.deepEqual(surprises, []);
  });

  test('a stop comes to its end while Redis answers nothing', async () => {
    const made = await make(own.url);
    const { handler, begun, open } = gate();
    await made.queue.start(handler);
    made.queue.wake(sendJob(1));
    await until('the job', () => (begun.length === 1 ? true : undefined));
    own.pause();
    const stopping = made.close();
    open({ againInMs: 0 });
    await stopping;
    own.resume();
    assert.deepEqual(surprises, []);
  });
}
