import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { exposureOf, isLoopback } from './exposure.ts';
import { misspeltVariables, strayNames } from './names.ts';
import type { TrustedProxies } from './parsers.ts';
import { SETTING_NAMES, SETTINGS, type Setting, type SettingName, type SettingValues } from './table.ts';

export type LogLevel = SettingValues['LOG_LEVEL'];

export type DatabaseConfig =
  | { readonly kind: 'embedded'; readonly dir: string }
  /** `label` may be shown; `url` carries the password. */
  | { readonly kind: 'postgres'; readonly url: string; readonly label: string; readonly poolSize: number };

export interface RedisConfig {
  readonly url: string;
  readonly label: string;
}

interface WhatsAppBase {
  readonly apiVersion: string;
  readonly appSecret: string | undefined;
  readonly verifyToken: string | undefined;
}

export interface LiveWhatsApp extends WhatsAppBase {
  readonly mode: 'live';
  readonly accessToken: string;
  readonly phoneNumberId: string;
  readonly businessAccountId: string;
  readonly apiBaseUrl: string;
}

export interface SandboxWhatsApp extends WhatsAppBase {
  readonly mode: 'sandbox';
  /** A simulator that runs elsewhere (several processes share one); undefined = the bundled one. */
  readonly apiBaseUrl: string | undefined;
}

export type WhatsAppConfig = LiveWhatsApp | SandboxWhatsApp;

/** Everything that may be set, checked and frozen; undefined = unset and without a default. */
export interface Config {
  readonly appName: string;
  readonly debug: boolean;
  readonly host: string;
  readonly port: number;
  /** Where a worker process answers health and metrics; undefined = nowhere. */
  readonly workerPort: number | undefined;
  readonly publicUrl: string | undefined;
  readonly trustProxy: TrustedProxies;
  /** Absolute. */
  readonly dataDir: string;
  /** DATA_DIR was set: the folder was named, and is not only where one would be made. */
  readonly dataDirNamed: boolean;
  readonly log: { readonly level: NonNullable<LogLevel>; readonly format: 'json' | 'pretty' | undefined };
  readonly auth: {
    readonly mode: 'required' | 'none';
    readonly secretKey: string | undefined;
    readonly adminApiKey: string | undefined;
  };
  readonly cors: readonly string[];
  readonly database: DatabaseConfig;
  readonly redis: RedisConfig | undefined;
  readonly whatsapp: WhatsAppConfig;
  readonly defaultCountry: string | undefined;
  /** Of whoever asks for none of those there are. */
  readonly language: 'es' | 'en';
  readonly campaign: {
    readonly maxRecipients: number;
    /** For campaigns that do not say; undefined = no batches. */
    readonly batchSize: number | undefined;
    /** Seconds. */
    readonly delayBetweenBatches: number;
    /** A ceiling for each sending number; undefined = what Meta's throughput level allows, with headroom. */
    readonly messagesPerSecond: number | undefined;
    readonly scheduleGraceMinutes: number;
    readonly unknownGraceMinutes: number;
  };
  readonly retry: {
    readonly maxAttempts: number;
    readonly delaySeconds: number;
    readonly multiplier: number;
    readonly maxDelaySeconds: number;
  };
  readonly cost: { readonly perMessageMicros: number | undefined; readonly currency: string };
  readonly retention: { readonly campaignDays: number | undefined; readonly webhookDays: number };
  /** Of the embedded database; `everyHours` undefined = none are made by itself. */
  readonly backup: { readonly everyHours: number | undefined; readonly keep: number; readonly dir: string };
  readonly simulator: { readonly port: number };
  /** Every secret value there is, so that the log can blot them out wherever they turn up. */
  readonly secrets: readonly string[];
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] };

export type Env = Readonly<Record<string, string | undefined>>;

/** The only place where the environment of the process is read: `.env` in the working folder, overruled by real variables. */
export function loadProcessConfig(): ConfigResult {
  return loadConfig(process.env, { dotenvPath: resolve('.env') });
}

/** What a command that talks to a running server may be told by the environment of its shell; the server itself knows neither. */
export function readClientEnv(): { readonly url: string | undefined; readonly key: string | undefined } {
  const { WHATSAPP_SENDER_URL: url, WHATSAPP_SENDER_KEY: key } = process.env;
  return { url: url === '' ? undefined : url, key: key === '' ? undefined : key };
}

/** What any program needs of its environment and that is no setting of ours: for a process started with settings of its own. */
export function readSystemEnv(): Readonly<Record<string, string>> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'TZ', 'SystemRoot'];
  return definedOnly(Object.fromEntries(names.map((name) => [name, process.env[name]])));
}

/**
 * Checks everything before saying anything: a start that is refused names every fault at once. A variable that is present but
 * empty hides the one in the file and counts as unset.
 */
