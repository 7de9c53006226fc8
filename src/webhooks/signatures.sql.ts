import type { Sql } from '../lib/db/db.ts';
import type { RunMode } from '../whatsapp/mode.ts';

export interface Signatures {
  /** When the last webhook of this mode came whose signature fits. */
  readonly good_at: Date | null;
  readonly refused_at: Date | null;
  readonly refused_since_good: number;
}

const NONE: Signatures = { good_at: null, refused_at: null, refused_since_good: 0 };

/** @param heard since the last time it was told: `refused` after the last good one, where there was one. */
export async function noteSignatures(
  sql: Sql,
  mode: RunMode,
  heard: { readonly isGood: boolean; readonly refused: number },
): Promise<void> {
  await sql.query(
    `insert into webhook_signatures as s (mode, good_at, refused_at, refused_since_good)
     values ($1, case when $2 then clock_timestamp() end, case when $3::bigint > 0 then clock_timestamp() end, $3)
     on conflict (mode) do update set
       good_at = coalesce(excluded.good_at, s.good_at), refused_at = coalesce(excluded.refused_at, s.refused_at),
       refused_since_good = case when $2 then 0 else s.refused_since_good end + $3`,
    [mode, heard.isGood, heard.refused],
  );
}

export async function readSignatures(sql: Sql, mode: RunMode): Promise<Signatures> {
  const { rows } = await sql.query<Signatures>(
    'select good_at, refused_at, refused_since_good from webhook_signatures where mode = $1',
    [mode],
  );
  return rows[0] ?? NONE;
}
