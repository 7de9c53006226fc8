/** What a drill says to a server and to the simulator's control API: JSON over HTTP, with the patience a process needs to come back. */
import { type Dispatcher, request } from 'undici';

export interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface JsonApi {
  readonly url: string;
  /** One call; rejects when no answer comes, which says nothing of whether it was done. */
  call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

export interface ConnectOptions {
  readonly url: string;
  readonly key?: string | undefined;
  readonly answerMs?: number;
  /** Connections of their own; left out = the process's usual ones. */
  readonly dispatcher?: Dispatcher;
}

export function openApi({ url, key, answerMs = 30_000, dispatcher }: ConnectOptions): JsonApi {
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return {
    url,
    async call(method, path, body, headers = {}) {
      const isForm = typeof body === 'string';
      const response = await request(new URL(path, url), {
        method,
        headersTimeout: answerMs,
        bodyTimeout: answerMs,
        ...(dispatcher === undefined ? {} : { dispatcher }),
        headers: {
          ...authorization,
          ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      });
      return { status: response.statusCode, json: parse(await response.body.text()) };
    },
  };
}

/** A file as a browser would send it. */
export function csvForm(csv: string): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const boundary = `drill-${String(csv.length)}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n`;
  return {
    body: `${head}${csv}\r\n--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

export interface Insist {
  readonly withinMs: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** Asks again until `look` gives something. What it throws counts as "not yet" and is told when the time is over. */
export async function insist<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { withinMs, everyMs = 100, signal }: Insist,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let last = 'nothing';
  for (;;) {
    signal?.throwIfAborted();
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > deadline)
      throw new Error(`waited ${String(Math.round(withinMs / 1000))} s in vain for: ${what} (last: ${last})`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
