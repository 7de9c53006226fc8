import type { Config } from '../config/config.ts';
import type { Logger } from '../lib/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Ground } from './database.ts';
import type { Meta } from './meta.ts';
import type { Role } from './role.ts';

/** What the engine is built on. */
export interface EngineParts {
  readonly config: Config;
  readonly role: Role;
  readonly log: Logger;
  readonly ground: Ground;
  readonly meta: Meta;
  readonly metrics: Metrics;
  /** This process may not go on. */
  readonly onLost: (error: unknown) => void;
}

/** Told of what failed and is tried again. */
export type OnError = (error: unknown, what: string) => void;
