/** `migrate`: what every start does by itself, alone; for upgrades that are done step by step. */
import { openDatabase } from '../app/database.ts';
import type { Config } from '../config/config.ts';
import { readCondition } from '../lib/db/database-health.ts';
import type { Db } from '../lib/db/db.ts';
import { migrate } from '../lib/db/migrate.ts';
import { isMade } from '../lib/db/open-database.ts';
import { silentLogger } from '../lib/log.ts';
import { StartRefused } from '../lib/start-refused.ts';
import { CliError, EXIT } from './exit.ts';
import { mustLoadSettings } from './settings.ts';
import { print, printJson } from './words.ts';

export interface MigrateOptions {
  readonly json?: boolean;
}

export async function migrateDatabase({ json }: MigrateOptions): Promise<undefined> {
  const { config } = mustLoadSettings();
  // A folder that was named is asked for; the one that is only the default is not made by a command that was to bring it up to date.
  const open = config.dataDirNamed ? withMade : withDatabase;
  await open(config, async (db) => {
    const applied = await migrate(db);
    const to = (await readCondition(db)).schemaVersion;
    const from = applied[0] === undefined ? to : applied[0] - 1;
    const label = config.database.kind === 'embedded' ? config.database.dir : config.database.label;
    if (json === true) printJson({ database: label, from, to, applied });
    else if (applied.length === 0) print(`The database ${label} is at version ${String(to)} already.`);
    else print(`The database ${label} went from version ${String(from)} to ${String(to)}.`);
  });
}

/** The configured database, for this command alone where it is the embedded one, and only where there is one. */
export async function withDatabase<T>(config: Config, work: (db: Db) => Promise<T>, whenClosed?: () => void): Promise<T> {
  const { database } = config;
  if (database.kind === 'embedded' && !isMade(database.dir)) throw noDatabase(database.dir);
  return withMade(config, work, whenClosed);
}

export function noDatabase(dir: string): CliError {
  return new CliError(
    `There is no database in ${dir}. Run this where the system runs, or set DATA_DIR (or DATABASE_URL) to the database that is meant; "whatsapp-sender start" makes a new one.`,
    EXIT.unreachable,
    { code: 'no_database', dir },
  );
}

/** @param whenClosed after work that succeeded, while the folder is still this command's alone. */
async function withMade<T>(config: Config, work: (db: Db) => Promise<T>, whenClosed?: () => void): Promise<T> {
  const { db, release } = await openDatabase(config, silentLogger()).catch((error: unknown) => {
    throw error instanceof StartRefused ? new CliError(error.message) : error;
  });
  let done = false;
  try {
    const result = await work(db);
    done = true;
    return result;
  } catch (error) {
    // The refusal of a newer database, a right that is missing: the database's own words are the useful ones.
    throw error instanceof Error && !(error instanceof CliError) ? new CliError(error.message) : error;
  } finally {
    await db.close();
    if (done) whenClosed?.();
    await release();
  }
}
