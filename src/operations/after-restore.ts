/**
 * Promises: after a restored backup, a promoted asynchronous replica or a power cut nobody is written to whom the lost time may have reached.
 * Order: a new epoch begins and every campaign is held, so that nothing is claimed meanwhile; then the waiting people become `unknown`, chunk by chunk.
 * A crash leaves held campaigns and some people still waiting in them; the same command again does the rest and changes nothing else.
 */

import { randomBytes } from 'node:crypto';
import type { Db } from '../lib/db/db.ts';
import { keepText, type Sentence, say } from '../lib/words/sentence.ts';
import { askAboutUnstarted, beginEpoch, doubtWaiting, type Held, holdStarted } from '../lifecycle/after-restore.sql.ts';

export interface Restored {
  /** Started campaigns, now paused with the reason `restored`. */
  readonly paused: readonly number[];
  /** Drafts with people and schedules, which now ask: they may have been started since the backup. */
  readonly asking: readonly number[];
  /** Messages that are `unknown` now. */
  readonly unknown: number;
}

const CHUNK = 5_000;
const REASON = say('server.operations.database-restored-backup');
const ATTENTION = say('server.operations.database-restored-backup-campaign');
const CUT_REASON = say('server.operations.machine-went-down');
const CUT_ATTENTION = say('server.operations.machine-went-down-without');

/** By chance and not counted on: two restores of one backup are two lives. */
function newEpoch(): string {
  return randomBytes(5).toString('hex');
}

export interface MarkOptions {
  readonly slot?: number;
  readonly onProgress?: (unknown: number) => void;
}

/** After a restore: everybody who was waiting is in doubt. To be called while no other process works on this database. */
export function markRestored(db: Db, options: MarkOptions = {}): Promise<Restored> {
  return markPast(db, { reason: REASON, attention: ATTENTION, atMost: () => Number.POSITIVE_INFINITY }, options);
}

/** What the system writes to the disk by itself it has written after half of this. */
const FORGOTTEN_SECONDS = 60;
/** What is claimed ahead, by each lane. */
const AHEAD_SECONDS = 1;

/**
 * After a power cut: of those who wait, only the ones that could have been next in the forgotten minute are in doubt.
 * @param perSecond the most that may have left from the number in a second.
 */
export function markForgotten(db: Db, perSecond: number, options: MarkOptions = {}): Promise<Restored> {
  const atMost = ({ messages_per_second: own }: Held): number =>
    Math.ceil(Math.min(own ?? Number.POSITIVE_INFINITY, perSecond) * (FORGOTTEN_SECONDS + AHEAD_SECONDS));
  return markPast(db, { reason: CUT_REASON, attention: CUT_ATTENTION, atMost }, options);
}

interface Past {
  readonly reason: Sentence;
  readonly attention: Sentence;
  /** How many of those who wait in a campaign may have been written to. */
  readonly atMost: (campaign: Held) => number;
}

async function markPast(db: Db, { reason, attention, atMost }: Past, { slot = 0, onProgress }: MarkOptions): Promise<Restored> {
  const { held, asking } = await db.tx(async (sql) => {
    await beginEpoch(sql, newEpoch());
    return {
      held: await holdStarted(sql, { code: 'restored', message: reason }),
      asking: await askAboutUnstarted(sql, keepText(attention)),
    };
  });
  let unknown = 0;
  const doubt = async (id: number, status: 'pending' | 'sending', limit: number): Promise<void> => {
    for (let left = limit; left > 0; ) {
      const moved = await doubtWaiting(db, id, { status, limit: Math.min(CHUNK, left), slot });
      if (moved === 0) return;
      left -= moved;
      unknown += moved;
      onProgress?.(unknown);
    }
  };
  for (const campaign of held) {
    await doubt(campaign.id, 'sending', Number.POSITIVE_INFINITY);
    await doubt(campaign.id, 'pending', atMost(campaign));
  }
  return { paused: held.map(({ id }) => id), asking, unknown };
}
