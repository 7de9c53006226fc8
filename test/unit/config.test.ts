import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Config, type ConfigResult, type Env, loadConfig } from '../../src/config/config.ts';
import { weakness } from '../../src/config/exposure.ts';
import { micros } from '../../src/config/parsers.ts';
import { SETTING_NAMES, SETTINGS, type Setting } from '../../src/config/table.ts';
import { SANDBOX_SECRETS } from '../../src/simulator/secrets.ts';

const SEED_ENV = `# Application
APP_NAME=WhatsApp Sender API
DEBUG=True
SECRET_KEY=tu-secret-key-super-segura-aqui

# Database
DB_HOST=localhost
DB_PORT=5432
DB_NAME=whatsapp_sender
DB_USER=postgres
DB_PASSWORD=postgres123

# Redis
REDIS_HOST=localhost
REDIS_PORT=6379
REDIS_DB=0
REDIS_PASSWORD=

# WhatsApp API (Meta)
WHATSAPP_ACCESS_TOKEN=tu-access-token-de-meta
WHATSAPP_PHONE_NUMBER_ID=tu-phone-number-id
WHATSAPP_BUSINESS_ACCOUNT_ID=tu-waba-id

# Campaign Settings
CAMPAIGN_MAX_RECIPIENTS=1000
CAMPAIGN_BATCH_SIZE=50
CAMPAIGN_DELAY_BETWEEN_BATCHES=60

# Retry Settings
MAX_RETRY_ATTEMPTS=3
RETRY_DELAY_SECONDS=5
RETRY_BACKOFF_MULTIPLIER=2

# Cost Settings
COST_PER_MESSAGE=0.005
CURRENCY=USD

# CORS (ajusta según tu frontend)
CORS_ORIGINS=http://localhost:3000,http://localhost:5173,http://localhost:8080
`;

const LIVE: Env = {
  WHATSAPP_ACCESS_TOKEN: 'EAAGm0PX4ZCpsBAKZCZAexample',
  WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
  WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398',
  WHATSAPP_APP_SECRET: '0123456789abcdef',
  WHATSAPP_VERIFY_TOKEN: 'my-verify-word',
};

function configOf(result: ConfigResult): Config {
  assert.ok(result.ok, result.ok ? '' : result.faults.join('\n'));
  return result.config;
}

function faultsOf(env: Env): readonly string[] {
  const result = loadConfig(env);
  assert.ok(!result.ok, 'these settings should be refused');
  return result.faults;
}

function warningsOf(env: Env): string {
  const result = loadConfig(env);
  assert.ok(result.ok, result.ok ? '' : result.faults.join('\n'));
  return result.warnings.join('\n');
}

