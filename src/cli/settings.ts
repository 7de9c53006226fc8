/** Settings for a command: every fault is one sentence, and none lets it go on. */
import { type Config, loadProcessConfig } from '../config/config.ts';
import { CliError } from './exit.ts';

export interface Settings {
  readonly config: Config;
  readonly warnings: readonly string[];
}

export function mustLoadSettings(): Settings {
  const result = loadProcessConfig();
  if (result.ok) return result;
  const heading = result.faults.length === 1 ? 'A setting is wrong:' : `${String(result.faults.length)} settings are wrong:`;
  throw new CliError([heading, ...result.faults.map((fault) => `  - ${fault}`)].join('\n'), 1, { faults: result.faults });
}
