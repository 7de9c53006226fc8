/**
 * What an error of the database says about asking again.
 * `away`: nobody reached it, or it could not work: connection, restart, full disk, too many connections. The same request may succeed later.
 * `beaten`: it gave up on this transaction because of others or of its time: deadlock, serialisation, a cancelled statement.
 * `undefined`: the statement or its values are wrong, or it is no error of the database; asking again changes nothing.
 * The classes of SQLSTATE are those of PostgreSQL's manual, appendix A.
 */
export function databaseTrouble(error: unknown): 'away' | 'beaten' | undefined {
  if (!(error instanceof Error)) return undefined;
  // Node tries each address of a host name in turn and throws all the failures at once.
  if (error instanceof AggregateError) return error.errors.some((one) => databaseTrouble(one) === 'away') ? 'away' : undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(40...|57014)$/.test(code)) return 'beaten';
  if (/^(08|53|57|58)...$/.test(code)) return 'away';
  if (SOCKET_CODES.has(code)) return 'syscall' in error && SOCKET_CALLS.has(error.syscall) ? 'away' : undefined;
  return MESSAGES.test(error.message) ? 'away' : undefined;
}

const SOCKET_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Beside these, the same codes speak of files. */
const SOCKET_CALLS: ReadonlySet<unknown> = new Set(['connect', 'read', 'write', 'getaddrinfo']);
/** Errors of `pg` and of the embedded database that carry no code. */
const MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|the embedded database stopped)/;
