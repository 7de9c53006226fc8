import { type Actor, SCOPES_OF_ROLE } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { Person } from './auth.sql.ts';

export function actorOf(person: Pick<Person, 'id' | 'name' | 'role'>): Actor {
  return { kind: 'person', id: person.id, name: person.name, scopes: SCOPES_OF_ROLE[person.role], role: person.role };
}

/** Of somebody who logged in by name: in what follows a key has no part. */
export function personIdOf(actor: Actor): number {
  if (actor.kind === 'person' && actor.id !== null) return actor.id;
  throw new Problem('not_allowed', say('server.auth.people-only'));
}

export function noSuchPerson(id: number): Problem {
  return new Problem('not_found', say('server.auth.person-list-them', { id }));
}
