/**
 * Promises: a dry run reads a file exactly as its publication will, and puts nobody on the list.
 * Order: the file is kept, then read; each reading has a number, and what one before it still writes is refused.
 * A crash leaves the file and what was mended; whoever asks is told that the reading stopped, and has it read again.
 */

import { Readable } from 'node:stream';
import type { Rejection } from '../files/check-row.ts';
import type { Sql } from '../lib/db/db.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { TemplateDeps } from '../templates/preview-template.ts';
import { type Answers, CauseCounter, ColumnStats, type DraftReading, type DraftSummary, readsOtherRows } from './draft.ts';
import { forgetMends, listMends } from './draft-rows.sql.ts';
import {
  appendPart,
  beginReading,
  clearReading,
  type Draft,
  draftsToRemove,
  expireDraft,
  findDraft,
  finishReading,
  insertDraft,
  knownInDraft,
  partOf,
  recentInDraft,
  removeDraft,
  returnToDraft,
  writeDraftChunk,
} from './drafts.sql.ts';
import { type ListStore, ListWriter } from './list-writer.ts';
import { openList, readRows } from './read-rows.ts';
import { fileRequirements } from './requirements.ts';
import { endOfList, type OpenUpload } from './uploads.sql.ts';

export interface DraftDeps extends TemplateDeps {
  readonly marketOf: (digits: number) => string;
  /** CAMPAIGN_MAX_RECIPIENTS. */
  readonly maxRecipients: number;
  /** DEFAULT_COUNTRY. */
  readonly defaultCountry: string | undefined;
}