function withDotenv<T>(content: string, work: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    const path = join(folder, '.env');
    writeFileSync(path, content);
    return work(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('with nothing set it is the sandbox on the embedded database, without batches, on this machine only', () => {
  const result = loadConfig({});
  const config = configOf(result);
  assert.equal(result.ok && result.warnings.length, 0);
  assert.equal(config.whatsapp.mode, 'sandbox');
  assert.equal(config.whatsapp.apiBaseUrl, undefined);
  assert.equal(config.whatsapp.apiVersion, 'v25.0');
  assert.deepEqual(config.database, { kind: 'embedded', dir: resolve('data', 'database') });
  assert.equal(config.redis, undefined);
  assert.deepEqual([config.host, config.port, config.dataDir], ['127.0.0.1', 8000, resolve('data')]);
  assert.deepEqual([config.debug, config.log.level, config.log.format], [false, 'info', undefined]);
  assert.equal(config.auth.mode, 'required');
  assert.equal(config.campaign.batchSize, undefined);
  assert.equal(config.campaign.delayBetweenBatches, 0);
  assert.equal(config.campaign.messagesPerSecond, undefined);
  assert.equal(config.campaign.maxRecipients, 2_000_000);
  assert.deepEqual(config.retry, { maxAttempts: 3, delaySeconds: 5, multiplier: 2, maxDelaySeconds: 3600 });
  assert.deepEqual(config.cost, { perMessageMicros: undefined, currency: 'USD' });
  assert.deepEqual(config.cors, []);
});

test('a .env whose values are placeholders is read, each counting as unset with a warning each', () => {
  withDotenv(SEED_ENV, (dotenvPath) => {
    const result = loadConfig({}, { dotenvPath });
    const config = configOf(result);
    assert.equal(config.appName, 'WhatsApp Sender API');
    assert.deepEqual([config.debug, config.log.level], [true, 'debug']);
    assert.equal(config.auth.secretKey, undefined);
    assert.deepEqual(config.database, {
      kind: 'postgres',
      url: 'postgres://postgres:postgres123@localhost:5432/whatsapp_sender',
      label: 'localhost:5432/whatsapp_sender',
      poolSize: 10,
    });
    assert.deepEqual(config.redis, { url: 'redis://localhost:6379/0', label: 'localhost:6379/0' });
    assert.equal(config.whatsapp.mode, 'sandbox');
    assert.equal(config.campaign.maxRecipients, 1000);
    assert.equal(config.campaign.batchSize, 50);
    assert.equal(config.campaign.delayBetweenBatches, 60);
    assert.equal(config.cost.perMessageMicros, 5000);
    assert.deepEqual(config.cors, ['http://localhost:3000', 'http://localhost:5173', 'http://localhost:8080']);
    const placeholders = result.ok ? result.warnings.filter((warning) => warning.includes('placeholder')) : [];
    assert.deepEqual(
      placeholders.map((warning) => warning.split(' ')[0]),
      ['SECRET_KEY', 'WHATSAPP_ACCESS_TOKEN', 'WHATSAPP_PHONE_NUMBER_ID', 'WHATSAPP_BUSINESS_ACCOUNT_ID'],
    );
  });
});

test('a variable of the environment overrules the file, and an empty one unsets it', () => {
  withDotenv('PORT=9000\nREDIS_HOST=localhost\nAPP_NAME=File\n', (dotenvPath) => {
    const config = configOf(loadConfig({ PORT: '9001', REDIS_HOST: '' }, { dotenvPath }));
    assert.deepEqual([config.port, config.redis, config.appName], [9001, undefined, 'File']);
  });
});

test('a missing .env is no fault, a folder in its place is one', () => {
  assert.ok(loadConfig({}, { dotenvPath: join(tmpdir(), 'no-such-folder', '.env') }).ok);
  const result = loadConfig({}, { dotenvPath: tmpdir() });
  assert.ok(!result.ok && result.faults[0]?.includes('cannot be read'));
});

test('every name in the file that is no setting is told, with the one that was probably meant', () => {
  withDotenv('DEFAULT_CONTRY=CO\nwhatsapp_aces_token=abc\nUNRELATED=1\nPORT=9000\n', (dotenvPath) => {
    const result = loadConfig({}, { dotenvPath });
    const told = result.ok ? result.warnings.map((warning) => warning.replace(dotenvPath, '.env')) : [];
    assert.deepEqual(told, [
      'DEFAULT_CONTRY in .env is not a setting; it is ignored. Did you mean DEFAULT_COUNTRY?',
      'whatsapp_aces_token in .env is not a setting; it is ignored. Did you mean WHATSAPP_ACCESS_TOKEN?',
      'UNRELATED in .env is not a setting; it is ignored. See .env.example for the names.',
    ]);
  });
});

test('a variable of the environment a slip away from a setting is told, those of other programs are not', () => {
  assert.equal(
    warningsOf({ DEFAULT_CONTRY: 'CO' }),
    'The environment variable DEFAULT_CONTRY is not a setting; it is ignored. Did you mean DEFAULT_COUNTRY?',
  );
  assert.match(warningsOf({ DATADIR: '/srv' }), /Did you mean DATA_DIR\?$/);
  assert.match(warningsOf({ CAMPAING_BATCH_SIZE: '5' }), /Did you mean CAMPAIGN_BATCH_SIZE\?$/);
  const others = 'HOME PATH USER SHELL TERM LANG PWD HOSTNAME LOGNAME EDITOR PORTS AUTHOR NODE_ENV HTTP_PROXY TEMP_DIR PGHOST';
  assert.equal(warningsOf(Object.fromEntries(others.split(' ').map((name) => [name, 'x']))), '');
  assert.equal(warningsOf({ WHATSAPP_SENDER_URL: 'http://localhost:8000', WHATSAPP_SENDER_KEY: 'x' }), '');
});

test('with all three credentials it is live, against Meta unless another address is given', () => {
  const config = configOf(loadConfig(LIVE));
  assert.equal(config.whatsapp.mode, 'live');
  assert.equal(config.whatsapp.apiBaseUrl, 'https://graph.facebook.com');
  const other = configOf(loadConfig({ ...LIVE, WHATSAPP_API_BASE_URL: 'http://127.0.0.1:9009/', WHATSAPP_API_VERSION: '24.0' }));
  assert.deepEqual([other.whatsapp.apiBaseUrl, other.whatsapp.apiVersion], ['http://127.0.0.1:9009', 'v24.0']);
});

test('some of the credentials are refused, naming the missing ones', () => {
  const [fault, ...others] = faultsOf({ WHATSAPP_ACCESS_TOKEN: LIVE['WHATSAPP_ACCESS_TOKEN'] });
  assert.deepEqual(others, []);
  assert.match(
    fault ?? '',
    /^WHATSAPP_ACCESS_TOKEN is set but WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_BUSINESS_ACCOUNT_ID are not: set all three/,
  );
});

test('a credential left at its placeholder is named as missing', () => {
  const faults = faultsOf({ ...LIVE, WHATSAPP_BUSINESS_ACCOUNT_ID: 'tu-waba-id' });
  assert.match(
    faults.join(),
    /WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID are set but WHATSAPP_BUSINESS_ACCOUNT_ID is not/,
  );
});

test('live without app secret or verify token starts, saying what will not work', () => {
  const warnings = warningsOf({ ...LIVE, WHATSAPP_APP_SECRET: '', WHATSAPP_VERIFY_TOKEN: '' });
  assert.match(warnings, /WHATSAPP_APP_SECRET is not set: webhooks are refused/);
  assert.match(warnings, /WHATSAPP_VERIFY_TOKEN is not set/);
});

test("Meta's own address without credentials is refused, a simulator's is the sandbox", () => {
  assert.match(faultsOf({ WHATSAPP_API_BASE_URL: 'https://graph.facebook.com' }).join(), /Meta's own address/);
  const config = configOf(loadConfig({ WHATSAPP_API_BASE_URL: 'http://simulator:9009' }));
  assert.deepEqual([config.whatsapp.mode, config.whatsapp.apiBaseUrl], ['sandbox', 'http://simulator:9009']);
});

test('Redis without an external database is refused', () => {
  assert.match(faultsOf({ REDIS_HOST: 'localhost' }).join(), /^REDIS_HOST is set but no external database is/);
  assert.match(faultsOf({ REDIS_URL: 'redis://r:6379' }).join(), /^REDIS_URL is set but/);
  assert.ok(loadConfig({ REDIS_URL: 'redis://r:6379', DATABASE_URL: 'postgres://u:p@h/d' }).ok);
});

test('two ways to name one server are refused', () => {
  assert.match(faultsOf({ DATABASE_URL: 'postgres://h/d', DB_HOST: 'h' }).join(), /DATABASE_URL and DB_HOST are both set/);
  assert.match(
    faultsOf({ DB_HOST: 'h', REDIS_URL: 'redis://r', REDIS_HOST: 'r' }).join(),
    /REDIS_URL and REDIS_HOST are both set/,
  );
});

test('without a key only while nobody but this machine can reach it', () => {
  assert.equal(configOf(loadConfig({ AUTH: 'none' })).auth.mode, 'none');
  assert.equal(configOf(loadConfig({ AUTH: 'none', HOST: '::1' })).auth.mode, 'none');
  assert.match(faultsOf({ AUTH: 'none', HOST: '0.0.0.0' }).join(), /AUTH=none is only possible while HOST/);
  assert.match(faultsOf({ AUTH: 'none', PUBLIC_URL: 'https://x.example' }).join(), /AUTH=none and a PUBLIC_URL/);
  assert.match(faultsOf({ AUTH: 'none', TRUST_PROXY: '1' }).join(), /AUTH=none and TRUST_PROXY exclude each other/);
});

test('proxies are believed by their number or their addresses, never whoever sets the header', () => {
  const trusted = (value: string) => configOf(loadConfig({ TRUST_PROXY: value })).trustProxy;
  assert.deepEqual(['', '0', 'false', '1', '2'].map(trusted), [0, 0, 0, 1, 2]);
  assert.deepEqual(trusted('10.0.0.5, 172.16.0.0/12,loopback,fd00::/8'), ['10.0.0.5', '172.16.0.0/12', 'loopback', 'fd00::/8']);
  assert.match(faultsOf({ TRUST_PROXY: 'true' }).join(), /^TRUST_PROXY must say which proxy is believed/);
  for (const wrong of ['*', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'proxy.example', '10.0.0.5,', '11', '-1'])
    assert.match(faultsOf({ TRUST_PROXY: wrong }).join(), /^TRUST_PROXY must be/, wrong);
});

test('with real credentials a secret that everybody knows or guesses is refused, in the sandbox it is at home', () => {
  const weak = [
    'sandbox-app-secret',
    'changeme-changeme',
    'Change_Me_Please_1',
    'aaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    '1234567890123456',
  ];
  for (const name of ['SECRET_KEY', 'ADMIN_API_KEY', 'WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN']) {
    for (const secret of weak) {
      const faults = faultsOf({ ...LIVE, [name]: secret });
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? '', new RegExp(`^${name} (is|repeats) .*; with real credentials that is refused: `));
      assert.doesNotMatch(faults.join(), new RegExp(secret), 'a secret is never shown');
      assert.ok(loadConfig({ [name]: secret }).ok);
    }
  }
  const { appSecret, verifyToken } = SANDBOX_SECRETS;
  for (const known of [appSecret, verifyToken]) assert.notEqual(weakness(known), undefined, known);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }), (bytes) => {
      fc.pre(new Set(bytes).size > 8);
      assert.equal(weakness(Buffer.from(bytes).toString('hex')), undefined);
      assert.equal(weakness(Buffer.from(bytes).toString('base64url')), undefined);
    }),
    { numRuns: 200 },
  );
});

