import { Problem } from '../../domain/problem.ts';
import type { ServerDeps } from '../deps.ts';
import { handleError, sendProblem } from '../errors.ts';
import type { App } from '../fastify-types.ts';

const PATH = '/api/v1/webhooks/whatsapp';
/** Meta's largest is 3 MB (cloud-api.md §5). */
const BODY_LIMIT = 4 * 1024 * 1024;

/**
 * Meta's door. The signature is over the bytes as they came, so nothing parses them here; whatever the content type says, the
 * bytes are taken. Nothing is logged for a delivery and nothing else is asked of it: this is the busiest road.
 */
export function webhookRoutes(app: App, deps: ServerDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => {
    done(null, body);
  });
  const schema = { tags: ['webhooks'] };

  app.get(
    PATH,
    {
      config: { access: 'public' },
      schema: {
        ...schema,
        summary: 'Handshake: repeats the challenge when the verify token is right',
        description: 'Meta asks with hub.mode, hub.verify_token and hub.challenge.',
      },
    },
    async (request, reply) => {
      const { query } = request;
      const challenge = deps.webhook.verify(typeof query === 'object' && query !== null ? { ...query } : {});
      if (challenge === undefined) {
        return sendProblem(
          request,
          reply,
          new Problem(
            'not_allowed',
            'The verify token is not the one in WHATSAPP_VERIFY_TOKEN. Put the same word into the app at Meta and into the settings.',
          ),
        );
      }
      return reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(challenge);
    },
  );

  app.post(
    PATH,
    {
      config: { access: 'public' },
      logLevel: 'silent',
      bodyLimit: BODY_LIMIT,
      schema: {
        ...schema,
        summary: 'Events from Meta, signed with X-Hub-Signature-256',
        description: 'Answers 200 once the events are stored durably.',
      },
      errorHandler: (error, request, reply) => {
        // The route's own log is off; what goes wrong here must still be seen.
        deps.log.warn({ err: error, req_id: request.id }, 'a webhook could not be taken');
        void handleError(error, request, reply);
      },
    },
    async (request, reply) => {
      const { body } = request;
      const signature = request.headers['x-hub-signature-256'];
      const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const outcome = await deps.webhook.receive(raw, typeof signature === 'string' ? signature : undefined);
      if (outcome === 'stored') return reply.send('');
      return sendProblem(
        request,
        reply,
        new Problem(
          'not_authenticated',
          'X-Hub-Signature-256 does not fit the body. WHATSAPP_APP_SECRET must be the secret of the app that sends this webhook.',
        ),
      );
    },
  );
}
