import type { Sql } from '../lib/db/db.ts';
import type { Scope, UserRole } from '../lib/http/actor.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly role: UserRole;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly last_login_at: Date | null;
  readonly disabled_at: Date | null;
  /** False until the invitation is accepted. */
  readonly has_password: boolean;
  readonly has_second_factor: boolean;
}

const PERSON = `p.id, p.name, p.role, p.created_by, p.created_at, p.last_login_at, p.disabled_at, p.password is not null as has_password,
  p.totp_confirmed_at is not null as has_second_factor`;

/** @returns undefined when the name is taken. */
export async function insertPerson(
  sql: Sql,
  person: { name: string; role: UserRole; createdBy: string | null },
): Promise<Person | undefined> {
  const { rows } = await sql.query<Person>(
    `insert into people as p (name, role, created_by) values ($1, $2, $3) on conflict (lower(name)) do nothing returning ${PERSON}`,
    [person.name, person.role, person.createdBy],
  );
  return rows[0];
}

export async function findPerson(sql: Sql, id: number): Promise<Person | undefined> {
  const { rows } = await sql.query<Person>(`select ${PERSON} from people p where id = $1`, [id]);
  return rows[0];
}

export async function listPeople(sql: Sql): Promise<Person[]> {
  const { rows } = await sql.query<Person>(`select ${PERSON} from people p order by lower(name)`);
  return rows;
}

/** Whoever may log in under this name, with the stored password. */
export async function findLogin(sql: Sql, name: string): Promise<(Person & { password: string }) | undefined> {
  const { rows } = await sql.query<Person & { password: string }>(
    `select ${PERSON}, p.password from people p where lower(name) = lower($1) and password is not null and disabled_at is null`,
    [name],
  );
  return rows[0];
}

/** Counts one try to log in under a name, right or wrong, in a window that begins with the first. */
export async function countLoginTry(
  sql: Sql,
  nameHash: Buffer,
  windowSeconds: number,
): Promise<{ tries: number; windowEndsInSeconds: number }> {
  const { rows } = await sql.query<{ tries: number; ends: number }>(
    `insert into login_tries as t (name_hash, since, tries) values ($1, clock_timestamp(), 1)
     on conflict (name_hash) do update set
       tries = case when t.since < clock_timestamp() - $2 * interval '1 second' then 1 else t.tries + 1 end,
       since = case when t.since < clock_timestamp() - $2 * interval '1 second' then clock_timestamp() else t.since end
     returning tries, ceil(extract(epoch from since + $2 * interval '1 second' - clock_timestamp()))::int as ends`,
    [nameHash, windowSeconds],
  );
  return { tries: rows[0]?.tries ?? 1, windowEndsInSeconds: Math.max(1, rows[0]?.ends ?? windowSeconds) };
}

export async function passwordOf(sql: Sql, id: number): Promise<string | undefined> {
  const { rows } = await sql.query<{ password: string | null }>(
    'select password from people where id = $1 and disabled_at is null',
    [id],
  );
  return rows[0]?.password ?? undefined;
}

export async function setPassword(sql: Sql, id: number, password: string): Promise<void> {
  await sql.query('update people set password = $2 where id = $1', [id, password]);
}

export async function markLogin(sql: Sql, id: number): Promise<void> {
  await sql.query('update people set last_login_at = clock_timestamp() where id = $1', [id]);
}

export async function changePerson(
  sql: Sql,
  id: number,
  change: { role?: UserRole | undefined; disabled?: boolean | undefined },
): Promise<Person | undefined> {
  const { rows } = await sql.query<Person>(
    `update people p set
       role = coalesce($2::person_role, role),
       disabled_at = case when $3::boolean is null then disabled_at when $3 then coalesce(disabled_at, clock_timestamp()) end
     where id = $1 returning ${PERSON}`,
    [id, change.role ?? null, change.disabled ?? null],
  );
  return rows[0];
}

/** People who can log in and administer; locked, so that two requests cannot remove the last two at once. */
export async function lockAdmins(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `select id from people where role = 'admin' and disabled_at is null and password is not null order by id for update`,
  );
  return rows.map((row) => row.id);
}

