/** All commands on one page. Each loads its own code only when it is called, so that `--help` answers at once. */
import { Command, CommanderError, Option } from 'commander';
import { SANDBOX_SECRETS } from '../simulator/secrets.ts';
import type { BackupOptions, RestoreOptions } from './backup.ts';
import { campaignCommands, reading } from './campaign-commands.ts';
import { type Answer, examples, remote } from './command.ts';
import type { DrillOptions } from './drill/command.ts';
import type { EraseOptions } from './erase.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { KeyOptions } from './keys.ts';
import type { MigrateOptions } from './migrate.ts';
import type { OptOutImportOptions } from './opt-outs-import.ts';
import type { RestoredOptions } from './restored.ts';
import type { SendOptions } from './send.ts';
import type { SimulateOptions } from './simulate.ts';
import { spendingCommands } from './spending-commands.ts';
import type { TemplateOptions } from './system.ts';
import type { RemoteOptions } from './target.ts';
import { collect, parseId, parseNamed, parseNumber, parseTime, parseWhole } from './values.ts';
import { packageVersion } from './version.ts';
import type { ReplayOptions } from './webhooks.ts';

const EXIT_CODES = `
Exit codes:
  0    done
  1    refused, failed, or a check found a fault
  2    wrong usage
  3    the server cannot be reached, or there is no such database
  130  interrupted`;

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
    // Commander has said it, but for values it did not read itself. Help that was asked for is no fault; help for want of a command is.
    if (error.code === 'commander.invalidArgument' && error.message !== '' && !error.message.startsWith('error:')) {
      process.stderr.write(`${error.message}\n`);
    }
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
    .description("WhatsApp template campaigns through Meta's Cloud API: nobody written to twice, nobody forgotten.")
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what is possible)')
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  const answer: Answer = async (outcome) => {
    done((await outcome) ?? EXIT.ok);
  };
  serverCommands(program, answer);
  keepingCommands(program, answer);
  simulatorCommand(program, answer);
  drillCommand(program, answer);
  campaignCommands(program, answer);
  messageCommands(program, answer);
  suppressionCommand(program, answer);
  erasureCommand(program, answer);
  webhookCommands(program, answer);
  userCommands(program, answer);
  keyCommands(program, answer);
  spendingCommands(program, answer);
  return program;
}

function serverCommands(program: Command, answer: Answer): void {
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

function keepingCommands(program: Command, answer: Answer): void {
  program
    .command('migrate')
    .description('bring the database to the version of this program (every start does so by itself)')
    .option('--json', 'answer in JSON')
    .addHelpText('after', examples('whatsapp-sender migrate'))
    .action(async (options: MigrateOptions) => answer((await import('./migrate.ts')).migrateDatabase(options)));
  remote(program.command('doctor'))
    .description('check settings, database, Redis, token, number, templates, webhooks and clocks, and say what to fix')
    .addHelpText('after', examples('whatsapp-sender doctor', 'whatsapp-sender doctor --json'))
    .action(async (options: RemoteOptions) => answer((await import('./doctor.ts')).doctor(options)));
  remote(program.command('backup'))
    .description('write the embedded database into one file, while it works (needs an admin key)')
    .requiredOption('--out <file>', 'the file, e.g. backup.tar.gz')
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender backup --out whatsapp-sender.tar.gz',
        'whatsapp-sender backup --url https://whatsapp.example.com --out monday.tar.gz',
      ),
    )
    .action(async (options: BackupOptions) => answer((await import('./backup.ts')).backup(options)));
  program
    .command('restore <file>')
    .description('put a backup of the embedded database into an empty DATA_DIR, and hold its campaigns as "restored" does')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      examples('whatsapp-sender restore whatsapp-sender.tar.gz', 'DATA_DIR=/srv/new whatsapp-sender restore monday.tar.gz'),
    )
    .action(async (file: string, options: RestoreOptions) => answer((await import('./backup.ts')).restore(file, options)));
  program
    .command('restored')
    .description('after a backup was restored: pause every campaign, so that nobody is written to twice')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
