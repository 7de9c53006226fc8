/**
 * Promises: the same Idempotency-Key does it once and gives the first answer again (docs/decisions/0010).
 * Order: take the key (committed) -> do it -> keep the answer. A refusal changes nothing and frees the key.
 * A crash in between leaves a key without an answer. Until its lease ends the next request is told to wait (409); then it depends
 * on the work: what may safely be done twice is done again, a message whose fate is unknown is answered as unknown, and of
 * anything else the caller is asked to look.
 */

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../db/db.ts';
import { PROBLEMS, Problem } from '../problem.ts';
import { say, type Text } from '../words/sentence.ts';
import { actorOf, ownerKey } from './actor.ts';
import { giveUp, type IdempotencyKey, prolong, type Remembered, release, remember, reserve } from './idempotency.sql.ts';

const LEASE_SECONDS = 60;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Once {
  /** What to do when an earlier request with this key vanished without an answer. */
  readonly lost: 'again' | 'ask' | (() => Answer);
  /** What the caller is told instead of the first answer, where that holds a secret, which is kept nowhere. */
  readonly shownOnce?: Text;
  /** Given where the body is a stream, whose content is known only at the end. */
  readonly streamed?: boolean;
  /** Digest of a streamed body. */
  readonly digest?: () => Promise<Buffer>;
}

/** Does it once for each key, or simply does it when there is none, and answers. */
export async function answerOnce(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  once: Once,
  work: () => Promise<Answer>,
): Promise<FastifyReply> {
  const id = keyOf(request);
  if (id === undefined) return give(reply, await work());
  const bodyHash = once.streamed === true ? null : digestOf([request.params, request.body]);
  const earlier = await reserve(db, id, { bodyHash, leaseSeconds: LEASE_SECONDS, again: once.lost === 'again' });
  if (earlier !== undefined)
    return repeat(reply, earlier, once.streamed === true ? await once.digest?.() : (bodyHash ?? undefined), once);
  const alive = setInterval(() => void prolong(db, id, LEASE_SECONDS).catch(() => undefined), (LEASE_SECONDS * 1000) / 3);
  try {
    const answer = await work();
    const hash = bodyHash ?? (await once.digest?.()) ?? digestOf(null);
    // The work is done: without the memory of it the caller still gets the true answer.
    await remember(db, id, {
      bodyHash: hash,
      status: answer.status,
      body: once.shownOnce === undefined ? JSON.stringify(answer.body) : 'null',
    }).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the answer to an Idempotency-Key could not be kept');
    });
    return await give(reply, answer);
  } catch (error) {
    const nothingDone = error instanceof Problem && PROBLEMS[error.code].status < 500;
    // A surprise leaves open whether it was done: the key stays, and the next request is told so.
    await (nothingDone || once.lost === 'again' ? release(db, id) : giveUp(db, id)).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(alive);
  }
}

function keyOf(request: FastifyRequest): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Problem('invalid_request', say('server.http.idempotency-key-must'), {
      errors: [{ field: 'Idempotency-Key', message: say('server.http.must-1-255') }],
    });
  }
  return { owner: ownerKey(actorOf(request)), route: `${request.method} ${request.routeOptions.url ?? ''}`, key };
}

function repeat(
  reply: FastifyReply,
  earlier: Remembered,
  bodyHash: Buffer | undefined,
  once: Once,
): FastifyReply | Promise<FastifyReply> {
  if (earlier.body_hash !== null && bodyHash !== undefined && !earlier.body_hash.equals(bodyHash)) {
    throw new Problem('idempotency_key_reused', say('server.http.idempotency-key-used'));
  }
  if (earlier.status !== null) {
    if (once.shownOnce !== undefined) throw new Problem('conflict', once.shownOnce);
    reply.header('idempotency-replayed', 'true');
    return give(reply, { status: earlier.status, body: JSON.parse(earlier.body ?? 'null') });
  }
  if (!earlier.lost) {
    throw new Problem('idempotency_in_progress', say('server.http.first-request-idempotency'));
  }
  if (typeof once.lost === 'function') return give(reply, once.lost());
  throw new Problem('conflict', say('server.http.first-request-idempotency-key'));
}

function give(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(answer.status).send(answer.body);
}

function digestOf(value: unknown): Buffer {
  return createHash('sha256').update(canonical(value)).digest();
}

/** The same text for the same content, whatever the order of its fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}
