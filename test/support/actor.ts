import { type Actor, SCOPES } from '../../src/lib/http/actor.ts';

/** Whoever acts where it does not matter who. */
export const ANA: Actor = { kind: 'person', id: null, name: 'Ana', scopes: SCOPES };
