/** The connections to Meta. Every phase has a timeout of its own; undici's defaults are minutes long. */
import { buildConnector, type Client, Pool } from 'undici';
import { createSendPool, type SendPool } from './send-pool.ts';

/** Milliseconds. Their sum is the longest a send can take once it has a connection: a lease must outlive it. */
export interface MetaTimeouts {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
}

export const DEFAULT_TIMEOUTS: MetaTimeouts = { connectMs: 10_000, headersMs: 20_000, bodyMs: 20_000 };

/** A page of a hundred templates with long carousels is a few megabytes. */
const MAX_ANSWER_BYTES = 33_554_432;
/** Well below the idle time of any server we may meet (Node's own is 5 s): a request must not race the server's close. */
const KEEP_ALIVE_MS = 4000;
/** Taken off the idle time a server announces. */
const KEEP_ALIVE_MARGIN_MS = 2000;

/** An error of DNS, TCP or TLS: no byte of any request was written. The message is a short word, see reasonOf. */
export class ConnectError extends Error {
  constructor(cause: Error) {
    super(reasonOf(cause), { cause });
    this.name = 'ConnectError';
  }
}

/** What every connection to Meta has in common. */
function connectionOptions({ connectMs, headersMs, bodyMs }: MetaTimeouts): Client.Options {
  const connector = buildConnector({ timeout: connectMs });
  return {
    // A second request behind one that hangs or breaks would share its fate.
    pipelining: 1,
    allowH2: false,
    headersTimeout: headersMs,
    bodyTimeout: bodyMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: 30_000,
    keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
    // Marks the errors of DNS, TCP and TLS. It also takes their code away, by which undici would keep a request and connect again.
    connect: (target, callback) => {
      connector(target, (error, socket) => {
        if (error !== null) callback(new ConnectError(error), null);
        else callback(null, socket);
      });
    },
  };
}

/** For questions, which are few. */
export function openPool(origin: string, connections: number, timeouts: MetaTimeouts): Pool {
  return new Pool(origin, { ...connectionOptions(timeouts), connections });
}

/** For sends, of which hundreds are out at once. */
export function openSendPool(origin: string, connections: number, timeouts: MetaTimeouts): SendPool {
  return createSendPool(origin, connections, connectionOptions(timeouts));
}

const REASONS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout_headers',
  UND_ERR_BODY_TIMEOUT: 'timeout_body',
  UND_ERR_SOCKET: 'connection_closed',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'body_too_large',
  UND_ERR_DESTROYED: 'client_closed',
  UND_ERR_CLOSED: 'client_closed',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
};

/** True for an error of the connect phase, and for a request that a closed pool never took from its queue. */
export function isBeforeAnyByte(error: Error): boolean {
  return error instanceof ConnectError || reasonOf(error) === 'client_closed';
}

/** A short stable word for what went wrong. Never the error's own text, which may hold addresses. */
export function reasonOf(error: unknown): string {
  if (error instanceof ConnectError) return error.message;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return 'connection_failed';
  return REASONS[code] ?? code.toLowerCase();
}