test('the access token leaves this machine by https only', () => {
  assert.match(
    faultsOf({ ...LIVE, WHATSAPP_API_BASE_URL: 'http://graph.example' }).join(),
    /^WHATSAPP_API_BASE_URL begins with http:\/\/ and leaves this machine \(graph\.example\)/,
  );
  for (const address of ['http://127.0.0.1:9009', 'http://localhost:9009', 'https://graph.example'])
    assert.ok(loadConfig({ ...LIVE, WHATSAPP_API_BASE_URL: address }).ok, address);
  assert.ok(loadConfig({ WHATSAPP_API_BASE_URL: 'http://simulator:4010' }).ok);
});

test('a database elsewhere without TLS is told, unless it was decided so; so is a password out of an example', () => {
  const clear = /^The database on db\.example is asked without TLS/m;
  for (const env of [{ DB_HOST: 'db.example' }, { DATABASE_URL: 'postgres://u:p@db.example/d' }])
    assert.match(warningsOf(env), clear);
  for (const env of [
    { DB_HOST: 'db.example', DB_SSLMODE: 'disable' },
    { DB_HOST: 'db.example', DB_SSLMODE: 'require' },
    { DB_HOST: '/run/postgresql' },
    { DB_HOST: 'localhost' },
    { DATABASE_URL: 'postgres://u:p@db.example/d?sslmode=verify-full' },
    { DATABASE_URL: 'postgres://u:p@127.0.0.1/d' },
    { DATABASE_URL: 'postgres://u:p@unused/d?host=/run/postgresql' },
  ])
    assert.doesNotMatch(warningsOf(env), /TLS/, JSON.stringify(env));
  const known = /^DB_PASSWORD is a published example/m;
  assert.match(warningsOf({ ...LIVE, DB_HOST: 'localhost', DB_PASSWORD: 'postgres123' }), known);
  assert.doesNotMatch(warningsOf({ DB_HOST: 'localhost', DB_PASSWORD: 'postgres123' }), known);
});

