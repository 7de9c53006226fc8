import type { Config } from '../config/config.ts';
import type { Logger } from '../lib/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Database } from './database.ts';
import type { Meta } from './meta.ts';

/** What a process does: everything, only the HTTP server, or only the work. The last two meet in PostgreSQL and Redis. */
export type Role = 'all' | 'api' | 'worker';

/** What its services are built on. */
export interface Parts {
  readonly config: Config;
  readonly role: Role;
  readonly log: Logger;
  readonly database: Database;
  readonly meta: Meta;
  readonly metrics: Metrics;
  /** This process may not go on. */
  readonly onLost: (error: unknown) => void;
}

/** Told of what failed and is tried again. */
export type OnError = (error: unknown, what: string) => void;
