/** Graph calls that are not sends: one answer or a list, read into a value or an error. Nothing is thrown. */
import { FormData, type Pool } from 'undici';
import { readGraphError } from './outcome.ts';
import { reasonOf } from './pool.ts';
import type { MetaError } from './send-outcome.ts';
import { asObject, asText, type JsonObject, objectsIn, parseJson } from './wire.ts';

/** Why a call that is not a send came to nothing. */
export type MetaCallError = MetaError | { readonly unreachable: string };

export type MetaResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: MetaCallError };

export function isUnreachable(error: MetaCallError): error is { readonly unreachable: string } {
  return 'unreachable' in error;
}

export interface GraphCall {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
}

interface ListPage {
  readonly items: readonly JsonObject[];
  /** The cursor of the next page; undefined on the last one. */
  readonly after: string | undefined;
}

export interface Graph {
  call<T>(request: GraphCall, read: (json: JsonObject) => T | undefined): Promise<MetaResult<T>>;
  /** The pages of a list, ended by the last one or by one error. */
  pages(path: string, fields: string): AsyncGenerator<MetaResult<readonly JsonObject[]>>;
}

interface GraphDeps {
  readonly pool: Pool;
  /** Path in front of every call: the version, and a proxy's own prefix. */
  readonly prefix: string;
  readonly authorization: string;
  /** The longest one call may take. */
  readonly totalMs: number;
}

const BAD_CURSOR = 131059;
const MAX_RESTARTS = 3;
/** Far beyond the 6,000 templates an account may hold; a list that never ends must not hold us for ever. */
const MAX_PAGES = 1000;

export function createGraph(deps: GraphDeps): Graph {
  const call: Graph['call'] = (request, read) => callGraph(deps, request, read);
  return { call, pages: (path, fields) => readPages(call, path, fields) };
}

async function callGraph<T>(
  deps: GraphDeps,
  request: GraphCall,
  read: (json: JsonObject) => T | undefined,
): Promise<MetaResult<T>> {
  const { pool, prefix, authorization, totalMs } = deps;
  // undici writes the type of a form itself, with its boundary.
  const headers = request.body instanceof FormData ? { authorization } : { authorization, 'content-type': 'application/json' };
  try {
    const {
      statusCode,
      headers: answered,
      body,
    } = await pool.request({
      path: `${prefix}/${request.path}`,
      method: request.method ?? 'GET',
      headers,
      query: request.query ?? {},
      body: request.body ?? null,
      signal: AbortSignal.timeout(totalMs),
    });
    const json = asObject(parseJson(await body.text()));
    const error = readGraphError(statusCode, answered, json);
    if (error !== undefined) return { ok: false, error };
    const value = statusCode >= 200 && statusCode < 300 && json !== undefined ? read(json) : undefined;
    if (value === undefined) return { ok: false, error: { unreachable: `http_${String(statusCode)}_unreadable` } };
    return { ok: true, value };
  } catch (error) {
    return { ok: false, error: { unreachable: reasonOf(error) } };
  }
}

/** A cursor that expired (131059) starts the list again from its beginning (docs/meta.md, Templates). */
async function* readPages(call: Graph['call'], path: string, fields: string): AsyncGenerator<MetaResult<readonly JsonObject[]>> {
  let after: string | undefined;
  let restarts = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { fields, limit: '100', ...(after === undefined ? {} : { after }) };
    const result = await call({ path, query }, readPage);
    if (result.ok) {
      yield { ok: true, value: result.value.items };
      after = result.value.after;
      if (after === undefined) return;
    } else if (isBadCursor(result.error) && after !== undefined && restarts < MAX_RESTARTS) {
      restarts += 1;
      after = undefined;
    } else {
      yield result;
      return;
    }
  }
  yield { ok: false, error: { unreachable: 'too_many_pages' } };
}

function isBadCursor(error: MetaCallError): boolean {
  return !isUnreachable(error) && error.code === BAD_CURSOR;
}

/**
 * There is a next page exactly when `paging.next` is there (docs/meta.md, Templates). Only its cursor is used: the address itself
 * comes from outside and may carry a token.
 */
function readPage(json: JsonObject): ListPage | undefined {
  if (!Array.isArray(json['data'])) return undefined;
  const items = objectsIn(json['data']);
  const paging = asObject(json['paging']);
  const next = asText(paging?.['next']);
  if (next === undefined) return { items, after: undefined };
  const query = next.split('?')[1] ?? '';
  return { items, after: new URLSearchParams(query).get('after') ?? asText(asObject(paging?.['cursors'])?.['after']) };
}
