import type { FastifyReply } from 'fastify';

/** Aborts when whoever waits for the answer has gone. (The signal of the request aborts already when its body has been read.) */
export function leftSignal(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left.signal;
}
