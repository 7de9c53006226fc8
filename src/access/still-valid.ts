import { findPerson, keyStillWorks } from '../store/access.ts';
import type { Actor } from './actor.ts';
import type { AccessDeps } from './deps.ts';

/** Asked now and then of whoever holds a stream open: a disabled person or a revoked key does not keep listening. */
export async function stillValid(deps: AccessDeps, actor: Actor): Promise<boolean> {
  if (actor.id === null) return true;
  if (actor.kind === 'person') return (await findPerson(deps.db, actor.id))?.disabled_at === null;
  return actor.kind === 'key' ? keyStillWorks(deps.db, actor.id) : true;
}
