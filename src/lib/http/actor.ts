import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { say, type Text } from '../words/sentence.ts';

/** What a key may be given, from the least to the most; `admin` includes the others, `read` includes `metrics`. */
export const SCOPES = ['metrics', 'read', 'write', 'send', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type UserRole = (typeof ROLES)[number];

/** What a role may do. */
export const SCOPES_OF_ROLE: Readonly<Record<UserRole, readonly Scope[]>> = {
  viewer: ['read'],
  operator: ['read', 'write', 'send'],
  admin: ['read', 'write', 'send', 'admin'],
};

/** Who acts. `id` is that of the user or key; null for the key of the settings, the local mode and the system itself. */
export interface Actor {
  readonly kind: 'person' | 'key' | 'local' | 'system';
  readonly id: number | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Set for users. */
  readonly role?: UserRole;
  /** Digest of the session by which a user came. */
  readonly session?: Buffer;
}

export function may(actor: Actor, scope: Scope): boolean {
  if (scope === 'metrics' && actor.scopes.includes('read')) return true;
  return actor.scopes.includes(scope) || actor.scopes.includes('admin');
}

/** For what the route alone cannot tell: the same address needs another right by what is asked of it, or of what. */
export function requireRight(actor: Actor, needed: Scope, what: Text = say('server.http.this')): void {
  if (may(actor, needed)) return;
  throw new Problem('not_allowed', say('server.http.needs-right-which', { what, needed, actor: describe(actor) }), {
    scope: needed,
  });
}

function describe(actor: Actor): Text {
  return actor.kind === 'person' ? `${actor.name} (${actor.role ?? 'viewer'})` : say('server.http.the-key', { name: actor.name });
}

/** One name for the owner of an Idempotency-Key: nobody else's key or session meets it. */
export function ownerKey(actor: Actor): string {
  return `${actor.kind}:${actor.id === null ? actor.name : String(actor.id)}`;
}

const actors = new WeakMap<FastifyRequest, Actor>();

/** The guard has found out who is calling. */
export function setActor(request: FastifyRequest, actor: Actor): void {
  actors.set(request, actor);
}

/** Whether the guard has found a right that suffices. */
export function isIdentified(request: FastifyRequest): boolean {
  return actors.has(request);
}

/** Who acts; on a public route nobody may. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request);
  if (actor === undefined) throw new Error(`${request.url} asks who is calling and is open to everybody`);
  return actor;
}
