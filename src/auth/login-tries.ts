import type { Sql } from '../lib/db/db.ts';
import { NAME_LIMIT } from '../lib/http/security.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { countLoginTry } from './auth.sql.ts';
import { beginTry } from './login-delays.sql.ts';
import { keyHash } from './secrets.ts';

/** Under which tries of a name are counted, as the database compares names. */
export function tryKey(name: string, place: string): Buffer {
  return keyHash(`${place}\n${name.toLowerCase()}`);
}

/** Counts a try, or says how long it has to wait. Outside of any transaction that may be undone. */
export async function mayTry(sql: Sql, key: Buffer): Promise<void> {
  const seconds = await beginTry(sql, key);
  if (seconds > 0) throw new Problem('too_many_requests', say('server.auth.wait-to-try', { seconds }), { retry_after: seconds });
}

/** The same name from everywhere together: holds up those whom nobody knows here. */
export async function mayTryName(sql: Sql, name: string): Promise<void> {
  const { tries, windowEndsInSeconds } = await countLoginTry(sql, tryKey(name, 'anywhere'), NAME_LIMIT.windowSeconds);
  if (tries <= NAME_LIMIT.max) return;
  throw new Problem('too_many_requests', say('server.auth.name-under-attack'), { retry_after: windowEndsInSeconds });
}
