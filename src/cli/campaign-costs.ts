/** `campaigns costs` and `campaigns budget`. */
import type { z } from 'zod';
import { CostsSchema, ScheduledCampaign } from '../campaigns/schema.ts';
import { connect } from './client.ts';
import type { RemoteOptions } from './target.ts';
import { count, facts, print, printJson, table } from './words.ts';

const pathOf = (id: number): string => `/api/v1/campaigns/${String(id)}`;

export async function setBudget(id: number, amount: string, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const body = { budget: amount === 'none' ? null : amount };
  const { data, raw } = await client.ask({ method: 'PUT', path: pathOf(id), body }, ScheduledCampaign);
  if (options.json === true) printJson(raw);
  else if (data.budget === null) print('It has no budget of its own any more.');
  else print(`It pauses before its messages cost more than ${data.budget} ${data.currency}.`);
}

export async function showCosts(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: `${pathOf(id)}/costs` }, CostsSchema);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  const amount = (text: string | null): string | undefined => (text === null ? undefined : `${text} ${data.currency}`);
  print(
    facts([
      ['Budget', amount(data.budget)],
      ['Estimated', amount(data.estimated)],
      ['Spent', `${data.spent} ${data.currency} (of it reserved: ${data.reserved})`],
      ['Actual', `${data.actual} ${data.currency}${data.is_final ? '' : ', so far'}`],
      ['Difference', amount(data.difference)],
    ]),
  );
  if (data.causes.length > 0)
    print(
      `\n${table(
        ['PEOPLE', 'WHY'],
        data.causes.map((one) => [count(one.messages), CAUSES[one.cause]]),
      )}`,
    );
}

const CAUSES: Readonly<Record<z.output<typeof CostsSchema>['causes'][number]['cause'], string>> = {
  priced: 'delivered at a price',
  free: 'delivered free of charge (free entry point, free service messages)',
  price_unknown: 'delivered, and Meta has told no price that is known',
  failed: 'not delivered, so not charged',
  open: 'outcome still open: their price is reserved',
  not_sent: 'not sent',
};
