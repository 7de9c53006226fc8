// API keys of machines. Promises: a key is shown once and never stored; a revoked one opens nothing from the next request on.
// Order: the row and its audit entry are one transaction, the key is shown after the commit.
// A crash leaves at worst a key nobody has seen; it stands in the list and can be revoked.

import { recordAudit } from '../audit/record-audit.ts';
import type { Db } from '../lib/db/db.ts';
import { type Actor, SCOPES, type Scope } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { type ApiKey, findKey, hasAdminKey, insertKey, lockAccess, revokeKey as markRevoked, touchKey } from './auth.sql.ts';
import { keyHash, newToken, sameSecret } from './secrets.ts';

const PREFIX = 'wsk_';
const SHOWN = PREFIX.length + 6;

const SYSTEM: Actor = { kind: 'system', id: null, name: 'system', scopes: SCOPES };

export interface AuthDeps {
  readonly db: Db;
  /** SECRET_KEY, or the one made and kept in DATA_DIR. */
  readonly secretKey: string;
  /** ADMIN_API_KEY. */
  readonly adminApiKey: string | undefined;
  /** 'none' opens everything as the administrator `local`; the settings allow it only on the loopback. */
  readonly authMode: 'required' | 'none';
}

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** @returns the stored key and, this once, its secret. */
export async function createKey(deps: AuthDeps, actor: Actor, wanted: NewKey): Promise<{ apiKey: ApiKey; secret: string }> {
  const secret = newToken(PREFIX);
  const apiKey = await deps.db.tx(async (sql) => {
    const made = await insertKey(sql, {
      name: wanted.name,
      hash: keyHash(secret),
      prefix: secret.slice(0, SHOWN),
      scopes: [...new Set(wanted.scopes)],
      createdBy: actor.name,
      expiresAt: wanted.expiresAt,
    });
    await recordAudit(sql, actor, { action: 'key.create', detail: { key_id: made.id, name: made.name, scopes: made.scopes } });
    return made;
  });
  return { apiKey, secret };
}

export async function revokeKey(deps: AuthDeps, actor: Actor, id: number): Promise<ApiKey> {
  return deps.db.tx(async (sql) => {
    const revoked = await markRevoked(sql, id);
    if (revoked === undefined) throw new Problem('not_found', say('server.auth.api-key-list', { id }));
    await recordAudit(sql, actor, { action: 'key.revoke', detail: { key_id: id, name: revoked.name } });
    return revoked;
  });
}

/** Whose key this is, or undefined. */
export async function authenticateKey(deps: AuthDeps, given: string): Promise<Actor | undefined> {
  if (deps.adminApiKey !== undefined && sameSecret(given, deps.adminApiKey)) {
    return { kind: 'key', id: null, name: 'ADMIN_API_KEY', scopes: SCOPES };
  }
  if (given.length > 200) return undefined;
  const key = await findKey(deps.db, keyHash(given));
  if (key === undefined) return undefined;
  if (key.stale) await touchKey(deps.db, key.id);
  return { kind: 'key', id: key.id, name: key.name, scopes: key.scopes };
}

/**
 * Makes an administrator's key when there is none: not in the settings, and none in the database that still works. So also
 * whoever revoked the last one gets back in, by a start they can watch.
 *
 * @returns `created`: the secret, to be printed once.
 */
export async function ensureAdminKey(deps: AuthDeps): Promise<{ created?: string }> {
  if (deps.authMode === 'none' || deps.adminApiKey !== undefined) return {};
  const secret = newToken(PREFIX);
  const made = await deps.db.tx(async (sql) => {
    await lockAccess(sql);
    if (await hasAdminKey(sql)) return false;
    const key = await insertKey(sql, {
      name: 'first admin key',
      hash: keyHash(secret),
      prefix: secret.slice(0, SHOWN),
      scopes: ['admin'],
      createdBy: SYSTEM.name,
      expiresAt: null,
    });
    await recordAudit(sql, SYSTEM, { action: 'key.create', detail: { key_id: key.id, name: key.name, scopes: key.scopes } });
    return true;
  });
  return made ? { created: secret } : {};
}
