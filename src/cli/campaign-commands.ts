/** What `campaigns` can do, with its flags and examples; the doing is loaded when it is called. */
import type { Command } from 'commander';
import type { AuditOptions, CreateOptions, DecideOptions, DuplicateOptions, ListOptions, SureOptions } from './campaigns.ts';
import { type Answer, examples, remote } from './command.ts';
import type { RowsOptions } from './drafts.ts';
import type { ExportOptions } from './export.ts';
import type { RemoteOptions } from './target.ts';
import type { ReadingOptions, UploadOptions } from './upload.ts';
import { parseId, parseMapping, parseNamed, parseNumber, parseSeparator, parseTime, parseWhole } from './values.ts';
import type { WatchOptions } from './watch.ts';

export function campaignCommands(program: Command, answer: Answer): void {
  const campaigns = program
    .command('campaigns')
    .alias('campaign')
    .description('make, fill, start and follow campaigns (on a running server)')
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender campaigns create --name "Spring" --template bienvenida --language es',
        'whatsapp-sender campaigns upload 1 list.csv',
        'whatsapp-sender campaigns start 1 && whatsapp-sender campaigns watch 1',
      ),
    );
  readCommands(campaigns, answer);
  makeCommands(campaigns, answer);
  listCommands(campaigns, answer);
  runCommands(campaigns, answer);
  afterCommands(campaigns, answer);
}

function readCommands(campaigns: Command, answer: Answer): void {
  remote(campaigns.command('list'))
    .description('list campaigns, the newest first')
    .option('--status <status>', 'only these, e.g. running,paused')
    .option('--search <text>', 'part of the name')
    .option('--sort <field>', 'created_at, name, status or started_at; with - in front the other way round (--sort=-name)')
    .option('--limit <n>', 'how many', parseWhole)
    .option('--offset <n>', 'how many to leave out first', parseWhole)
    .addHelpText(
      'after',
      examples('whatsapp-sender campaigns list --status running,paused', 'whatsapp-sender campaigns list --json'),
    )
    .action(async (options: ListOptions) => answer((await import('./campaigns.ts')).listCampaigns(options)));
  remote(campaigns.command('show <id>').description('show one campaign'))
    .addHelpText('after', examples('whatsapp-sender campaigns show 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).showCampaign(parseId(id), options)),
    );
  remote(
    campaigns.command('stats <id>').description('the figures: people by status, rate, time left, failures with advice, cost'),
  )
    .addHelpText('after', examples('whatsapp-sender campaigns stats 12', 'whatsapp-sender campaigns stats 12 --json'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).showStats(parseId(id), options)),
    );
  remote(campaigns.command('costs <id>').description('what it was to cost, what it cost, and why the two differ'))
    .addHelpText('after', examples('whatsapp-sender campaigns costs 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaign-costs.ts')).showCosts(parseId(id), options)),
    );
  remote(campaigns.command('watch <id>').description('follow a campaign live until it is completed'))
    .option('--settled', 'until every outcome is final (delivered, read, failed …)')
    .option('--through-pauses', 'go on when the campaign is paused, until somebody resumes it')
    .addHelpText(
      'after',
      `\nEnds with 0 when the campaign is completed, with 1 when it was paused or cancelled, or failed. Ctrl-C stops watching, not the campaign.\n${examples('whatsapp-sender campaigns watch 12', 'whatsapp-sender campaigns watch 12 --settled --json')}`,
    )
    .action(async (id: string, options: WatchOptions) =>
      answer((await import('./watch.ts')).watchCampaign(parseId(id), options)),
    );
}