test('one sentence for every wrong value, all at once, each beginning with its name', () => {
  const faults = faultsOf({
    PORT: '80x',
    DEBUG: 'maybe',
    RETRY_BACKOFF_MULTIPLIER: '0.5',
    CURRENCY: 'pesos',
    DEFAULT_COUNTRY: 'ZZ',
  });
  assert.deepEqual(
    faults.map((fault) => fault.split(' ')[0]),
    ['DEBUG', 'PORT', 'DEFAULT_COUNTRY', 'RETRY_BACKOFF_MULTIPLIER', 'CURRENCY'],
  );
  assert.equal(faults[1], 'PORT must be a whole number from 0 to 65535; it is "80x".');
});

const WRONG: readonly (readonly [string, string])[] = [
  ['CAMPAIGN_MAX_RECIPIENTS', '0'],
  ['CAMPAIGN_MAX_RECIPIENTS', '1e6'],
  ['CAMPAIGN_BATCH_SIZE', '2.5'],
  ['CAMPAIGN_DELAY_BETWEEN_BATCHES', '-1'],
  ['MAX_RETRY_ATTEMPTS', '21'],
  ['COST_PER_MESSAGE', '0,005'],
  ['COST_PER_MESSAGE', '0.0000001'],
  ['CORS_ORIGINS', '*'],
  ['CORS_ORIGINS', 'https://a.example/path'],
  ['PUBLIC_URL', 'a.example'],
  ['PUBLIC_URL', 'https://a.example/?x=1'],
  ['WHATSAPP_API_BASE_URL', 'http://127.0.0.1:9009/v25.0'],
  ['WHATSAPP_API_VERSION', 'latest'],
  ['WHATSAPP_PHONE_NUMBER_ID', '+573001234567'],
  ['HOST', 'http://localhost'],
  ['LOG_LEVEL', 'chatty'],
];
for (const [name, value] of WRONG) {
  test(`${name}=${value} is refused`, () => {
    assert.ok(faultsOf({ [name]: value }).some((fault) => fault.startsWith(`${name} must`) && fault.includes(value)));
  });
}

