/**
 * Promises: a file is on the list whole or not at all, each person once, and every row of it is accounted for.
 * Order: open the upload (one a campaign), write chunks above `published_through`, publish in one small transaction.
 * A crash leaves an open upload and rows nobody sees; `discardAbandonedUploads` removes both, and the same file may come again.
 */

import { addAbortSignal, type Readable } from 'node:stream';
import { recordAudit } from '../audit/record-audit.ts';
import type { FileAccount } from '../files/account.ts';
import type { Notice } from '../files/messages.ts';
import type { Db, Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { findCampaign } from '../lifecycle/campaign.sql.ts';
import type { CampaignStatus } from '../lifecycle/campaign.ts';
import type { Answers } from './draft.ts';
import type { Mend } from './draft-rows.sql.ts';
import { openDraft, returnToDraft } from './drafts.sql.ts';
import { discardedMeanwhile, type ListStore, ListWriter, type RowError } from './list-writer.ts';
import { type OpenList, openList, readRows } from './read-rows.ts';
import type { ListRequirements } from './requirements.ts';
import {
  deleteDiscarded,
  discardUpload,
  endOfList,
  insertPeople,
  insertRejected,
  knownPeople,
  type OpenUpload,
  openUpload,
  publishUpload,
} from './uploads.sql.ts';

export interface ImportDeps {
  readonly db: Db;
  /** Market of the rate card for a number, for the estimate of the cost. */
  readonly marketOf: (digits: number) => string;
  /** Runs within the publishing transaction; `before` is the campaign's state. Adding to a completed one has to open it again here. */
  readonly onPublished?: (
    sql: Sql,
    published: { campaignId: number; before: CampaignStatus; pending: number; skipped: number },
  ) => Promise<void>;
}

export interface ImportRequest {
  readonly campaignId: number;
  /** Read to its end in any case; on a refusal the rest is dropped. Aborting or destroying it leaves the campaign as it was. */
  readonly stream: Readable;
  readonly filename: string | null;
  readonly maxRecipients: number;
  readonly defaultCountry?: string | undefined;
  /** What a person has said about how the file is to be read; the rest is found. */
  readonly answers?: Answers | undefined;
  /** Set when a dry run of the file becomes the list. */
  readonly draft?: { readonly uploadId: number; readonly mends: readonly Mend[] } | undefined;
  /** Asked once, with the columns of the file. */
  readonly requirements: (columns: readonly string[]) => ListRequirements;
  /** The template's category is marketing: people who stopped marketing are skipped too. */
  readonly marketing: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportReport extends FileAccount {
  readonly upload_id: number;
  readonly filename: string | null;
  readonly total_rows: number;
  readonly valid_rows: number;
  readonly invalid_rows: number;
  readonly duplicate_rows: number;
  readonly suppressed_rows: number;
  /** The first hundred in the order of the file; the rest by download. */
  readonly errors: readonly RowError[];
  readonly notices: readonly Notice[];
  readonly columns: readonly string[];
  readonly phone_column: string;
}

/** Where people may be added. In a completed campaign the caller's `onPublished` opens it again. */
const OPEN_TO_PEOPLE = ['draft', 'scheduled', 'running', 'paused', 'completed'] as const satisfies readonly CampaignStatus[];

export async function importRecipients(deps: ImportDeps, request: ImportRequest, actor: Actor): Promise<ImportReport> {
  const { db } = deps;
  const { campaignId, stream } = request;
  // A stream that fails before anybody reads it would end the process; the reading meets the error all the same.
  stream.on('error', () => undefined);
  const campaign = await findCampaign(db, campaignId);
  refuseUnlessOpen(campaignId, campaign?.status);
  const upload =
    request.draft === undefined
      ? await openUpload(db, { campaignId, filename: request.filename, createdBy: actor.name })
      : await openDraft(db, { id: request.draft.uploadId, campaignId });
  if (upload === undefined) {
    throw new Problem('upload_in_progress', say('server.recipients.another-file-being'));
  }
  if (request.signal !== undefined) addAbortSignal(request.signal, stream);
  const bytes: AsyncIterableIterator<Uint8Array | string> = stream.iterator({ destroyOnReturn: false });
  try {
    await deleteDiscarded(db, campaignId);
    const open = await openList(bytes, request);
    const list = await endOfList(db, campaignId);
    const writer = new ListWriter(listStore(db, upload, request.marketing), {
      ...request,
      marketOf: deps.marketOf,
      list,
      bytesRead: open.bytesRead,
    });
    const account = await readRows(open, { writer, mends: request.draft?.mends ?? [] });
    return await publish(deps, request, { ...open, actor, upload, writer, account });
  } catch (error) {
    // A browser shows an answer only after it has sent everything: what is left of the body is read and dropped.
    await bytes.return?.();
    stream.resume();
    // When even this fails the database is away: the sweep does it later, and the reason given stays the first one.
    await discardUpload(db, upload).catch(() => undefined);
    if (request.draft !== undefined) await returnToDraft(db).catch(() => undefined);
    throw error;
  }
}

function listStore(db: Db, upload: OpenUpload, marketing: boolean): ListStore {
  return {
    known: (people) => knownPeople(db, upload, { people, marketing }),
    async write({ people, kept, counts }) {
      await insertRejected(db, upload, kept);
      return insertPeople(db, upload, people, counts);
    },
  };
}

interface ReadFile extends OpenList {
  readonly actor: Actor;
  readonly upload: OpenUpload;
  readonly writer: ListWriter;
  readonly account: FileAccount;
}

async function publish(deps: ImportDeps, request: ImportRequest, read: ReadFile): Promise<ImportReport> {
  const { actor, upload, table, requirements, checker, writer, account } = read;
  const { counts, errors } = writer;
  if (counts.total_rows === 0) {
    throw new Problem('file_unusable', say('server.recipients.file-header-rows'));
  }
  const phoneColumn = table.columns[table.phone] ?? '';
  const notices = [...checker.notices(), ...writer.notices()];
  const outcome = await publishUpload(deps.db, upload, {
    columns: table.columns,
    phoneColumn,
    notices,
    counts,
    reading: { ...account, countries: Object.fromEntries(writer.countries) },
    fingerprint: requirements.fingerprint,
    publishedThrough: writer.lastId,
    markets: writer.markets,
    allowed: OPEN_TO_PEOPLE,
    onPublished: async (sql, before) => {
      const { campaignId, filename } = request;
      await deps.onPublished?.(sql, { campaignId, before, pending: counts.valid_rows, skipped: counts.suppressed_rows });
      const detail = {
        upload_id: upload.id,
        filename,
        ...counts,
        ...(request.answers?.consent_columns === 'ignore' ? { consent_ignored: true } : {}),
      };
      await recordAudit(sql, actor, { action: 'campaign.upload', campaignId, detail });
    },
  });
  if (outcome?.refused === 'campaign') refuseUnlessOpen(request.campaignId, outcome.status);
  if (outcome !== undefined) throw discardedMeanwhile();
  return {
    upload_id: upload.id,
    filename: request.filename,
    ...counts,
    ...account,
    errors,
    notices,
    columns: table.columns,
    phone_column: phoneColumn,
  };
}

function refuseUnlessOpen(campaignId: number, status: CampaignStatus | undefined): void {
  if (status === undefined) throw new Problem('campaign_not_found', say('server.recipients.campaign-2', { campaignId }));
  if ((OPEN_TO_PEOPLE as readonly CampaignStatus[]).includes(status)) return;
  throw new Problem('campaign_wrong_state', say('server.recipients.campaign-can-added', { status }), {
    status,
  });
}
