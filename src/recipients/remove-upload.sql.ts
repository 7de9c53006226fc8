import type { Db, Sql } from '../lib/db/db.ts';
import { lockCampaign } from '../lifecycle/campaign.sql.ts';
import type { CampaignStatus } from '../lifecycle/campaign.ts';
import type { MessageStatus } from '../lifecycle/message.ts';
import { deleteDiscarded } from './uploads.sql.ts';

/**
 * Taking a published upload back. One small transaction marks it: discarded, and published once, which no other upload is. From
 * then on nobody starts the campaign or uploads to it. Its people go in chunks, each together with its part of the counters, so
 * that these equal a recount at every moment and no lock is held for long. The mark itself goes last: a crash leaves a marked
 * upload with the rest of its people, and the sweep goes on with it.
 */
export interface Removal {
  readonly uploadId: number;
  readonly campaignId: number;
}

export interface RemovalFacts {
  readonly filename: string | null;
  /** Whom the upload had put on the list. */
  readonly people: number;
}

export type BegunRemoval =
  /** First: nobody had marked it before. */
  | ({ readonly begun: true; readonly isFirst: boolean } & RemovalFacts)
  | { readonly begun: false; readonly refused: 'campaign'; readonly status: CampaignStatus | undefined }
  | { readonly begun: false; readonly refused: 'upload' | 'upload_open' };

/** Marks, within the caller's transaction. Again for one that is marked already: whoever asks a second time waits for the same end. */
export async function beginRemoval(
  sql: Sql,
  { campaignId, uploadId }: Removal,
  allowed: readonly CampaignStatus[],
): Promise<BegunRemoval> {
  const campaign = await lockCampaign(sql, campaignId);
  if (campaign?.kind !== 'campaign' || !allowed.includes(campaign.status)) {
    return { begun: false as const, refused: 'campaign' as const, status: campaign?.status };
  }
  // A file on its way took the people of this one for duplicates: they would be on no list in the end.
  const open = await sql.query(`select from uploads where campaign_id = $1 and status = 'open'`, [campaignId]);
  if (open.rowCount > 0) return { begun: false as const, refused: 'upload_open' as const };
  const { rows } = await sql.query<RemovalFacts & { first: boolean }>(
    `with before as (
         select id, status from uploads where id = $2 and campaign_id = $1 and published_at is not null for update
       )
       update uploads u set status = 'discarded' from before where u.id = before.id
       returning u.filename, u.valid_rows + u.suppressed_rows as people, before.status = 'published' as first`,
    [campaignId, uploadId],
  );
  const [upload] = rows;
  if (upload === undefined) return { begun: false as const, refused: 'upload' as const };
  const { filename, people, first } = upload;
  // A start that looked at the list before must look again.
  await sql.query('update campaigns set updated_at = clock_timestamp() where id = $1', [campaignId]);
  return { begun: true as const, isFirst: first, filename, people };
}

/** Marked uploads, whoever began to remove them. */
export async function removalsUnderWay(sql: Sql): Promise<Removal[]> {
  const { rows } = await sql.query<{ id: number; campaign_id: number }>(
    `select u.id, u.campaign_id from uploads u join campaigns c on c.id = u.campaign_id
     where u.status = 'discarded' and u.published_at is not null and c.deleted_at is null order by u.id`,
  );
  return rows.map((row) => ({ uploadId: row.id, campaignId: row.campaign_id }));
}

const CHUNK = 5_000;

/** Takes everybody of a marked upload off the list, then forgets the upload. Several may do it at once, and after any crash. */
export async function finishRemoval(db: Db, removal: Removal, marketOf: (digits: number) => string): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) after = await removeChunk(db, removal, after, marketOf);
  await deleteDiscarded(db, removal.campaignId);
  await db.query(`delete from uploads where id = $1 and status = 'discarded' and published_at is not null`, [removal.uploadId]);
}

interface Gone {
  readonly id: number;
  readonly phone: number;
  readonly status: MessageStatus;
}

/** @returns the last id that went, or undefined when nobody is left (or the campaign is gone, which takes everything with it). */
async function removeChunk(
  db: Db,
  { campaignId, uploadId }: Removal,
  after: number,
  marketOf: (digits: number) => string,
): Promise<number | undefined> {
  return db.tx(async (sql) => {
    // The campaign first, the counters last, as everywhere.
    if ((await lockCampaign(sql, campaignId)) === undefined) return undefined;
    const { rows } = await sql.query<Gone>(
      `with people as (
         delete from recipients where campaign_id = $1
           and id = any (array(select id from recipients where campaign_id = $1 and upload_id = $2 and id > $3 order by id limit $4))
         returning id, phone
       ), gone as (
         delete from messages where campaign_id = $1 and id = any (array(select id from people)) returning id, status
       )
       select id, phone, status from people join gone using (id)`,
      [campaignId, uploadId, after, CHUNK],
    );
    if (rows.length === 0) return undefined;
    await discount(sql, campaignId, rows, marketOf);
    return rows.reduce((last, row) => Math.max(last, row.id), after);
  });
}

/** People who will not be written to after all, by market of the rate card. */
export async function uncountMarkets(sql: Sql, campaignId: number, markets: readonly string[]): Promise<void> {
  if (markets.length === 0) return;
  await sql.query(
    `insert into tallies (campaign_id, what, key, slot, n)
     select $1, 'market', key, 0, -count(*) from unnest($2::text[]) as t (key) group by key order by key
     on conflict (campaign_id, what, key, slot) do update set n = tallies.n + excluded.n`,
    [campaignId, markets],
  );
}

/** The counterpart of what the publication counted; whoever was skipped from the beginning is in no market. */
async function discount(
  sql: Sql,
  campaignId: number,
  gone: readonly Gone[],
  marketOf: (digits: number) => string,
): Promise<void> {
  const counts = new Map<string, { what: string; key: string; n: number }>();
  const add = (what: string, key: string): void => {
    const entry = counts.get(`${what} ${key}`);
    if (entry === undefined) counts.set(`${what} ${key}`, { what, key, n: 1 });
    else entry.n++;
  };
  for (const { status, phone } of gone) {
    add('box', status);
    if (status !== 'skipped') add('market', marketOf(phone));
  }
  const tallies = [...counts.values()];
  await sql.query(
    `insert into tallies (campaign_id, what, key, slot, n)
     select $1, what, key, 0, -n from unnest($2::text[], $3::text[], $4::bigint[]) as t (what, key, n) order by what, key
     on conflict (campaign_id, what, key, slot) do update set n = tallies.n + excluded.n`,
    [campaignId, tallies.map((tally) => tally.what), tallies.map((tally) => tally.key), tallies.map((tally) => tally.n)],
  );
}
