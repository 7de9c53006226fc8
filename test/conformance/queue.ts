/** What every queue keeps, whatever carries its alarms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, Next } from '../../src/lib/jobs/job.ts';
import { CONCURRENCY, type Queue } from '../../src/lib/jobs/queue.ts';
import { until } from '../support/wait.ts';

export interface MadeQueue {
  readonly queue: Queue;
  /** Errors it told. */
  readonly errors: unknown[];
  /** Every wake so far has arrived where it is kept. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function sendJob(campaignId: number, lane = 0): Job {
  return { kind: 'send', campaignId, lane };
}

/** A handler whose jobs stand still until they are let go. */
export function gate(): { handler: (job: Job) => Promise<Next>; begun: Job[]; open(next?: Next): void; underWay(): number } {
  const begun: Job[] = [];
  let waiting: ((next: Next) => void)[] = [];
  return {
    begun,
    handler: (job) => {
      begun.push(job);
      return new Promise((resolve) => waiting.push(resolve));
    },
    open(next) {
      const freed = waiting;
      waiting = [];
      for (const resolve of freed) resolve(next);
    },
    underWay: () => waiting.length,
  };
}

export function campaignOf(job: Job): number {
  return job.kind === 'send' ? job.campaignId : -1;
}

export function queueSuite(name: string, makeQueue: () => Promise<MadeQueue>, skip: string | false = false): void {
  const queueTest = (title: string, body: (made: MadeQueue) => Promise<void>): void => {
    test(`${name}: ${title}`, { skip }, async () => {
      const made = await makeQueue();
      try {
        await body(made);
      } finally {
        await made.close();
      }
    });
  };

  queueTest('a job that waits is not doubled by a second wake', async ({ queue, settled }) => {
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) queue.wake(sendJob(1));
    queue.wake(sendJob(2));
    await settled();
    await queue.start((job) => {
      seen.push(campaignOf(job));
      return Promise.resolve(undefined);
    });
    await until('both jobs', () => (seen.length >= 2 ? true : undefined));
    queue.wake(sendJob(3));
    await until('the one after', () => (seen.includes(3) ? true : undefined));
    assert.deepEqual(seen, [1, 2, 3]);
  });

  queueTest('a wake for now brings one that waits for later forward', async ({ queue, settled }) => {
    const seen: number[] = [];
    await queue.start((job) => {
      seen.push(campaignOf(job));
      return Promise.resolve(undefined);
    });
    queue.wake(sendJob(1), 600_000);
    await settled();
    queue.wake(sendJob(1));
    await until('the job', () => (seen.length === 1 ? true : undefined));
  });

  queueTest('a wake for later does not postpone one that is due', async ({ queue, settled }) => {
    const seen: number[] = [];
    queue.wake(sendJob(1));
    await settled();
    queue.wake(sendJob(1), 600_000);
    await settled();
    await queue.start((job) => {
      seen.push(campaignOf(job));
      return Promise.resolve(undefined);
    });
    await until('the job', () => (seen.length === 1 ? true : undefined));
  });

  queueTest('a job woken while it runs runs once more, however often it was woken', async ({ queue, settled }) => {
    const { handler, begun, open } = gate();
    await queue.start(handler);
    queue.wake(sendJob(1));
    await until('the first run', () => (begun.length === 1 ? true : undefined));
    for (let i = 0; i < 3; i++) queue.wake(sendJob(1));
    await settled();
    assert.equal(begun.length, 1, 'never twice at once');
    open();
    await until('the second run', () => (begun.length === 2 ? true : undefined));
    open();
    queue.wake(sendJob(2));
    await until('another job', () => (begun.some((job) => campaignOf(job) === 2) ? true : undefined));
    assert.equal(begun.length, 3);
    open();
  });

  queueTest('a job that says "again" runs again, and one that says nothing does not', async ({ queue }) => {
    let runs = 0;
    const seen: number[] = [];
    await queue.start((job) => {
      seen.push(campaignOf(job));
      return Promise.resolve(campaignOf(job) === 1 && ++runs < 4 ? { againInMs: runs === 1 ? 20 : 0 } : undefined);
    });
    queue.wake(sendJob(1));
    await until('four runs', () => (runs === 4 ? true : undefined));
    queue.wake(sendJob(2));
    await until('the other job', () => (seen.includes(2) ? true : undefined));
    assert.equal(runs, 4);
  });

  queueTest('no more jobs of a kind run at once than are allowed, and another kind does not wait for them', async ({ queue }) => {
    const { handler, begun, open, underWay } = gate();
    await queue.start(handler);
    for (let id = 1; id <= 5; id++) queue.wake(sendJob(id));
    await until('as many as are allowed', () => (underWay() === CONCURRENCY.send ? true : undefined));
    queue.wake({ kind: 'apply', lane: 0 });
    await until('the other kind', () => (begun.some((job) => job.kind === 'apply') ? true : undefined));
    assert.equal(begun.filter((job) => job.kind === 'send').length, CONCURRENCY.send);
    await until('all of them', () => {
      open();
      return begun.length === 6 ? true : undefined;
    });
    open();
  });

  queueTest('jobs that always have more to do take turns: nobody overtakes twice', async ({ queue, settled }) => {
    const order: number[] = [];
    for (const id of [1, 2, 3]) for (const lane of [0, 1]) queue.wake(sendJob(id, lane));
    await settled();
    await queue.start(async (job) => {
      order.push(campaignOf(job));
      await new Promise((resolve) => setImmediate(resolve));
      return { againInMs: 0 };
    });
    await until('many turns', () => (order.length >= 90 ? true : undefined));
    const turns = [1, 2, 3].map((id) => order.slice(0, 90).filter((seen) => seen === id).length);
    for (const turn of turns) assert.ok(turn >= 24 && turn <= 36, `of 90 turns: ${turns.join(', ')}`);
  });

  queueTest('a newcomer is served before those who were there have all had two more turns', async ({ queue, settled }) => {
    const order: number[] = [];
    for (const id of [1, 2, 3, 4]) queue.wake(sendJob(id));
    await settled();
    await queue.start(async (job) => {
      order.push(campaignOf(job));
      if (order.length === 20) queue.wake(sendJob(9));
      await new Promise((resolve) => setTimeout(resolve, 2));
      return order.includes(9) && order.length > 100 ? undefined : { againInMs: 0 };
    });
    await until('the newcomer', () => (order.includes(9) ? true : undefined));
    assert.ok(order.indexOf(9) - 20 <= 20, `served after ${String(order.indexOf(9) - 20)} turns of four others`);
  });

  queueTest('a job whose handler fails is told of and comes again', async ({ queue, errors }) => {
    let runs = 0;
    await queue.start(() => {
      runs++;
      return runs === 1 ? Promise.reject(new Error('this once')) : Promise.resolve(undefined);
    });
    queue.wake(sendJob(1));
    await until('the second run', () => (runs === 2 ? true : undefined));
    assert.ok(
      errors.some((error) => error instanceof Error && error.message === 'this once'),
      'told of',
    );
  });

  queueTest('a stop waits for the job under way, and none begins after it', async ({ queue, settled }) => {
    const { handler, begun, open } = gate();
    await queue.start(handler);
    for (let id = 1; id <= CONCURRENCY.send + 2; id++) queue.wake(sendJob(id));
    await until('full house', () => (begun.length === CONCURRENCY.send ? true : undefined));
    let isStopped = false;
    const stop = queue.stop().then(() => {
      isStopped = true;
    });
    await settled();
    assert.equal(isStopped, false);
    queue.wake(sendJob(99));
    open({ againInMs: 0 });
    await stop;
    await settled();
    assert.equal(begun.length, CONCURRENCY.send);
    assert.equal(queue.stats().running, 0);
  });
}
