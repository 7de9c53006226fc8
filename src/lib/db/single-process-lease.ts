import type { Db } from './db.ts';

/** How long a process may be silent before another may take over the database. */
export const TENANCY_SECONDS = 15;

/**
 * A server database without Redis is worked by one process: its pace and its queue are its own. The row says who, and until when.
 *
 * @returns undefined when it is ours, else how long to wait before asking again.
 */
export async function claimTenancy(db: Db, processId: string): Promise<{ readonly busySeconds: number } | undefined> {
  const { rowCount } = await db.query(
    `update installation set tenant = $1, tenant_until = clock_timestamp() + $2 * interval '1 second'
     where tenant is null or tenant = $1 or tenant_until < clock_timestamp()`,
    [processId, TENANCY_SECONDS],
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
