// The second factor: six figures of an authenticator app (TOTP), optional, each person's own affair. Promises: a code works once;
// whoever has lost the telephone gets in by a recovery code, or an administrator takes the factor away.
// Order: a factor is asked for only after a code of it was shown to be right, so a crash while it is set up locks nobody out.

import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { recordAudit } from '../audit/record-audit.ts';
import type { Sql } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import type { AuthDeps } from './api-keys.ts';
import { deleteSessionsOf, findPerson, type Person, passwordOf } from './auth.sql.ts';
import { noSuchPerson, personIdOf } from './person.ts';
import {
  deleteSecondFactor,
  findSecondFactor,
  confirmSecondFactor as markConfirmed,
  proposeSecondFactor,
  replaceRecoveryCodes,
  takeRecoveryCode,
  takeStep,
} from './second-factor.sql.ts';
import { keyHash, open, seal, verifyPassword } from './secrets.ts';

const STEP_SECONDS = 30;
/** Half minutes before and after: telephones are never quite on time. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** 80 bits, so a plain digest of one is no help in finding it. */
const CODE_BYTES = 10;

export interface SecondFactorDeps extends AuthDeps {
  /** What the authenticator app shows beside the figures. */
  readonly appName: string;
}

export interface SecondFactorState {
  readonly enabled: boolean;
  readonly enabledAt: Date | null;
  readonly recoveryCodesLeft: number;
}

export async function secondFactorOf(deps: AuthDeps, actor: Actor): Promise<SecondFactorState> {
  const found = await findSecondFactor(deps.db, personIdOf(actor));
  const enabledAt = found?.confirmed_at ?? null;
  return { enabled: enabledAt !== null, enabledAt, recoveryCodesLeft: enabledAt === null ? 0 : (found?.codes_left ?? 0) };
}

/** @returns the secret to be put into the app; it counts once a code of it is confirmed, and is never shown again. */
export async function beginSecondFactor(
  deps: SecondFactorDeps,
  actor: Actor,
  password: string,
): Promise<{ secret: string; url: string }> {
  const id = personIdOf(actor);
  await mustKnowPassword(deps, id, password);
  const secret = new Secret({ size: 20 });
  const sealed = seal(deps.secretKey, Buffer.from(secret.bytes));
  if (!(await proposeSecondFactor(deps.db, id, sealed))) {
    throw new Problem('conflict', say('server.auth.factor-in-use'));
  }
  return { secret: secret.base32, url: totpOf(secret, deps.appName, actor.name).toString() };
}

/** Shows that the app works; from now on it is asked for. All other sessions end: they were opened without it. */
export async function confirmSecondFactor(deps: AuthDeps, actor: Actor, code: string): Promise<string[]> {
  const id = personIdOf(actor);
  const codes = newRecoveryCodes();
  await deps.db.tx(async (sql) => {
    const step = await stepOf(deps, sql, id, code);
    if (step === undefined || !(await takeStep(sql, id, step))) throw wrongCode();
    if (!(await markConfirmed(sql, id))) throw new Problem('conflict', say('server.auth.factor-in-use'));
    await replaceRecoveryCodes(sql, id, codes.map(recoveryHash));
    await deleteSessionsOf(sql, id, actor.session);
    await recordAudit(sql, actor, { action: 'person.second_factor_on' });
  });
  return codes;
}

/** The earlier ones stop working. */
export async function renewRecoveryCodes(deps: AuthDeps, actor: Actor, code: string): Promise<string[]> {
  const id = personIdOf(actor);
  const codes = newRecoveryCodes();
  await deps.db.tx(async (sql) => {
    await mustHaveFactor(sql, id);
    if (!(await takeCode(deps, sql, id, code))) throw wrongCode();
    await replaceRecoveryCodes(sql, id, codes.map(recoveryHash));
    await recordAudit(sql, actor, { action: 'person.recovery_codes' });
  });
  return codes;
}

export async function disableSecondFactor(
  deps: AuthDeps,
  actor: Actor,
  given: { readonly password: string; readonly code: string },
): Promise<void> {
  const id = personIdOf(actor);
  await mustKnowPassword(deps, id, given.password);
  await deps.db.tx(async (sql) => {
    await mustHaveFactor(sql, id);
    if (!(await takeCode(deps, sql, id, given.code))) throw wrongCode();
    await deleteSecondFactor(sql, id);
    await recordAudit(sql, actor, { action: 'person.second_factor_off' });
  });
}

/** An administrator's way for somebody who has neither the telephone nor a recovery code. Sessions of that person end. */
export async function resetSecondFactor(deps: AuthDeps, actor: Actor, id: number): Promise<Person> {
  return deps.db.tx(async (sql) => {
    const person = await findPerson(sql, id);
    if (person === undefined) throw noSuchPerson(id);
    if (await deleteSecondFactor(sql, id)) {
      await deleteSessionsOf(sql, id);
      await recordAudit(sql, actor, { action: 'person.second_factor_reset', detail: { person_id: id, name: person.name } });
    }
    return { ...person, has_second_factor: false };
  });
}

/** Uses up a code of the app, or a recovery code. */
export async function takeCode(deps: AuthDeps, sql: Sql, personId: number, code: string): Promise<boolean> {
  const plain = code.replace(/[\s-]/g, '').toLowerCase();
  if (!/^\d{6}$/.test(plain)) return takeRecoveryCode(sql, personId, recoveryHash(plain));
  const step = await stepOf(deps, sql, personId, plain);
  return step !== undefined && (await takeStep(sql, personId, step));
}

/** The half minute a code belongs to; undefined = it is of none near now. */
async function stepOf(deps: AuthDeps, sql: Sql, personId: number, code: string): Promise<number | undefined> {
  const found = await findSecondFactor(sql, personId);
  const secret = found === undefined ? undefined : open(deps.secretKey, found.secret);
  if (secret === undefined) return undefined;
  const now = Date.now();
  const totp = totpOf(new Secret({ buffer: new Uint8Array(secret).buffer }), '', '');
  const delta = totp.validate({ token: code.replace(/\s/g, ''), window: WINDOW, timestamp: now });
  // 0 is a right code of this half minute.
  return delta === null ? undefined : Math.floor(now / 1000 / STEP_SECONDS) + delta;
}

function totpOf(secret: Secret, issuer: string, label: string): TOTP {
  return new TOTP({ issuer, label, secret, algorithm: 'SHA1', digits: 6, period: STEP_SECONDS });
}

function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = new Secret({ buffer: new Uint8Array(randomBytes(CODE_BYTES)).buffer }).base32.toLowerCase();
    return (letters.match(/.{4}/g) ?? []).join('-');
  });
}

function recoveryHash(code: string): Buffer {
  return keyHash(`recovery code ${code.replace(/[\s-]/g, '').toLowerCase()}`);
}

async function mustHaveFactor(sql: Sql, personId: number): Promise<void> {
  if ((await findSecondFactor(sql, personId))?.confirmed_at instanceof Date) return;
  throw new Problem('conflict', say('server.auth.no-factor'));
}

async function mustKnowPassword(deps: AuthDeps, personId: number, password: string): Promise<void> {
  if (await verifyPassword(password, await passwordOf(deps.db, personId), { known: true })) return;
  throw new Problem('not_allowed', say('server.auth.wrong-password'));
}

function wrongCode(): Problem {
  return new Problem('not_allowed', say('server.auth.wrong-code'));
}
