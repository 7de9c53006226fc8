import { type Broadcast, idsOf } from './broadcast.ts';
import type { Queue } from './queue.ts';

export interface SharedQueueOptions {
  /** Takes sends, in each process that works; undefined where none are taken. */
  readonly own: Queue | undefined;
  /** Carries what one process at a time does. */
  readonly common: Queue;
  readonly broadcast: Broadcast;
  readonly channel: string;
}

/**
 * The queue of many processes. A campaign is sent by all that work, each with its own share of the pace, so a send is no job that one
 * of them takes: it is a word to all of them, and each goes on by itself until nothing is left. A word that is lost is found by the
 * sweep. Webhooks are applied by one process at a time, which BullMQ sees to.
 */
export function createSharedQueue({ own, common, broadcast, channel }: SharedQueueOptions): Queue {
  return {
    wake(job, inMs) {
      if (job.kind !== 'send') {
        common.wake(job, inMs);
        return;
      }
      own?.wake(job, inMs);
      // The other lanes are this process's own.
      if (job.lane === 0) broadcast.tell(channel, JSON.stringify([job.campaignId]));
    },
    async start(handler) {
      if (own !== undefined) {
        broadcast.on(channel, (text) => {
          for (const campaignId of idsOf(text)) own.wake({ kind: 'send', campaignId, lane: 0 });
        });
        await own.start(handler);
      }
      await common.start(handler);
    },
    async stop() {
      await Promise.all([own?.stop(), common.stop()]);
    },
    stats() {
      const [one, other] = [own?.stats(), common.stats()];
      return { waiting: (one?.waiting ?? 0) + other.waiting, running: (one?.running ?? 0) + other.running };
    },
  };
}
