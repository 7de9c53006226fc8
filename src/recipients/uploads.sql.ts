import { blockedByErasure } from '../consent/erased-people.sql.ts';
import type { FileAccount } from '../files/account.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import { keepText, keptText, type Text } from '../lib/words/sentence.ts';
import { lockCampaign } from '../lifecycle/campaign.sql.ts';
import type { CampaignStatus } from '../lifecycle/campaign.ts';

/**
 * An upload writes its people under ids above `campaigns.published_through`, where nobody sees, counts or claims them, and one
 * small transaction publishes them. Whatever ends before that leaves rows of a discarded upload, which are deleted in chunks.
 */
export interface Upload {
  readonly upload_id: number;
  /** `removing`: it was on the list and is being taken off (upload-removal.ts). */
  readonly status: 'draft' | 'open' | 'published' | 'discarded' | 'removing';
  readonly filename: string | null;
  readonly columns: readonly string[];
  readonly phone_column: string | null;
  readonly total_rows: number;
  readonly valid_rows: number;
  readonly invalid_rows: number;
  readonly duplicate_rows: number;
  readonly suppressed_rows: number;
  readonly notices: readonly unknown[];
  /** Null for an upload from before it was kept. */
  readonly reading: Reading | null;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly published_at: Date | null;
}

/** How the file was read. */
export interface Reading extends FileAccount {
  /** People who will be written to, by the country of their number. */
  readonly countries: Readonly<Record<string, number>>;
}

export interface UploadCounts {
  readonly total_rows: number;
  readonly valid_rows: number;
  readonly invalid_rows: number;
  readonly duplicate_rows: number;
  readonly suppressed_rows: number;
}

export interface NewPerson {
  readonly id: number;
  readonly person: number;
  readonly phone: number;
  readonly row: number;
  /** JSON of the row by column name. */
  readonly data: string;
  readonly optedOut: boolean;
}

export interface RejectedRow {
  readonly row: number;
  /** The row as a spreadsheet counts it; null in rows from before it was kept. */
  readonly record: number | null;
  readonly kind: 'invalid' | 'duplicate' | 'suppressed';
  readonly column: string | null;
  readonly value: string | null;
  readonly code: string;
  readonly error: Text;
  readonly cells: readonly string[];
}

export interface OpenUpload {
  readonly id: number;
  readonly campaignId: number;
}

/**
 * One at a time (a partial unique index decides), and none while one is being removed: the campaign is locked first, so that of a
 * removal and an upload that begin together the second one sees the first.
 *
 * @returns undefined when the campaign has another open upload, or one that is being removed.
 */
export async function openUpload(
  db: Db,
  upload: { readonly campaignId: number; readonly filename: string | null; readonly createdBy: string | null },
): Promise<OpenUpload | undefined> {
  return db.tx(async (sql) => {
    await lockCampaign(sql, upload.campaignId);
    const { rows } = await sql.query<{ id: number }>(
      `insert into uploads (campaign_id, filename, created_by)
       select $1, $2, $3
       where not exists (select from uploads where campaign_id = $1 and status = 'discarded' and published_at is not null)
       on conflict (campaign_id) where status = 'open' do nothing returning id`,
      [upload.campaignId, upload.filename, upload.createdBy],
    );
    const id = rows[0]?.id;
    return id === undefined ? undefined : { id, campaignId: upload.campaignId };
  });
}

/** Where the ids of a new upload begin, and how many people the campaign has. */
export async function endOfList(sql: Sql, campaignId: number): Promise<{ publishedThrough: number; total: number }> {
  const { rows } = await sql.query<{ published_through: number; total: number }>(
    `select published_through,
            (select coalesce(sum(n), 0)::bigint from tallies where campaign_id = $1 and what = 'box') as total
     from campaigns where id = $1`,
    [campaignId],
  );
  return { publishedThrough: rows[0]?.published_through ?? 0, total: rows[0]?.total ?? 0 };
}

export interface ListedPerson {
  readonly place: 'file' | 'campaign';
  readonly row: number;
}

export interface KnownPeople {
  /** Who is in an earlier chunk of this upload, or was on the list before, and from which row of its file. */
  readonly listed: Map<number, ListedPerson>;
  readonly optedOut: Set<number>;
  /** Erased, and not to be written to: nothing of them is written down again. */
  readonly erased: Set<number>;
}