export interface NewDraft {
  readonly campaignId: number;
  readonly filename: string | null;
  readonly createdBy: string;
  readonly answers: Answers;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const PART = 1024 * 1024;

/** Keeps a file and reads it; @returns the draft, whether it can be read as a list or not. */
export async function receiveDraft(deps: DraftDeps, { bytes, ...draft }: NewDraft): Promise<Draft> {
  const upload = { id: await insertDraft(deps.db, draft), campaignId: draft.campaignId };
  try {
    await keepFile(deps.db, upload.id, bytes);
  } catch (error) {
    await discardDraft(deps, upload).catch(() => undefined);
    throw error;
  }
  return readDraft(deps, upload, draft.answers);
}

async function keepFile(sql: Sql, uploadId: number, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let held: Uint8Array[] = [];
  let size = 0;
  let part = 0;
  const keep = async (): Promise<void> => {
    if (!(await appendPart(sql, uploadId, part++, Buffer.concat(held)))) throw overtaken();
    held = [];
    size = 0;
  };
  for await (const piece of bytes) {
    held.push(piece);
    size += piece.length;
    if (size >= PART) await keep();
  }
  if (size > 0) await keep();
}

/** The file as it was kept: from whatever machine it came, any other one can read it. */
export function draftStream(sql: Sql, uploadId: number): Readable {
  async function* parts(): AsyncGenerator<Buffer> {
    for (let part = 0; ; part++) {
      const bytes = await partOf(sql, uploadId, part);
      if (bytes === undefined) return;
      yield bytes;
    }
  }
  return Readable.from(parts(), { highWaterMark: 1 });
}

/** Reads a kept file as the answers say, and counts what would become of it. */
export async function readDraft(deps: DraftDeps, upload: OpenUpload, answers: Answers): Promise<Draft> {
  const { db } = deps;
  const number = await beginReading(db, upload.id, answers);
  if (number === undefined) throw noDraft(upload);
  const reading = { uploadId: upload.id, number };
  await clearReading(db, upload.id);
  const summary = await read(deps, upload, { ...reading, answers });
  if (!(await finishReading(db, reading, summary))) throw overtaken();
  return mustFindDraft(db, upload);
}

/** Reads again with other answers; what was mended stays as long as the rows are the same ones. */
export async function rereadDraft(deps: DraftDeps, upload: OpenUpload, answers: Answers): Promise<Draft> {
  const draft = await mustFindDraft(deps.db, upload);
  if (draft.state === 'receiving') {
    throw new Problem('upload_in_progress', say('server.recipients.file-still-arriving'));
  }
  if (readsOtherRows(draft.answers, answers)) await forgetMends(deps.db, upload.id);
  return readDraft(deps, upload, answers);
}

interface Reading {
  readonly uploadId: number;
  readonly number: number;
  readonly answers: Answers;
}

async function read(deps: DraftDeps, upload: OpenUpload, reading: Reading): Promise<DraftSummary> {
  const stream = draftStream(deps.db, upload.id);
  try {
    return await readList(deps, upload, reading, stream);
  } catch (error) {
    // Not a list when it is read so: a person looks at what was found and says more.
    if (!(error instanceof Problem) || !TELLS_HOW.has(error.code)) throw error;
    const { columns } = error.extra;
    const names = Array.isArray(columns) ? columns.filter((name) => typeof name === 'string') : [];
    return { ok: false, code: error.code, detail: error.detail, columns: names };
  } finally {
    stream.destroy();
  }
}

const TELLS_HOW: ReadonlySet<string> = new Set(['file_unusable', 'too_many_recipients']);

async function readList(deps: DraftDeps, upload: OpenUpload, reading: Reading, stream: Readable): Promise<DraftReading> {
  const { db, marketOf, maxRecipients, defaultCountry } = deps;
  const { forColumns, marketing } = await fileRequirements(deps, upload.campaignId);
  const mends = await listMends(db, upload.id);
  const open = await openList(stream, { answers: reading.answers, defaultCountry, requirements: forColumns });
  const { table } = open;
  const causes = new CauseCounter();
  const list = { ...(await endOfList(db, upload.campaignId)), publishedThrough: 0 };
  const store = draftStore(db, upload, {
    number: reading.number,
    marketing,
    onRejected: (row) => {
      causes.add(row);
    },
  });
  const writer = new ListWriter(store, { maxRecipients, marketOf, list, bytesRead: open.bytesRead });
  const stats = new ColumnStats(table.columns.length);
  const account = await readRows(open, {
    writer,
    mends,
    onRow: (row) => {
      stats.add(row.cells);
    },
  });
  return {
    ok: true,
    format: open.source.format(),
    table,
    columns: stats.list(table, open.requirements.variables ?? {}),
    counts: writer.counts,
    account,
    causes: causes.list(),
    markets: Object.fromEntries(writer.markets),
    countries: Object.fromEntries(writer.countries),
    notices: [...open.checker.notices(), ...writer.notices()],
    recent: await recentInDraft(db, upload),
    fingerprint: open.requirements.fingerprint ?? null,
  };
}

/** Where the rows of a dry run go. */
export function draftStore(
  sql: Sql,
  upload: OpenUpload,
  reading: { readonly number: number; readonly marketing: boolean; readonly onRejected: (row: Rejection) => void },
): ListStore {
  return {
    known: (people) => knownInDraft(sql, upload, { people, marketing: reading.marketing }),
    async write(chunk) {
      for (const row of chunk.rejected) reading.onRejected(row);
      return writeDraftChunk(sql, { uploadId: upload.id, number: reading.number }, chunk);
    },
  };
}

export async function mustFindDraft(sql: Sql, upload: OpenUpload): Promise<Draft> {
  const draft = await findDraft(sql, upload.campaignId, upload.id);
  if (draft === undefined) throw noDraft(upload);
  return draft;
}

/** @returns false when it is no draft. */
export async function discardDraft({ db }: Pick<DraftDeps, 'db'>, upload: OpenUpload): Promise<boolean> {
  if (!(await expireDraft(db, upload))) return false;
  await removeDraft(db, upload.id);
  return true;
}

/** The periodic part: publications that failed become drafts again, and drafts whose day is over go. */
export async function tidyDrafts({ db }: Pick<DraftDeps, 'db'>, options: { readonly idleSeconds: number }): Promise<void> {
  await returnToDraft(db);
  for (const { id } of await draftsToRemove(db, options.idleSeconds)) await removeDraft(db, id);
}

export function noDraft({ id, campaignId }: OpenUpload): Problem {
  return new Problem('not_found', say('server.recipients.campaign-unpublished-upload', { campaignId, id }));
}

export function overtaken(): Problem {
  return new Problem('conflict', say('server.recipients.file-read-again'));
}
