/**
 * What would let strangers in, or let them read along, once real messages leave: refused where nobody can want it, said where somebody
 * may. A sandbox writes to nobody, so the published secrets of its simulator are at home there.
 */
import type { SettingName, SettingValues } from './table.ts';

/** Each is found in an example file, in the documentation or in the first hundred guesses of anybody. */
const PUBLISHED = new Set([
  'sandbox-app-secret',
  'sandbox-verify-token',
  'tu-secret-key-super-segura-aqui',
  'your-secret-key-here',
  'super-secret-key',
  'postgres',
  'postgres123',
  'password',
  'whatsapp_sender',
]);

const PLACEHOLDER =
  /^(change|replace|put|insert|your|tu|mi|my|example|ejemplo|secret|secreto|password|contrase|test|demo|default|admin|dev)[-_ ]?(me|this|it|here|secret|password|key|token|secreto|clave|aqui|aquí).{0,12}$/i;
/** Forwards and backwards. */
const ROWS =
  '01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm 98765432109876543210 zyxwvutsrqponmlkjihgfedcba';

/** Why a secret protects nothing; undefined = nothing speaks against it. */
export function weakness(secret: string): string | undefined {
  const plain = secret.toLowerCase();
  if (PUBLISHED.has(plain) || PLACEHOLDER.test(secret)) return 'is a published example, which everybody knows';
  if (new Set(plain).size <= 3) return 'repeats a few characters, which anybody guesses';
  const unit = /^(.{1,8}?)\1+.{0,7}$/.exec(plain)?.[1];
  if (unit !== undefined && plain.length >= 3 * unit.length) return 'repeats a few characters, which anybody guesses';
  if (ROWS.includes(plain)) return 'is a row of the keyboard, which anybody guesses';
  return undefined;
}

const OURS = ['SECRET_KEY', 'ADMIN_API_KEY', 'WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN'] as const;

const ADVICE: Readonly<Record<(typeof OURS)[number], string>> = {
  SECRET_KEY: 'set a random one (openssl rand -base64 32), or leave it out and one is made',
  ADMIN_API_KEY: 'set a random one (openssl rand -base64 32), or leave it out and one is made',
  WHATSAPP_APP_SECRET: 'copy the app secret from the app at Meta (App settings, Basic)',
  WHATSAPP_VERIFY_TOKEN: 'choose a random word (openssl rand -hex 16) and put the same one into the app at Meta',
};

export interface Exposure {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** @param given which settings were set rather than left to their fallback. */
export function exposureOf(given: ReadonlyMap<SettingName, string>, values: SettingValues): Exposure {
  const live = values.WHATSAPP_ACCESS_TOKEN !== undefined;
  return {
    faults: live ? [...weakSecrets(values), ...tokenInTheClear(values)] : [],
    warnings: [...(live ? knownPassword(values) : []), ...databaseInTheClear(given, values)],
  };
}

function weakSecrets(values: SettingValues): string[] {
  return OURS.flatMap((name) => {
    const secret = values[name];
    const why = secret === undefined ? undefined : weakness(secret);
    return why === undefined ? [] : [`${name} ${why}; with real credentials that is refused: ${ADVICE[name]}.`];
  });
}

function tokenInTheClear({ WHATSAPP_API_BASE_URL: address }: SettingValues): string[] {
  const url = address === undefined ? undefined : new URL(address);
  if (url?.protocol !== 'http:' || isLoopback(url.hostname)) return [];
  return [
    `WHATSAPP_API_BASE_URL begins with http:// and leaves this machine (${url.host}): the access token and every phone number would travel in the clear; use https://.`,
  ];
}

function knownPassword(values: SettingValues): string[] {
  const url = values.DATABASE_URL === undefined ? undefined : new URL(values.DATABASE_URL);
  const password = url === undefined ? values.DB_PASSWORD : decodeURIComponent(url.password);
  const why = password === undefined || password === '' ? undefined : weakness(password);
  if (why === undefined) return [];
  const name = url === undefined ? 'DB_PASSWORD' : 'The password in DATABASE_URL';
  return [`${name} ${why}: give the database user another one before real people stand in it.`];
}

/** Who set DB_SSLMODE=disable, or sslmode=disable in the address, has decided it: a network of containers, a tunnel. */
function databaseInTheClear(given: ReadonlyMap<SettingName, string>, values: SettingValues): string[] {
  const url = values.DATABASE_URL === undefined ? undefined : new URL(values.DATABASE_URL);
  const host =
    url === undefined ? (given.has('DB_HOST') ? values.DB_HOST : undefined) : (url.searchParams.get('host') ?? url.hostname);
  if (host === undefined || host === '' || host.startsWith('/') || isLoopback(host)) return [];
  const decided = url === undefined ? given.has('DB_SSLMODE') : url.searchParams.has('sslmode') || url.searchParams.has('ssl');
  if (decided) return [];
  const how =
    url === undefined ? 'DB_SSLMODE=verify-full (or require)' : '?sslmode=verify-full (or require) at the end of DATABASE_URL';
  const not = url === undefined ? 'DB_SSLMODE=disable' : 'sslmode=disable';
  return [
    `The database on ${host} is asked without TLS, so names, phone numbers and its password travel in the clear: set ${how}, or ${not} where the network between is your own.`,
  ];
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
