import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { networkOf } from '../lib/http/client-network.ts';
import { handleError, sendProblem } from '../lib/http/errors.ts';
import type { App, OperationDoc } from '../lib/http/fastify-types.ts';
import type { Logger } from '../lib/log.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { Receiver } from './receive.ts';

const PATH = '/api/v1/webhooks/whatsapp';
/** Meta's largest is 3 MB (docs/meta.md, Limits). */
const BODY_LIMIT = 4 * 1024 * 1024;

export interface WebhookRouteDeps {
  readonly log: Logger;
  readonly webhooks: Pick<Receiver, 'verify' | 'receive'>;
}

const HANDSHAKE: OperationDoc = {
  querystring: {
    type: 'object',
    properties: {
      'hub.mode': { type: 'string', enum: ['subscribe'] },
      'hub.verify_token': { type: 'string', description: 'The word of WHATSAPP_VERIFY_TOKEN' },
      'hub.challenge': { type: 'string', description: 'What is to be repeated' },
    },
    required: ['hub.mode', 'hub.verify_token', 'hub.challenge'],
  },
  answer: { type: 'text/plain', description: 'The challenge', schema: { type: 'string' } },
};

const DELIVERY: OperationDoc = {
  headers: {
    type: 'object',
    properties: {
      'x-hub-signature-256': {
        type: 'string',
        pattern: '^sha256=[0-9a-f]{64}$',
        description: 'HMAC-SHA256 of the bytes of the body with the secret of the app',
      },
    },
    required: ['x-hub-signature-256'],
  },
  body: {
    type: 'object',
    description: 'As Meta posts it',
    example: { object: 'whatsapp_business_account', entry: [] },
  },
  answer: { type: 'text/plain', description: 'Stored durably; no body', schema: { type: 'string', maxLength: 0 } },
};

/**
 * Where Meta posts. The signature is over the bytes as they came, so nothing parses them here; whatever the content type says, the
 * bytes are taken. Nothing is logged for a delivery and nothing else is asked of it: this is the busiest road.
 */
export function webhookRoutes(app: App, deps: WebhookRouteDeps, maxBytes: number): void {
  const bodies = new Bodies(maxBytes);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => bodies.read(request, payload));
  app.addHook('onRequest', async (request, reply) => {
    // Answered or gone: either way nobody holds its bytes any more.
    reply.raw.once('close', () => {
      bodies.forget(request);
    });
  });
  const schema = { tags: ['webhooks'] };
  const silent = deps.log.child({}, { level: 'silent' });

  app.get(
    PATH,
    {
      config: { access: 'public', describe: HANDSHAKE },
      schema: {
        ...schema,
        summary: 'Handshake: repeats the challenge when the verify token is right',
        description: 'Meta asks with hub.mode, hub.verify_token and hub.challenge.',
      },
    },
    async (request, reply) => {
      const { query } = request;
      const challenge = deps.webhooks.verify(typeof query === 'object' && query !== null ? { ...query } : {});
      if (challenge === undefined) {
        return sendProblem(request, reply, new Problem('not_allowed', say('server.webhooks.verify-token-one')));
      }
      return reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(challenge);
    },
  );

  app.post(
    PATH,
    {
      config: { access: 'public', describe: DELIVERY },
      // One for all: a logger for each request, with its id cleaned of secrets, would be a part of the cost that nobody sees.
      childLoggerFactory: () => silent,
      bodyLimit: BODY_LIMIT,
      schema: {
        ...schema,
        summary: 'Events from Meta, signed with X-Hub-Signature-256',
        description: 'Answers 200 once the events are stored durably.',
      },
      errorHandler: (error, request, reply) => {
        // The route's own log is off; what goes wrong here must still be seen.
        deps.log.warn({ err: error, req_id: request.id }, 'a webhook could not be taken');
        // What is left of the body is not waited for.
        if (!request.raw.complete) reply.header('connection', 'close');
        void handleError(error, request, reply);
      },
    },
    async (request, reply) => {
      const { body } = request;
      const signature = request.headers['x-hub-signature-256'];
      const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const outcome = await deps.webhooks.receive(raw, typeof signature === 'string' ? signature : undefined);
      if (outcome === 'stored') return reply.send('');
      return sendProblem(request, reply, new Problem('not_authenticated', say('server.webhooks.x-hub-signature')));
    },
  );
}

/**
 * The bodies that are in memory. Anybody can send one, and its signature is known only at its end: without a bound for all of them
 * together a crowd of strangers would fill the memory. Counted is what has come and not what is announced, which costs a stranger
 * nothing and would keep Meta out.
 */
class Bodies {
  // The share of one address is looked at only when much is held: this is the busiest road.
  readonly #max: number;
  readonly #held = new Map<FastifyRequest, number>();
  #total = 0;

  constructor(max: number) {
    this.#max = max;
  }

  read(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
    if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) return Promise.reject(tooLarge());
    // Listening costs a fifth of what an iterator does, and the connection stays whole for the answer to a refusal.
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const refuse = (error: Error): void => {
        payload.pause();
        payload.off('data', take);
        this.forget(request);
        reject(error);
      };
      const take = (bytes: Buffer): void => {
        const refused = this.#hold(request, bytes.length);
        if (refused === undefined) chunks.push(bytes);
        else refuse(refused);
      };
      payload.on('data', take);
      payload.once('end', () => {
        resolve(Buffer.concat(chunks));
      });
      payload.on('error', refuse);
    });
  }

  forget(request: FastifyRequest): void {
    this.#total -= this.#held.get(request) ?? 0;
    this.#held.delete(request);
  }

  /** With several bodies at once an address holds at most half of what the others leave: one alone never shuts Meta out. */
  #isWithinShare(request: FastifyRequest, bytes: number): boolean {
    if (this.#total + bytes <= this.#max / 8) return true;
    const network = networkOf(request.ip);
    let [own, bodies] = [0, 0];
    for (const [other, held] of this.#held) {
      if (networkOf(other.ip) !== network) continue;
      own += held;
      bodies += other === request ? 0 : 1;
    }
    return bodies === 0 || own + bytes <= (this.#max - (this.#total - own)) / 2;
  }

  /** @returns why not, if there is no room. */
  #hold(request: FastifyRequest, bytes: number): Problem | undefined {
    const own = (this.#held.get(request) ?? 0) + bytes;
    if (own > BODY_LIMIT) return tooLarge();
    if (this.#total + bytes > this.#max || !this.#isWithinShare(request, bytes)) {
      return new Problem('overloaded', say('server.webhooks.more-webhooks-coming'));
    }
    this.#held.set(request, own);
    this.#total += bytes;
    return undefined;
  }
}

function tooLarge(): Problem {
  return new Problem('body_too_large', say('server.webhooks.body-larger-than'));
}
