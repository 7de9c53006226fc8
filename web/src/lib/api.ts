/** The one way to the server: typed by its own description, and every refusal an ApiProblem with words a person can read. */

import type { Schemas } from '../../../client/client.d.ts';
import { createClient } from '../../../client/client.js';
import { sessionExpired } from './session-expired.ts';
import { shownLanguage, t } from './words.ts';

export type { Schemas };

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** A refusal of the server, or none at all: then `status` is 0 and `code` is "offline". */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly fields: readonly FieldProblem[];
  readonly requestId: string | undefined;
  /** The rest of the answer: what only this refusal carries. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(typeof body['detail'] === 'string' ? body['detail'] : t('error.unreadable'));
    this.name = 'ApiProblem';
    this.status = status;
    this.code = typeof body['code'] === 'string' ? body['code'] : 'unknown';
    this.title = typeof body['title'] === 'string' ? body['title'] : '';
    this.requestId = typeof body['request_id'] === 'string' ? body['request_id'] : undefined;
    this.fields = Array.isArray(body['errors']) ? (body['errors'] as FieldProblem[]) : [];
    this.extra = body;
  }
}

export const api = createClient({ baseUrl: location.origin, fetch: send });

async function send(request: Request): Promise<Response> {
  request.headers.set('accept-language', shownLanguage());
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    // Called off by whoever asked: not a fault.
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, { code: 'offline', title: t('error.offline-title'), detail: t('error.offline') });
  }
  // The address that logs in answers 401 itself; everywhere else the session is over, and what is on the screen stays.
  if (response.status === 401 && !/\/auth\/(login|me|invitation)/.test(request.url)) sessionExpired.set(true);
  return response;
}

/** Gives what the server answered, or throws its refusal. */
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (response.ok) return data as NonNullable<T>;
  throw new ApiProblem(response.status, typeof error === 'object' && error !== null ? { ...error } : {});
}

/** Names one act, so that pressing twice, or sending again after a lost answer, does it once. */
export function newKey(): string {
  // crypto.randomUUID is only there on https and localhost.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(-1, {
    code: 'page',
    title: t('error.page-title'),
    detail: error instanceof Error ? error.message : String(error),
  });
}
