/** Every refusal and every surprise as RFC 9457 problem+json; nothing of the inside shows. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { databaseTrouble } from '../db/database-trouble.ts';
import { PROBLEMS, Problem, type ProblemCode } from '../problem.ts';
import { type Sentence, say, type Text, translate, translateAll, within } from '../words/sentence.ts';
import { type Language, wordsIn } from '../words/words.ts';
import { nameLanguage, readerLanguage } from './language.ts';

export interface FieldError {
  readonly field: string;
  readonly message: Text;
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

/** @param request what it was about; an empty address where not even that could be read. Its title is the same in every language. */
export function problemBody(
  problem: Problem,
  request: { readonly url: string; readonly id: string },
  language: Language = 'en',
): Record<string, unknown> {
  const { status, title } = PROBLEMS[problem.code];
  return {
    // First, so that no detail of a case stands in for a member that RFC 9457 defines.
    ...(translateAll(problem.extra, language) as Record<string, unknown>),
    type: `urn:whatsapp-sender:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: translate(problem.detail, language),
    // Without the query: it may hold a ticket.
    instance: request.url.split('?', 1)[0] ?? '',
    request_id: request.id,
  };
}

export async function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  const { status } = PROBLEMS[problem.code];
  const { retry_after: own } = problem.extra;
  const retryAfter = typeof own === 'number' ? own : RETRY_AFTER[problem.code];
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', String(retryAfter));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="whatsapp-sender"');
  reply.header('cache-control', 'no-store');
  const language = readerLanguage(request);
  nameLanguage(reply, language);
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .serializer((text: string) => text)
    .send(JSON.stringify(problemBody(problem, request, language)));
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
    problem ?? new Problem('internal_error', say('server.http.internal-error', { id: request.id })),
  );
}

/** What an error means to the caller; undefined = a bug of ours. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return undefined;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error);
  if (databaseTrouble(error) !== undefined) return new Problem('not_ready', say('server.http.database-away'));
  return ofFastify(error);
}

function invalid(error: Pick<FastifyError, 'validationContext'> & { validation: readonly ZodIssue[] }): Problem {
  const place = PLACES.find((known) => known === error.validationContext) ?? 'body';
  const errors = error.validation.flatMap(fieldErrors);
  const [first] = errors;
  if (first === undefined) return new Problem('invalid_request', say('server.http.not-valid'));
  const what = first.field === '' ? say('server.http.whole-body') : say(`server.http.at-${place}`, { field: first.field });
  const detail = say('server.http.invalid', { what, why: within(first.message), more: errors.length - 1 });
  return new Problem('invalid_request', detail, { errors });
}

const PLACES = ['params', 'querystring', 'headers', 'body'] as const;

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
      message: say('server.http.unknown-field'),
    }));
  }
  return [{ field, message: field === '' && isNothing(issue) ? say('server.http.no-body') : wording(issue) }];
}

function isNothing({ keyword, message = '' }: ZodIssue): boolean {
  return keyword === 'invalid_type' && /received (null|undefined)$/.test(message);
}

/** Zod's issue in words that say what to do. A rule of our own (`refine`) gives the id of its sentence as its message. */
export function wording({ keyword, message = '', params }: ZodIssue): Text {
  const { expected, values, origin, format } = params;
  switch (keyword) {
    case 'invalid_type':
      if (/received undefined$/.test(message)) return say('server.http.required');
      return say('server.http.must-be', {
        kind: KINDS.has(String(expected)) ? say(`server.http.kind-${String(expected)}`) : String(expected),
      });
    case 'invalid_value':
      if (!Array.isArray(values)) break;
      return say('server.http.one-of', { values: values.map(String).join(', '), count: values.length });
    case 'too_small':
      return bound('least', origin, params);
    case 'too_big':
      return bound('most', origin, params);
    case 'invalid_format':
      if (format === 'datetime' || format === 'regex') return say(`server.http.format-${format}`);
      break;
    default:
      if (wordsIn('en')(message) !== message) return say(message);
  }
  return message === '' ? say('server.http.field-not-valid') : message;
}

function bound(side: 'least' | 'most', origin: unknown, params: Readonly<Record<string, unknown>>): Sentence {
  const count = Number(side === 'least' ? params['minimum'] : params['maximum']);
  if (origin === 'string' || origin === 'array') return say(`server.http.${origin}-${side}`, { count });
  return say(`server.http.number-${side}`, { count: String(count), isOpen: params['inclusive'] === false ? 'yes' : 'no' });
}

const KINDS: ReadonlySet<string> = new Set(['string', 'number', 'int', 'boolean', 'array', 'object', 'record', 'date']);

/** Faults the framework finds before a handler runs. */
function ofFastify(error: Error): Problem | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  switch (code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new Problem('unreadable_body', say('server.http.body-valid-json'));
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return new Problem('unsupported_media_type', say('server.http.address-does-take'));
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new Problem('body_too_large', say('server.http.body-larger-than'));
    case 'FST_MP_PREMATURE_CLOSE':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Problem('unreadable_body', say('server.http.body-ended-too'));
    case 'ERR_HTTP_CONTENT_LENGTH_MISMATCH':
      return undefined;
    default:
      break;
  }
  if (isResponseSerializationError(error) && code === 'FST_ERR_RESPONSE_SERIALIZATION') return undefined;
  if (status === 429) return new Problem('too_many_requests', say('server.http.too-many-tries'));
  if (status === 413) return new Problem('body_too_large', say('server.http.body-larger-than'));
  if (status === 415) return new Problem('unsupported_media_type', say('server.http.address-does-take-body'));
  if (status >= 400 && status < 500)
    return new Problem('invalid_request', say('server.http.request-could-read', { message: error.message }));
  return undefined;
}
