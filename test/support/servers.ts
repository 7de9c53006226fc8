/**
 * What a test asks of the machine. `npm test` starts PostgreSQL and Redis and finds Chromium (scripts/test.mjs reads these names in
 * the files); where there is none, `skip` carries the reason: `test('…', { skip: redis.skip }, …)`.
 */
export {
  findPostgres,
  findRedis,
  freePort,
  type StartedServer,
  startRedis,
} from '../../scripts/servers.mjs';

export interface Needed {
  /** Empty when there is none; tests that run have it. */
  readonly url: string;
  readonly skip: string | false;
}

function needed(what: string, ...names: readonly string[]): Needed {
  const url = names.map((name) => process.env[name] ?? '').find((value) => value !== '') ?? '';
  return { url, skip: url === '' ? `no ${what}; npm test starts the one it finds, or set ${names[0] ?? ''}` : false };
}

/** A real server, whatever the pass: for what the embedded database cannot show (locks, several connections). */
export function needsPostgres(): Needed {
  return needed('PostgreSQL', 'TEST_DATABASE_URL', 'TEST_POSTGRES_URL');
}

export function needsRedis(): Needed {
  return needed('Redis', 'TEST_REDIS_URL');
}

/** `url` is the path of the program. */
export function needsChromium(): Needed {
  return needed('Chromium', 'CHROMIUM_PATH');
}