/** Which of these people the campaign has already, earlier chunks of this upload included, and which do not want to be written to. */
export async function knownPeople(
  sql: Sql,
  upload: OpenUpload,
  question: { readonly people: readonly number[]; readonly marketing: boolean },
): Promise<KnownPeople> {
  const { rows } = await sql.query<{ person: number; place: Place; row: number }>(
    `select person, case when upload_id = $4 then 'file' else 'campaign' end as place, row
     from recipients where campaign_id = $1 and person = any($2)
     union all
     select person, 'opted_out', 0 from suppressions where person = any($2) and lifted_at is null and (scope = 'all' or $3)
     union all
     select t.person, 'erased', 0 from unnest($2::bigint[]) as t (person) where ${blockedByErasure('t.person', '$3')}`,
    [upload.campaignId, question.people, question.marketing, upload.id],
  );
  return gatherKnown(rows);
}

export type Place = ListedPerson['place'] | 'opted_out' | 'erased';

/** Where a person is listed twice the first place counts. */
export function gatherKnown(
  rows: readonly { readonly person: number; readonly place: Place; readonly row: number }[],
): KnownPeople {
  const listed = new Map<number, ListedPerson>();
  const optedOut = new Set<number>();
  const erased = new Set<number>();
  for (const { person, place, row } of rows) {
    if (place === 'opted_out') optedOut.add(person);
    else if (place === 'erased') erased.add(person);
    else if (!listed.has(person)) listed.set(person, { place, row });
  }
  return { listed, optedOut, erased };
}

/**
 * Recipients and their messages in one statement, with the progress of the upload, which is also the fence: once somebody has
 * discarded the upload, nothing more of it is written.
 *
 * @returns false when the upload is no longer open, or (which the importer rules out) one of the people was there.
 */
export async function insertPeople(
  sql: Sql,
  upload: OpenUpload,
  people: readonly NewPerson[],
  counts: UploadCounts,
): Promise<boolean> {
  const { rows } = await sql.query<{ open: number; written: number }>(
    `with upload as (
       update uploads set total_rows = $9, valid_rows = $10, invalid_rows = $11, duplicate_rows = $12, suppressed_rows = $13,
                          progress_at = clock_timestamp()
       where id = $2 and status = 'open' returning id
     ), people as (
       insert into recipients (campaign_id, id, person, phone, upload_id, row, data)
       select $1, t.id, t.person, t.phone, upload.id, t.row, t.data::jsonb
       from upload, unnest($3::int[], $4::bigint[], $5::bigint[], $6::int[], $7::text[]) as t (id, person, phone, row, data)
       on conflict on constraint one_row_per_person do nothing
       returning id, person
     ), written as (
       insert into messages (campaign_id, id, status, reason)
       select $1, id, case when id = any($8::int[]) then 'skipped' else 'pending' end::message_status,
              case when person < 0 then 'erased' when id = any($8::int[]) then 'opted_out' end
       from people
       returning 1
     )
     select (select count(*) from upload) as open, (select count(*) from written) as written`,
    [
      upload.campaignId,
      upload.id,
      people.map((person) => person.id),
      people.map((person) => person.person),
      people.map((person) => person.phone),
      people.map((person) => person.row),
      people.map((person) => person.data),
      people.filter((person) => person.optedOut).map((person) => person.id),
      counts.total_rows,
      counts.valid_rows,
      counts.invalid_rows,
      counts.duplicate_rows,
      counts.suppressed_rows,
    ],
  );
  return rows[0]?.open === 1 && rows[0].written === people.length;
}

/** Fenced as `insertPeople` is: nothing of a discarded upload is written. `for share` holds a discard back until these rows can be seen. */
export async function insertRejected(sql: Sql, upload: OpenUpload, rejected: readonly RejectedRow[]): Promise<void> {
  if (rejected.length === 0) return;
  await sql.query(
    `insert into rejected_rows (upload_id, row, kind, "column", value, code, error, data, record)
     select upload.id, t.row, t.kind, t."column", t.value, t.code, t.error, t.data::jsonb, t.record
     from (select id from uploads where id = $1 and status = 'open' for share) as upload, unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[])
       as t (row, kind, "column", value, code, error, data, record)`,
    [
      upload.id,
      rejected.map((row) => row.row),
      rejected.map((row) => row.kind),
      rejected.map((row) => row.column),
      rejected.map((row) => row.value),
      rejected.map((row) => row.code),
      rejected.map((row) => keepText(row.error)),
      rejected.map((row) => JSON.stringify(row.cells)),
      rejected.map((row) => row.record),
    ],
  );
}

