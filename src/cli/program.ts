/** All commands on one page. Each loads its own code only when it is called, so that `--help` answers at once. */
import { Command, CommanderError } from 'commander';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { packageVersion } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0    done
  1    refused, failed, or a check found a fault
  2    wrong usage
  3    the server cannot be reached
  130  interrupted`;

/** What a command answers with; nothing = done. */
export type Outcome = Promise<ExitCode | undefined>;

/** @returns the exit code. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = buildProgram((outcome) => {
    code = outcome;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, args.includes('--json'));
  }
}

function explain(error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has said it already. Help that was asked for is no fault; help shown for want of a command is.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof CliError) {
    process.stderr.write(json && error.details !== undefined ? `${JSON.stringify(error.details)}\n` : `${error.message}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Something went wrong that nobody foresaw: ${message}\n`);
  return EXIT.failed;
}

export function buildProgram(done: (code: ExitCode) => void): Command {
  const program = new Command('whatsapp-sender');
  program
    .description('WhatsApp template campaigns through Meta\'s Cloud API: nobody written to twice, nobody forgotten.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what is possible)')
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  const answer = async (outcome: Outcome): Promise<void> => {
    done((await outcome) ?? EXIT.ok);
  };
  serverCommands(program, answer);
  return program;
}

function serverCommands(program: Command, answer: (outcome: Outcome) => Promise<void>): void {
  program
    .command('start')
    .description('run everything in one process: API, page, worker and, without credentials, the sandbox')
    .addHelpText('after', examples('whatsapp-sender start', 'PORT=9000 DATA_DIR=/var/lib/whatsapp-sender whatsapp-sender start'))
    .action(async () => answer((await import('./serve.ts')).serve('all')));
  program
    .command('api')
    .description('run only the API and the page (needs PostgreSQL and Redis, shared with the workers)')
    .addHelpText('after', examples('DB_HOST=db REDIS_HOST=redis HOST=0.0.0.0 whatsapp-sender api'))
    .action(async () => answer((await import('./serve.ts')).serve('api')));
  program
    .command('worker')
    .description('run only a worker: sends, applies webhooks (needs PostgreSQL and Redis; run as many as you like)')
    .addHelpText('after', examples('DB_HOST=db REDIS_HOST=redis whatsapp-sender worker'))
    .action(async () => answer((await import('./serve.ts')).serve('worker')));
}

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
