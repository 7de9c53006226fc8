// Logging in and out. Promises: a wrong name and a wrong password are told apart by nobody, not even by the time they take;
// a stranger who tries a known name holds up strangers only; a session ends with its person, on logout, after 14 idle days and after 90
// days at the latest.
// A crash leaves at worst a session whose cookie nobody got; it expires.

import { recordAudit } from '../audit/record-audit.ts';
import { type Actor, ROLES } from '../lib/http/actor.ts';
import { networkOf } from '../lib/http/client-network.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { AuthDeps } from './api-keys.ts';
import {
  deleteSession,
  deleteSessionOf,
  deleteSessionsOf,
  findLogin,
  findSession,
  insertSession,
  insertTicket,
  listSessionsOf,
  markLogin,
  type Person,
  type Session,
  takeTicket,
  touchSession,
} from './auth.sql.ts';
import { deviceOf, newDevice } from './known-device.ts';
import { forgetTries } from './login-delays.sql.ts';
import { mayTry, mayTryName, tryKey } from './login-tries.ts';
import { actorOf, personIdOf } from './person.ts';
import { takeCode } from './second-factor.ts';
import { newToken, tokenHash, verifyPassword } from './secrets.ts';

export const SESSION_DAYS = 90;
export const IDLE_DAYS = 14;
export const TICKET_SECONDS = 60;
/** Of what a browser calls itself. */
const AGENT_LENGTH = 300;

/** Where a login comes from. */
export interface Origin {
  readonly address: string;
  readonly agent: string | undefined;
  /** The token of a browser that logged in before. */
  readonly device: string | undefined;
}

export interface LoggedIn {
  readonly person: Person;
  /** For the cookies. */
  readonly token: string;
  readonly device: string;
}

/**
 * A try is counted before the slow hash, and taken back when it was right. A browser that logged this person in before has a count of
 * its own, so that no stranger can hold it up; everybody else shares one for each network and name, and one for each name.
 */
export async function logIn(
  deps: AuthDeps,
  given: { readonly name: string; readonly password: string; readonly code?: string | undefined },
  from: Origin,
): Promise<LoggedIn> {
  const { db } = deps;
  const name = given.name.trim();
  const person = await findLogin(db, name);
  const own = deviceOf(deps.secretKey, from.device);
  const known = person !== undefined && own?.personId === person.id;
  const place = known ? `device ${own.device}` : `network ${networkOf(from.address)}`;
  const tries = tryKey(name, place);
  await mayTry(db, tries);
  if (!known) await mayTryName(db, name);
  const right = await verifyPassword(given.password, person?.password, { known });
  if (!right || person === undefined) {
    if (person !== undefined) await recordFailure(deps, person, from, 'password');
    throw new Problem('not_authenticated', say('server.auth.wrong-login'));
  }
  if (person.has_second_factor) await askSecondFactor(deps, { person, known, code: given.code, from });
  await forgetTries(db, tries);
  return openSession(deps, person, from);
}

/** Of the code alone there are only a million: its tries are counted for each person, wherever they come from. */
async function askSecondFactor(
  deps: AuthDeps,
  { person, known, code, from }: { person: Person; known: boolean; code: string | undefined; from: Origin },
): Promise<void> {
  if (code === undefined) throw new Problem('second_factor_needed', say('server.auth.code-needed'));
  const tries = tryKey(person.name, 'code');
  if (!known) await mayTry(deps.db, tries);
  if (await deps.db.tx((sql) => takeCode(deps, sql, person.id, code))) {
    if (!known) await forgetTries(deps.db, tries);
    return;
  }
  await recordFailure(deps, person, from, 'code');
  throw new Problem('not_authenticated', say('server.auth.wrong-login-code'));
}

/** Of a known name only: what is typed into the field of an unknown one may be a password. */
async function recordFailure({ db }: AuthDeps, person: Person, from: Origin, what: 'password' | 'code'): Promise<void> {
  await recordAudit(db, LOGIN, {
    action: 'person.login_failed',
    detail: { person_id: person.id, name: person.name, address: from.address, wrong: what },
  });
}

