/** What is refused before there is a route: by the router, or by Node while it still reads the head. Told like every refusal. */

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS, Problem } from '../problem.ts';
import { say } from '../words/sentence.ts';
import { PROBLEM_TYPE, problemBody, sendProblem } from './errors.ts';
import type { App } from './fastify-types.ts';

/** For Fastify's `frameworkErrors`. */
export function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem =
    error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? new Problem('address_too_long', say('server.http.part-address-longer'))
      : new Problem('invalid_request', say('server.http.address-cannot-decoded'));
  void sendProblem(request, reply, problem);
}

/** For Fastify's `clientErrorHandler`: there is no request yet, only a connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(refusalText(ofConnection(error.code)));
  socket.destroySoon();
}

function ofConnection(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', say('server.http.address-headers-larger'));
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return tooSlow();
    case 'HPE_INVALID_METHOD':
      return new Problem('invalid_request', say('server.http.request-begins-method'));
    default:
      return new Problem('invalid_request', say('server.http.request-http-1'));
  }
}

export function tooSlow(): Problem {
  return new Problem('request_timeout', say('server.http.request-did-come'));
}

/** A whole answer as it stands on the wire, after which the connection is closed. */
export function refusalText(problem: Problem, request?: { readonly url: string; readonly id: string }): string {
  const body = JSON.stringify(problemBody(problem, request ?? { url: '', id: randomUUID() }));
  const { status, title } = PROBLEMS[problem.code];
  return [
    `HTTP/1.1 ${String(status)} ${title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** What Node would refuse by itself with a bare status. */
export function refuseOddHeads(app: App): void {
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.headers.host === undefined && raw.httpVersion !== '1.0')
      throw new Problem('invalid_request', say('server.http.request-host-header'));
  });
  app.server.on('checkExpectation', (_request, response) => {
    const problem = new Problem('expectation_failed', say('server.http.header-expect-can'));
    const body = Buffer.from(JSON.stringify(problemBody(problem, { url: '', id: randomUUID() })));
    const headers = { 'content-type': PROBLEM_TYPE, 'content-length': body.length, 'cache-control': 'no-store' };
    response.writeHead(PROBLEMS[problem.code].status, headers).end(body);
  });
}