test('a wrong secret is named but never shown', () => {
  for (const name of SETTING_NAMES) {
    const setting: Setting<unknown> = SETTINGS[name];
    if (setting.secret !== true) continue;
    const result = loadConfig({ [name]: 'µ%zz' });
    assert.ok(result.ok || !result.faults.join('\n').includes('µ%zz'), name);
  }
  for (const name of ['DATABASE_URL', 'PUBLIC_URL', 'CORS_ORIGINS']) {
    const [fault] = faultsOf({ [name]: 'mysql://someone:pass-word@h/d' });
    assert.ok(fault?.startsWith(`${name} must`) === true && !fault.includes('pass-word'), fault);
  }
});

test('every value a secret may have is listed for the log to hide, passwords inside addresses too', () => {
  const config = configOf(
    loadConfig({ ...LIVE, DATABASE_URL: 'postgres://u:p%40ss-word@h/d', ADMIN_API_KEY: 'a-key-of-sixteen-or-more' }),
  );
  for (const secret of [LIVE['WHATSAPP_ACCESS_TOKEN'], LIVE['WHATSAPP_APP_SECRET'], 'p@ss-word', 'a-key-of-sixteen-or-more']) {
    assert.ok(config.secrets.includes(secret ?? ''), secret);
  }
  assert.ok(config.database.kind === 'postgres' && !config.database.label.includes('ss-word'));
});

