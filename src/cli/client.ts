/** The HTTP API as commands use it: answers checked against their shapes, refusals told in the server's own words. */

import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import type { z } from 'zod';
import type { InWords } from '../lib/words/sentence.ts';
import { CliError, EXIT } from './exit.ts';
import { findTarget, type RemoteOptions, type Target } from './target.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
}

export interface Answer<T> {
  readonly data: T;
  /** As the server gave it, for `--json`. */
  readonly raw: unknown;
}

export interface RawBody {
  readonly stream: Readable;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Client {
  readonly url: string;
  ask<T>(call: Call, shape: z.ZodType<T>): Promise<Answer<InWords<T>>>;
  /** For answers without a body. */
  tell(call: Call): Promise<void>;
  /** Sends a stream; the answer may take as long as the server works on it. */
  upload<T>(path: string, body: RawBody, shape: z.ZodType<T>): Promise<Answer<InWords<T>>>;
  /** The body as it comes, however long it takes. */
  stream(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable>;
}

/** Long enough for a count of a very large campaign. */
const ANSWER_MS = 600_000;

export async function connect(options: RemoteOptions): Promise<Client> {
  const target = findTarget(options);
  const agent = new Agent({ connect: { timeout: 10_000 }, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
  const url = await firstThatAnswers(target.urls, agent);
  if (target.key !== undefined && isInTheClear(url)) {
    process.stderr.write(`Warning: ${url} is not https, so the key travels in the clear.\n`);
  }
  return createClient(url, target, agent);
}

function createClient(url: string, target: Target, agent: Agent): Client {
  const authorization: Record<string, string> = target.key === undefined ? {} : { authorization: `Bearer ${target.key}` };

  async function call(
    path: string,
    options: Omit<Dispatcher.RequestOptions, 'path' | 'origin'>,
  ): Promise<Dispatcher.ResponseData> {
    let response: Dispatcher.ResponseData;
    try {
      response = await request(`${url}${path}`, {
        ...options,
        dispatcher: agent,
        headers: { accept: 'application/json', ...authorization, ...headersOf(options) },
      });
    } catch (error) {
      throw unreachable(url, error, options.method);
    }
    if (response.statusCode >= 400) throw await refusal(response, url, target);
    return response;
  }

  async function read<T>(response: Dispatcher.ResponseData, shape: z.ZodType<T>): Promise<Answer<InWords<T>>> {
    const raw = await readJson(response, url);
    const parsed = shape.safeParse(raw);
    if (!parsed.success) throw stranger(url, 'its answer has another form than this version of the command line expects');
    // The server has put every sentence of it into words.
    return { data: parsed.data as InWords<T>, raw };
  }

  const send = ({ method = 'GET', path, query = {}, body }: Call): Promise<Dispatcher.ResponseData> =>
    call(withQuery(path, query), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });

  return {
    url,
    ask: async (wanted, shape) => read(await send(wanted), shape),
    async tell(wanted) {
      await (await send(wanted)).body.dump();
    },
    async upload(path, { stream, headers }, shape) {
      return read(
        await call(path, { method: 'POST', body: stream, headers: { ...headers }, headersTimeout: 0, bodyTimeout: 0 }),
        shape,
      );
    },
    async stream(path, headers, signal) {
      const response = await call(path, {
        method: 'GET',
        headers: { ...headers },
        headersTimeout: 30_000,
        bodyTimeout: 0,
        signal,
      });
      return response.body;
    },
  };
}

function headersOf({ headers }: Pick<Dispatcher.RequestOptions, 'headers'>): Record<string, string> {
  return typeof headers === 'object' && headers !== null && !Array.isArray(headers) ? (headers as Record<string, string>) : {};
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** Only asked where there is a choice: a server on this machine may or may not be the one behind PUBLIC_URL. */
async function firstThatAnswers(urls: readonly string[], agent: Agent): Promise<string> {
  const last = urls.at(-1) ?? '';
  for (const url of urls.slice(0, -1)) {
    try {
      const { body } = await request(`${url}/health/live`, { dispatcher: agent, headersTimeout: 5_000 });
      await body.dump();
      return url;
    } catch {
      // The next one may.
    }
  }
  return last;
}

function isInTheClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

async function readJson(response: Dispatcher.ResponseData, url: string): Promise<unknown> {
  const text = await response.body.text().catch((error: unknown) => {
    throw unreachable(url, error, 'GET');
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw stranger(url, `it answered ${String(response.statusCode)} with something that is not JSON`);
  }
}

function stranger(url: string, what: string): CliError {
  return new CliError(
    `The server at ${url} does not speak as expected: ${what}. Is this the right address (--url), and is it the same version?`,
  );
}

const NOT_CONNECTED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
};

/** Before a connection nothing was done; after it nobody knows. */
function unreachable(url: string, error: unknown, method: string | undefined): CliError {
  if (error instanceof Error && error.name === 'AbortError') return new CliError('Interrupted.', EXIT.interrupted);
  const code = codeOf(error);
  const reason = NOT_CONNECTED[code];
  if (reason !== undefined) {
    const advice = 'Start it with "whatsapp-sender start", or name another one with --url.';
    return new CliError(`No server answers at ${url}: ${reason}. ${advice}`, EXIT.unreachable, {
      code: 'unreachable',
      url,
      reason,
    });
  }
  const done = method === 'GET' ? 'Try again.' : 'Whether it was done is not known: look before you do it again.';
  const what = code === '' && error instanceof Error ? error.message : code;
  return new CliError(`The connection to ${url} broke before the answer came (${what}). ${done}`, EXIT.unreachable, {
    code: 'connection_broken',
    url,
  });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses of one name were tried: the first one tells.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

/** RFC 9457 in words: the title, what happened and what to do, the fields, the reasons. */
async function refusal(response: Dispatcher.ResponseData, url: string, target: Target): Promise<CliError> {
  const raw = await readJson(response, url);
  if (!isRecord(raw) || typeof raw['title'] !== 'string') {
    return stranger(url, `it answered ${String(response.statusCode)} without saying why`);
  }
  const reasons = Array.isArray(raw['reasons']) ? (raw['reasons'] as unknown[]).flatMap(reasonLine) : [];
  // A single fault stands in the detail already.
  const faults = Array.isArray(raw['errors']) && raw['errors'].length > 1 ? (raw['errors'] as unknown[]).flatMap(faultLine) : [];
  // The detail is the reasons in one line, where there are any.
  const detail = typeof raw['detail'] === 'string' && reasons.length === 0 ? `: ${raw['detail']}` : reasons.length > 0 ? ':' : '';
  const lines = [raw['title'] + detail, ...reasons, ...faults];
  if (response.statusCode === 401) lines.push(keyAdvice(target));
  return new CliError(lines.join('\n'), EXIT.failed, raw);
}

function keyAdvice({ key, keyFrom }: Target): string {
  return key === undefined
    ? 'Give a key with --key or WHATSAPP_SENDER_KEY.'
    : `The key that was sent is from ${keyFrom}; give another one with --key or WHATSAPP_SENDER_KEY.`;
}

function faultLine(fault: unknown): string[] {
  if (!isRecord(fault) || typeof fault['message'] !== 'string') return [];
  const { field, message } = fault;
  return [`  - ${typeof field === 'string' && field !== '' ? `${field}: ` : ''}${message}`];
}

function reasonLine(reason: unknown): string[] {
  if (typeof reason === 'string') return [`  - ${reason}`];
  return isRecord(reason) && typeof reason['message'] === 'string' ? [`  - ${reason['message']}`] : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
