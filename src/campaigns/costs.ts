/** What a campaign was to cost, what it cost, and why the two differ: counters only, so it answers at once whatever the size. */
import type { Sql } from '../lib/db/db.ts';
import { noTallies, readTallies, spentOf, type Tallies } from '../lifecycle/counters.sql.ts';
import { getCampaign } from '../lifecycle/get-campaign.ts';
import { decimalOf } from '../pricing/money.ts';
import { amountOf } from '../pricing/schema.ts';

export type Cause = 'not_sent' | 'failed' | 'open' | 'free' | 'price_unknown' | 'priced';

export interface Costs {
  readonly currency: string;
  readonly budget: string | null;
  readonly estimated: string | null;
  readonly spent: string;
  readonly reserved: string;
  readonly actual: string;
  readonly is_final: boolean;
  readonly by_pricing_type: readonly { readonly type: string; readonly messages: number }[];
  readonly difference: string | null;
  readonly causes: readonly { readonly cause: Cause; readonly messages: number }[];
}

export async function campaignCosts(sql: Sql, id: number): Promise<Costs> {
  const campaign = await getCampaign(sql, id);
  const tallies = (await readTallies(sql, [id])).get(id) ?? noTallies();
  const spent = spentOf(tallies);
  const { estimated_cost_micros: estimated } = campaign;
  const causes = causesOf(tallies);
  return {
    currency: campaign.currency,
    budget: amountOf(campaign.budget_micros),
    estimated: amountOf(estimated),
    spent: decimalOf(spent),
    reserved: decimalOf(Math.max(0, spent - tallies.costMicros)),
    actual: decimalOf(tallies.costMicros),
    is_final: causes.every(({ cause }) => cause !== 'open' && cause !== 'price_unknown') && tallies.byStatus.pending === 0,
    by_pricing_type: [...tallies.priced].sort((a, b) => b[1] - a[1]).map(([type, messages]) => ({ type, messages })),
    difference: estimated === null ? null : decimalOf(tallies.costMicros - estimated),
    causes,
  };
}

/** Everybody on the list under exactly one of them. */
function causesOf({ byStatus, priced }: Tallies): Costs['causes'] {
  const isFree = (type: string): boolean => type.startsWith('free');
  const free = [...priced].filter(([type]) => isFree(type)).reduce((sum, [, n]) => sum + n, 0);
  const unknown = priced.get('unknown') ?? 0;
  const all: Costs['causes'] = [
    { cause: 'priced', messages: byStatus.delivered + byStatus.read - free - unknown },
    { cause: 'free', messages: free },
    { cause: 'price_unknown', messages: unknown },
    { cause: 'failed', messages: byStatus.failed },
    { cause: 'open', messages: byStatus.sending + byStatus.accepted + byStatus.held + byStatus.sent + byStatus.unknown },
    { cause: 'not_sent', messages: byStatus.pending + byStatus.skipped + byStatus.cancelled },
  ];
  return all.filter(({ messages }) => messages > 0);
}
