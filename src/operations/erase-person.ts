/**
 * Promises: after the answer nothing in the database tells of this person, every figure is what it was, and whoever must not be written to
 * is still not written to. What comes later, a file or a webhook, does not bring them back (webhooks/forget-erased.ts, the import).
 * Order: the digest first, and the list of digests beside the database, so that nothing new of them is written meanwhile; then the lists,
 * then all else, the journal last, which is long.
 * A crash leaves part of it; the same call again does the rest.
 */

import { recordAudit } from '../audit/record-audit.ts';
import { type Blocks, findErasure, rememberErasure } from '../consent/erased-people.sql.ts';
import { findPeopleByIds } from '../consent/person-ids.sql.ts';
import { rowFault } from '../files/messages.ts';
import type { Db } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { personKey } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { redactTexts } from '../lib/redact-texts.ts';
import { keepText, say } from '../lib/words/sentence.ts';
import { campaignsOf, type ForgottenRecipient, forgetLateAnswers, forgetRecipient } from '../lifecycle/forget-recipient.sql.ts';
import { discardDraft } from '../recipients/read-draft.ts';
import { uncountMarkets } from '../recipients/remove-upload.sql.ts';
import { callbackDataIn, messagesNow } from '../webhooks/forget-erased.ts';
import { replaceBodies, webhooksNaming } from '../webhooks/journal.sql.ts';
import { redactWebhook } from '../webhooks/redact-webhook.ts';
import {
  draftsWith,
  emptyRefusedRows,
  knownAs,
  namesInReplies,
  type RefusedRow,
  refusedRowsWith,
  removeRows,
  replaceText,
  strictestOptOut,
  TEXTS,
  textsWith,
} from './erase-person.sql.ts';
import { marksOf, type PersonMarks } from './person-marks.ts';

export interface ErasureDeps {
  readonly db: Db;
  readonly slot: number;
  readonly installationId: string;
  readonly marketOf: (digits: number) => string;
  /** Writes the list of digests beside the database (operations/erased-list.ts). */
  readonly keepList: () => Promise<void>;
}

export interface ErasureInput {
  readonly person: { readonly digits: number } | { readonly userId: string };
  /** Never written to again, whoever uploads them. False: only what they have said themselves still holds. */
  readonly block: boolean;
}

export interface ErasureReport {
  readonly blocks: Blocks;
  readonly recipients: number;
  /** Of these, whoever had not been written to yet. */
  readonly not_sent: number;
  readonly replies: number;
  readonly opt_outs: number;
  readonly refused_rows: number;
  readonly drafts: number;
  readonly webhooks: number;
}

const PAGE = 500;
/** The last moment a date can hold. */
const LAST_DAY_MS = 8.64e15;

export async function erasePerson(deps: ErasureDeps, input: ErasureInput, actor: Actor): Promise<ErasureReport> {
  const { db } = deps;
  const person = await personOf(db, input.person);
  const said = await strictestOptOut(db, person);
  const blocks = input.block ? 'all' : await stillBlocked(db, person, said);
  await db.tx(async (sql) => {
    await rememberErasure(sql, person, blocks);
    await recordAudit(sql, actor, { action: 'erasure.add', detail: { blocks } });
  });
  await deps.keepList();
  return { blocks, ...(await eraseRows(deps, person)) };
}

async function personOf(db: Db, named: ErasureInput['person']): Promise<number> {
  if ('digits' in named) return personKey(named.digits);
  const known = (await findPeopleByIds(db, [named.userId])).get(named.userId);
  if (known !== undefined) return known.person;
  throw new Problem('not_found', say('server.operations.here-known-user'));
}

async function stillBlocked(db: Db, person: number, said: 'all' | 'marketing' | undefined): Promise<Blocks> {
  const before = (await findErasure(db, person))?.blocks;
  if (said === 'all' || before === 'all') return 'all';
  return said ?? before ?? 'nothing';
}

