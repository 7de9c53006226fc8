/** `start`, `api` and `worker`: the product until Ctrl-C. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, startApp } from '../app/bootstrap.ts';
import type { Role } from '../app/process.ts';
import type { Config } from '../config/config.ts';
import { DatabaseGone } from '../lib/db/pglite.ts';
import { createLogger, type Logger } from '../lib/log.ts';
import { StartRefused } from '../lib/start-refused.ts';
import { within } from '../lib/wait.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { ADMIN_KEY_FILE } from './local-key.ts';
import { mustLoadSettings } from './settings.ts';
import { listenForStop } from './signals.ts';

/** Longer than every part may take together; a supervisor that kills sooner costs nothing either. */
const STOP_AT_LATEST_MS = 25_000;

export async function serve(role: Role): Promise<ExitCode> {
  const { config, warnings } = mustLoadSettings();
  refuseHalf(role, config);
  const log = createLogger({ level: config.log.level, format: config.log.format, secrets: config.secrets });
  for (const warning of warnings) log.warn(warning);
  endOnSurprise(log);
  const stop = listenForStop(() => {
    log.warn('stopped at once: what was in flight is settled at the next start');
  });
  const app = await begin(role, config, log);
  announce(app, role, config);
  const reason = await Promise.race([stop.asked.then(() => 'asked' as const), app.lost]);
  if (reason instanceof DatabaseGone) {
    // Nothing can be written down any more: what is out is settled at the next start, and waiting would only delay that.
    log.fatal(`${reason.message}: this process ends, and the next start goes on from what was committed.`);
    process.exit(EXIT.failed);
  }
  if (reason === 'asked') log.info('stopping: nothing new leaves, what is out is finished');
  else log.fatal({ err: reason }, 'this process may not go on and stops');
  if (!(await within(app.stop(), STOP_AT_LATEST_MS))) {
    log.fatal('a part of this process does not stop; it ends without it, and the next start settles what was out');
    process.exit(EXIT.failed);
  }
  if (reason !== 'asked') return EXIT.failed;
  log.info('stopped');
  return EXIT.ok;
}

/** A part of the whole makes sense only where the parts can meet. */
function refuseHalf(role: Role, config: Config): void {
  if (role === 'all' || (config.database.kind === 'postgres' && config.redis !== undefined)) return;
  const missing = [
    ...(config.database.kind === 'postgres' ? [] : ['DB_HOST (or DATABASE_URL)']),
    ...(config.redis === undefined ? ['REDIS_HOST (or REDIS_URL)'] : []),
  ];
  throw new CliError(
    `"${role}" is one of several processes that share a PostgreSQL and a Redis: set ${missing.join(' and ')}, or run "whatsapp-sender start", which does everything in one process.`,
  );
}

async function begin(role: Role, config: Config, log: Logger): Promise<App> {
  try {
    return await startApp({ config, log, role });
  } catch (error) {
    if (error instanceof StartRefused) throw new CliError(error.message);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const [setting, port] = role === 'worker' ? ['WORKER_PORT', config.workerPort] : ['PORT', config.port];
    if (code === 'EADDRINUSE') {
      throw new CliError(
        `Port ${String(port)} of ${config.host} is taken: another program, perhaps another copy of this one, listens there. Stop it, or set ${setting} to another number.`,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new CliError(
        `${config.host}:${String(port)} cannot be opened (${code}). Set HOST to an address of this machine and ${setting} to a number above 1023.`,
      );
    }
    throw error;
  }
}

/** What nobody foresaw is written down whole and ends the process: a supervisor starts it again, in a known state. */
function endOnSurprise(log: Logger): void {
  const end = (error: unknown): void => {
    log.fatal({ err: error }, 'something went wrong that nobody foresaw; this process ends');
    process.exit(EXIT.failed);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

function announce(app: App, role: Role, config: Config): void {
  const lines = [
    `${config.appName} is running${role === 'all' ? '' : ` (${role})`}.`,
    '',
    app.mode === 'sandbox'
      ? '  Mode        SANDBOX - nothing reaches a real phone; a simulator plays the part of Meta.'
      : '  Mode        LIVE - campaigns write to real people.',
  ];
  if (role !== 'worker') {
    lines.push(`  Page        ${app.url}/`, `  API         ${app.url}/api/v1`, `  Docs        ${app.url}/api/docs`);
  }
  if (app.sandboxUrl !== undefined) lines.push(`  Simulator   ${app.sandboxUrl}`);
  if (app.setupToken !== undefined) {
    const base = (config.publicUrl ?? app.url).replace(/\/+$/, '');
    lines.push('', '  Set a name and a password for yourself:', `  ${base}/invitation#${app.setupToken}`);
  }
  if (app.createdAdminKey !== undefined) {
    const path = keepKey(config, app.createdAdminKey);
    lines.push(
      '',
      `  Admin key   ${app.createdAdminKey}`,
      '              Shown this once. The command line on this machine finds it in',
      `              ${path} (delete that file if you do not want this).`,
    );
  }
  lines.push('', '  Ctrl-C stops it cleanly.', '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Beside the database and its secret key, for this user alone: whoever reads this folder could read everything anyway. */
function keepKey(config: Config, key: string): string {
  const path = join(config.dataDir, ADMIN_KEY_FILE);
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
  // A file that was there already keeps its rights.
  chmodSync(path, 0o600);
  return path;
}
