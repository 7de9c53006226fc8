import type { Sql } from '../lib/db/db.ts';
import { likeOf } from '../lib/db/like.ts';
import { CAMPAIGN_STATUSES, type CampaignStatus } from '../lifecycle/campaign.ts';

/** How many campaigns there are in each state, whichever states are asked for. */
export async function countByState(sql: Sql, search: string | undefined): Promise<Record<CampaignStatus, number>> {
  const { rows } = await sql.query<{ status: CampaignStatus; n: number }>(
    `select status, count(*) as n from campaigns
     where kind = 'campaign' and deleted_at is null and ($1::text is null or name ilike $1 or template_name ilike $1)
     group by status`,
    [likeOf(search)],
  );
  const counts = Object.fromEntries(CAMPAIGN_STATUSES.map((status) => [status, 0])) as Record<CampaignStatus, number>;
  for (const { status, n } of rows) counts[status] = n;
  return counts;
}