/** All but the digest. Also after a restore, for each person of the list. */
export async function eraseRows(deps: ErasureDeps, person: number): Promise<Omit<ErasureReport, 'blocks'>> {
  const { db, slot } = deps;
  const { phones, userIds } = await knownAs(db, person);
  const names = await namesInReplies(db, person);
  const gone: ForgottenRecipient[] = [];
  for (const campaignId of await campaignsOf(db, person)) {
    gone.push(
      ...(await db.tx(async (sql) => {
        const rows = await forgetRecipient(sql, { campaignId, person, slot });
        await uncountMarkets(
          sql,
          campaignId,
          rows.filter((row) => row.old !== row.new).map((row) => deps.marketOf(row.phone)),
        );
        return rows;
      })),
    );
  }
  await forgetLateAnswers(db);
  const words = [...names, ...gone.flatMap((row) => Object.values(row.data))];
  const marks = marksOf({ person, phones, userIds, words });
  const refusedRows = await eraseRefusedRows(db, marks);
  const drafts = await draftsWith(db, person, marks.tail);
  for (const draft of drafts) await discardDraft({ db }, draft);
  const removed = await removeRows(db, person, userIds);
  await eraseTexts(db, marks);
  const webhooks = await eraseFromJournal(deps, person, { marks, userIds });
  return {
    recipients: gone.length,
    not_sent: gone.filter((row) => row.old !== row.new).length,
    replies: removed.replies,
    opt_outs: removed.optOuts,
    refused_rows: refusedRows,
    drafts: drafts.length,
    webhooks,
  };
}

async function eraseRefusedRows(db: Db, marks: PersonMarks): Promise<number> {
  let emptied = 0;
  for (let after = { upload_id: 0, row: 0 }; ; ) {
    const page = await refusedRowsWith(db, { tail: marks.tail, after, limit: PAGE });
    const theirs = page.filter((row) => cellsOf(row).some(marks.inCell));
    await emptyRefusedRows(db, theirs, keepText(rowFault('erased')));
    emptied += theirs.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return emptied;
    after = { upload_id: last.upload_id, row: last.row };
  }
}

function cellsOf({ value, data }: RefusedRow): string[] {
  return [...(value === null ? [] : [value]), ...data.filter((cell) => typeof cell === 'string')];
}

/** Answers kept for a repeated request, the audit log, reports of files: the entry stays, and what names them goes. */
async function eraseTexts(db: Db, marks: PersonMarks): Promise<void> {
  for (const column of TEXTS) {
    const isTheirs = (text: string): boolean => marks.names(text) || (column.ofRows && marks.isWord(text));
    for (const row of await textsWith(db, column, [marks.tail, ...(column.ofRows ? marks.words : [])])) {
      const redacted = redactTexts(JSON.parse(row.text), isTheirs);
      if (redacted.changed) await replaceText(db, column, row, redacted.value);
    }
  }
}

async function eraseFromJournal(
  deps: ErasureDeps,
  person: number,
  { marks, userIds }: { readonly marks: PersonMarks; readonly userIds: readonly string[] },
): Promise<number> {
  const { db } = deps;
  // Whatever is in the journal by now was said before, by whatever clock.
  const now = new Date(LAST_DAY_MS);
  let changed = 0;
  for (let after = 0; ; ) {
    const page = await webhooksNaming(db, { texts: [marks.tail, ...userIds], after, limit: PAGE });
    const messages = await messagesNow(
      deps,
      db,
      page.flatMap(({ body }) => callbackDataIn(body)),
    );
    const bodies = new Map<number, string>();
    for (const webhook of page) {
      const body = redactWebhook(webhook.body, webhook.received_at, {
        erasedAt: (digits) => (personKey(digits) === person ? now : undefined),
        isUserId: (id) => userIds.includes(id),
        messageOf: (callbackData) => messages.get(callbackData),
        names: marks.names,
      });
      if (body !== undefined) bodies.set(webhook.id, body);
    }
    await replaceBodies(db, bodies);
    changed += bodies.size;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return changed;
    after = last.id;
  }
}
