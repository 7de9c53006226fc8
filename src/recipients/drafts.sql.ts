import { blockedByErasure } from '../consent/erased-people.sql.ts';
import type { Rejection } from '../files/check-row.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import { jsonbText } from '../lib/db/jsonb-text.ts';
import { keepText } from '../lib/words/sentence.ts';
import { lockCampaign } from '../lifecycle/campaign.sql.ts';
import type { Answers, DraftSummary, RecentSend } from './draft.ts';
import { gatherKnown, type KnownPeople, type NewPerson, type OpenUpload, type Place, type UploadCounts } from './uploads.sql.ts';

/**
 * A draft is an upload that nobody is on the list from: its file in parts, what a reading of it found, and what a person mended.
 * `reading` fences it: a process that still reads as somebody wanted before writes nothing more.
 */
export interface Draft {
  readonly upload_id: number;
  readonly campaign_id: number;
  /** `open` while it is being published. */
  readonly status: 'draft' | 'open';
  readonly state: 'receiving' | 'reading' | 'ready' | 'unreadable';
  readonly reading: number;
  readonly filename: string | null;
  readonly answers: Answers;
  readonly summary: DraftSummary | null;
  readonly bytes: number;
  readonly rows_read: number;
  readonly mends: number;
  /** Whoever reads it has shown no sign of life for a while. */
  readonly stalled: boolean;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly kept_until: Date;
}

const STALLED_SECONDS = 90;

export async function insertDraft(
  sql: Sql,
  draft: {
    readonly campaignId: number;
    readonly filename: string | null;
    readonly createdBy: string | null;
    readonly answers: Answers;
  },
): Promise<number> {
  const { rows } = await sql.query<{ upload_id: number }>(
    `with upload as (
       insert into uploads (campaign_id, status, filename, created_by) values ($1, 'draft', $2, $3) returning id
     )
     insert into upload_drafts (upload_id, answers) select id, $4::jsonb from upload returning upload_id`,
    [draft.campaignId, draft.filename, draft.createdBy, jsonbText(draft.answers)],
  );
  const id = rows[0]?.upload_id;
  if (id === undefined) throw new Error('the draft of an upload was not inserted');
  return id;
}

/** @returns false when the draft was given up in the meantime. */
export async function appendPart(sql: Sql, uploadId: number, part: number, bytes: Buffer): Promise<boolean> {
  const { rowCount } = await sql.query(
    `with draft as (
       update upload_drafts set bytes = bytes + $4, progress_at = clock_timestamp() where upload_id = $1 and state = 'receiving' returning upload_id
     )
     insert into upload_parts (upload_id, part, bytes) select upload_id, $2, $3 from draft`,
    [uploadId, part, bytes, bytes.length],
  );
  return rowCount === 1;
}

export async function partOf(sql: Sql, uploadId: number, part: number): Promise<Buffer | undefined> {
  const { rows } = await sql.query<{ bytes: Buffer }>('select bytes from upload_parts where upload_id = $1 and part = $2', [
    uploadId,
    part,
  ]);
  return rows[0]?.bytes;
}

export async function findDraft(sql: Sql, campaignId: number, uploadId: number): Promise<Draft | undefined> {
  const { rows } = await sql.query<Draft>(
    `select u.id as upload_id, u.campaign_id, u.status, d.state, d.reading, u.filename, d.answers, d.summary, d.bytes, d.rows_read,
            (select count(*) from draft_mends m where m.upload_id = u.id) as mends,
            d.progress_at < clock_timestamp() - $3 * interval '1 second' as stalled, u.created_by, u.created_at, d.kept_until
     from uploads u join upload_drafts d on d.upload_id = u.id
     where u.id = $2 and u.campaign_id = $1 and u.status in ('draft', 'open') and d.kept_until > clock_timestamp()`,
    [campaignId, uploadId, STALLED_SECONDS],
  );
  return rows[0];
}

/** @returns the number of the new reading, or undefined when there is nothing to be read (any more). */
export async function beginReading(sql: Sql, uploadId: number, answers: Answers): Promise<number | undefined> {
  const { rows } = await sql.query<{ reading: number }>(
    `update upload_drafts d
     set state = 'reading', reading = d.reading + 1, answers = $2::jsonb, summary = null, rows_read = 0, progress_at = clock_timestamp()
     from uploads u where u.id = d.upload_id and d.upload_id = $1 and u.status = 'draft' and d.kept_until > clock_timestamp()
     returning d.reading`,
    [uploadId, jsonbText(answers)],
  );
  return rows[0]?.reading;
}

const CHUNK = 5_000;