A restored database has forgotten what was sent since the backup. Every started campaign is paused, drafts and schedules ask before they
start, and whoever was still waiting in a started one becomes "unknown": webhooks that still come settle them, and you decide on the rest.
Stop every process first.
${examples('whatsapp-sender restored')}`,
    )
    .action(async (options: RestoredOptions) => answer((await import('./restored.ts')).restored(options)));
}

function drillCommand(program: Command, answer: Answer): void {
  program
    .command('drill')
    .description('run a campaign in the simulator while killing the process that sends it, and print the account')
    .option('--people <n>', 'people on the list', parseWhole, 2_000)
    .option('--kills <n>', 'how often it is killed', parseWhole, 5)
    .option('--rate <n>', 'messages per second at most', parseWhole, 200)
    .option('--seed <n>', 'the same seed kills at the same places', parseWhole)
    .option('--keep', 'keep the folder with the data and the logs')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Takes a folder and ports of its own: nothing of this installation is touched, and nothing reaches a real phone. One send in twenty is
refused and one in twenty fails later; webhooks come doubled, shuffled and before the answer. Ends with 1 when
somebody was written to twice or forgotten, or when statuses, counters or costs do not add up.
${examples('whatsapp-sender drill', 'whatsapp-sender drill --people 10000 --kills 20 --seed 7', 'whatsapp-sender drill --people 100000 --kills 0 --rate 1000')}`,
    )
    .action(async (options: DrillOptions) => answer((await import('./drill/command.ts')).drill(options)));
}

function simulatorCommand(program: Command, answer: Answer): void {
  program
    .command('simulator')
    .description('run the simulated WhatsApp Cloud API by itself, for any program pointed at it')
    .option('--port <n>', 'port to listen on; 0 = a free one', parseWhole, 4010)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--data-dir <folder>', 'keep its state there; left out = all is forgotten at the end')
    .option('--seed <n>', 'the same seed and calls give the same outcomes', parseWhole)
    .option('--webhook-url <address>', 'where its webhooks go')
    .option('--app-secret <secret>', 'signs the webhooks', SANDBOX_SECRETS.appSecret)
    .option('--verify-token <word>', 'said at the verification of the webhook', SANDBOX_SECRETS.verifyToken)
    .option('--phone-number-id <id>', 'a sending number; repeat it for several', collect)
    .option('--waba-id <id>', 'the business account')
    .option('--json', 'print the address as JSON')
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender simulator',
        'whatsapp-sender simulator --port 4010 --webhook-url http://localhost:3000/webhook --app-secret secret --verify-token word',
      ),
    )
    .action(async (options: SimulateOptions) => answer((await import('./simulate.ts')).simulate(options)));
}

function messageCommands(program: Command, answer: Answer): void {
  remote(program.command('send'))
    .description('send one message to try a template')
    .requiredOption('--template <name>', 'name of an approved template')
    .requiredOption('--language <code>', 'its language, e.g. es')
    .requiredOption('--to <phone>', 'the phone number')
    .option('--param <text>', "a required variable, the body's first; repeat it for each", collect)
    .option('--named <key=text>', 'a variable by its name; repeat it for each', parseNamed)
    .option('--wait [seconds]', 'wait until it is delivered, read or failed, a minute unless told otherwise', parseNumber)
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender send --template bienvenida --language es --to +573001234567 --param Juan --param Pérez',
        'whatsapp-sender send --template bienvenida --language es --to +573001234567 --named body.1=Juan --named body.2=Pérez',
        'whatsapp-sender send --template bienvenida --language es --to +573001234567 --param Juan --param Pérez --wait',
      ),
    )
    .action(async (options: SendOptions) => answer((await import('./send.ts')).sendTest(options)));
  remote(program.command('templates'))
    .description('list the templates with their variables')
    .option('--search <text>', 'part of the name')
    .option('--sync', "fetch Meta's list first")
    .addHelpText('after', examples('whatsapp-sender templates', 'whatsapp-sender templates --sync --search bien'))
    .action(async (options: TemplateOptions) => answer((await import('./system.ts')).listTemplates(options)));
  remote(program.command('stop-everything'))
    .description('pause every campaign on every number at once, and let none start')
    .addHelpText('after', examples('whatsapp-sender stop-everything'))
    .action(async (options: RemoteOptions) => answer((await import('./system.ts')).stopEverything(options)));
  remote(program.command('lift-stop'))
    .description('let campaigns start again after stop-everything')
    .addHelpText('after', examples('whatsapp-sender lift-stop'))
    .action(async (options: RemoteOptions) => answer((await import('./system.ts')).liftStop(options)));
}