test('user names and passwords with any characters survive in the address of the database', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), (password) => {
      fc.pre(password.trim() === password && password !== '');
      const { database } = configOf(loadConfig({ DB_HOST: 'db.example', DB_PASSWORD: password, DB_USER: 'us er@x' }));
      assert.ok(database.kind === 'postgres');
      const url = new URL(database.url);
      assert.deepEqual([decodeURIComponent(url.password), decodeURIComponent(url.username)], [password, 'us er@x']);
      assert.deepEqual([url.hostname, url.port, url.pathname], ['db.example', '5432', '/whatsapp_sender']);
    }),
  );
});

test('a unix socket and an IPv6 address can name the servers', () => {
  const socket = configOf(loadConfig({ DB_HOST: '/var/run/postgresql' })).database;
  assert.ok(socket.kind === 'postgres' && new URL(socket.url).searchParams.get('host') === '/var/run/postgresql');
  const config = configOf(loadConfig({ DB_HOST: '::1', REDIS_HOST: '::1', REDIS_PASSWORD: 'a:b@c', DB_SSLMODE: 'require' }));
  assert.equal(
    config.database.kind === 'postgres' && config.database.url,
    'postgres://postgres@[::1]:5432/whatsapp_sender?sslmode=require',
  );
  assert.equal(config.redis?.url, 'redis://:a%3Ab%40c@[::1]:6379/0');
});

test('settings that do nothing alone are warned about', () => {
  assert.match(
    warningsOf({ DB_PORT: '5432', DB_NAME: 'x' }),
    /DB_PORT and DB_NAME have no effect without DB_HOST or DATABASE_URL/,
  );
  assert.match(warningsOf({ REDIS_PORT: '6379' }), /REDIS_PORT has no effect/);
  assert.match(warningsOf({ CAMPAIGN_DELAY_BETWEEN_BATCHES: '60' }), /CAMPAIGN_DELAY_BETWEEN_BATCHES has no effect/);
  assert.match(warningsOf({ PUBLIC_URL: 'http://x.example' }), /PUBLIC_URL begins with http/);
});

test('origins may also come as a JSON list, with closing slashes, twice', () => {
  const config = configOf(loadConfig({ CORS_ORIGINS: '["https://a.example/", "https://b.example:8443","https://a.example"]' }));
  assert.deepEqual(config.cors, ['https://a.example', 'https://b.example:8443']);
});

test('an amount of money is read digit by digit, to the millionth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 999_999 }), (whole, fraction) => {
      const parsed = micros(`${String(whole)}.${String(fraction).padStart(6, '0')}00`);
      assert.deepEqual(parsed, { ok: true, value: whole * 1_000_000 + fraction });
    }),
  );
});

test('any text in any setting is answered, never thrown at', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SETTING_NAMES), fc.string({ unit: 'binary' }), (name, value) => {
      const result = loadConfig({ [name]: value });
      assert.ok(result.ok || result.faults.every((fault) => fault.endsWith('.') && fault.length > 20));
    }),
    { numRuns: 2000 },
  );
});

test('the settings cannot be changed once read', () => {
  const config = configOf(loadConfig(LIVE));
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.whatsapp) && Object.isFrozen(config.cors));
});

test('every default is a value its own parser accepts, and every setting says what it is for in one line', () => {
  for (const name of SETTING_NAMES) {
    const setting: Setting<unknown> = SETTINGS[name];
    if (setting.fallback !== undefined) assert.ok(setting.parse(setting.fallback).ok, name);
    if (setting.example !== undefined) assert.ok(setting.parse(setting.example).ok, name);
    assert.ok(setting.fallback !== undefined || setting.unset !== undefined, `${name} says what happens when it is unset`);
    assert.match(setting.about, /^[^\n]{10,140}\.$/, name);
  }
});

test('.env.example and docs/settings.md list exactly these settings', () => {
  // Exits with a sentence when a file differs from what the table makes of it; `npm run docs` writes them.
  execFileSync(process.execPath, ['--import', './scripts/ts.mjs', 'scripts/docs-settings.mjs', '--check'], { stdio: 'pipe' });
});

test('.env.example copied as it is changes nothing', () => {
  withDotenv(readFileSync('.env.example', 'utf8'), (dotenvPath) => {
    assert.deepEqual(loadConfig({}, { dotenvPath }), loadConfig({}));
  });
});
