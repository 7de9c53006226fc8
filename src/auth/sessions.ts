// Logging in and out. Promises: a wrong name and a wrong password are told apart by nobody, not even by the time they take;
// a session ends with its person, on logout, after 14 idle days and after 90 days at the latest.
// A crash leaves at worst a session whose cookie nobody got; it expires.

import { recordAudit } from '../audit/record-audit.ts';
import { type Actor, ROLES } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import type { AuthDeps } from './api-keys.ts';
import {
  deleteSession,
  findLogin,
  findSession,
  insertSession,
  insertTicket,
  markLogin,
  type Person,
  takeTicket,
  touchSession,
} from './auth.sql.ts';
import { newToken, tokenHash, verifyPassword } from './secrets.ts';
import { actorOf } from './users.ts';

export const SESSION_DAYS = 90;
export const IDLE_DAYS = 14;
export const TICKET_SECONDS = 60;

/** @returns the person and the token for the cookie. */
export async function logIn(
  deps: AuthDeps,
  given: { readonly name: string; readonly password: string },
): Promise<{ person: Person; token: string }> {
  const person = await findLogin(deps.db, given.name.trim());
  const right = await verifyPassword(given.password, person?.password);
  if (!right || person === undefined) {
    throw new Problem(
      'not_authenticated',
      'The name or the password is wrong. After several tries wait a minute; an administrator can send you a new link.',
    );
  }
  return { person, token: await openSession(deps, person) };
}

/** A session for somebody whose right to it was just proved. */
export async function openSession(deps: AuthDeps, person: Person): Promise<string> {
  const token = newToken();
  await deps.db.tx(async (sql) => {
    await insertSession(sql, { hash: tokenHash(deps.secretKey, token), personId: person.id, days: SESSION_DAYS });
    await markLogin(sql, person.id);
    await recordAudit(sql, actorOf(person), { action: 'person.login' });
  });
  return token;
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
