/**
 * Promises: after a restored backup (or a promoted asynchronous replica) nobody is written to whom the lost time may have reached.
 * Order: a new epoch begins and every campaign is held, so that nothing is claimed meanwhile; then the waiting people become `unknown`, chunk by chunk.
 * A crash leaves held campaigns and some people still waiting in them; the same command again does the rest and changes nothing else.
 */
import { randomBytes } from 'node:crypto';
import type { Db } from '../lib/db/db.ts';
import { askAboutUnstarted, beginEpoch, doubtWaiting, holdStarted } from '../lifecycle/after-restore.sql.ts';

export interface Restored {
  /** Started campaigns, now paused with the reason `restored`. */
  readonly paused: readonly number[];
  /** Drafts with people and schedules, which now ask: they may have been started since the backup. */
  readonly asking: readonly number[];
  /** Messages that are `unknown` now. */
  readonly unknown: number;
}

const CHUNK = 5_000;
const REASON =
  'The database was restored from a backup and has forgotten what was sent since. Whoever was still waiting is now "unknown": webhooks that come late settle them, and you decide on the rest. Then resume.';
const ATTENTION =
  'The database was restored from a backup. This campaign may have been started since the backup was made: look in WhatsApp Manager before you start it.';

/** By chance and not counted on: two restores of one backup are two lives. */
function newEpoch(): string {
  return randomBytes(5).toString('hex');
}

/** To be called while no other process works on this database. */
export async function markRestored(
  db: Db,
  options: { readonly slot?: number; readonly onProgress?: (unknown: number) => void } = {},
): Promise<Restored> {
  const { paused, asking } = await db.tx(async (sql) => {
    await beginEpoch(sql, newEpoch());
    return {
      paused: await holdStarted(sql, { code: 'restored', message: REASON }),
      asking: await askAboutUnstarted(sql, ATTENTION),
    };
  });
  let unknown = 0;
  for (const id of paused) {
    for (const status of ['sending', 'pending'] as const) {
      for (let moved = CHUNK; moved > 0; ) {
        moved = await doubtWaiting(db, id, status, CHUNK, options.slot ?? 0);
        unknown += moved;
        options.onProgress?.(unknown);
      }
    }
  }
  return { paused, asking, unknown };
}