function makeCommands(campaigns: Command, answer: Answer): void {
  remote(campaigns.command('create'))
    .description('make a campaign (a draft; with --at a scheduled one)')
    .requiredOption('--name <name>', 'its name')
    .option('--template <name>', 'name of an approved template; may be chosen later')
    .option('--language <code>', 'language of the template, e.g. es')
    .option('--description <text>', 'a note')
    .option(
      '--mapping <key=column>',
      'fill a variable from a column, or with key:=text with a fixed text; repeat it for each variable',
      parseMapping,
    )
    .option('--batch-size <n>', 'messages a batch; 0 = no batches', parseWhole)
    .option('--delay <seconds>', 'pause between two batches', parseNumber)
    .option('--rate <n>', 'at most so many messages a second', parseNumber)
    .option('--budget <amount>', 'pause before its messages cost more, as 250 or 0.0125')
    .option('--at <time>', 'start by itself at this time, with its zone', parseTime)
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender campaigns create --name "Spring" --template bienvenida --language es',
        'whatsapp-sender campaigns create --name "Spring" --template bienvenida --language es --mapping body.1=nombre --mapping body.2:=Bogotá --at 2030-01-31T09:00-05:00',
      ),
    )
    .action(async (options: CreateOptions) => answer((await import('./campaigns.ts')).createCampaign(options)));
  remote(campaigns.command('preflight <id>').description('what would block or hurt a start'))
    .addHelpText('after', examples('whatsapp-sender campaigns preflight 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).showPreflight(parseId(id), options)),
    );
  remote(campaigns.command('budget <id> <amount>').description('pause before its messages cost more; none takes the budget off'))
    .addHelpText('after', examples('whatsapp-sender campaigns budget 12 250', 'whatsapp-sender campaigns budget 12 none'))
    .action(async (id: string, amount: string, options: RemoteOptions) =>
      answer((await import('./campaign-costs.ts')).setBudget(parseId(id), amount, options)),
    );
  remote(campaigns.command('duplicate <id>').description('a new draft with the same settings and without people'))
    .option('--name <name>', 'its name')
    .addHelpText('after', examples('whatsapp-sender campaigns duplicate 12 --name "Spring, part 2"'))
    .action(async (id: string, options: DuplicateOptions) =>
      answer((await import('./campaigns.ts')).duplicateCampaign(parseId(id), options)),
    );
  sure(remote(campaigns.command('delete <id>').description('delete a campaign that has sent nothing')))
    .addHelpText('after', examples('whatsapp-sender campaigns delete 12 --yes'))
    .action(async (id: string, options: SureOptions) =>
      answer((await import('./campaigns.ts')).deleteCampaign(parseId(id), options)),
    );
}

/** Whom it goes to. */
function listCommands(campaigns: Command, answer: Answer): void {
  reading(
    remote(
      campaigns
        .command('upload <id> <file>')
        .description('put the people of a file (CSV, .xlsx, .ods) on the list: all or nothing'),
    ),
  )
    .option('--dry-run', 'only read it and show what would become of it; it is kept for 24 hours')
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender campaigns upload 12 list.xlsx',
        'whatsapp-sender campaigns upload 12 list.csv --phone-column "Tel. móvil" --default-country MX',
        'whatsapp-sender campaigns upload 12 list.csv --dry-run',
      ),
    )
    .action(async (id: string, file: string, options: UploadOptions) =>
      answer(
        options.dryRun === true
          ? (await import('./drafts.ts')).dryRun(parseId(id), file, options)
          : (await import('./upload.ts')).uploadRecipients(parseId(id), file, options),
      ),
    );
  draftCommands(campaigns, answer);
  remote(campaigns.command('uploads <id>').description('the files on the list, the newest first'))
    .addHelpText('after', examples('whatsapp-sender campaigns uploads 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./uploads.ts')).listUploads(parseId(id), options)),
    );
  sure(
    remote(
      campaigns
        .command('remove-upload <id> <upload>')
        .description('take the people of one file off the list again, while nothing has been sent'),
    ),
  )
    .addHelpText('after', examples('whatsapp-sender campaigns uploads 12', 'whatsapp-sender campaigns remove-upload 12 34 --yes'))
    .action(async (id: string, upload: string, options: SureOptions) =>
      answer((await import('./uploads.ts')).removeUpload(parseId(id), parseId(upload), options)),
    );
}

/** How a file is to be read. */
export function reading(command: Command): Command {
  return command
    .option('--phone-column <name>', 'the column with the phone numbers, when it is not found by itself')
    .option('--country-column <name>', 'the column with the country of each number')
    .option('--default-country <code>', 'the country of numbers that do not say theirs, as CO')
    .option('--encoding <name>', 'how the bytes of a text file are read, as utf-8, windows-1252, macintosh')
    .option('--delimiter <name>', 'comma, semicolon, tab or pipe')
    .option('--sheet <name>', 'the sheet of a workbook')
    .option('--heading-row <line>', 'the line of the heading; 0 = there is none', parseWhole);
}

