import { StartRefused } from '../start-refused.ts';
import type { Db } from './db.ts';

/** How long a process may be silent before another may take over the database. */
export const LEASE_SECONDS = 15;

/** Another process works on this database now: this one must stop at once. */
export class TenancyLost extends Error {}

/**
 * A server database without Redis is worked by one process: its pace and its queue are its own. The row says who, and until when.
 *
 * @returns undefined when it is ours, else how long to wait before asking again.
 */
export async function claimTenancy(db: Db, processId: string): Promise<{ readonly busySeconds: number } | undefined> {
  const { rowCount } = await db.query(
    `update installation set tenant = $1, tenant_until = clock_timestamp() + $2 * interval '1 second'
     where tenant is null or tenant = $1 or tenant_until < clock_timestamp()`,
    [processId, LEASE_SECONDS],
  );
  if (rowCount === 1) return undefined;
  const { rows } = await db.query<{ seconds: number }>(
    'select greatest(0, extract(epoch from tenant_until - clock_timestamp()))::float8 as seconds from installation',
  );
  return { busySeconds: rows[0]?.seconds ?? 0 };
}

export async function releaseTenancy(db: Db, processId: string): Promise<void> {
  await db.query('update installation set tenant = null, tenant_until = null where tenant = $1', [processId]);
}

/**
 * Another process may have died a moment ago: waits as long as its right lasts, and gives way only to a living one.
 *
 * @throws StartRefused
 */
export async function waitForTenancy(db: Db, processId: string, onWaiting: (seconds: number) => void): Promise<void> {
  const deadline = Date.now() + (LEASE_SECONDS + 5) * 1000;
  for (;;) {
    const busy = await claimTenancy(db, processId);
    if (busy === undefined) return;
    if (Date.now() > deadline) {
      throw new StartRefused(
        'Another process works on this database. Without Redis only one may: stop the other one, or set REDIS_HOST on all of them to share the work.',
      );
    }
    onWaiting(Math.ceil(busy.busySeconds));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** @throws TenancyLost when another process has taken the database. */
export async function renewTenancy(db: Db, processId: string): Promise<void> {
  if ((await claimTenancy(db, processId)) !== undefined) throw new TenancyLost('another process has taken over this database');
}