export async function countPeopleWhoCanLogIn(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select count(*) as n from people where password is not null and disabled_at is null`,
  );
  return rows[0]?.n ?? 0;
}

export async function insertSession(
  sql: Sql,
  session: { hash: Buffer; personId: number; days: number; address: string; agent: string | null },
): Promise<void> {
  await sql.query(
    `insert into sessions (token_hash, person_id, expires_at, address, agent)
     values ($1, $2, clock_timestamp() + $3 * interval '1 day', $4, $5)`,
    [session.hash, session.personId, session.days, session.address, session.agent],
  );
}

export interface Session {
  readonly id: number;
  readonly token_hash: Buffer;
  readonly created_at: Date;
  readonly seen_at: Date;
  readonly expires_at: Date;
  readonly address: string | null;
  readonly agent: string | null;
}

/** Those that still open something, the last used first. */
export async function listSessionsOf(sql: Sql, personId: number, idleDays: number): Promise<Session[]> {
  const { rows } = await sql.query<Session>(
    `select id, token_hash, created_at, seen_at, expires_at, address, agent from sessions
     where person_id = $1 and expires_at > clock_timestamp() and seen_at > clock_timestamp() - $2 * interval '1 day'
     order by seen_at desc, id desc`,
    [personId, idleDays],
  );
  return rows;
}

/** @returns whether this person had it. */
export async function deleteSessionOf(sql: Sql, personId: number, id: number): Promise<boolean> {
  const { rowCount } = await sql.query('delete from sessions where person_id = $1 and id = $2', [personId, id]);
  return rowCount === 1;
}

/** The person of a living session; `stale` = `seen_at` is worth writing again. */
export async function findSession(sql: Sql, hash: Buffer, idleDays: number): Promise<(Person & { stale: boolean }) | undefined> {
  const { rows } = await sql.query<Person & { stale: boolean }>(
    `select ${PERSON}, s.seen_at < clock_timestamp() - interval '5 minutes' as stale
     from sessions s join people p on p.id = s.person_id
     where s.token_hash = $1 and s.expires_at > clock_timestamp() and s.seen_at > clock_timestamp() - $2 * interval '1 day' and p.disabled_at is null`,
    [hash, idleDays],
  );
  return rows[0];
}

export async function touchSession(sql: Sql, hash: Buffer): Promise<void> {
  await sql.query('update sessions set seen_at = clock_timestamp() where token_hash = $1', [hash]);
}

export async function deleteSession(sql: Sql, hash: Buffer): Promise<void> {
  await sql.query('delete from sessions where token_hash = $1', [hash]);
}

/** Ends the sessions of a person, all or all but one. */
export async function deleteSessionsOf(sql: Sql, personId: number, except?: Buffer): Promise<void> {
  await sql.query('delete from sessions where person_id = $1 and ($2::bytea is null or token_hash <> $2)', [
    personId,
    except ?? null,
  ]);
}

export async function insertInvitation(
  sql: Sql,
  invitation: { hash: Buffer; personId: number | null; createdBy: string | null; days: number },
): Promise<Date> {
  const { rows } = await sql.query<{ expires_at: Date }>(
    `insert into invitations (token_hash, person_id, created_by, expires_at)
     values ($1, $2, $3, clock_timestamp() + $4 * interval '1 day') returning expires_at`,
    [invitation.hash, invitation.personId, invitation.createdBy, invitation.days],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no row');
  return row.expires_at;
}

export async function deleteInvitationsOf(sql: Sql, personId: number | null): Promise<void> {
  await sql.query('delete from invitations where person_id is not distinct from $1', [personId]);
}

/** Uses an invitation up: of two requests with the same link one gets the row. */
export async function takeInvitation(sql: Sql, hash: Buffer): Promise<{ person_id: number | null } | undefined> {
  const { rows } = await sql.query<{ person_id: number | null }>(
    `delete from invitations i where token_hash = $1 and expires_at > clock_timestamp()
       and not exists (select from people p where p.id = i.person_id and p.disabled_at is not null)
     returning person_id`,
    [hash],
  );
  return rows[0];
}

/** What the link is for, without using it. */
export async function peekInvitation(
  sql: Sql,
  hash: Buffer,
): Promise<{ name: string | null; expires_at: Date; has_second_factor: boolean } | undefined> {
  const { rows } = await sql.query<{ name: string | null; expires_at: Date; has_second_factor: boolean }>(
    `select p.name, i.expires_at, p.totp_confirmed_at is not null as has_second_factor from invitations i left join people p on p.id = i.person_id
     where i.token_hash = $1 and i.expires_at > clock_timestamp() and p.disabled_at is null`,
    [hash],
  );
  return rows[0];
}

export interface ApiKey {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

const KEY = 'id, name, prefix, scopes, created_by, created_at, expires_at, last_used_at, revoked_at';

export async function insertKey(
  sql: Sql,
  key: { name: string; hash: Buffer; prefix: string; scopes: readonly Scope[]; createdBy: string | null; expiresAt: Date | null },
): Promise<ApiKey> {
  const { rows } = await sql.query<ApiKey>(
    `insert into api_keys (name, hash, prefix, scopes, created_by, expires_at) values ($1, $2, $3, $4, $5, $6) returning ${KEY}`,
    [key.name, key.hash, key.prefix, key.scopes, key.createdBy, key.expiresAt],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}

export async function listKeys(sql: Sql): Promise<ApiKey[]> {
  const { rows } = await sql.query<ApiKey>(`select ${KEY} from api_keys order by revoked_at nulls first, id`);
  return rows;
}

/** A key that opens something; `stale` = `last_used_at` is worth writing again. */
export async function findKey(
  sql: Sql,
  hash: Buffer,
): Promise<(Pick<ApiKey, 'id' | 'name' | 'scopes'> & { stale: boolean }) | undefined> {
  const { rows } = await sql.query<Pick<ApiKey, 'id' | 'name' | 'scopes'> & { stale: boolean }>(
    `select id, name, scopes, last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute' as stale
     from api_keys where hash = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
    [hash],
  );
  return rows[0];
}

