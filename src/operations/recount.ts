/** Proves the figures of a campaign: its counters against a count of the rows, in one snapshot. */

import { recordAudit } from '../audit/record-audit.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import {
  lockTallies,
  noTallies,
  readTallies,
  recount,
  replaceTallies,
  type Tallies,
  totalOf,
} from '../lifecycle/counters.sql.ts';
import { getCampaign, refuseArchived } from '../lifecycle/get-campaign.ts';
import { type ByStatus, MESSAGE_STATUSES } from '../lifecycle/message.ts';

export interface RecountDeps {
  readonly db: Db;
}

export interface Difference {
  readonly counter: string;
  readonly counted: number;
  readonly recounted: number;
}

export interface Recount {
  readonly campaign_id: number;
  readonly ok: boolean;
  readonly total_recipients: number;
  readonly by_status: ByStatus;
  readonly differences: readonly Difference[];
  readonly rebuilt: boolean;
}

/** Reads only. An archived campaign was proved one last time when it was archived; there is nothing left to count. */
export async function recountCounters({ db }: RecountDeps, id: number): Promise<Recount> {
  refuseArchived(await getCampaign(db, id));
  return db.tx(async (sql) => (await compare(sql, id)).found, 'repeatable read');
}

/** Counts, and puts the recounted numbers in place of wrong counters. */
export async function rebuildCounters({ db }: RecountDeps, id: number, actor: Actor): Promise<Recount> {
  refuseArchived(await getCampaign(db, id));
  return db.tx(async (sql) => {
    const found = await correctCounters(sql, id);
    await recordAudit(sql, actor, { action: 'campaign.recount', campaignId: id, detail: { differences: found.differences } });
    return found;
  });
}

/**
 * Within the caller's transaction. The counters are locked first and everything is read after that: whoever moves messages meanwhile
 * waits for the counters before it commits, so it is in neither count.
 */
export async function correctCounters(sql: Sql, id: number): Promise<Recount> {
  await lockTallies(sql);
  const { found, truth } = await compare(sql, id);
  if (found.ok) return found;
  await replaceTallies(sql, id, truth);
  return { ...found, rebuilt: true };
}

async function compare(sql: Sql, id: number): Promise<{ readonly found: Recount; readonly truth: Tallies }> {
  const counted = (await readTallies(sql, [id])).get(id) ?? noTallies();
  const truth = await recount(sql, id);
  const differences = compareTallies(counted, truth);
  return {
    truth,
    found: {
      campaign_id: id,
      ok: differences.length === 0,
      total_recipients: totalOf(truth),
      by_status: truth.byStatus,
      differences,
      rebuilt: false,
    },
  };
}

export function compareTallies(counted: Tallies, truth: Tallies): Difference[] {
  const pairs: [string, number, number][] = [
    ...MESSAGE_STATUSES.map((status): [string, number, number] => [
      `by_status.${status}`,
      counted.byStatus[status],
      truth.byStatus[status],
    ]),
    ['ever.accepted', counted.everAccepted, truth.everAccepted],
    ['cost.micros', counted.costMicros, truth.costMicros],
    ['incident.duplicate', counted.incidents, truth.incidents],
    ...[...new Set([...counted.errors.keys(), ...truth.errors.keys()])].map((code): [string, number, number] => [
      `error.${String(code)}`,
      counted.errors.get(code) ?? 0,
      truth.errors.get(code) ?? 0,
    ]),
  ];
  return pairs.filter(([, a, b]) => a !== b).map(([counter, a, b]) => ({ counter, counted: a, recounted: b }));
}
