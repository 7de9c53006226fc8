import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isIdentified } from './actor.ts';
import type { Limits } from './body-limits.ts';
import type { App } from './fastify-types.ts';
import { refusalText, tooSlow } from './unreadable-request.ts';

/** What is still read of a body that was refused: a browser shows the answer only once it has sent everything. */
const LINGER = {
  known: { ms: 30_000, bytes: 256 * 1024 * 1024 },
  /** From whom no right was found: enough for any body that is not a file. */
  unknown: { ms: 2_000, bytes: 2 * 1024 * 1024 },
};
const LOOK_MS = 200;

/** Closes the connection of a refused upload that goes on all the same: nobody fills the line with what nobody wants. */
export function closeRefusedUploads(app: App): void {
  app.addHook('onResponse', async (request) => {
    const { raw } = request;
    if (raw.complete || raw.destroyed) return;
    const { socket } = raw;
    const bound = isIdentified(request) ? LINGER.known : LINGER.unknown;
    const [since, from] = [performance.now(), socket.bytesRead];
    const timer = setInterval(() => {
      const isOver = raw.complete || raw.destroyed;
      const isEnough = performance.now() - since > bound.ms || socket.bytesRead - from > bound.bytes;
      if (isOver || isEnough) clearInterval(timer);
      if (!isOver && isEnough) raw.destroy();
    }, LOOK_MS);
    timer.unref();
  });
}

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