export async function touchKey(sql: Sql, id: number): Promise<void> {
  await sql.query('update api_keys set last_used_at = clock_timestamp() where id = $1', [id]);
}

export async function revokeKey(sql: Sql, id: number): Promise<ApiKey | undefined> {
  const { rows } = await sql.query<ApiKey>(
    `update api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1 returning ${KEY}`,
    [id],
  );
  return rows[0];
}

/** Serialises the first start of several processes; within a transaction. */
export async function lockAccess(sql: Sql): Promise<void> {
  await sql.query('lock table api_keys, invitations in share row exclusive mode');
}

export async function hasAdminKey(sql: Sql): Promise<boolean> {
  const { rowCount } = await sql.query(
    `select from api_keys where 'admin' = any(scopes) and revoked_at is null and (expires_at is null or expires_at > clock_timestamp()) limit 1`,
  );
  return rowCount > 0;
}

export async function insertTicket(sql: Sql, ticket: { hash: Buffer; owner: unknown; seconds: number }): Promise<void> {
  await sql.query('delete from tickets where expires_at < clock_timestamp()');
  await sql.query(
    `insert into tickets (token_hash, owner, expires_at) values ($1, $2, clock_timestamp() + $3 * interval '1 second')`,
    [ticket.hash, JSON.stringify(ticket.owner), ticket.seconds],
  );
}

/** Uses a ticket up. */
export async function takeTicket(sql: Sql, hash: Buffer): Promise<unknown> {
  const { rows } = await sql.query<{ owner: unknown; alive: boolean }>(
    'delete from tickets where token_hash = $1 returning owner, expires_at > clock_timestamp() as alive',
    [hash],
  );
  return rows[0]?.alive === true ? rows[0].owner : undefined;
}

/** Removes what has run out; called by the scheduler. @returns how many rows went. */
export async function purgeAccess(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `with s as (delete from sessions where expires_at < clock_timestamp() returning 1),
          i as (delete from invitations where expires_at < clock_timestamp() returning 1),
          t as (delete from tickets where expires_at < clock_timestamp() returning 1),
          k as (delete from idempotency where created_at < clock_timestamp() - interval '7 days' and lease_until < clock_timestamp() returning 1),
          g as (delete from login_tries where since < clock_timestamp() - interval '1 hour' returning 1),
          d as (delete from login_delays where last_at < clock_timestamp() - interval '1 day' returning 1)
     select (select count(*) from d) + (select count(*) from g) + (select count(*) from s) + (select count(*) from i) + (select count(*) from t) + (select count(*) from k) as n`,
  );
  return rows[0]?.n ?? 0;
}

export async function keyStillWorks(sql: Sql, id: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    'select from api_keys where id = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())',
    [id],
  );
  return rowCount === 1;
}
