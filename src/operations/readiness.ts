import { secretPrint } from '../auth/secrets.ts';
import type { Db } from '../lib/db/db.ts';
import { type LivingProcess, livingProcesses } from '../lib/jobs/processes.sql.ts';
import type { Logger } from '../lib/log.ts';

const DATABASE_MS = 3_000;

/** The processes that are alive; rejects when the database does not answer in time. */
export async function processesInTime(db: Db): Promise<LivingProcess[]> {
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

/** Those that answer HTTP and sign with another secret: a session or ticket of theirs is worth nothing here, and the other way round. */
export function withOtherSecret(processes: readonly LivingProcess[], print: string): LivingProcess[] {
  return processes.filter(({ secret_print: other }) => other !== null && other !== print);
}

/** Said by the one that starts later; health and the doctor go on saying it. */
export async function warnOfOtherSecret(db: Db, secretKey: string, log: Logger): Promise<void> {
  const others = withOtherSecret(await processesInTime(db), secretPrint(secretKey));
  if (others.length === 0) return;
  log.warn(
    { processes: others.map(({ id }) => id) },
    `Another process on this database (${others.map(({ host }) => host).join(', ')}) signs with another SECRET_KEY, so the two refuse each other's logins, links and tickets: set the same SECRET_KEY on all of them.`,
  );
}

export interface ReadinessDeps {
  readonly db: Db;
  /** Why Redis takes no writes, while nothing is sent for it; undefined where there is none. */
  readonly redisFault: (() => string | undefined) | undefined;
}
