/** What the exit code says to a script; docs/cli.md and `--help` list the same. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end that is no bug: told in its own words, without a stack. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** What `--json` prints in place of the words. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, exitCode: ExitCode = EXIT.failed, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.details = details;
  }
}
