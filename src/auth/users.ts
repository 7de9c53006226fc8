// People: invited by link, with a role. Promises: a link works once; whoever is disabled is out from the next request on;
// somebody can always administer. Order: the guard of the last administrator locks before it looks.
// A crash leaves at worst an invitation nobody has seen; a new link replaces it.

import { recordAudit } from '../audit/record-audit.ts';
import type { Sql } from '../lib/db/db.ts';
import type { Actor, UserRole } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { AuthDeps } from './api-keys.ts';
import {
  countPeopleWhoCanLogIn,
  deleteInvitationsOf,
  deleteSessionsOf,
  findPerson,
  insertInvitation,
  insertPerson,
  lockAccess,
  lockAdmins,
  type Person,
  passwordOf,
  peekInvitation,
  setPassword,
  takeInvitation,
  changePerson as writeChange,
} from './auth.sql.ts';
import { checkPassword } from './check-password.ts';
import { forgetTries } from './login-delays.sql.ts';
import { mayTry, tryKey } from './login-tries.ts';
import { actorOf, noSuchPerson } from './person.ts';
import { takeCode } from './second-factor.ts';
import { hashPassword, newToken, tokenHash, verifyPassword } from './secrets.ts';

const INVITATION_DAYS = 7;

export interface Invitation {
  readonly token: string;
  readonly expiresAt: Date;
}

export async function invitePerson(
  deps: AuthDeps,
  actor: Actor,
  wanted: { readonly name: string; readonly role: UserRole },
): Promise<{ person: Person; invitation: Invitation }> {
  return deps.db.tx(async (sql) => {
    const person = await insertPerson(sql, { ...wanted, createdBy: actor.name });
    if (person === undefined) {
      throw new Problem('conflict', say('server.auth.already-somebody-named', { name: wanted.name }));
    }
    const invitation = await invite(deps, sql, person.id, actor.name);
    await recordAudit(sql, actor, {
      action: 'person.invite',
      detail: { person_id: person.id, name: person.name, role: person.role },
    });
    return { person, invitation };
  });
}

/** A new link for somebody who lost the first one, or their password; earlier links stop working, the old password only when this one is used. */
export async function inviteAgain(deps: AuthDeps, actor: Actor, id: number): Promise<{ person: Person; invitation: Invitation }> {
  return deps.db.tx(async (sql) => {
    const person = await findPerson(sql, id);
    if (person === undefined) throw noSuchPerson(id);
    if (person.disabled_at !== null)
      throw new Problem('conflict', say('server.auth.disabled-enable-person', { name: person.name }));
    await deleteInvitationsOf(sql, id);
    const invitation = await invite(deps, sql, id, actor.name);
    await recordAudit(sql, actor, { action: 'person.invite', detail: { person_id: id, name: person.name, role: person.role } });
    return { person, invitation };
  });
}

async function invite(deps: AuthDeps, sql: Sql, personId: number | null, createdBy: string): Promise<Invitation> {
  const token = newToken();
  const expiresAt = await insertInvitation(sql, {
    hash: tokenHash(deps.secretKey, token),
    personId,
    createdBy,
    days: INVITATION_DAYS,
  });
  return { token, expiresAt };
}

/**
 * The link by which the first administrator is made: at each start while nobody can log in, and never after. A new start
 * replaces the link of the one before.
 */
export async function ensureSetupInvitation(deps: AuthDeps): Promise<Invitation | undefined> {
  if (deps.authMode === 'none') return undefined;
  return deps.db.tx(async (sql) => {
    await lockAccess(sql);
    if ((await countPeopleWhoCanLogIn(sql)) > 0) return undefined;
    await deleteInvitationsOf(sql, null);
    return invite(deps, sql, null, 'system');
  });
}

export async function describeInvitation(deps: AuthDeps, token: string): Promise<{ name: string | null; expiresAt: Date }> {
  const found = await peekInvitation(deps.db, tokenHash(deps.secretKey, token));
  if (found === undefined) throw usedUp();
  return { name: found.name, expiresAt: found.expires_at };
}

/**
 * Uses a link: sets the password of the invited person, or makes the first administrator under the given name. A link stands in for a
 * lost password and not for the second factor: who has one shows it too, and until then the link is not used up.
 */