export interface Publication {
  readonly columns: readonly string[];
  readonly phoneColumn: string;
  readonly notices: readonly unknown[];
  readonly counts: UploadCounts;
  readonly reading: Reading;
  /** Of the check that its rows have passed (check-values.ts). */
  readonly fingerprint: string | undefined;
  readonly publishedThrough: number;
  /** People who will be written to, by market of the rate card. */
  readonly markets: ReadonlyMap<string, number>;
  readonly allowed: readonly CampaignStatus[];
  /** Within the transaction, after everything else: a completed campaign is opened again here. */
  readonly onPublished?: ((sql: Sql, before: CampaignStatus) => Promise<void>) | undefined;
}

/** @returns what stood in the way, or undefined when the people are now on the list. */
export async function publishUpload(
  db: Db,
  upload: OpenUpload,
  publication: Publication,
): Promise<
  undefined | { readonly refused: 'upload' } | { readonly refused: 'campaign'; readonly status: CampaignStatus | undefined }
> {
  const { counts } = publication;
  return db.tx(async (sql) => {
    // The campaign first, the counters last, as everywhere.
    const campaign = await lockCampaign(sql, upload.campaignId);
    if (campaign === undefined || campaign.archived_at !== null || !publication.allowed.includes(campaign.status)) {
      return { refused: 'campaign' as const, status: campaign?.status };
    }
    const published = await sql.query(
      `update uploads set status = 'published', published_at = clock_timestamp(), columns = $2, phone_column = $3, notices = $4,
         total_rows = $5, valid_rows = $6, invalid_rows = $7, duplicate_rows = $8, suppressed_rows = $9, reading = $10, checked = $11, value_faults = '[]'
       where id = $1 and status = 'open'`,
      [
        upload.id,
        publication.columns,
        publication.phoneColumn,
        JSON.stringify(publication.notices),
        counts.total_rows,
        counts.valid_rows,
        counts.invalid_rows,
        counts.duplicate_rows,
        counts.suppressed_rows,
        JSON.stringify(publication.reading),
        publication.fingerprint ?? null,
      ],
    );
    if (published.rowCount !== 1) return { refused: 'upload' as const };
    await sql.query('update campaigns set published_through = $2, updated_at = clock_timestamp() where id = $1', [
      upload.campaignId,
      publication.publishedThrough,
    ]);
    await countPeople(sql, upload.campaignId, publication);
    await publication.onPublished?.(sql, campaign.status);
    return undefined;
  });
}

async function countPeople(sql: Sql, campaignId: number, { counts, markets }: Publication): Promise<void> {
  const tallies: [what: string, key: string, n: number][] = [
    ['box', 'pending', counts.valid_rows],
    ['box', 'skipped', counts.suppressed_rows],
    ...[...markets].map(([market, n]): [string, string, number] => ['market', market, n]),
  ];
  await sql.query(
    `insert into tallies (campaign_id, what, key, slot, n)
     select $1, what, key, 0, n from unnest($2::text[], $3::text[], $4::bigint[]) as t (what, key, n) where n > 0 order by what, key
     on conflict (campaign_id, what, key, slot) do update set n = tallies.n + excluded.n`,
    [campaignId, tallies.map((tally) => tally[0]), tallies.map((tally) => tally[1]), tallies.map((tally) => tally[2])],
  );
}

const CHUNK = 5_000;

/**
 * Gives up an upload. Marked first: the fence of `insertPeople` then keeps its importer from writing, should it still live; the
 * rows go after that, and a crash between the two leaves rows that the next upload or the sweep deletes.
 */
export async function discardUpload(db: Db, upload: OpenUpload): Promise<void> {
  const { rowCount } = await db.query(`update uploads set status = 'discarded' where id = $1 and status = 'open'`, [upload.id]);
  if (rowCount === 0) return;
  await deleteDiscarded(db, upload.campaignId);
}

/**
 * Deletes what discarded uploads of a campaign left behind. It is done when nothing is found, not when nothing was deleted: somebody
 * else may be at the same rows, and those behind them are still there.
 */