function erasureCommand(program: Command, answer: Answer): void {
  remote(program.command('erase <phone>'))
    .description('forget a person everywhere; what was said about not writing to them still holds (needs an admin key)')
    .option('--user-id', "what is given is WhatsApp's user id of somebody who hides the phone")
    .option('--no-block', 'they may be written to again, unless they have said otherwise themselves')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('whatsapp-sender erase +573001234567', 'whatsapp-sender erase CO.1349876543 --user-id --yes'))
    .action(async (who: string, options: EraseOptions) => answer((await import('./erase.ts')).erasePerson(who, options)));
}

function suppressionCommand(program: Command, answer: Answer): void {
  reading(remote(program.command('import-opt-outs <file>')))
    .description('bring a suppression list (CSV, .xlsx, .ods): nobody on it is written to any more')
    .option('--scope <scope>', 'all, or marketing only, where the file does not say', 'all')
    .option('--note <text>', 'where the list comes from; kept as the proof')
    .addHelpText('after', examples('whatsapp-sender import-opt-outs unsubscribed.csv --note "from the shop, 2026-11"'))
    .action(async (file: string, options: OptOutImportOptions) =>
      answer((await import('./opt-outs-import.ts')).importOptOuts(file, options)),
    );
}

function webhookCommands(program: Command, answer: Answer): void {
  const webhooks = program
    .command('webhooks')
    .description('what Meta told, as it is stored (needs an admin key)')
    .addHelpText('after', examples('whatsapp-sender webhooks replay --stuck'));
  remote(webhooks.command('replay'))
    .description('apply stored webhooks again: those of a span of time, or those that could not be applied')
    .option('--from <time>', 'received from then on, with its zone', parseTime)
    .option('--to <time>', 'received before then, with its zone', parseTime)
    .option('--stuck', 'those set aside')
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender webhooks replay --stuck',
        'whatsapp-sender webhooks replay --from 2030-01-31T09:00Z --to 2030-01-31T12:00Z',
      ),
    )
    .action(async (options: ReplayOptions) => answer((await import('./webhooks.ts')).replayWebhooks(options)));
}

function userCommands(program: Command, answer: Answer): void {
  const users = program
    .command('users')
    .description('who may log in (needs an admin key)')
    .addHelpText('after', examples('whatsapp-sender users list', 'whatsapp-sender users link "Marta Rincón"'));
  remote(users.command('list').description('list them, with their role and last login'))
    .addHelpText('after', examples('whatsapp-sender users list'))
    .action(async (options: RemoteOptions) => answer((await import('./users.ts')).listUsers(options)));
  remote(users.command('link <name>').description('a link that sets a new password, for whoever cannot log in any more'))
    .addHelpText('after', examples('whatsapp-sender users link "Marta Rincón"'))
    .action(async (name: string, options: RemoteOptions) => answer((await import('./users.ts')).linkUser(name, options)));
  remote(
    users
      .command('reset-second-factor <name>')
      .description('log in by password alone again, for whoever lost the telephone and the recovery codes'),
  )
    .addHelpText('after', examples('whatsapp-sender users reset-second-factor "Marta Rincón"'))
    .action(async (name: string, options: RemoteOptions) =>
      answer((await import('./users.ts')).resetSecondFactor(name, options)),
    );
}

function keyCommands(program: Command, answer: Answer): void {
  const keys = program
    .command('keys')
    .description('API keys of machines (needs an admin key)')
    .addHelpText(
      'after',
      examples('whatsapp-sender keys create --name shop --scope read --scope send', 'whatsapp-sender keys revoke 3'),
    );
  remote(keys.command('list').description('list keys, revoked ones included'))
    .addHelpText('after', examples('whatsapp-sender keys list'))
    .action(async (options: RemoteOptions) => answer((await import('./keys.ts')).listKeys(options)));
  remote(keys.command('create').description('make a key; it is shown once'))
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option(
        '--scope <scope...>',
        'metrics: read /metrics; read: look; write: make and change; send: start and send; admin: everything',
      )
        .choices(['metrics', 'read', 'write', 'send', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--expires <time>', 'until then, with its zone', parseTime)
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender keys create --name shop --scope read write send',
        'whatsapp-sender keys create --name audit --scope read --expires 2030-01-31T00:00Z',
      ),
    )
    .action(async (options: KeyOptions) => answer((await import('./keys.ts')).createKey(options)));
  remote(keys.command('revoke <id>').description('revoke a key: it opens nothing from then on'))
    .addHelpText('after', examples('whatsapp-sender keys revoke 3'))
    .action(async (id: string, options: RemoteOptions) => answer((await import('./keys.ts')).revokeKey(parseId(id), options)));
}