/** What an earlier reading has left; done when nothing is found. */
export async function clearReading(db: Db, uploadId: number): Promise<void> {
  for (const clear of [clearRows, clearPeople]) while (await clear(db, uploadId));
}

async function clearRows(sql: Sql, uploadId: number): Promise<boolean> {
  const { rows } = await sql.query<{ found: number }>(
    `with leftover as (select row from draft_rows where upload_id = $1 limit $2),
          gone as (delete from draft_rows where upload_id = $1 and row = any (array(select row from leftover)))
     select count(*) as found from leftover`,
    [uploadId, CHUNK],
  );
  return rows[0]?.found !== 0;
}

async function clearPeople(sql: Sql, uploadId: number): Promise<boolean> {
  const { rows } = await sql.query<{ found: number }>(
    `with leftover as (select person from draft_people where upload_id = $1 limit $2),
          gone as (delete from draft_people where upload_id = $1 and person = any (array(select person from leftover)))
     select count(*) as found from leftover`,
    [uploadId, CHUNK],
  );
  return rows[0]?.found !== 0;
}

/** As for an upload: who stands earlier in this file or on the list of the campaign, and who does not want to be written to. */
export async function knownInDraft(
  sql: Sql,
  upload: OpenUpload,
  question: { readonly people: readonly number[]; readonly marketing: boolean },
): Promise<KnownPeople> {
  const { rows } = await sql.query<{ person: number; place: Place; row: number }>(
    `select person, 'file' as place, row from draft_people where upload_id = $4 and person = any($2)
     union all
     select person, 'campaign', row from recipients where campaign_id = $1 and person = any($2)
     union all
     select person, 'opted_out', 0 from suppressions where person = any($2) and lifted_at is null and (scope = 'all' or $3)
     union all
     select t.person, 'erased', 0 from unnest($2::bigint[]) as t (person) where ${blockedByErasure('t.person', '$3')}`,
    [upload.campaignId, question.people, question.marketing, upload.id],
  );
  return gatherKnown(rows);
}

/** People and refused rows of a chunk with the progress, in one statement; @returns false when another reading has begun. */
export async function writeDraftChunk(
  sql: Sql,
  reading: { readonly uploadId: number; readonly number: number },
  chunk: { readonly people: readonly NewPerson[]; readonly kept: readonly Rejection[]; readonly counts: UploadCounts },
): Promise<boolean> {
  const { people, kept: rejected } = chunk;
  const { rows } = await sql.query<{ open: number }>(
    `with draft as (
       update upload_drafts set rows_read = greatest(rows_read, $12), progress_at = clock_timestamp()
       where upload_id = $1 and reading = $2 returning upload_id
     ), people as (
       insert into draft_people (upload_id, person, row)
       select draft.upload_id, t.person, t.row from draft, unnest($3::bigint[], $4::int[]) as t (person, row)
       on conflict do nothing
     ), refused as (
       insert into draft_rows (upload_id, row, record, kind, "column", value, code, error, data)
       select draft.upload_id, t.row, t.record, t.kind, t."column", t.value, t.code, t.error, t.data::jsonb
       from draft, unnest($5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $13::text[])
         as t (row, record, kind, "column", value, code, error, data)
     )
     select count(*) as open from draft`,
    [
      reading.uploadId,
      reading.number,
      people.map((person) => person.person),
      people.map((person) => person.row),
      rejected.map((row) => row.row),
      rejected.map((row) => row.record),
      rejected.map((row) => row.kind),
      rejected.map((row) => row.column),
      rejected.map((row) => row.value),
      rejected.map((row) => row.code),
      rejected.map((row) => keepText(row.error)),
      chunk.counts.total_rows,
      rejected.map((row) => jsonbText(row.cells)),
    ],
  );
  return rows[0]?.open === 1;
}

