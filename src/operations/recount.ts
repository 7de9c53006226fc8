/** Proves a campaign: its counters against a count of the rows, in one snapshot. */

import type { CampaignDeps, Witness } from '../campaigns/deps.ts';
import { mustFind, refuseArchived } from '../campaigns/stats.ts';
import { lockTallies, noTallies, readTallies, recount, replaceTallies, type Tallies } from '../lifecycle/counters.sql.ts';
import { type ByStatus, MESSAGE_STATUSES } from '../lifecycle/message.ts';

export interface Difference {
  readonly counter: string;
  readonly counted: number;
  readonly recounted: number;
}

export interface Audit {
  readonly campaign_id: number;
  readonly ok: boolean;
  readonly total_recipients: number;
  readonly by_status: ByStatus;
  readonly differences: readonly Difference[];
  readonly rebuilt: boolean;
}

/**
 * @param rebuild puts the recounted numbers in place of wrong counters. Then the counters are locked first and everything is read
 * after that: whoever moves messages meanwhile waits for the counters before it commits, so it is in neither count.
 */
export async function auditCampaign(deps: CampaignDeps, id: number, rebuild = false, witness?: Witness): Promise<Audit> {
  // Proved one last time when it was archived; there is nothing left to count.
  refuseArchived(await mustFind(deps.db, id));
  return deps.db.tx(
    async (sql) => {
      if (rebuild) await lockTallies(sql);
      const counted = (await readTallies(sql, [id])).get(id) ?? noTallies();
      const truth = await recount(sql, id);
      const differences = compareTallies(counted, truth);
      const mend = rebuild && differences.length > 0;
      if (mend) await replaceTallies(sql, id, truth);
      await witness?.(sql, id, { differences });
      return {
        campaign_id: id,
        ok: differences.length === 0,
        total_recipients: MESSAGE_STATUSES.reduce((sum, status) => sum + truth.byStatus[status], 0),
        by_status: truth.byStatus,
        differences,
        rebuilt: mend,
      };
    },
    rebuild ? 'read committed' : 'repeatable read',
  );
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
