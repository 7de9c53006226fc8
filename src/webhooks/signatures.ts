/**
 * Remembers when webhooks last came with a signature that fits, and how many were refused since: what tells a wrong app secret from a quiet
 * day. Written now and then, whatever comes in: anybody can post here. A crash forgets some seconds of it.
 */

import type { Db } from '../lib/db/db.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { Received } from './receive.ts';
import { noteSignatures } from './signatures.sql.ts';

export interface SignatureNoteDeps {
  readonly db: Db;
  readonly mode: RunMode;
  readonly onError: (error: unknown) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 5_000;

export function createSignatureNote({ db, mode, onError, everyMs = EVERY_MS }: SignatureNoteDeps): (outcome: Received) => void {
  let heard = { isGood: false, refused: 0 };
  let isResting = false;

  const write = (): void => {
    const now = heard;
    if (!now.isGood && now.refused === 0) return;
    heard = { isGood: false, refused: 0 };
    isResting = true;
    noteSignatures(db, mode, now)
      .catch(onError)
      .finally(() => {
        setTimeout(() => {
          isResting = false;
          write();
        }, everyMs).unref();
      });
  };

  return (outcome) => {
    heard = outcome === 'stored' ? { isGood: true, refused: 0 } : { ...heard, refused: heard.refused + 1 };
    if (!isResting) write();
  };
}
