import type { Db } from '../lib/db/db.ts';
import { type LivingProcess, livingProcesses } from '../lib/jobs/processes.sql.ts';

const DATABASE_MS = 3_000;

/** The processes that are alive; rejects when the database does not answer in time. */
export async function lookAround(db: Db): Promise<LivingProcess[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the database did not answer in time'));
    }, DATABASE_MS);
  });
  const asked = livingProcesses(db);
  // The loser of the race may fail after all: nobody is waiting for it then.
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Those with a door that sign with another secret: a session or ticket of theirs is worth nothing here, and the other way round. */
export function strangersAmong(processes: readonly LivingProcess[], print: string): LivingProcess[] {
  return processes.filter(({ secret_print: other }) => other !== null && other !== print);
}

export interface ReadinessDeps {
  readonly db: Db;
  /** While it is not, nothing is sent; undefined where there is none. */
  readonly isRedisThere: (() => boolean) | undefined;
}
