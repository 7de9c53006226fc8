import type { FastifyReply } from 'fastify';
import { Problem } from '../problem.ts';
import { say, type Text } from '../words/sentence.ts';

/** Seconds: as a rule the one under way is over by then. */
const RETRY_AFTER = '2';

/**
 * Work as long as a campaign is large, which anybody with `read` may ask for: a second request for the same campaign would double
 * the load on the database and learn nothing new, so it is told to come again.
 */
export function oneAtATime(name: Text): <T>(campaignId: number, reply: FastifyReply, work: () => Promise<T>) => Promise<T> {
  const running = new Set<number>();
  return async (campaignId, reply, work) => {
    if (running.has(campaignId)) {
      reply.header('retry-after', RETRY_AFTER);
      throw new Problem('too_many_requests', say('server.http.campaign-under-way', { name, campaignId }));
    }
    running.add(campaignId);
    try {
      return await work();
    } finally {
      running.delete(campaignId);
    }
  };
}
