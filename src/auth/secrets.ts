import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';

/** 256 random bits, readable: nothing else than the whole of it helps in finding it. */
export function newToken(prefix = ''): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** An API key is looked up by its digest, so comparing takes the same time whatever the key is. */
export function keyHash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Sessions, invitations and tickets: bound to SECRET_KEY, so that changing it ends them all. */
export function tokenHash(secretKey: string, token: string): Buffer {
  return createHmac('sha256', secretKey).update(token).digest();
}

/** Tells two secrets apart and nothing else about them. */
export function secretPrint(secretKey: string): string {
  return createHmac('sha256', secretKey).update('print of SECRET_KEY').digest('hex').slice(0, 16);
}

export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(keyHash(given), keyHash(expected));
}

/** For the few secrets that must be read again: a stolen copy of the database alone opens none. AES-256-GCM: nonce, tag, text. */
export function seal(secretKey: string, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secretKey), nonce);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** @returns undefined when it was sealed with another SECRET_KEY. */
export function open(secretKey: string, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secretKey), sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function sealingKey(secretKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, '', 'secrets that are read again', 32));
}

/** OWASP's scrypt with 32 MB a hash: as strong as 128 MB at p=1, and a small server can bear two at once. */
const COST = { logN: 15, r: 8, p: 3 } as const;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  // Whoever sets a password has shown a link or a session.
  const hash = await derive(password, salt, COST, KNOWN);
  return [
    'scrypt',
    String(COST.logN),
    String(COST.r),
    String(COST.p),
    salt.toString('base64url'),
    hash.toString('base64url'),
  ].join('$');
}

/**
 * Without a stored hash (an unknown name) the same work is done and the answer is no.
 *
 * @param from `known`: somebody who was logged in here before, and goes before strangers.
 */
export async function verifyPassword(
  password: string,
  stored: string | undefined,
  from: { readonly known: boolean },
): Promise<boolean> {
  const parts = (stored ?? UNKNOWN).split('$');
  const [scheme, logN, r, p, salt = '', hash = ''] = parts;
  if (scheme !== 'scrypt' || parts.length !== 6) throw new Error('a stored password is not in a form this program knows');
  const expected = Buffer.from(hash, 'base64url');
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const given = await derive(password, Buffer.from(salt, 'base64url'), cost, from.known ? KNOWN : STRANGERS);
  return timingSafeEqual(given, expected) && stored !== undefined;
}

const UNKNOWN = `scrypt$${String(COST.logN)}$${String(COST.r)}$${String(COST.p)}$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(32).toString('base64url')}`;

const AT_ONCE = 2;
/** Some seconds of work; who comes then is told to come again rather than kept waiting, and costs nothing. */
const WAITING = 16;
let running = 0;
type Queue = (() => void)[];
/** Each with a bound of its own, and the known first: a flood of strangers shuts nobody out who was here before. */
const KNOWN: Queue = [];
const STRANGERS: Queue = [];

/** At most two at a time: a flood of logins takes neither the memory nor all threads of the process. */
async function derive(
  password: string,
  salt: Buffer,
  cost: { logN: number; r: number; p: number },
  queue: Queue,
): Promise<Buffer> {
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING) throw new Problem('overloaded', say('server.auth.too-many-logins'));
    await new Promise<void>((resolve) => queue.push(resolve));
  } else running++;
  try {
    return await new Promise((resolve, reject) => {
      const options = { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem: 256 * 2 ** cost.logN * cost.r };
      scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
  } finally {
    const next = KNOWN.shift() ?? STRANGERS.shift();
    if (next === undefined) running--;
    else next();
  }
}