const LOGIN: Actor = { kind: 'system', id: null, name: 'login', scopes: [] };

/** A session for somebody whose right to it was just proved. */
export async function openSession(deps: AuthDeps, person: Person, from: Origin): Promise<LoggedIn> {
  const token = newToken();
  await deps.db.tx(async (sql) => {
    await insertSession(sql, {
      hash: tokenHash(deps.secretKey, token),
      personId: person.id,
      days: SESSION_DAYS,
      address: from.address,
      agent: from.agent?.slice(0, AGENT_LENGTH) ?? null,
    });
    await markLogin(sql, person.id);
    await recordAudit(sql, actorOf(person), { action: 'person.login', detail: { address: from.address } });
  });
  const own = deviceOf(deps.secretKey, from.device);
  const device = own?.personId === person.id ? (from.device ?? '') : newDevice(deps.secretKey, person.id);
  return { person, token, device };
}

/** One's own, the one that asks marked. */
export async function ownSessions(deps: AuthDeps, actor: Actor): Promise<(Session & { readonly current: boolean })[]> {
  const sessions = await listSessionsOf(deps.db, personIdOf(actor), IDLE_DAYS);
  return sessions.map((session) => ({ ...session, current: actor.session?.equals(session.token_hash) === true }));
}

export async function endOwnSession(deps: AuthDeps, actor: Actor, id: number): Promise<void> {
  const personId = personIdOf(actor);
  await deps.db.tx(async (sql) => {
    if (!(await deleteSessionOf(sql, personId, id))) throw new Problem('not_found', say('server.auth.no-such-session', { id }));
    await recordAudit(sql, actor, { action: 'person.session_end' });
  });
}

export async function endOtherSessions(deps: AuthDeps, actor: Actor): Promise<void> {
  const personId = personIdOf(actor);
  await deps.db.tx(async (sql) => {
    await deleteSessionsOf(sql, personId, actor.session);
    await recordAudit(sql, actor, { action: 'person.other_sessions_end' });
  });
}

export async function logOut(deps: AuthDeps, token: string): Promise<void> {
  await deleteSession(deps.db, tokenHash(deps.secretKey, token));
}

export async function authenticateSession(deps: AuthDeps, token: string): Promise<Actor | undefined> {
  if (token.length > 200) return undefined;
  const hash = tokenHash(deps.secretKey, token);
  const found = await findSession(deps.db, hash, IDLE_DAYS);
  if (found === undefined) return undefined;
  if (found.stale) await touchSession(deps.db, hash);
  return { ...actorOf(found), session: hash };
}

/** Opens one event stream, once, within a minute; it can do no more than read. */
export async function issueTicket(deps: AuthDeps, actor: Actor): Promise<string> {
  const ticket = newToken();
  const { kind, id, name, role, session } = actor;
  const owner = { kind, id, name, role, session: session?.toString('hex') };
  await insertTicket(deps.db, { hash: tokenHash(deps.secretKey, ticket), owner, seconds: TICKET_SECONDS });
  return ticket;
}

export async function redeemTicket(deps: AuthDeps, ticket: string): Promise<Actor | undefined> {
  if (ticket.length > 200) return undefined;
  const owner = await takeTicket(deps.db, tokenHash(deps.secretKey, ticket));
  if (typeof owner !== 'object' || owner === null || !('kind' in owner) || !('id' in owner) || !('name' in owner))
    return undefined;
  const { kind, id, name } = owner;
  if (kind !== 'person' && kind !== 'key' && kind !== 'local') return undefined;
  const role = 'role' in owner ? ROLES.find((known) => known === owner.role) : undefined;
  const session = 'session' in owner && typeof owner.session === 'string' ? Buffer.from(owner.session, 'hex') : undefined;
  return {
    kind,
    id: typeof id === 'number' ? id : null,
    name: String(name),
    scopes: ['read'],
    ...(role === undefined ? {} : { role }),
    ...(session === undefined ? {} : { session }),
  };
}
