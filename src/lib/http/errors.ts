/** Every refusal and every surprise as RFC 9457 problem+json; nothing of the inside shows. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { PROBLEMS, Problem, type ProblemCode } from '../problem.ts';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** Seconds a client should wait before it tries again, by code. */
const RETRY_AFTER: Partial<Record<ProblemCode, number>> = {
  overloaded: 10,
  not_ready: 5,
  meta_unreachable: 10,
  too_many_requests: 60,
  idempotency_in_progress: 1,
};

/** @param request what it was about; an empty address where not even that could be read. */
export function problemBody(problem: Problem, request: { readonly url: string; readonly id: string }): Record<string, unknown> {
  const { status, title } = PROBLEMS[problem.code];
  return {
    // First, so that no detail of a case stands in for a member that RFC 9457 defines.
    ...problem.extra,
    type: `urn:whatsapp-sender:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    // Without the query: it may hold a ticket.
    instance: request.url.split('?', 1)[0] ?? '',
    request_id: request.id,
  };
}

export async function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  const { status } = PROBLEMS[problem.code];
  const retryAfter = RETRY_AFTER[problem.code];
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', String(retryAfter));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="whatsapp-sender"');
  reply.header('cache-control', 'no-store');
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .serializer((text: string) => text)
    .send(JSON.stringify(problemBody(problem, request)));
}

/** The error handler of the whole server. */
export async function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const problem = toProblem(error);
  if (problem === undefined || PROBLEMS[problem.code].status >= 500) {
    request.log.error({ err: error, method: request.method, path: request.routeOptions.url }, 'request failed');
  }
  return sendProblem(
    request,
    reply,
    problem ??
      new Problem(
        'internal_error',
        `Something went wrong here, not with your request. It was logged under ${request.id}; try again, and report that number if it happens again.`,
      ),
  );
}

/** What an error means to the caller; undefined = a bug of ours. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return undefined;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error);
  if (isDatabaseAway(error))
    return new Problem(
      'not_ready',
      'The database cannot be reached at the moment. Nothing was changed; try again in a few seconds.',
    );
  return ofFastify(error);
}

function invalid(error: Pick<FastifyError, 'validationContext'> & { validation: readonly ZodIssue[] }): Problem {
  const where =
    error.validationContext === 'body' || error.validationContext === undefined ? '' : (PLACES[error.validationContext] ?? '');
  const errors = error.validation.flatMap(fieldErrors);
  const first = errors[0];
  const detail =
    first === undefined
      ? 'The request is not valid.'
      : `${first.field === '' ? 'The body' : `${where}"${first.field}"`}: ${lowerFirst(first.message)}`;
  const more = errors.length > 1 ? ` (and ${String(errors.length - 1)} more, see "errors")` : '';
  return new Problem('invalid_request', `${detail}${more}`, { errors });
}

const PLACES: Readonly<Record<string, string>> = {
  params: 'In the address, ',
  querystring: 'In the query, ',
  headers: 'In the headers, ',
};

interface ZodIssue {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

function fieldErrors(issue: ZodIssue): FieldError[] {
  const field = issue.instancePath.split('/').filter(Boolean).join('.');
  const { keys } = issue.params;
  if (issue.keyword === 'unrecognized_keys' && Array.isArray(keys)) {
    return keys.map((key) => ({
      field: field === '' ? String(key) : `${field}.${String(key)}`,
      message: 'Is not a field of this request. Check its spelling, or leave it out.',
    }));
  }
  return [{ field, message: field === '' && isNothing(issue) ? NO_BODY : wording(issue) }];
}

const NO_BODY = 'Is missing; this address needs one, as JSON.';

function isNothing({ keyword, message = '' }: ZodIssue): boolean {
  return keyword === 'invalid_type' && /received (null|undefined)$/.test(message);
}

/** Zod's issue in words that say what to do. */
export function wording({ keyword, message = '', params }: ZodIssue): string {
  const { expected, values, minimum, maximum, origin, format, inclusive } = params;
  switch (keyword) {
    case 'invalid_type':
      if (/received undefined$/.test(message)) return 'Is required.';
      return `Must be ${KINDS[String(expected)] ?? String(expected)}.`;
    case 'invalid_value':
      return Array.isArray(values) ? `Must be ${values.length > 1 ? 'one of ' : ''}${values.map(String).join(', ')}.` : message;
    case 'too_small':
      if (origin === 'string')
        return Number(minimum) === 1 ? 'Must not be empty.' : `Must have at least ${String(minimum)} characters.`;
      if (origin === 'array')
        return Number(minimum) === 1 ? 'Must name at least one.' : `Must have at least ${String(minimum)} entries.`;
      return `Must be ${inclusive === false ? 'more than' : 'at least'} ${String(minimum)}.`;
    case 'too_big':
      if (origin === 'string') return `Must have at most ${String(maximum)} characters.`;
      if (origin === 'array') return `Must have at most ${String(maximum)} entries.`;
      return `Must be ${inclusive === false ? 'less than' : 'at most'} ${String(maximum)}.`;
    case 'invalid_format':
      return FORMATS[String(format)] ?? message;
    default:
      return message === '' ? 'Is not valid.' : message;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a time',
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'Must be a time with its zone, as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00-05:00.',
  regex: 'Has characters or a form that is not allowed here.',
};

/** Classes and codes of PostgreSQL and of the socket that mean "not now", never "not so". */
export function isDatabaseAway(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(08|57P|53)/.test(code) && code.length === 5) return true;
  if (/^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/.test(code) && 'syscall' in error)
    return isSocketCall(error.syscall);
  return /^(Connection terminated|timeout exceeded when trying to connect|the embedded database stopped|Client has encountered a connection error)/.test(
    error.message,
  );
}

function isSocketCall(syscall: unknown): boolean {
  return syscall === 'connect' || syscall === 'read' || syscall === 'write' || syscall === 'getaddrinfo';
}

/** Faults the framework finds before a handler runs. */
function ofFastify(error: Error): Problem | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  switch (code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new Problem(
        'unreadable_body',
        'The body is not valid JSON. Check quotes and commas, and that Content-Type: application/json matches the body.',
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return new Problem(
        'unsupported_media_type',
        'This address does not take a body of this Content-Type. Send JSON as application/json, or a file as multipart/form-data.',
      );
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new Problem('body_too_large', 'The body is larger than this address takes. Split it into smaller ones.');
    case 'FST_MP_PREMATURE_CLOSE':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Problem('unreadable_body', 'The body ended too early. Nothing was changed; send it again.');
    case 'ERR_HTTP_CONTENT_LENGTH_MISMATCH':
      return undefined;
    default:
      break;
  }
  if (isResponseSerializationError(error) && code === 'FST_ERR_RESPONSE_SERIALIZATION') return undefined;
  if (status === 429) return new Problem('too_many_requests', 'Too many tries in a short time. Wait a minute, then try again.');
  if (status === 413)
    return new Problem('body_too_large', 'The body is larger than this address takes. Split it into smaller ones.');
  if (status === 415) return new Problem('unsupported_media_type', 'This address does not take a body of this Content-Type.');
  if (status >= 400 && status < 500) return new Problem('invalid_request', `The request could not be read: ${error.message}`);
  return undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
