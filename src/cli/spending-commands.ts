/** What `spending` can do, with its flags and examples. */
import type { Command } from 'commander';
import { type Answer, examples, remote } from './command.ts';
import type { CardOptions, LimitOptions } from './spending.ts';
import type { RemoteOptions } from './target.ts';
import { parseId } from './values.ts';

export function spendingCommands(program: Command, answer: Answer): void {
  const spending = program
    .command('spending')
    .description('what is spent, what may be, and the rate cards it is counted by')
    .addHelpText('after', examples('whatsapp-sender spending show', 'whatsapp-sender spending limit --monthly 500'));
  remote(spending.command('show').description('what this month and today have cost, beside the limits'))
    .addHelpText('after', examples('whatsapp-sender spending show'))
    .action(async (options: RemoteOptions) => answer((await import('./spending.ts')).showSpending(options)));
  remote(spending.command('limit').description('limit what all campaigns together may spend (needs an admin key)'))
    .option('--monthly <amount>', 'a month, as 500 or 499.90; none takes the limit off')
    .option('--abroad <amount>', 'a day for numbers outside the home countries; none takes the limit off')
    .option('--home <country...>', 'the home countries, as CO MX')
    .option('--time-zone <zone>', 'where days and months begin, as America/Bogota')
    .addHelpText(
      'after',
      examples(
        'whatsapp-sender spending limit --monthly 500 --time-zone America/Bogota',
        'whatsapp-sender spending limit --abroad 20 --home CO',
        'whatsapp-sender spending limit --monthly none',
      ),
    )
    .action(async (options: LimitOptions) => answer((await import('./spending.ts')).limitSpending(options)));
  remote(spending.command('cards').description('the rate cards, and which one holds'))
    .addHelpText('after', examples('whatsapp-sender spending cards'))
    .action(async (options: RemoteOptions) => answer((await import('./spending.ts')).listCards(options)));
  remote(
    spending.command('load <file>').description("load a rate card of your currency out of Meta's CSV file (needs an admin key)"),
  )
    .option('--tiers <file>', 'volume tiers: a CSV file with Market, Category, From, Rate')
    .option('--currency <code>', 'unless the file names it')
    .option('--from <date>', 'the day it begins, unless the file names it')
    .addHelpText(
      'after',
      examples('whatsapp-sender spending load rates.csv', 'whatsapp-sender spending load rates.csv --from 2027-01-01'),
    )
    .action(async (file: string, options: CardOptions) => answer((await import('./spending.ts')).loadCard(file, options)));
  remote(spending.command('unload <id>').description('take a rate card of your own off (needs an admin key)'))
    .addHelpText('after', examples('whatsapp-sender spending unload 2'))
    .action(async (id: string, options: RemoteOptions) =>
      answer((await import('./spending.ts')).removeCard(parseId(id), options)),
    );
}
