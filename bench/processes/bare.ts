/** The baselines: the least a server can do. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { answerQuestions } from '../support/helper.ts';

const ACCEPTED = JSON.stringify({
  messaging_product: 'whatsapp',
  contacts: [{ input: '+573001234567', wa_id: '573001234567' }],
  messages: [{ id: 'wamid.HBgMNTczMDAxMjM0NTY3FQIAERgSRkQxMjM3QjkwMDAwMDAwMDAwAA==', message_status: 'accepted' }],
});

const calls = {
  /** Reads a JSON body and answers as Meta does when it takes a message. */
  async http(): Promise<string> {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        JSON.parse(Buffer.concat(chunks).toString('utf8'));
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(ACCEPTED);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  },
  /** Verifies the signature over the raw bytes and answers; stores nothing. */
  async webhook({ secret }: { secret: string }): Promise<string> {
    const app = Fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    app.post('/webhook', async (request, reply) => {
      const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice('sha256='.length), 'hex');
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const expected = createHmac('sha256', secret).update(body).digest();
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send('');
      return reply.send('');
    });
    return app.listen({ host: '127.0.0.1', port: 0 });
  },
};

export type BareCalls = typeof calls;

answerQuestions(calls);
