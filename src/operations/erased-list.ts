/**
 * The digests of erased people, once more beside the database: a backup is older than what was erased since, and a database made from it
 * would know these people again and not know that they asked to be forgotten. Each start compares the two and erases again what came back.
 * The file holds no number; whoever has it can only ask whether a number they know is in it.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BLOCKS, type ErasedList, erasedAmong, mergeErasedList, readErasedList } from '../consent/erased-people.sql.ts';
import type { Db } from '../lib/db/db.ts';
import type { Logger } from '../lib/log.ts';
import { personKey } from '../lib/phone/parse.ts';
import { numbersIn } from '../webhooks/forget-erased.ts';
import { webhooksNaming } from '../webhooks/journal.sql.ts';
import { erasedWithRows, refusedNumbers } from './erase-person.sql.ts';
import { type ErasureDeps, eraseRows } from './erase-person.ts';

const ListSchema = z.object({
  key: z.string(),
  people: z.array(z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/), blocks: z.enum(BLOCKS), erasedAt: z.iso.datetime() })),
});

/** Of the installation, so that two databases that take turns in one folder do not share a list. */
export function listPath(dataDir: string, installationId: string): string {
  return join(dataDir, `erased-people-${installationId}.json`);
}

/** Appears whole or not at all, and is on the disk when this returns. */
export async function keepErasedList(db: Db, path: string): Promise<void> {
  const list = await readErasedList(db);
  if (list.people.length === 0) return;
  const made = `${path}.${randomBytes(4).toString('hex')}`;
  const file = openSync(made, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(list)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(made, path);
}

export interface TakenUp {
  /** Erasures that the database did not know. */
  readonly unknown: number;
  /** People who were erased once more. */
  readonly again: number;
}

/** At a start, before anything is sent. @returns undefined when the list is there and cannot be used. */
export async function takeUpErasedList(deps: ErasureDeps, path: string): Promise<TakenUp | undefined> {
  const list = readList(path);
  if (list === 'unreadable') return undefined;
  const unknown = list === undefined ? 0 : await mergeErasedList(deps.db, list);
  if (unknown === undefined) return undefined;
  let again = 0;
  if (unknown > 0) for (const person of await peopleWhoCameBack(deps.db)) again += await eraseAgain(deps, person);
  await deps.keepList();
  return { unknown, again };
}

/** A database made from a backup knows people again who have been erased since: they go before anything is sent or shown. */
export async function eraseWhoCameBack(deps: ErasureDeps & { readonly listPath: string }, log: Logger): Promise<void> {
  const { listPath: path } = deps;
  const taken = await takeUpErasedList(deps, path);
  if (taken === undefined)
    log.error(
      { path },
      'the list of erased people cannot be read, or is of another database: people erased since the backup may be back',
    );
  else if (taken.unknown > 0)
    log.warn(taken, 'the database is older than the list of erased people: those who were in it again have been erased again');
}

async function eraseAgain(deps: ErasureDeps, person: number): Promise<number> {
  await eraseRows(deps, person);
  return 1;
}

function readList(path: string): ErasedList | 'unreadable' | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return ListSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return 'unreadable';
  }
}

const PAGE = 1_000;

/** Everybody of the list of whom there is anything: in rows of their own, in a refused row, in the journal. */
async function peopleWhoCameBack(db: Db): Promise<Set<number>> {
  const people = new Set(await erasedWithRows(db));
  const add = async (numbers: readonly number[]): Promise<void> => {
    for (const person of (await erasedAmong(db, numbers)).keys()) people.add(person);
  };
  await add((await refusedNumbers(db)).map(personKey));
  for (let after = 0; ; ) {
    const page = await webhooksNaming(db, { texts: ['"recipient_id"', '"from"', '"wa_id"', 'wamid.'], after, limit: PAGE });
    await add([...new Set(page.flatMap(({ body }) => numbersIn(body).map(personKey)))]);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return people;
    after = last.id;
  }
}
