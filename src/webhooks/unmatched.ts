/** Statuses that met no message, tried again: recording a send and applying its webhook can miss each other (docs/decisions/0012). */
import type { Db } from '../lib/db/db.ts';
import { parseWebhook } from '../whatsapp/webhook.ts';
import type { Consequence } from './account-events.ts';
import { type ApplyDeps, applyStatuses, followAll } from './apply.ts';
import { pruneUnmatched, takeMatched } from './unmatched.sql.ts';

const KEEP_DAYS = 7;
const CHUNK = 500;
/** In one round: the others on its clock wait for it, and the next comes soon. */
const MAX_CHUNKS = 10;

/** Looks for the messages of those whose turn it is; several processes share them. @returns how many found their message. */
export async function retryUnmatched(deps: ApplyDeps): Promise<number> {
  let total = 0;
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) {
    const { looked, found } = await retryChunk(deps);
    total += found;
    if (looked < CHUNK) break;
  }
  return total;
}

async function retryChunk(deps: ApplyDeps): Promise<{ looked: number; found: number }> {
  const consequences: Consequence[] = [];
  const counts = await deps.db.tx(async (sql) => {
    consequences.length = 0;
    const { looked, found } = await takeMatched(sql, CHUNK);
    const statuses = found.flatMap((status) => {
      const payload = { entry: [{ changes: [{ field: 'messages', value: { statuses: [status.payload] } }] }] };
      return parseWebhook(payload, status.received_at).filter((item) => item.kind === 'status');
    });
    await applyStatuses(deps, sql, statuses, consequences);
    return { looked, found: found.length };
  });
  followAll(deps, consequences);
  return counts;
}

/** Whose message has not turned up in all this time is of nobody. Some of them; @returns how many, 0 when none is left. */
export function giveUpUnmatched(db: Db): Promise<number> {
  return pruneUnmatched(db, KEEP_DAYS, CHUNK);
}