/** After a dry run. */
function draftCommands(campaigns: Command, answer: Answer): void {
  remote(campaigns.command('draft <id> <upload>').description('how an unpublished file was read, and what would become of it'))
    .addHelpText('after', examples('whatsapp-sender campaigns draft 12 34'))
    .action(async (id: string, upload: string, options: RemoteOptions) =>
      answer((await import('./drafts.ts')).showDraft(parseId(id), parseId(upload), options)),
    );
  reading(remote(campaigns.command('reread <id> <upload>').description('read an unpublished file again, with other answers')))
    .addHelpText('after', examples('whatsapp-sender campaigns reread 12 34 --encoding macintosh'))
    .action(async (id: string, upload: string, options: ReadingOptions) =>
      answer((await import('./drafts.ts')).rereadDraft(parseId(id), parseId(upload), options)),
    );
  remote(campaigns.command('rows <id> <upload>').description('the rows of an unpublished file that are not accepted, and why'))
    .option('--cause <code>', 'only these, e.g. phone_too_short')
    .addHelpText('after', examples('whatsapp-sender campaigns rows 12 34'))
    .action(async (id: string, upload: string, options: RowsOptions) =>
      answer((await import('./drafts.ts')).draftRows(parseId(id), parseId(upload), options)),
    );
  remote(
    campaigns
      .command('mend <id> <upload> <line> [values...]')
      .description('mend a row of an unpublished file; without values: accept it as it is'),
  )
    .addHelpText(
      'after',
      examples('whatsapp-sender campaigns mend 12 34 57 "Celular=300 111 2003"', 'whatsapp-sender campaigns mend 12 34 58'),
    )
    .action(async (id: string, upload: string, line: string, values: readonly string[], options: RemoteOptions) => {
      const named = values.reduce((before, value) => parseNamed(value, before), {});
      await answer(
        (await import('./drafts.ts')).mendRow(parseId(id), { uploadId: parseId(upload), row: parseId(line) }, named, options),
      );
    });
  remote(
    campaigns.command('publish <id> <upload>').description('put the people of an unpublished file on the list: all or nothing'),
  )
    .addHelpText('after', examples('whatsapp-sender campaigns publish 12 34'))
    .action(async (id: string, upload: string, options: RemoteOptions) =>
      answer((await import('./drafts.ts')).publishDraft(parseId(id), parseId(upload), options)),
    );
}

function runCommands(campaigns: Command, answer: Answer): void {
  remote(campaigns.command('start <id>').description('start sending; answers once it is durable'))
    .addHelpText('after', examples('whatsapp-sender campaigns start 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).startCampaign(parseId(id), options)),
    );
  remote(campaigns.command('schedule <id> <time>').description('start by itself at a time, given with its zone'))
    .addHelpText('after', examples('whatsapp-sender campaigns schedule 12 2030-01-31T09:00-05:00'))
    .action(async (id: string, at: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).scheduleCampaign(parseId(id), parseTime(at), options)),
    );
  remote(campaigns.command('unschedule <id>').description('take a schedule back: a draft again'))
    .addHelpText('after', examples('whatsapp-sender campaigns unschedule 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).unscheduleCampaign(parseId(id), options)),
    );
  remote(campaigns.command('pause <id>').description('pause: nothing new leaves after the answer'))
    .addHelpText('after', examples('whatsapp-sender campaigns pause 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).pauseCampaign(parseId(id), options)),
    );
  remote(campaigns.command('resume <id>').description('go on after a pause'))
    .addHelpText('after', examples('whatsapp-sender campaigns resume 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).resumeCampaign(parseId(id), options)),
    );
  sure(remote(campaigns.command('cancel <id>').description('cancel for good: whoever has not been written to, will not be')))
    .addHelpText('after', examples('whatsapp-sender campaigns cancel 12 --yes'))
    .action(async (id: string, options: SureOptions) =>
      answer((await import('./campaigns.ts')).cancelCampaign(parseId(id), options)),
    );
}

function afterCommands(campaigns: Command, answer: Answer): void {
  remote(
    campaigns.command('retry <id>').description('try failed messages again: those that may be, and whose waiting time is over'),
  )
    .addHelpText('after', examples('whatsapp-sender campaigns retry 12'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./campaigns.ts')).retryCampaign(parseId(id), options)),
    );
  sure(remote(campaigns.command('decide-unknown <id>').description('close messages of unknown outcome, after their grace time')))
    .option('--resend', 'write to these people again instead; somebody may get the message twice')
    .addHelpText(
      'after',
      examples('whatsapp-sender campaigns decide-unknown 12', 'whatsapp-sender campaigns decide-unknown 12 --resend --yes'),
    )
    .action(async (id: string, options: DecideOptions) =>
      answer((await import('./campaigns.ts')).decideUnknown(parseId(id), options)),
    );
  remote(campaigns.command('export <id>').description('the results as CSV, one line a person'))
    .option('-o, --out <file>', 'into this file, which appears whole or not at all; left out = to the standard output')
    .option('--rejected', 'the refused rows of the uploaded files instead, with the reasons')
    .option('--separator <name>', 'comma or semicolon, as Excel in Spanish wants it', parseSeparator)
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender campaigns export 12 --out results.csv',
        'whatsapp-sender campaigns export 12 --rejected --separator semicolon --out rejected.csv',
      ),
    )
    .action(async (id: string, options: ExportOptions) =>
      answer((await import('./export.ts')).exportCampaign(parseId(id), options)),
    );
  remote(
    campaigns
      .command('audit <id>')
      .description('prove the figures: every counter against a count of the rows, every message against what Meta told of it'),
  )
    .option('--repair', 'put wrong counters right and apply once more what was told (needs an admin key)')
    .addHelpText('after', examples('whatsapp-sender campaigns audit 12'))
    .action(async (id: string, options: AuditOptions) =>
      answer((await import('./campaigns.ts')).auditCampaign(parseId(id), options)),
    );
}

function sure(command: Command): Command {
  return command.option('-y, --yes', 'do not ask');
}
