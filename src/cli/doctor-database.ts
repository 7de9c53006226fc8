/** The database, opened only where that harms nobody: never the embedded one of a server that runs. */

import type { Config } from '../config/config.ts';
import { type DatabaseCondition, newestMigration, readCondition } from '../lib/db/database-health.ts';
import type { Db } from '../lib/db/db.ts';
import { durabilityDoubts, readDurability } from '../lib/db/durability.ts';
import { isMade } from '../lib/db/open-database.ts';
import { livingProcesses, workersAmong } from '../lib/jobs/processes.sql.ts';
import { webhookBacklog } from '../webhooks/journal.sql.ts';
import { readSignatures } from '../webhooks/signatures.sql.ts';
import type { Check } from './check.ts';
import { webhookCheck } from './doctor-server.ts';
import { CliError } from './exit.ts';
import { withDatabase } from './migrate.ts';
import { many } from './words.ts';

const OLDEST_SERVER = 150_000;
const MIGRATIONS = 'The next start, or "whatsapp-sender migrate", does that.';
const CLOCK_SECONDS = 5;

export async function databaseChecks(config: Config, running: boolean): Promise<Check[]> {
  const name = 'database';
  const { database } = config;
  if (database.kind === 'embedded') {
    if (running)
      return [
        { name, level: 'skip', message: `The embedded one in ${database.dir} is the running server's; it was asked instead.` },
      ];
    if (!isMade(database.dir))
      return [{ name, level: 'ok', message: `The embedded one will be made in ${database.dir} at the first start.` }];
  }
  try {
    return await withDatabase(config, (db) => look(config, db, running));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ name, level: 'fail', message: error.message }];
  }
}

async function look(config: Config, db: Db, running: boolean): Promise<Check[]> {
  const asked = Date.now();
  const condition = await readCondition(db);
  const checks = [versionCheck(config, condition), schemaCheck(condition)];
  if (config.database.kind === 'postgres') {
    checks.push(clockCheck("the database's clock", condition.now.getTime() - (asked + Date.now()) / 2));
    for (const message of durabilityDoubts(await readDurability(db))) checks.push({ name: 'durability', level: 'warn', message });
  }
  // What the server was asked already, or what an older database does not have.
  if (running || condition.schemaVersion !== newestMigration()) return checks;
  const webhooks = await webhookBacklog(db);
  const signatures = await readSignatures(db, config.whatsapp.mode);
  checks.push(
    webhookCheck(
      {
        ...webhooks,
        lastGoodAt: signatures.good_at?.toISOString() ?? null,
        refused: signatures.refused_since_good,
      },
      config.whatsapp.mode,
    ),
  );
  if (config.database.kind === 'postgres') checks.push(workerCheck(workersAmong(await livingProcesses(db))));
  return checks;
}

function workerCheck(workers: number): Check {
  if (workers > 0) return { name: 'worker', level: 'ok', message: `${many(workers, 'process', 'processes')} alive.` };
  return {
    name: 'worker',
    level: 'warn',
    message: 'None is alive: nothing is sent.',
    advice: 'Start one with "whatsapp-sender worker" (or everything with "start").',
  };
}

function versionCheck({ database }: Config, { serverVersion }: DatabaseCondition): Check {
  const label = database.kind === 'embedded' ? `The embedded one in ${database.dir}` : database.label;
  const message = `${label} answers, PostgreSQL ${String(Math.floor(serverVersion / 10_000))}.${String(serverVersion % 10_000)}.`;
  if (serverVersion < OLDEST_SERVER)
    return { name: 'database', level: 'fail', message, advice: 'PostgreSQL 15 or newer is needed.' };
  return { name: 'database', level: 'ok', message };
}

function schemaCheck({ schemaVersion }: DatabaseCondition): Check {
  const name = 'migrations';
  const newest = newestMigration();
  if (schemaVersion === newest) return { name, level: 'ok', message: `At version ${String(newest)}, the newest.` };
  if (schemaVersion > newest) {
    return {
      name,
      level: 'fail',
      message: `The database is at version ${String(schemaVersion)}, this program knows ${String(newest)}.`,
      advice: 'It was used by a newer version: install that again.',
    };
  }
  if (schemaVersion === 0) return { name, level: 'warn', message: 'The database is empty.', advice: MIGRATIONS };
  return { name, level: 'warn', message: `At version ${String(schemaVersion)} of ${String(newest)}.`, advice: MIGRATIONS };
}

/** @param aheadMs how far the other clock is ahead of this machine's. */
export function clockCheck(whose: string, aheadMs: number): Check {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds <= CLOCK_SECONDS) return { name: 'clock', level: 'ok', message: `Agrees with ${whose}.` };
  return {
    name: 'clock',
    level: seconds > 60 ? 'fail' : 'warn',
    message: `This machine is ${String(seconds)} s ${aheadMs > 0 ? 'behind' : 'ahead of'} ${whose}.`,
    advice: 'Let the machines take their time from the network (NTP): schedules, retries and quiet hours go by the clock.',
  };
}