export async function finishReading(
  sql: Sql,
  reading: { readonly uploadId: number; readonly number: number },
  summary: DraftSummary,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update upload_drafts set state = case when $3 then 'ready' else 'unreadable' end, summary = $4::jsonb, progress_at = clock_timestamp()
     where upload_id = $1 and reading = $2`,
    [reading.uploadId, reading.number, summary.ok, jsonbText(summary)],
  );
  return rowCount === 1;
}

/** Who of the people of a draft has got the campaign's template from another campaign within a week. */
export async function recentInDraft(sql: Sql, upload: OpenUpload): Promise<RecentSend | null> {
  const { rows } = await sql.query<{ people: number; at: Date | null; campaign_id: number | null }>(
    `with other as materialized (
       select o.id from campaigns c
       join campaigns o on o.template_name = c.template_name and o.mode = c.mode and o.kind = 'campaign'
       where c.id = $1 and o.started_at is not null and o.deleted_at is null
         and (o.settled_at is null or o.updated_at > clock_timestamp() - interval '7 days')
     )
     select count(distinct r.person) as people, min(m.accepted_at) as at, min(m.campaign_id) as campaign_id
     from other
     join messages m on m.campaign_id = other.id and m.accepted_at > clock_timestamp() - interval '7 days'
     join recipients r on r.campaign_id = m.campaign_id and r.id = m.id
     join draft_people d on d.upload_id = $2 and d.person = r.person and d.person > 0`,
    [upload.campaignId, upload.id],
  );
  const { people = 0, at = null, campaign_id: campaignId = null } = rows[0] ?? {};
  return at === null || campaignId === null ? null : { people, campaign_id: campaignId, at: at.toISOString() };
}

/**
 * Takes a draft into publication, on the terms of any upload (uploads.sql.ts): one at a time, and none while one is being removed.
 *
 * @returns undefined when another one is in the way, or this one is no draft that is ready.
 */
export async function openDraft(db: Db, upload: OpenUpload): Promise<OpenUpload | undefined> {
  return db.tx(async (sql) => {
    await lockCampaign(sql, upload.campaignId);
    const { rowCount } = await sql.query(
      `update uploads u set status = 'open', emptied_at = null, progress_at = clock_timestamp()
       where id = $2 and campaign_id = $1 and status = 'draft'
         and exists (select from upload_drafts d where d.upload_id = u.id and d.state = 'ready' and d.kept_until > clock_timestamp())
         and not exists (select from uploads o where o.campaign_id = $1
           and (o.status = 'open' or (o.status = 'discarded' and o.published_at is not null)))`,
      [upload.campaignId, upload.id],
    );
    return rowCount === 1 ? upload : undefined;
  });
}

/** A publication that failed has been taken back: what was read and mended is there as before. */
export async function returnToDraft(sql: Sql): Promise<void> {
  await sql.query(
    `update uploads u set status = 'draft', emptied_at = null, total_rows = 0, valid_rows = 0, invalid_rows = 0, duplicate_rows = 0, suppressed_rows = 0
     from upload_drafts d
     where d.upload_id = u.id and u.status = 'discarded' and u.published_at is null and d.kept_until > clock_timestamp()
       and u.emptied_at is not null`,
  );
}

/** Gives a draft up. From here on nothing is written to it and nobody finds it; @returns false when it is none. */
export async function expireDraft(sql: Sql, upload: OpenUpload): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update upload_drafts d set kept_until = clock_timestamp(), reading = d.reading + 1, state = 'unreadable'
     from uploads u where u.id = d.upload_id and u.id = $2 and u.campaign_id = $1 and u.status = 'draft'`,
    [upload.campaignId, upload.id],
  );
  return rowCount === 1;
}

/** Drafts whose time is over, whose file never came to its end, or that have been published: all but the last sign of them goes. */
export async function draftsToRemove(sql: Sql, idleSeconds: number): Promise<{ id: number; campaignId: number }[]> {
  const { rows } = await sql.query<{ id: number; campaign_id: number }>(
    `update upload_drafts d set kept_until = least(d.kept_until, clock_timestamp()), reading = d.reading + 1
     from uploads u
     where u.id = d.upload_id and u.status <> 'open'
       and (u.status = 'published' or d.kept_until <= clock_timestamp()
         or (d.state = 'receiving' and d.progress_at <= clock_timestamp() - $1 * interval '1 second'))
     returning u.id, u.campaign_id`,
    [idleSeconds],
  );
  return rows.map((row) => ({ id: row.id, campaignId: row.campaign_id }));
}

/** Removes what a draft holds in chunks, at last the draft itself, and its upload unless that was published. */
export async function removeDraft(db: Db, uploadId: number): Promise<void> {
  for (const remove of [removePart, clearRows, clearPeople, removeMends]) while (await remove(db, uploadId));
  await db.tx(async (sql) => {
    await sql.query('delete from upload_drafts where upload_id = $1', [uploadId]);
    await sql.query(`delete from uploads where id = $1 and status in ('draft', 'discarded') and published_at is null`, [
      uploadId,
    ]);
  });
}

async function removePart(sql: Sql, uploadId: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `delete from upload_parts where upload_id = $1
       and part = any (array(select part from upload_parts where upload_id = $1 order by part limit 8))`,
    [uploadId],
  );
  return rowCount > 0;
}

async function removeMends(sql: Sql, uploadId: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `delete from draft_mends where upload_id = $1 and row = any (array(select row from draft_mends where upload_id = $1 limit $2))`,
    [uploadId, CHUNK],
  );
  return rowCount > 0;
}
