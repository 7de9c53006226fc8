import type { Sql } from '../lib/db/db.ts';

export interface SecondFactor {
  /** Encrypted. */
  readonly secret: Buffer;
  readonly confirmed_at: Date | null;
  readonly codes_left: number;
}

export async function findSecondFactor(sql: Sql, personId: number): Promise<SecondFactor | undefined> {
  const { rows } = await sql.query<SecondFactor>(
    `select totp_secret as secret, totp_confirmed_at as confirmed_at,
       (select count(*)::int from recovery_codes c where c.person_id = p.id) as codes_left
     from people p where id = $1 and totp_secret is not null`,
    [personId],
  );
  return rows[0];
}

/** Begins, or begins again, while none is confirmed. @returns false when one is in use. */
export async function proposeSecondFactor(sql: Sql, personId: number, secret: Buffer): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update people set totp_secret = $2, totp_last_step = null where id = $1 and totp_confirmed_at is null',
    [personId, secret],
  );
  return rowCount === 1;
}

/** Of two requests with the same code one gets the row. */
export async function confirmSecondFactor(sql: Sql, personId: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update people set totp_confirmed_at = clock_timestamp()
     where id = $1 and totp_secret is not null and totp_confirmed_at is null`,
    [personId],
  );
  return rowCount === 1;
}

/** @returns whether there was one. */
export async function deleteSecondFactor(sql: Sql, personId: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update people set totp_secret = null, totp_confirmed_at = null, totp_last_step = null
     where id = $1 and totp_secret is not null`,
    [personId],
  );
  await sql.query('delete from recovery_codes where person_id = $1', [personId]);
  return rowCount === 1;
}

/** Uses the code of a half minute up, and those before it. @returns false when it was used already. */
export async function takeStep(sql: Sql, personId: number, step: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update people set totp_last_step = $2 where id = $1 and (totp_last_step is null or totp_last_step < $2)',
    [personId, step],
  );
  return rowCount === 1;
}

export async function replaceRecoveryCodes(sql: Sql, personId: number, hashes: readonly Buffer[]): Promise<void> {
  await sql.query('delete from recovery_codes where person_id = $1', [personId]);
  await sql.query('insert into recovery_codes (person_id, code_hash) select $1, unnest($2::bytea[])', [personId, hashes]);
}

export async function takeRecoveryCode(sql: Sql, personId: number, hash: Buffer): Promise<boolean> {
  const { rowCount } = await sql.query('delete from recovery_codes where person_id = $1 and code_hash = $2', [personId, hash]);
  return rowCount === 1;
}
