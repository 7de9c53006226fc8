import {
  apiBaseUrl,
  apiVersion,
  baseUrl,
  boolean,
  country,
  currency,
  databaseHost,
  host,
  integer,
  metaId,
  micros,
  number,
  oneOf,
  origins,
  type Parser,
  serverUrl,
  text,
  token,
  trustedProxies,
} from './parsers.ts';

/** One setting: what reads it, and what a person is told about it in .env.example and docs/settings.md. */
export interface Setting<T> {
  readonly section: string;
  readonly parse: Parser<T>;
  /** One line, in English. */
  readonly about: string;
  /** The value when unset, as it would be written; without one, unset means what `unset` says. */
  readonly fallback?: string;
  readonly unset?: string;
  /** What .env.example shows when there is no fallback. */
  readonly example?: string;
  /** Never shown again once read: not in a fault, not in a log. */
  readonly secret?: boolean;
  /** What the example file of the FastAPI backend holds in its place; counts as unset. */
  readonly placeholder?: string;
}

type Words = Omit<Setting<unknown>, 'section' | 'parse' | 'about'>;

/** Keeps the exact words in the type: whether there is a fallback decides whether the value may be undefined. */
function under(section: string) {
  return <T, const W extends Words>(parse: Parser<T>, about: string, words: W): Setting<T> & W => ({
    section,
    parse,
    about,
    ...words,
  });
}

const application = under('Application');
const access = under('Access');
const database = under('Database');
const redis = under('Redis');
const whatsapp = under('WhatsApp (Meta)');
const campaigns = under('Campaigns');
const retries = under('Retries');
const costs = under('Costs');
const keeping = under('Keeping and forgetting');
const sandbox = under('Sandbox');

