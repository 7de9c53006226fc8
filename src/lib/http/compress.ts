/**
 * Answers by GET are compressed where the client takes gzip: the page polls lists and figures, and the OpenAPI document is large.
 * Never an event stream or another stream, whose bytes must leave at once, and never an answer that makes something: keys, links and
 * tickets are given by POST, and the length of a compressed body must tell nothing of a secret in it.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './fastify-types.ts';

const compressed = promisify(gzip);

/** Below this the answer fits in one packet anyway. */
const LEAST_BYTES = 1_400;
const TYPES = /^(application\/(problem\+)?json|application\/javascript|text\/(?!event-stream))/;

export function compressAnswers(app: App): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!TYPES.test(String(reply.getHeader('content-type') ?? ''))) return payload;
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (request.method !== 'GET' || reply.hasHeader('content-encoding') || Buffer.byteLength(payload) < LEAST_BYTES)
      return payload;
    nameEncoding(reply);
    if (!takesGzip(request)) return payload;
    reply.header('content-encoding', 'gzip').removeHeader('content-length');
    // Level 4 costs half of the usual 6 and saves nearly as much; zlib works in a thread of its own.
    return compressed(payload, { level: 4 });
  });
}

/** A cache must not give a compressed answer to a client that asked for a plain one. */
function nameEncoding(reply: FastifyReply): void {
  const vary = String(reply.getHeader('vary') ?? '');
  if (!/accept-encoding/i.test(vary)) reply.header('vary', vary === '' ? 'Accept-Encoding' : `${vary}, Accept-Encoding`);
}

function takesGzip(request: FastifyRequest): boolean {
  const wanted = (request.headers['accept-encoding'] ?? '').split(',').map((one) =>
    one
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/),
  );
  const own = wanted.find(([name]) => name === 'gzip') ?? wanted.find(([name]) => name === '*');
  return own !== undefined && Number(own[1] ?? 1) > 0;
}