export function loadConfig(env: Env, options: { readonly dotenvPath?: string } = {}): ConfigResult {
  const faults: string[] = [];
  const warnings: string[] = [];
  const file = options.dotenvPath === undefined ? {} : readDotenv(options.dotenvPath, faults, warnings);
  const variables = definedOnly(env);
  warnings.push(...misspeltVariables(variables));
  const given = collectGiven({ ...file, ...variables }, warnings);
  const values = parseAll(given, faults);
  const exposure = exposureOf(given, values);
  faults.push(...contradictions(given, values), ...exposure.faults);
  if (faults.length > 0) return { ok: false, faults };
  warnings.push(...doubts(given, values), ...exposure.warnings);
  return { ok: true, config: deepFreeze(group(given, values)), warnings };
}

function definedOnly(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function readDotenv(path: string, faults: string[], warnings: string[]): Record<string, string> {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code !== 'ENOENT') faults.push(`The file ${path} exists but cannot be read (${code}).`);
    return {};
  }
  const file: Record<string, string> = parseDotenv(content);
  warnings.push(...strayNames(file, path));
  return file;
}

type Given = ReadonlyMap<SettingName, string>;

/** What was really set: trimmed, without empty ones and without the placeholders of an example file. */
function collectGiven(source: Readonly<Record<string, string>>, warnings: string[]): Given {
  const given = new Map<SettingName, string>();
  for (const name of SETTING_NAMES) {
    const setting: Setting<unknown> = SETTINGS[name];
    const raw = (source[name] ?? '').trim();
    if (raw === '') continue;
    if (raw === setting.placeholder) {
      warnings.push(
        `${name} still holds the placeholder of the example file; it counts as unset (${setting.unset ?? 'no default'}).`,
      );
    } else {
      given.set(name, raw);
    }
  }
  return given;
}

function parseAll(given: Given, faults: string[]): SettingValues {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of SETTING_NAMES) {
    const setting: Setting<unknown> = SETTINGS[name];
    const raw = given.get(name) ?? setting.fallback;
    if (raw === undefined) continue;
    const parsed = setting.parse(raw);
    if (parsed.ok) values[name] = parsed.value;
    else faults.push(`${name} ${parsed.fault}${setting.secret === true ? '' : `; it is ${shown(raw)}`}.`);
  }
  // The table gives each name its type and every name with a fallback its value; with faults nothing is built from it.
  return values as SettingValues;
}

/** A wrong value helps to find it; a password in an address does not belong on a screen. */
function shown(raw: string): string {
  return JSON.stringify(raw.replace(/\/\/[^/@]*@/g, '//…@').slice(0, 100));
}

const CREDENTIALS = ['WHATSAPP_ACCESS_TOKEN', 'WHATSAPP_PHONE_NUMBER_ID', 'WHATSAPP_BUSINESS_ACCOUNT_ID'] as const;

/** Looks at what was given rather than at what could be parsed, so that one wrong value is one fault. */
function contradictions(given: Given, values: SettingValues): string[] {
  const faults: string[] = [];
  const has = (name: SettingName): boolean => given.has(name);
  if (has('DATABASE_URL') && has('DB_HOST')) faults.push('DATABASE_URL and DB_HOST are both set; keep one of them.');
  if (has('REDIS_URL') && has('REDIS_HOST')) faults.push('REDIS_URL and REDIS_HOST are both set; keep one of them.');
  const redisName = has('REDIS_URL') ? 'REDIS_URL' : 'REDIS_HOST';
  if (has(redisName) && !has('DATABASE_URL') && !has('DB_HOST')) {
    faults.push(
      `${redisName} is set but no external database is: Redis is for several processes, and those cannot share the embedded database. ` +
        `Set DB_HOST or DATABASE_URL too, or remove ${redisName}.`,
    );
  }
  const missing = CREDENTIALS.filter((name) => !has(name));
  if (missing.length > 0 && missing.length < CREDENTIALS.length) {
    faults.push(
      `${listOf(CREDENTIALS.filter(has))} ${missing.length === 2 ? 'is' : 'are'} set but ${listOf(missing)} ${missing.length === 1 ? 'is' : 'are'} not: ` +
        'set all three to send for real, or none to run in the sandbox.',
    );
  }
  if (missing.length === CREDENTIALS.length && isMeta(values.WHATSAPP_API_BASE_URL)) {
    faults.push(`WHATSAPP_API_BASE_URL is Meta's own address, but ${listOf(missing)} are not set.`);
  }
  if (values.AUTH === 'none') {
    if (!isLoopback(values.HOST)) {
      faults.push(`AUTH=none is only possible while HOST is this machine itself (127.0.0.1); HOST is "${values.HOST}".`);
    }
    if (values.PUBLIC_URL !== undefined && !isLoopback(new URL(values.PUBLIC_URL).hostname)) {
      faults.push('AUTH=none and a PUBLIC_URL that others can reach exclude each other: remove one of them.');
    }
    if (values.TRUST_PROXY !== 0) {
      // A proxy on this machine reaches the loopback, and with it everybody whom it lets through.
      faults.push(
        'AUTH=none and TRUST_PROXY exclude each other: behind a proxy everybody it lets through would be the administrator. ' +
          'Remove one of them.',
      );
    }
  }
  return faults;
}

