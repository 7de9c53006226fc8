import type { PersonRole, Scope } from '../../auth/auth.sql.ts';

/** Who acts. `id` is that of the person or key; null for the key of the settings, the local mode and the system itself. */
export interface Actor {
  readonly kind: 'person' | 'key' | 'local' | 'system';
  readonly id: number | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Set for people. */
  readonly role?: PersonRole;
  /** Digest of the session by which a person came. */
  readonly session?: Buffer;
}

/** What a key may be given, from the least to the most; `admin` includes the others. */
export const SCOPES = ['read', 'write', 'send', 'admin'] as const satisfies readonly Scope[];

export const ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly PersonRole[];

/** What a role may do. */
export const SCOPES_OF_ROLE: Readonly<Record<PersonRole, readonly Scope[]>> = {
  viewer: ['read'],
  operator: ['read', 'write', 'send'],
  admin: ['read', 'write', 'send', 'admin'],
};

export function may(actor: Actor, scope: Scope): boolean {
  return actor.scopes.includes(scope) || actor.scopes.includes('admin');
}

/** One name for the owner of an Idempotency-Key: nobody else's key or session meets it. */
export function ownerKey(actor: Actor): string {
  return `${actor.kind}:${actor.id === null ? actor.name : String(actor.id)}`;
}
