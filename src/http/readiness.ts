import type { Db } from '../store/db.ts';
import { livingProcesses } from '../store/overview.ts';

/** A worker beats every few seconds; so long without one and nobody sends. */
export const WORKER_SILENCE_SECONDS = 30;
const DATABASE_MS = 3_000;

/** How many processes that send are alive; rejects when the database does not answer in time. */
export async function workerCount(db: Db): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the database did not answer in time'));
    }, DATABASE_MS);
  });
  const asked = livingProcesses(db, WORKER_SILENCE_SECONDS);
  // The loser of the race may fail after all: nobody is waiting for it then.
  asked.catch(() => undefined);
  try {
    return (await Promise.race([asked, late])).filter((process) => process.role !== 'api').length;
  } finally {
    clearTimeout(timer);
  }
}

export async function isReady({ db }: { readonly db: Db }): Promise<boolean> {
  return workerCount(db).then(
    (workers) => workers > 0,
    () => false,
  );
}