export async function deleteDiscarded(db: Db, campaignId: number): Promise<void> {
  const { rows: uploads } = await db.query<{ id: number }>(
    `select id from uploads where campaign_id = $1 and status = 'discarded' and emptied_at is null order by id`,
    [campaignId],
  );
  if (uploads.length === 0) return;
  // Those that are discarded from now on are left to whoever discards them.
  const ids = uploads.map((upload) => upload.id);
  await untilNone(() => deletePeople(db, campaignId, ids));
  for (const id of ids) await untilNone(() => deleteRejected(db, id));
  await db.query(`update uploads set emptied_at = clock_timestamp() where id = any ($1) and status = 'discarded'`, [ids]);
}

async function untilNone(chunk: () => Promise<number>): Promise<void> {
  while ((await chunk()) > 0);
}

async function deletePeople(db: Db, campaignId: number, uploadIds: readonly number[]): Promise<number> {
  const { rows } = await db.query<{ left: number }>(
    `with leftover as (
       select r.id from recipients r join campaigns c on c.id = r.campaign_id
       where r.campaign_id = $1 and r.id > c.published_through and r.upload_id = any ($3)
       order by r.id limit $2
     ), people as (
       delete from recipients where campaign_id = $1 and id = any (array(select id from leftover)) returning id
     ), gone as (
       delete from messages where campaign_id = $1 and id = any (array(select id from people)) returning 1
     )
     select count(*) as left from leftover`,
    [campaignId, CHUNK, uploadIds],
  );
  return rows[0]?.left ?? 0;
}

async function deleteRejected(db: Db, uploadId: number): Promise<number> {
  const { rows } = await db.query<{ left: number }>(
    `with leftover as (select row from rejected_rows where upload_id = $1 order by row limit $2),
          gone as (delete from rejected_rows where upload_id = $1 and row = any (array(select row from leftover)))
     select count(*) as left from leftover`,
    [uploadId, CHUNK],
  );
  return rows[0]?.left ?? 0;
}

/**
 * The sweep: open uploads whose clock has stood still (their process was killed, or their line is dead), and rows of discarded
 * ones whose deletion was interrupted. At the start of the only process there is, `idleSeconds` is 0.
 *
 * @returns how many uploads were discarded.
 */
export async function discardAbandonedUploads(db: Db, options: { readonly idleSeconds: number }): Promise<number> {
  const { rows } = await db.query<{ id: number; campaign_id: number }>(
    `select id, campaign_id from uploads where status = 'open' and progress_at <= clock_timestamp() - $1 * interval '1 second' order by id`,
    [options.idleSeconds],
  );
  for (const row of rows) await discardUpload(db, { id: row.id, campaignId: row.campaign_id });
  const interrupted = await db.query<{ id: number }>(
    `select distinct campaign_id as id from uploads where status = 'discarded' and emptied_at is null order by id`,
  );
  for (const row of interrupted.rows) await deleteDiscarded(db, row.id);
  return rows.length;
}

const SHOWN = `id as upload_id, case when status = 'discarded' and published_at is not null then 'removing' else status end as status,
  filename, columns, phone_column, total_rows, valid_rows, invalid_rows, duplicate_rows, suppressed_rows, notices, reading, created_by,
  created_at, published_at`;

/** The uploads of a campaign, the newest first. */
export async function listUploads(sql: Sql, campaignId: number): Promise<Upload[]> {
  const { rows } = await sql.query<Upload>(`select ${SHOWN} from uploads where campaign_id = $1 order by id desc`, [campaignId]);
  return rows;
}

export async function findUpload(sql: Sql, uploadId: number): Promise<Upload | undefined> {
  const { rows } = await sql.query<Upload>(`select ${SHOWN} from uploads where id = $1`, [uploadId]);
  return rows[0];
}

/** Refused, repeated and suppressed rows of one upload in the order of the file, from the row after `after`. */
export async function rejectedRows(
  sql: Sql,
  page: { readonly uploadId: number; readonly after: number; readonly limit: number },
): Promise<RejectedRow[]> {
  const { rows } = await sql.query<RejectedRow & { error: string }>(
    `select row, record, kind, "column", value, code, error, data as cells from rejected_rows
     where upload_id = $1 and row > $2 order by row limit $3`,
    [page.uploadId, page.after, page.limit],
  );
  return rows.map((row) => ({ ...row, error: keptText(row.error) }));
}
