/**
 * Promises: so many days after its end a campaign has no person in it any more, and its figures are what they were.
 * Order: the figures are proved against the rows, the campaign is archived (nothing can be added or tried again), then the rows go.
 * A crash leaves an archived campaign with some rows; the next round erases the rest.
 */

import type { CampaignDeps } from '../campaigns/preflight.ts';
import type { Db } from '../lib/db/db.ts';
import { correctCounters, type Difference } from './recount.ts';
import {
  archiveCampaign,
  campaignsToArchive,
  campaignsToErase,
  eraseSome,
  markErased,
  pruneInbound,
  prunePersonIds,
} from './retention.sql.ts';

export interface Forgotten {
  readonly archived: readonly number[];
  readonly erasedRows: number;
}

export interface RetentionOptions {
  readonly days: number;
  /** Rows in one transaction: small, so that a send or a webhook never waits long. */
  readonly chunk?: number;
  /** The counters of a campaign were wrong and have been put right before its rows went. */
  readonly onCorrected?: (campaignId: number, differences: readonly Difference[]) => void;
  /** Ends the work between two chunks. */
  readonly signal?: AbortSignal;
}

const CHUNK = 2_000;

export async function forgetPeople(deps: CampaignDeps, options: RetentionOptions): Promise<Forgotten> {
  const { db } = deps;
  const { days, chunk = CHUNK } = options;
  const archived: number[] = [];
  for (const { id, kind } of await campaignsToArchive(db, days)) {
    if (options.signal?.aborted === true) break;
    if (kind === 'campaign') {
      const proof = await db.tx((sql) => correctCounters(sql, id));
      if (proof.rebuilt) options.onCorrected?.(id, proof.differences);
    }
    if (await archiveCampaign(db, id, days)) archived.push(id);
  }
  let erasedRows = 0;
  for (const id of await campaignsToErase(db)) erasedRows += await eraseAll(db, id, chunk, options.signal);
  for (let gone = chunk; gone > 0 && options.signal?.aborted !== true; ) {
    gone = await pruneInbound(db, days, chunk);
    erasedRows += gone;
  }
  for (let gone = chunk; gone > 0 && options.signal?.aborted !== true; ) {
    gone = await prunePersonIds(db, days, chunk);
    erasedRows += gone;
  }
  return { archived, erasedRows };
}

async function eraseAll(db: Db, id: number, chunk: number, signal: AbortSignal | undefined): Promise<number> {
  let rows = 0;
  while (signal?.aborted !== true) {
    const gone = await eraseSome(db, id, chunk);
    rows += gone;
    if (gone === 0 && (await markErased(db, id))) break;
  }
  return rows;
}
