import type { Sql } from '../lib/db/db.ts';
import type { CampaignStatus, PauseReason } from './campaign.ts';
import type { MessageStatus } from './message.ts';

/** The number of the only message of a test campaign. */
export const TEST_MESSAGE = 1;

/** The only person of a hidden test campaign, published at once. Within the transaction that makes the campaign. */
export async function insertTestRecipient(
  sql: Sql,
  campaignId: number,
  { person, phone, slot }: { readonly person: number; readonly phone: number; readonly slot: number },
): Promise<void> {
  await sql.query(
    `with u as (
       insert into uploads (campaign_id, status, total_rows, valid_rows, published_at) values ($1, 'published', 1, 1, clock_timestamp()) returning id
     ), r as (
       insert into recipients (campaign_id, id, person, phone, upload_id, row, data) select $1, 1, $2, $3, id, 1, '{}' from u
     ), m as (
       insert into messages (campaign_id, id, status) values ($1, 1, 'pending')
     ), t as (
       insert into tallies (campaign_id, what, key, slot, n) values ($1, 'box', 'pending', $4, 1)
     )
     update campaigns set published_through = 1 where id = $1`,
    [campaignId, person, phone, slot],
  );
}

export interface TestOutcome {
  readonly status: MessageStatus;
  readonly wamid: string | null;
  readonly error_code: number | null;
  readonly campaign_status: CampaignStatus;
  readonly pause_reason: PauseReason | null;
}

export async function testOutcome(sql: Sql, campaignId: number): Promise<TestOutcome> {
  const { rows } = await sql.query<TestOutcome>(
    `select m.status, m.wamid, m.error_code, c.status as campaign_status, c.pause_reason
     from messages m join campaigns c on c.id = m.campaign_id where m.campaign_id = $1 and m.id = 1`,
    [campaignId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`the test send ${String(campaignId)} has gone`);
  return row;
}