export async function acceptInvitation(
  deps: AuthDeps,
  given: {
    readonly token: string;
    readonly name: string | undefined;
    readonly password: string;
    readonly code?: string | undefined;
  },
): Promise<Person> {
  const hash = tokenHash(deps.secretKey, given.token);
  // Before the slow hash, so that guessing links costs the guesser and not the server.
  const link = await peekInvitation(deps.db, hash);
  if (link === undefined) throw usedUp();
  await checkPassword(given.password, link.name ?? given.name);
  if (link.has_second_factor) {
    if (given.code === undefined) throw new Problem('second_factor_needed', say('server.auth.code-needed'));
    await mayTry(deps.db, tryKey(link.name ?? '', 'code'));
  }
  const password = await hashPassword(given.password);
  return deps.db.tx(async (sql) => {
    const invitation = await takeInvitation(sql, hash);
    if (invitation === undefined) throw usedUp();
    const person =
      invitation.person_id === null ? await firstAdmin(sql, given.name) : await findPerson(sql, invitation.person_id);
    if (person === undefined) throw usedUp();
    if (person.has_second_factor) {
      const right = given.code !== undefined && (await takeCode(deps, sql, person.id, given.code));
      if (!right) throw new Problem('not_authenticated', say('server.auth.wrong-login-code'));
      await forgetTries(sql, tryKey(person.name, 'code'));
    }
    await setPassword(sql, person.id, password);
    await deleteSessionsOf(sql, person.id);
    await recordAudit(sql, actorOf(person), {
      action: 'person.accept',
      detail: { person_id: person.id, name: person.name, role: person.role },
    });
    return { ...person, has_password: true };
  });
}

async function firstAdmin(sql: Sql, name: string | undefined): Promise<Person> {
  await lockAccess(sql);
  if ((await countPeopleWhoCanLogIn(sql)) > 0) throw usedUp();
  if (name === undefined) {
    throw new Problem('invalid_request', say('server.auth.say-under-which'), {
      errors: [{ field: 'name', message: say('server.auth.needed-first-administrator') }],
    });
  }
  const person = await insertPerson(sql, { name, role: 'admin', createdBy: 'setup link' });
  if (person === undefined) throw new Problem('conflict', say('server.auth.already-somebody-named-choose', { name }));
  return person;
}

export async function changePerson(
  deps: AuthDeps,
  actor: Actor,
  id: number,
  change: { readonly role?: UserRole | undefined; readonly disabled?: boolean | undefined },
): Promise<Person> {
  return deps.db.tx(async (sql) => {
    const admins = await lockAdmins(sql);
    const losesAdmin = change.disabled === true || (change.role !== undefined && change.role !== 'admin');
    if (losesAdmin && admins.length === 1 && admins[0] === id) {
      throw new Problem('conflict', say('server.auth.last-administrator-make'));
    }
    const person = await writeChange(sql, id, change);
    if (person === undefined) throw noSuchPerson(id);
    if (change.disabled === true) {
      await deleteSessionsOf(sql, id);
      await deleteInvitationsOf(sql, id);
    }
    await recordAudit(sql, actor, { action: 'person.change', detail: { person_id: id, name: person.name, ...change } });
    return person;
  });
}

/** Changes one's own password; all other sessions of the person end. */
export async function changePassword(
  deps: AuthDeps,
  actor: Actor,
  given: { readonly current: string; readonly next: string; readonly session: string | undefined },
): Promise<void> {
  if (actor.kind !== 'person' || actor.id === null) {
    throw new Problem('not_allowed', say('server.auth.only-person-password'));
  }
  await checkPassword(given.next, actor.name);
  const { id } = actor;
  if (!(await verifyPassword(given.current, await passwordOf(deps.db, id), { known: true }))) {
    throw new Problem('not_allowed', say('server.auth.current-password-wrong'));
  }
  const password = await hashPassword(given.next);
  await deps.db.tx(async (sql) => {
    await setPassword(sql, id, password);
    await deleteSessionsOf(sql, id, given.session === undefined ? undefined : tokenHash(deps.secretKey, given.session));
    await recordAudit(sql, actor, { action: 'person.password' });
  });
}

function usedUp(): Problem {
  return new Problem('not_found', say('server.auth.link-used-already'));
}
