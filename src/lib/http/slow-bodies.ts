import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from './body-limits.ts';
import type { App } from './fastify-types.ts';
import { refusalText, tooSlow } from './unreadable-request.ts';

/**
 * Cuts off whoever sends a body drop by drop to hold a connection open. Node's own requestTimeout cannot do it: it is one figure for
 * the whole server, and an honest upload may take an hour. Heads, and connections without any, are Node's headersTimeout.
 */
export function cutOffSlowBodies(app: App, limits: Limits): void {
  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request;
    const hasBody = raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0;
    if (!hasBody) return;
    const timer =
      request.routeOptions.config.upload === true
        ? whenIdle(raw, limits.uploadIdleMs, () => {
            cutOff(request, reply);
          })
        : setTimeout(() => {
            cutOff(request, reply);
          }, limits.bodyMs);
    // Nor does a process wait for it at its end.
    timer.unref();
    // Also when the answer went out first, as with a refused key: the rest of the body still comes, and holds the connection.
    raw.once('close', () => {
      clearInterval(timer);
    });
  });
}

function whenIdle(raw: IncomingMessage, ms: number, late: () => void): NodeJS.Timeout {
  let seen = raw.socket.bytesRead;
  return setInterval(() => {
    const { bytesRead } = raw.socket;
    // Bytes that lie here unread: it is we who are slow.
    if (bytesRead === seen && raw.readableLength === 0) late();
    seen = bytesRead;
  }, ms);
}

function cutOff({ raw, url, id }: FastifyRequest, reply: FastifyReply): void {
  // Not through the framework, which waits for the body.
  if (!reply.raw.headersSent) raw.socket.write(refusalText(tooSlow(), { url, id }));
  raw.socket.destroySoon();
  raw.destroy();
}
