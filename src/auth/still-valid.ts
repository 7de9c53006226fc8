import type { Actor } from '../lib/http/actor.ts';
import type { AuthDeps } from './api-keys.ts';
import { findPerson, findSession, keyStillWorks } from './auth.sql.ts';
import { IDLE_DAYS } from './sessions.ts';

/**
 * Asked now and then of whoever holds a stream open: what ends a login or a key ends what it opened. After a change of the role
 * the browser comes again by itself, with the rights it has now.
 */
export async function stillValid(deps: AuthDeps, actor: Actor): Promise<boolean> {
  if (actor.id === null) return true;
  if (actor.kind === 'key') return keyStillWorks(deps.db, actor.id);
  if (actor.kind !== 'person') return true;
  const person =
    actor.session === undefined ? await findPerson(deps.db, actor.id) : await findSession(deps.db, actor.session, IDLE_DAYS);
  return person?.disabled_at === null && (actor.role === undefined || person.role === actor.role);
}