/** What may be meant so, but probably is not. */
function doubts(given: Given, values: SettingValues): string[] {
  const found: string[] = [];
  const orphans = (names: readonly SettingName[], heads: readonly SettingName[], instead: string): void => {
    const set = names.filter((name) => given.has(name));
    if (set.length === 0 || heads.some((name) => given.has(name))) return;
    found.push(`${listOf(set)} ${set.length === 1 ? 'has' : 'have'} no effect without ${heads.join(' or ')}: ${instead}.`);
  };
  orphans(
    ['DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_SSLMODE'],
    ['DB_HOST', 'DATABASE_URL'],
    'the embedded database is used',
  );
  orphans(['REDIS_PORT', 'REDIS_DB', 'REDIS_PASSWORD'], ['REDIS_HOST', 'REDIS_URL'], 'there is no Redis');
  if (given.has('DATABASE_URL') || given.has('DB_HOST')) {
    const set = (['BACKUP_EVERY_HOURS', 'BACKUP_KEEP', 'BACKUP_DIR'] as const).filter((name) => given.has(name));
    if (set.length > 0) {
      found.push(
        `${listOf(set)} ${set.length === 1 ? 'has' : 'have'} no effect on an external database: back it up with pg_dump (docs/backup.md).`,
      );
    }
  }
  if (values.CAMPAIGN_BATCH_SIZE === 0 && values.CAMPAIGN_DELAY_BETWEEN_BATCHES > 0) {
    found.push('CAMPAIGN_DELAY_BETWEEN_BATCHES has no effect on campaigns without a batch size: CAMPAIGN_BATCH_SIZE is not set.');
  }
  if (values.WHATSAPP_ACCESS_TOKEN !== undefined) {
    if (values.WHATSAPP_APP_SECRET === undefined) {
      found.push('WHATSAPP_APP_SECRET is not set: webhooks are refused, so nothing is ever seen as delivered or read.');
    }
    if (values.WHATSAPP_VERIFY_TOKEN === undefined) {
      found.push('WHATSAPP_VERIFY_TOKEN is not set: Meta cannot register the webhook.');
    }
  }
  const publicUrl = values.PUBLIC_URL === undefined ? undefined : new URL(values.PUBLIC_URL);
  if (publicUrl?.protocol === 'http:' && !isLoopback(publicUrl.hostname)) {
    found.push(
      'PUBLIC_URL begins with http://: Meta delivers webhooks to https:// only, and passwords would travel in the clear.',
    );
  }
  return found;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function isMeta(address: string | undefined): boolean {
  return address !== undefined && /(^|\.)facebook\.com$/.test(new URL(address).hostname);
}

function group(given: Given, values: SettingValues): Config {
  const dataDir = resolve(values.DATA_DIR);
  const database = databaseOf(given, values, dataDir);
  const redis = redisOf(given, values);
  return {
    appName: values.APP_NAME,
    debug: values.DEBUG,
    host: values.HOST,
    port: values.PORT,
    workerPort: values.WORKER_PORT,
    publicUrl: values.PUBLIC_URL,
    trustProxy: values.TRUST_PROXY,
    dataDir,
    dataDirNamed: given.has('DATA_DIR'),
    log: { level: values.LOG_LEVEL ?? (values.DEBUG ? 'debug' : 'info'), format: values.LOG_FORMAT },
    auth: { mode: values.AUTH, secretKey: values.SECRET_KEY, adminApiKey: values.ADMIN_API_KEY },
    cors: values.CORS_ORIGINS ?? [],
    database,
    redis,
    whatsapp: whatsappOf(values),
    defaultCountry: values.DEFAULT_COUNTRY,
    language: values.DEFAULT_LANGUAGE ?? 'en',
    campaign: {
      maxRecipients: values.CAMPAIGN_MAX_RECIPIENTS,
      batchSize: values.CAMPAIGN_BATCH_SIZE === 0 ? undefined : values.CAMPAIGN_BATCH_SIZE,
      delayBetweenBatches: values.CAMPAIGN_DELAY_BETWEEN_BATCHES,
      messagesPerSecond: values.WHATSAPP_MESSAGES_PER_SECOND,
      scheduleGraceMinutes: values.SCHEDULE_GRACE_MINUTES,
      unknownGraceMinutes: values.UNKNOWN_GRACE_MINUTES,
    },
    retry: {
      maxAttempts: values.MAX_RETRY_ATTEMPTS,
      delaySeconds: values.RETRY_DELAY_SECONDS,
      multiplier: values.RETRY_BACKOFF_MULTIPLIER,
      maxDelaySeconds: values.RETRY_MAX_DELAY_SECONDS,
    },
    cost: { perMessageMicros: values.COST_PER_MESSAGE, currency: values.CURRENCY },
    retention: {
      campaignDays: values.RETENTION_DAYS,
      // The journal holds numbers and words too: it is kept no longer than the people in it.
      webhookDays: Math.min(values.WEBHOOK_RETENTION_DAYS, values.RETENTION_DAYS ?? Number.POSITIVE_INFINITY),
    },
    backup: {
      everyHours: values.BACKUP_EVERY_HOURS === 0 ? undefined : values.BACKUP_EVERY_HOURS,
      keep: values.BACKUP_KEEP,
      dir: resolve(values.BACKUP_DIR ?? join(dataDir, 'backups')),
    },
    simulator: { port: values.SIMULATOR_PORT },
    secrets: secretsOf(given, [database.kind === 'postgres' ? database.url : undefined, redis?.url]),
  };
}

function whatsappOf(values: SettingValues): WhatsAppConfig {
  const base = {
    apiVersion: values.WHATSAPP_API_VERSION,
    appSecret: values.WHATSAPP_APP_SECRET,
    verifyToken: values.WHATSAPP_VERIFY_TOKEN,
  };
  const accessToken = values.WHATSAPP_ACCESS_TOKEN;
  const phoneNumberId = values.WHATSAPP_PHONE_NUMBER_ID;
  const businessAccountId = values.WHATSAPP_BUSINESS_ACCOUNT_ID;
  const apiBaseUrl = values.WHATSAPP_API_BASE_URL;
  if (accessToken === undefined || phoneNumberId === undefined || businessAccountId === undefined) {
    return { mode: 'sandbox', ...base, apiBaseUrl };
  }
  return {
    mode: 'live',
    ...base,
    accessToken,
    phoneNumberId,
    businessAccountId,
    apiBaseUrl: apiBaseUrl ?? 'https://graph.facebook.com',
  };
}

function databaseOf(given: Given, values: SettingValues, dataDir: string): DatabaseConfig {
  const poolSize = values.DB_POOL_SIZE;
  if (values.DATABASE_URL !== undefined) {
    return { kind: 'postgres', url: values.DATABASE_URL, label: withoutPassword(values.DATABASE_URL), poolSize };
  }
  const server = given.has('DB_HOST') ? values.DB_HOST : undefined;
  if (server === undefined) return { kind: 'embedded', dir: join(dataDir, 'database') };
  const url = new URL('postgres://localhost');
  // A folder cannot stand in the host's place of an address; the driver takes it from the query.
  if (server.startsWith('/')) url.searchParams.set('host', server);
  else url.hostname = bracketed(server);
  url.port = String(values.DB_PORT);
  url.username = encodeURIComponent(values.DB_USER);
  if (values.DB_PASSWORD !== undefined) url.password = encodeURIComponent(values.DB_PASSWORD);
  url.pathname = `/${encodeURIComponent(values.DB_NAME)}`;
  if (values.DB_SSLMODE !== 'disable') url.searchParams.set('sslmode', values.DB_SSLMODE);
  return { kind: 'postgres', url: url.href, label: withoutPassword(url.href), poolSize };
}

function redisOf(given: Given, values: SettingValues): RedisConfig | undefined {
  if (values.REDIS_URL !== undefined) return { url: values.REDIS_URL, label: withoutPassword(values.REDIS_URL) };
  if (!given.has('REDIS_HOST') || values.REDIS_HOST === undefined) return undefined;
  const password = values.REDIS_PASSWORD === undefined ? '' : `:${encodeURIComponent(values.REDIS_PASSWORD)}@`;
  const url = `redis://${password}${bracketed(values.REDIS_HOST)}:${String(values.REDIS_PORT)}/${String(values.REDIS_DB)}`;
  return { url, label: withoutPassword(url) };
}

function bracketed(server: string): string {
  return server.includes(':') && !server.startsWith('[') ? `[${server}]` : server;
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  return `${url.host}${url.pathname}`;
}

function secretsOf(given: Given, addresses: readonly (string | undefined)[]): string[] {
  const found = SETTING_NAMES.filter((name) => {
    const setting: Setting<unknown> = SETTINGS[name];
    return setting.secret === true;
  }).map((name) => given.get(name));
  for (const address of addresses) {
    if (address === undefined) continue;
    const { password } = new URL(address);
    found.push(password, decodeURIComponent(password));
  }
  return [...new Set(found.filter((secret) => secret !== undefined && secret !== ''))].filter((secret) => secret !== undefined);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
