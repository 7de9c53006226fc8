/** A process that begins jobs and never ends them, to be killed (bullmq.test.ts). */
import { createBullMqQueue } from '../../src/lib/jobs/bullmq.ts';
import { openRedis } from '../../src/lib/jobs/redis.ts';
import { campaignOf } from './queue.ts';

const [redisUrl = '', prefix = ''] = process.argv.slice(2);
const redis = openRedis(redisUrl, () => undefined);
const queue = createBullMqQueue({ redis, redisUrl, prefix, kinds: ['send'], works: true, onError: () => undefined });
await queue.start((job) => {
  console.log(`begun ${String(campaignOf(job))}`);
  return new Promise(() => undefined);
});
console.log('ready');
