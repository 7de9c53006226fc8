import type { Sql } from '../lib/db/db.ts';
import { MOVES, type PauseReason } from './campaign.ts';
import type { StopScope } from './stop.ts';

/**
 * Pauses every running campaign the fault concerns; a hidden test send fails with its own message instead of being paused.
 *
 * @returns the campaigns that were paused by this call.
 */
export async function pauseRunning(sql: Sql, scope: StopScope, reason: PauseReason): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `update campaigns set status = 'paused', pause_reason = $1, updated_at = clock_timestamp(), attention = null
     where status::text = any($7) and deleted_at is null
       and case $2 when 'campaign' then id = $3
                   when 'template' then mode = $4::run_mode and template_name = $5 and template_language = $6
                   when 'number' then mode = $4::run_mode and phone_number_id = $5
                   else true end
     returning id`,
    [
      JSON.stringify(reason),
      scope.scope,
      scope.scope === 'campaign' ? scope.campaignId : null,
      scope.scope === 'template' || scope.scope === 'number' ? scope.mode : null,
      scope.scope === 'template' ? scope.name : scope.scope === 'number' ? scope.phoneNumberId : null,
      scope.scope === 'template' ? scope.language : null,
      MOVES.pause.from,
    ],
  );
  return rows.map((row) => row.id);
}

/**
 * Campaigns that a refusal of the account paused in the moment before Meta told of a restriction with an end: they wait for that end as the
 * others do. One that a person has touched since has another reason, or none.
 */
export async function unpauseRefused(
  sql: Sql,
  { mode, phoneNumberId, codes }: { readonly mode: string; readonly phoneNumberId: string; readonly codes: readonly number[] },
): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `update campaigns set status = 'running', pause_reason = null, updated_at = clock_timestamp(), attention = null
     where status::text = any($4) and deleted_at is null and archived_at is null and mode = $1::run_mode and phone_number_id = $2
       and pause_reason ->> 'code' = 'account' and (pause_reason ->> 'meta_code')::int = any($3)
       and updated_at > clock_timestamp() - interval '10 minutes'
     returning id`,
    [mode, phoneNumberId, codes, MOVES.resume.from],
  );
  return rows.map((row) => row.id);
}

export interface Installation {
  readonly id: string;
  /** Which life of this database it is: new at each restore, null in the first. */
  readonly epoch: string | null;
  readonly created_at: Date;
  readonly first_live_at: Date | null;
  readonly stopped_at: Date | null;
}

export async function readInstallation(sql: Sql): Promise<Installation> {
  const { rows } = await sql.query<Installation>('select id, epoch, created_at, first_live_at, stopped_at from installation');
  const row = rows[0];
  if (row === undefined) throw new Error('the installation row is missing: the database was not migrated by this program');
  return row;
}

/** Is everything stopped? Read so that a stop waits for whoever decides by it, and the other way round. Within that transaction. */
export async function isStopped(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ stopped_at: Date | null }>('select stopped_at from installation for share');
  return rows[0]?.stopped_at !== null;
}

/** Remembers that this database has sent for real: from now on it does not start without credentials. */
export async function markLive(sql: Sql): Promise<void> {
  await sql.query('update installation set first_live_at = clock_timestamp() where first_live_at is null');
}

/** Sets or lifts "stop everything". While it is set no campaign starts or resumes. */
export async function setStopped(sql: Sql, stopped: boolean): Promise<void> {
  await sql.query('update installation set stopped_at = case when $1 then coalesce(stopped_at, clock_timestamp()) end', [
    stopped,
  ]);
}
