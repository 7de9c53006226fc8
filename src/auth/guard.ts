/**
 * Who is calling, and whether they may. Decided before the body is read.
 *
 * The header wins over the cookie, the cookie over the ticket. Requests that a browser sends by itself (cookie, or no key at all
 * in the local mode) must come from a page of ours: otherwise any page the person visits could act in their name.
 */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, requireRight, SCOPES, setActor } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { wasForwarded } from '../lib/http/proxies.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { type AuthDeps, authenticateKey } from './api-keys.ts';
import { authenticateSession, redeemTicket, SESSION_DAYS } from './sessions.ts';

export const SESSION_COOKIE = 'wasend_session';

const LOCAL: Actor = { kind: 'local', id: null, name: 'local', scopes: SCOPES, role: 'admin' };

export interface AuthOptions {
  readonly auth: AuthDeps;
  /** Origin of PUBLIC_URL. */
  readonly publicOrigin: string | undefined;
  /** CORS_ORIGINS. */
  readonly corsOrigins: readonly string[];
}

export function guard(app: App, options: AuthOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    if (options.auth.authMode === 'none') {
      refuseForeignHost(request);
      refuseForwarded(request);
    }
    const needed = request.routeOptions.config.access;
    // Unknown addresses have no config: they are 404 for everybody.
    if (needed === undefined) return;
    if (needed === 'public') {
      if (!isSafe(request.method)) refuseForeignPage(request, options);
      return;
    }
    const actor = await identify(request, options);
    requireRight(actor, needed);
    setActor(request, actor);
    // Lists of people, exports, backups: nothing that needs a right stays behind in a browser or a proxy.
    reply.header('cache-control', 'no-store');
  });
}

async function identify(request: FastifyRequest, options: AuthOptions): Promise<Actor> {
  const { auth } = options;
  if (auth.authMode === 'none') {
    if (!isSafe(request.method)) refuseForeignPage(request, options);
    return LOCAL;
  }
  const header = request.headers.authorization;
  if (header !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
    const actor = key === undefined ? undefined : await authenticateKey(auth, key);
    if (actor === undefined) {
      throw new Problem('not_authenticated', say('server.auth.key-known-revoked'));
    }
    return actor;
  }
  const session = sessionOf(request);
  if (session !== undefined) {
    const actor = await authenticateSession(auth, session);
    if (actor !== undefined) {
      if (!isSafe(request.method)) refuseForeignPage(request, options);
      return actor;
    }
  }
  const ticket = request.routeOptions.config.ticket === true ? ticketOf(request) : undefined;
  if (ticket !== undefined) {
    const actor = await redeemTicket(auth, ticket);
    if (actor !== undefined) return actor;
    throw new Problem('not_authenticated', say('server.auth.ticket-used-already'));
  }
  throw new Problem('not_authenticated', say('server.auth.needs-key-login'));
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** A browser says where a request that changes something comes from; other programs say nothing and have no cookies of people. */
function refuseForeignPage(request: FastifyRequest, { publicOrigin, corsOrigins, auth }: AuthOptions): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined) {
    if (site === undefined || site === 'same-origin' || site === 'none') return;
  } else {
    if (origin === publicOrigin || origin === `${request.protocol}://${request.host}`) return;
    // Pages named in CORS_ORIGINS never send our cookie; without keys (the local mode) they are let in by name.
    if (auth.authMode === 'none' && corsOrigins.includes(origin)) return;
  }
  throw new Problem('not_allowed', say('server.auth.request-comes-another'));
}

/** Without keys only this machine may ask, under its own name: a foreign name that points here is a page trying to get in. */
function refuseForeignHost(request: FastifyRequest): void {
  if (/^(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z0-9-]+\.localhost)(:\d+)?$/i.test(request.host)) return;
  throw new Problem('not_allowed', say('server.auth.while-keys-switched'));
}

/** A proxy or tunnel on this machine reaches the loopback for everybody it lets through, often under the name of this machine too. */
function refuseForwarded(request: FastifyRequest): void {
  if (!wasForwarded(request)) return;
  throw new Problem('not_allowed', say('server.auth.request-came-through'));
}

export function sessionOf(request: FastifyRequest): string | undefined {
  return request.cookies[SESSION_COOKIE];
}

function ticketOf(request: FastifyRequest): string | undefined {
  const { query } = request;
  return typeof query === 'object' && query !== null && 'ticket' in query && typeof query.ticket === 'string'
    ? query.ticket
    : undefined;
}

export function setSessionCookie(reply: FastifyReply, token: string, secure: boolean): void {
  reply.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: SESSION_DAYS * 86_400 });
}

export function clearSessionCookie(reply: FastifyReply, secure: boolean): void {
  reply.clearCookie(SESSION_COOKIE, { path: '/', httpOnly: true, sameSite: 'lax', secure });
}

const DEVICE_COOKIE = 'wasend_device';
const DEVICE_DAYS = 365;

/** Says of a browser that somebody was logged in there; sent along only where it is of use. */
export function setDeviceCookie(reply: FastifyReply, device: string, secure: boolean): void {
  const options = { path: '/api/v1/auth', httpOnly: true, sameSite: 'strict', secure, maxAge: DEVICE_DAYS * 86_400 } as const;
  reply.setCookie(DEVICE_COOKIE, device, options);
}

export function deviceCookie(request: FastifyRequest): string | undefined {
  return request.cookies[DEVICE_COOKIE];
}