/** THE table of settings: parsing, .env.example and docs/settings.md all come from it. */
export const SETTINGS = {
  APP_NAME: application(text({ max: 60 }), 'Name shown in the page, the API documents and the logs.', {
    fallback: 'WhatsApp Sender',
  }),
  DEBUG: application(boolean, 'true makes the logs talkative, as LOG_LEVEL=debug does.', { fallback: 'false' }),
  HOST: application(host, 'Address to listen on; 127.0.0.1 is this machine only, 0.0.0.0 every network.', {
    fallback: '127.0.0.1',
  }),
  PORT: application(integer(0, 65_535), 'Port to listen on; 0 takes a free one.', { fallback: '8000' }),
  WORKER_PORT: application(integer(1, 65_535), 'Port on which a worker process answers /health and /metrics, on HOST.', {
    example: '8001',
    unset: 'a worker listens nowhere',
  }),
  PUBLIC_URL: application(baseUrl, 'Address under which people and Meta reach this system from outside.', {
    example: 'https://whatsapp.example.com',
    unset: 'links point to HOST and PORT',
  }),
  TRUST_PROXY: application(
    trustedProxies,
    'Whose X-Forwarded-For is believed: the number of reverse proxies in front (on networks of your own), or their addresses, separated by commas.',
    { fallback: '0' },
  ),
  DATA_DIR: application(text(), 'Folder of the embedded database, the made keys and the sandbox.', { fallback: './data' }),
  DEFAULT_LANGUAGE: application(
    oneOf(['es', 'en']),
    'es or en: what is said to whoever asks for neither (Accept-Language, or LANG at the command line).',
    { example: 'es', unset: 'English' },
  ),
  LOG_LEVEL: application(
    oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { warning: 'warn', critical: 'fatal' }),
    'trace, debug, info, warn, error, fatal or silent.',
    { example: 'info', unset: 'info, or debug when DEBUG is true' },
  ),
  LOG_FORMAT: application(oneOf(['json', 'pretty']), 'json (one object a line) or pretty (for eyes).', {
    example: 'json',
    unset: 'pretty in a terminal, json elsewhere',
  }),

  SECRET_KEY: access(
    text({ min: 16 }),
    'Signs sessions and tickets; at least 16 characters, the same for all processes on one database.',
    {
      secret: true,
      placeholder: 'tu-secret-key-super-segura-aqui',
      unset: 'one is made and kept in DATA_DIR',
    },
  ),
  ADMIN_API_KEY: access(token({ min: 16 }), 'An API key with every right, for the first steps; at least 16 characters.', {
    secret: true,
    unset: 'one is made at the first start and printed once',
  }),
  AUTH: access(oneOf(['required', 'none']), 'none opens everything without a key; only while HOST is this machine itself.', {
    fallback: 'required',
  }),
  CORS_ORIGINS: access(origins, 'Origins of other web pages that may call the API, separated by commas.', {
    example: 'http://localhost:3000,http://localhost:5173,http://localhost:8080',
    unset: 'no other page',
  }),

  DATABASE_URL: database(
    serverUrl(['postgres', 'postgresql']),
    'PostgreSQL 15 or newer, as one address; instead of the DB_… settings.',
    {
      example: 'postgres://postgres:password@localhost:5432/whatsapp_sender',
      secret: true,
      unset: 'DB_HOST, or else the embedded database in DATA_DIR',
    },
  ),
  DB_HOST: database(databaseHost, 'Server of an external PostgreSQL (or the folder of its unix socket).', {
    example: 'localhost',
    unset: 'the embedded database in DATA_DIR',
  }),
  DB_PORT: database(integer(1, 65_535), 'Port of that server.', { fallback: '5432' }),
  DB_NAME: database(text({ max: 63 }), 'Name of the database on it.', { fallback: 'whatsapp_sender' }),
  DB_USER: database(text({ max: 63 }), 'User of the database.', { fallback: 'postgres' }),
  DB_PASSWORD: database(text(), 'Password of that user.', { secret: true, unset: 'none' }),
  DB_SSLMODE: database(oneOf(['disable', 'require', 'verify-full']), 'disable, require or verify-full, for DB_HOST.', {
    fallback: 'disable',
  }),
  DB_POOL_SIZE: database(integer(2, 200), 'Connections each process may open to an external database.', { fallback: '10' }),

  REDIS_URL: redis(serverUrl(['redis', 'rediss']), 'Redis 6.2 or newer, as one address; instead of the other REDIS_… settings.', {
    example: 'redis://localhost:6379/0',
    secret: true,
    unset: 'REDIS_HOST, or else no Redis: one process does all',
  }),
  REDIS_HOST: redis(host, 'Server of Redis, which lets several processes and machines share the work.', {
    example: 'localhost',
    unset: 'no Redis: one process does all',
  }),
  REDIS_PORT: redis(integer(1, 65_535), 'Port of that server.', { fallback: '6379' }),
  REDIS_DB: redis(integer(0, 1000), 'Number of the database on it.', { fallback: '0' }),
  REDIS_PASSWORD: redis(text(), 'Password of that server.', { secret: true, unset: 'none' }),

  WHATSAPP_ACCESS_TOKEN: whatsapp(
    token({ min: 10 }),
    'Access token of a system user. With the two IDs below: live; without all three: sandbox.',
    {
      secret: true,
      placeholder: 'tu-access-token-de-meta',
      unset: 'sandbox',
    },
  ),
  WHATSAPP_PHONE_NUMBER_ID: whatsapp(metaId, 'ID of the sending number (not the number itself).', {
    example: '106540352242922',
    placeholder: 'tu-phone-number-id',
    unset: 'sandbox',
  }),
  WHATSAPP_BUSINESS_ACCOUNT_ID: whatsapp(metaId, 'ID of the WhatsApp Business account.', {
    example: '102290129340398',
    placeholder: 'tu-waba-id',
    unset: 'sandbox',
  }),
  WHATSAPP_APP_SECRET: whatsapp(token({ min: 8 }), 'App secret; proves that a webhook comes from Meta.', {
    secret: true,
    unset: 'webhooks are refused while live',
  }),
  WHATSAPP_VERIFY_TOKEN: whatsapp(token({ min: 8 }), 'The word of your choice that Meta repeats when you register the webhook.', {
    secret: true,
    unset: 'the webhook cannot be registered while live',
  }),
  WHATSAPP_API_VERSION: whatsapp(apiVersion, 'Version of the Graph API.', { fallback: 'v25.0' }),
  WHATSAPP_API_BASE_URL: whatsapp(apiBaseUrl, 'Address of the API without the version; a simulator, or a proxy of yours.', {
    example: 'https://graph.facebook.com',
    unset: "Meta's when live, the bundled simulator in the sandbox",
  }),
  WHATSAPP_MESSAGES_PER_SECOND: whatsapp(number(0.01, 100_000), 'Ceiling for each sending number, all campaigns together.', {
    example: '80',
    unset: "0.85 × what Meta's throughput level allows",
  }),
  DEFAULT_COUNTRY: whatsapp(country, 'Country of phone numbers written without one (two letters).', {
    example: 'CO',
    unset: 'such rows are refused with the reason',
  }),

  CAMPAIGN_MAX_RECIPIENTS: campaigns(integer(1, 100_000_000), 'Most people one campaign may have.', { fallback: '2000000' }),
  CAMPAIGN_BATCH_SIZE: campaigns(integer(0, 100_000_000), 'Messages a batch, for campaigns that do not say; 0 is no batches.', {
    fallback: '0',
  }),
  CAMPAIGN_DELAY_BETWEEN_BATCHES: campaigns(number(0, 86_400), 'Seconds between two batches, for campaigns that do not say.', {
    fallback: '0',
  }),
  SCHEDULE_GRACE_MINUTES: campaigns(
    integer(0, 10_080),
    'A scheduled start missed by more than this asks a person instead of firing.',
    {
      fallback: '60',
    },
  ),
  UNKNOWN_GRACE_MINUTES: campaigns(integer(1, 43_200), 'A send of unknown outcome may be decided by a person after this time.', {
    fallback: '60',
  }),

  MAX_RETRY_ATTEMPTS: retries(integer(0, 20), 'How often a message that failed for a passing reason is tried again.', {
    fallback: '3',
  }),
  RETRY_DELAY_SECONDS: retries(number(0, 3600), 'Seconds before the first retry.', { fallback: '5' }),
  RETRY_BACKOFF_MULTIPLIER: retries(number(1, 10), 'Each further wait is this many times longer.', { fallback: '2' }),
  RETRY_MAX_DELAY_SECONDS: retries(number(1, 86_400), 'No wait is longer than this.', { fallback: '3600' }),

  COST_PER_MESSAGE: costs(micros, 'One price for every message, in CURRENCY; estimate and actual alike.', {
    example: '0.005',
    unset: 'the rate card by country and category',
  }),
  CURRENCY: costs(currency, 'Currency of the prices.', { fallback: 'USD' }),

  RETENTION_DAYS: keeping(integer(1, 36_500), 'Days after its end when the personal data of a campaign is erased.', {
    example: '365',
    unset: 'never',
  }),
  WEBHOOK_RETENTION_DAYS: keeping(integer(7, 36_500), 'Days the raw webhooks are kept for replay.', { fallback: '90' }),
  BACKUP_EVERY_HOURS: keeping(number(0, 8_760), 'Hours between two backups of the embedded database; 0 makes none.', {
    fallback: '24',
  }),
  BACKUP_KEEP: keeping(integer(1, 1_000), 'How many of them are kept; older ones are deleted.', { fallback: '7' }),
  BACKUP_DIR: keeping(text(), 'Folder they are written to; better on another disk.', {
    example: '/mnt/backup/whatsapp-sender',
    unset: 'the folder backups in DATA_DIR',
  }),

  SIMULATOR_PORT: sandbox(integer(0, 65_535), 'Port of the bundled simulator; 0 takes a free one.', { fallback: '0' }),
} as const;

export type SettingName = keyof typeof SETTINGS;

type ParsedBy<S> = S extends Setting<infer T> ? T : never;
type HasFallback = { readonly fallback: string };

/** Every setting after parsing; undefined = unset, and only where there is no fallback. */
export type SettingValues = {
  -readonly [K in SettingName]: (typeof SETTINGS)[K] extends HasFallback
    ? ParsedBy<(typeof SETTINGS)[K]>
    : ParsedBy<(typeof SETTINGS)[K]> | undefined;
};

export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS).filter(
  (name): name is SettingName => name in SETTINGS,
);
